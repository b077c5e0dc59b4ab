//! What PyTorch writes since 1.6: a zip of one folder with `data.pkl`, `byteorder`, and each storage as `data/KEY`.

use super::super::tensor::{Outcome, refuse, too_large};
use mlgrade_domain::limits;
use mlgrade_zip::{Fault, Zip, printable};

/// The zip of one network.
pub(super) struct Archive<'b> {
    zip: Zip<'b>,
    /// `NAME/`, the folder in which everything lies.
    folder: String,
}

impl<'b> Archive<'b> {
    /// Lists the files. Nothing is allocated for what the zip claims.
    pub(super) fn open(bytes: &'b [u8]) -> Outcome<Self> {
        let zip = Zip::open(bytes, limits::NETWORK_NODES).map_err(|fault| match fault {
            Fault::TooManyFiles(_) => too_large(format!("this zip {fault}")),
            Fault::Damaged(_) => refuse(format!("this zip {fault}")).help("save it again, or upload it again"),
            _ => refuse(format!("this zip {fault}")),
        })?;
        Ok(Self { zip, folder: String::new() })
    }

    /// Takes the folder in which `data.pkl` lies as that of the network; whether there is one and only one.
    pub(super) fn enter(&mut self) -> bool {
        let folder =
            |name: &str| name.strip_suffix("data.pkl").filter(|folder| folder.find('/').is_some_and(|at| at > 0 && at + 1 == folder.len())).map(str::to_owned);
        let mut folders = self.zip.names().filter_map(folder);
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
        self.zip.holds(&format!("{}{name}", self.folder))
    }

    /// The bytes of a file, if they are at most `most`.
    pub(super) fn file(&self, name: &str, most: usize) -> Outcome<Vec<u8>> {
        self.zip.file(&format!("{}{name}", self.folder), most).map_err(|fault| refuse(format!("`{}` in it {fault}", printable(name))))
    }
}
