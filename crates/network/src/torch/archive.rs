//! What PyTorch writes since 1.6: a zip of one folder with `data.pkl`, `byteorder`, and each storage as `data/KEY`.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::read::{Config, OwnedZipFileEntry};
use zip::unstable::read::ZipIterable;
use zip::{CompressionMethod, ZipReadOptions};

use super::super::tensor::{Outcome, refuse, too_large};
use mlgrade_domain::limits;

/// The zip of one network.
pub(super) struct Archive<'b> {
    bytes: &'b [u8],
    entries: BTreeMap<String, OwnedZipFileEntry>,
    /// `NAME/`, the folder in which everything lies.
    folder: String,
}

impl<'b> Archive<'b> {
    /// Lists the files. Nothing is allocated for what the zip claims.
    pub(super) fn open(bytes: &'b [u8]) -> Outcome<Self> {
        let damaged = |error: zip::result::ZipError| refuse(format!("this zip is damaged: {error}")).help("save it again, or upload it again");
        let mut archive = ZipIterable::try_new(Cursor::new(bytes), Config::default()).map_err(damaged)?;
        let mut entries = BTreeMap::new();
        for entry in archive.files().map_err(damaged)? {
            if entries.len() >= limits::NETWORK_NODES {
                return Err(too_large(format!("this zip holds more than {} files", limits::NETWORK_NODES)));
            }
            let entry = entry.map_err(damaged)?;
            let name = entry.name().unwrap_or_default().into_owned();
            if entries.insert(name.clone(), entry.into()).is_some() {
                let name: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
                return Err(refuse(format!("this zip holds `{name}` twice")));
            }
        }
        Ok(Self { bytes, entries, folder: String::new() })
    }

    /// Takes the folder in which `data.pkl` lies as that of the network; whether there is one and only one.
    pub(super) fn enter(&mut self) -> bool {
        let folder =
            |name: &String| name.strip_suffix("data.pkl").filter(|folder| folder.len() > 1 && folder.find('/') == Some(folder.len() - 1)).map(str::to_owned);
        let mut folders = self.entries.keys().filter_map(folder);
        let (first, second) = (folders.next(), folders.next());
        match (first, second) {
            (Some(folder), None) => {
                self.folder = folder;
                true
            }
            _ => false,
        }
    }

    /// Whether a file of this name, or a folder, is there.
    pub(super) fn holds(&self, name: &str) -> bool {
        let path = format!("{}{name}", self.folder);
        self.entries.range(path.clone()..).next().is_some_and(|(found, _)| *found == path || (path.ends_with('/') && found.starts_with(&path)))
    }

    /// The bytes of a file, if they are at most `most`.
    pub(super) fn file(&self, name: &str, most: usize) -> Outcome<Vec<u8>> {
        let fault = |what: &str| refuse(format!("`{}` in it {what}", name.chars().filter(|c| !c.is_control()).take(60).collect::<String>()));
        let entry = self.entries.get(&format!("{}{name}", self.folder)).ok_or_else(|| fault("is missing"))?;
        if entry.encrypted() || !matches!(entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
            return Err(fault("is packed in a way that is not read"));
        }
        let mut unpacked = Vec::new();
        let reader = &mut Cursor::new(self.bytes);
        let read = entry.as_ref().with_reader(reader, ZipReadOptions::new()).map_err(std::io::Error::other);
        let read = read.and_then(|file| file.take(most as u64 + 1).read_to_end(&mut unpacked));
        if unpacked.len() > most {
            return Err(fault(&format!("has more than {most} bytes")));
        }
        read.map_err(|error| fault(&format!("is damaged: {error}")))?;
        Ok(unpacked)
    }
}
