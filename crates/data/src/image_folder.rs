//! Folders of images, one a class: `train/CLASS/*.png` and `val/CLASS/*.png`, or `CLASS/*.png` to validate on alone.
//!
//! Images come in the order of their class and file name, as `torchvision.datasets.ImageFolder` has them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{DataSet, Images, Malformed, Split, grouped};
use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::name::list;
use mlgrade_picture::Picture;
use mlgrade_picture::figure::{self, Content};

/// What the folder of the validation images may be called, beside `train`.
const VALIDATION: [&str; 4] = ["val", "valid", "validation", "test"];
/// Endings of images, in lower case.
const ENDINGS: [&str; 3] = ["png", "jpg", "jpeg"];
/// Images in one folder, which are listed before any is read.
const MOST_FILES: usize = 1_000_000;
/// What the pixels of all images may take, in bytes.
const MOST_BYTES: usize = 1 << 30;

/// The images of a folder. Nothing of them has been read yet.
#[derive(Debug)]
pub(super) struct Listing {
    /// The names of the classes, in order.
    classes: Vec<String>,
    train: Vec<Entry>,
    val: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    /// The path from the rubric's folder.
    path: String,
    /// The file's name.
    name: String,
    class: String,
}

impl Listing {
    /// The images in the folder `inner` of `folder`, the rubric's; `val` names the folder of the validation images, if the rubric does.
    pub(super) fn of(folder: &Path, inner: &str, val: Option<&str>) -> Result<Self, Diagnostic> {
        let inner = inner.trim_end_matches('/');
        let inside = folders(folder, inner)?;
        let (train, val) = if inside.iter().any(|name| name == "train") {
            let val = validation(inner, &inside, val)?;
            (classes(folder, &format!("{inner}/train"))?, classes(folder, &format!("{inner}/{val}"))?)
        } else if let Some(val) = val {
            let message = format!("`val` names the folder `{val}` beside `train`, and there is no folder `train`");
            return Err(fault(inner, message));
        } else {
            (Vec::new(), classes(folder, inner)?)
        };
        let names: BTreeSet<&String> = train.iter().chain(&val).map(|entry| &entry.class).collect();
        let names: Vec<String> = names.into_iter().cloned().collect();
        if names.len() > 256 {
            return Err(fault(inner, format!("there are {} folders of classes; 256 are read", grouped(names.len()))));
        }
        Ok(Self { classes: names, train, val })
    }

    /// The paths of all images from the rubric's folder, those to train on first.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.train.iter().chain(&self.val).map(|entry| entry.path.as_str())
    }

    /// The images, read with `read` by their paths.
    pub(super) fn load(self, read: impl Fn(&str) -> Result<Vec<u8>, Diagnostic>) -> Result<DataSet, Diagnostic> {
        let Some(first) = self.val.first() else { return Err(Diagnostic::error(Code::DataMalformed, "there are no validation images".to_owned())) };
        let (width, height) = {
            let picture = picture(&first.path, &read(&first.path)?)?;
            (picture.width, picture.height)
        };
        let (size, count) = (width * height * 3, self.train.len() + self.val.len());
        if size.saturating_mul(count) > MOST_BYTES {
            let (count, fitting) = (grouped(count), grouped(MOST_BYTES / size.max(1)));
            return Err(fault(&first.path, format!("{count} images of {height}×{width} pixels need more than 1 GiB; {fitting} of them fit")));
        }
        let pixels = |entries: &[Entry]| {
            let mut pixels = Vec::with_capacity(entries.len() * size);
            for entry in entries {
                let picture = picture(&entry.path, &read(&entry.path)?)?;
                if (picture.width, picture.height) != (width, height) {
                    let found = format!("it has {}×{} pixels, height by width, and {} has {height}×{width}", picture.height, picture.width, first.path);
                    return Err(fault(&entry.path, format!("{found}; all images of a data set have one size")));
                }
                pixels.extend(picture.rgb);
            }
            Ok(pixels)
        };
        let (train, val) = (pixels(&self.train)?, pixels(&self.val)?);
        // Images are grey if none of them shows a colour, however their files are stored.
        let is_grey = [&train, &val].iter().all(|pixels| pixels.chunks_exact(3).all(|pixel| pixel[0] == pixel[1] && pixel[1] == pixel[2]));
        let images = |entries: &[Entry], rgb: Vec<u8>| {
            let (channels, pixels) = if is_grey { (1, rgb.iter().step_by(3).copied().collect()) } else { (3, rgb) };
            Images { count: entries.len(), height, width, channels, pixels }
        };
        let label = |entry: &Entry| self.classes.binary_search(&entry.class).ok().and_then(|class| u8::try_from(class).ok()).unwrap_or(u8::MAX);
        let labels = |entries: &[Entry]| entries.iter().map(label).collect();
        let split = Split { x_train: images(&self.train, train), y_train: labels(&self.train), x_val: images(&self.val, val), y_val: labels(&self.val) };
        let files = self.val.iter().map(|entry| entry.name.clone()).collect();
        Ok(DataSet::Images { split, names: Some(self.classes), files })
    }
}

