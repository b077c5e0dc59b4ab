use std::fs;

use super::*;
use mlgrade_domain::answers::Right;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// A PNG of one colour.
fn png(width: usize, height: usize, colour: [u8; 3]) -> Vec<u8> {
    Picture { width, height, rgb: colour.repeat(width * height) }.png().unwrap()
}

/// A folder with these files.
fn folder(files: &[(&str, Vec<u8>)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join("set").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn load(folder: &Path, val: Option<&str>) -> Result<DataSet, Diagnostic> {
    Listing::of(folder, "set/", val)?.load(|path| Ok(fs::read(folder.join(path)).unwrap()))
}

/// The message of what is wrong with a folder of these files, with the path before it.
fn said(files: &[(&str, Vec<u8>)], val: Option<&str>) -> String {
    let folder = folder(files);
    let error = load(folder.path(), val).unwrap_err();
    format!("{}: {}", error.path.unwrap_or_default(), error.message)
}

/// The order of Python's `sorted(os.listdir(root))`, for classes and for the files of each, as in the source of torchvision's
/// `ImageFolder`: upper case before lower case, "10" before "9".
#[test]
fn folders_of_classes_are_labelled_images_in_the_order_of_torchvision() -> Outcome {
    let (red, grey) = (png(2, 1, [255, 0, 0]), png(2, 1, [7, 7, 7]));
    let folder = folder(&[
        ("train/dog/2.png", red.clone()),
        ("train/Cat/10.png", grey.clone()),
        ("val/dog/a.png", grey.clone()),
        ("val/Cat/10.PNG", red.clone()),
        ("val/Cat/9.png", grey.clone()),
        ("val/.DS_Store", vec![1]),
        ("README.txt", vec![1]),
    ]);
    let data = load(folder.path(), None)?;
    assert_eq!(data.shape(), "2 + 3 colour images of 1×2");
    let answers = data.answers(None)?;
    let Right::Classes(classes) = answers.right else { panic!("no classes") };
    assert_eq!((classes.names, classes.labels), (vec!["Cat".to_owned(), "dog".to_owned()], vec![0, 0, 1]));
    let keys: Vec<&[String]> = answers.keys.iter().map(|key| key.values.as_slice()).collect();
    assert_eq!(keys, [["10.PNG", "9.png", "a.png"], ["10", "9", "a"]]);
    let DataSet::Images { split, .. } = data else { panic!("no images") };
    assert_eq!((split.x_val.pixels[..7].to_vec(), split.y_train), (vec![255, 0, 0, 255, 0, 0, 7], vec![0, 1]));
    Ok(())
}

#[test]
fn images_without_a_colour_are_grey_and_may_be_validation_alone() -> Outcome {
    let folder = folder(&[("b/1.png", png(1, 2, [9, 9, 9])), ("a/1.png", png(1, 2, [3, 3, 3]))]);
    let data = load(folder.path(), None)?;
    assert_eq!((data.shape().as_str(), data.validation_inputs().unwrap().shape()), ("2 images of 2×1", [2, 1].as_slice()));
    // Two files are called `1.png`, so that names do not identify the images.
    assert_eq!(data.answers(None)?.keys, []);
    let DataSet::Images { split, .. } = data else { panic!("no images") };
    assert_eq!((split.x_val.pixels, split.x_train.count), (vec![3, 3, 9, 9], 0));
    Ok(())
}

#[test]
fn each_fault_is_reported_with_its_path() {
    let small = || png(2, 2, [1, 2, 3]);
    assert!(
        said(&[("a/1.png", small()), ("a/2.png", png(3, 2, [0; 3]))], None).starts_with("set/a/2.png: it has 2×3 pixels, height by width, and set/a/1.png")
    );
    assert!(said(&[("a/1.png", small()), ("a/notes.txt", vec![1])], None).starts_with("set/a/notes.txt: it is neither PNG nor JPEG"));
    assert!(said(&[("a/1.png", small()[..40].to_vec())], None).starts_with("set/a/1.png: the PNG is damaged"));
    assert!(said(&[("a/1.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec())], None).ends_with("it is neither PNG nor JPEG"));
    assert!(said(&[("1.png", small())], None).starts_with("set/1.png: it lies in no folder of a class"));
    assert!(said(&[("a/b/1.png", small())], None).starts_with("set/a: it is the folder of a class, and has another folder in it, `b`"));
    assert!(said(&[("train/a/1.png", small())], None).contains("beside `train` there is no folder `val`"));
    let both = [("train/a/1.png", small()), ("val/a/1.png", small()), ("test/a/1.png", small())];
    assert!(said(&both, None).ends_with("there are `test` and `val`; say which has the validation images: `val = \"test\"`"));
    assert!(load(folder(&both).path(), Some("test")).is_ok());
    assert!(said(&both, Some("tset")).starts_with("set: there is no folder `tset` in it"));
    assert!(said(&[("a/1.png", small())], Some("test")).contains("there is no folder `train`"));
    assert!(said(&[("x.txt", vec![])], None).ends_with("there are no folders of classes in it"));
    let missing = Listing::of(Path::new("/nowhere"), "set", None).unwrap_err();
    assert_eq!((missing.code, missing.path.as_deref()), (Code::DataMissing, Some("set")));
}