/// Which of the folders `inside` of `inner` has the validation images.
fn validation<'n>(inner: &str, inside: &'n [String], stated: Option<&'n str>) -> Result<&'n str, Diagnostic> {
    if let Some(stated) = stated {
        let there = inside.iter().any(|name| name == stated);
        return if there { Ok(stated) } else { Err(fault(inner, format!("there is no folder `{stated}` in it; there are {}", list(names(inside))))) };
    }
    let found: Vec<&str> = names(inside).filter(|name| VALIDATION.contains(name)).collect();
    match found.as_slice() {
        [only] => Ok(only),
        [] => Err(fault(inner, format!("beside `train` there is no folder `val`, `valid`, `validation` or `test`; there are {}", list(names(inside))))),
        several => Err(fault(inner, format!("there are {}; say which has the validation images: `val = \"{}\"`", list(several.iter().copied()), several[0]))),
    }
}

fn names(names: &[String]) -> impl Iterator<Item = &str> {
    names.iter().map(String::as_str)
}

/// The images in the folders of classes in `inner`, by class and name.
fn classes(folder: &Path, inner: &str) -> Result<Vec<Entry>, Diagnostic> {
    let mut entries = Vec::new();
    for class in folders(folder, inner)? {
        let inner = format!("{inner}/{class}");
        let inside = visible(folder, &inner)?;
        if let Some((name, _)) = inside.iter().find(|(_, path)| path.is_dir()) {
            return Err(fault(&inner, format!("it is the folder of a class, and has another folder in it, `{name}`")));
        }
        if inside.is_empty() {
            return Err(fault(&inner, "it is the folder of a class, and has no images in it".to_owned()));
        }
        for (name, _) in inside {
            let ending = Path::new(&name).extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
            if !ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
                return Err(fault(&format!("{inner}/{name}"), "it is neither PNG nor JPEG".to_owned()));
            }
            entries.push(Entry { path: format!("{inner}/{name}"), name, class: class.clone() });
        }
        if entries.len() > MOST_FILES {
            return Err(fault(&inner, format!("there are more than {} images", grouped(MOST_FILES))));
        }
    }
    if entries.is_empty() {
        return Err(fault(inner, "there are no folders of classes in it".to_owned()));
    }
    Ok(entries)
}

/// The names of the folders in `inner`, in order. Images that lie beside them belong to no class.
fn folders(folder: &Path, inner: &str) -> Result<Vec<String>, Diagnostic> {
    let inside = visible(folder, inner)?;
    let is_image = |name: &str| Path::new(name).extension().and_then(|ending| ending.to_str()).is_some_and(|ending| ENDINGS.contains(&ending));
    if let Some((name, _)) = inside.iter().find(|(name, path)| is_image(name) && !path.is_dir()) {
        return Err(fault(&format!("{inner}/{name}"), "it lies in no folder of a class".to_owned()));
    }
    Ok(inside.into_iter().filter(|(_, path)| path.is_dir()).map(|(name, _)| name).collect())
}

/// What is in `inner`, by name, without hidden files and those that file managers leave.
fn visible(folder: &Path, inner: &str) -> Result<Vec<(String, PathBuf)>, Diagnostic> {
    let missing = |error: std::io::Error| {
        let help = "put the folder there or correct the path; paths start at the rubric's folder".to_owned();
        Diagnostic::error(Code::DataMissing, format!("the folder cannot be read: {error}")).in_file(inner).help(help)
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder.join(inner)).map_err(missing)? {
        let entry = entry.map_err(missing)?;
        let name = entry.file_name().into_string().map_err(|name| fault(inner, format!("the name `{}` is not UTF-8", name.display())))?;
        if !name.starts_with('.') && !["Thumbs.db", "desktop.ini", "__MACOSX"].contains(&name.as_str()) {
            found.push((name, entry.path()));
        }
        if found.len() > MOST_FILES {
            return Err(fault(inner, format!("there are more than {} files", grouped(MOST_FILES))));
        }
    }
    found.sort();
    Ok(found)
}

/// The pixels of a PNG or JPEG.
fn picture(path: &str, bytes: &[u8]) -> Result<Picture, Diagnostic> {
    let figure = figure::decode(path, bytes).map_err(|error| fault(path, error.message))?;
    let picture = matches!(figure.content, Content::Raster { .. }).then(|| Picture::of_figure(&figure)).flatten();
    let picture = picture.ok_or_else(|| fault(path, "it is neither PNG nor JPEG".to_owned()))?;
    if picture.rgb.is_empty() { Err(fault(path, "it has no pixels".to_owned())) } else { Ok(picture) }
}

fn fault(path: &str, message: String) -> Diagnostic {
    super::source::malformed(path, &Malformed(message))
}

#[cfg(test)]
mod tests;
