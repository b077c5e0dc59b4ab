use super::*;
use mlgrade_picture::Picture;
use std::fs;
use toml::de::DeTable;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// The source in `toml` and the messages about it.
fn read(toml: &str) -> (Option<Source>, Vec<Diagnostic>) {
    let table = DeTable::parse(toml).unwrap();
    let mut fields = Fields::new("a data set", table.get_ref().clone(), table.span());
    let source = Source::read(&mut fields);
    (source, fields.finish())
}

fn source(toml: &str) -> Source {
    let (source, faults) = read(toml);
    assert_eq!(faults, []);
    source.unwrap()
}

fn code(result: Result<DataSet, Diagnostic>) -> Code {
    result.unwrap_err().code
}

#[test]
fn a_source_is_named_once_and_rightly() {
    let codes = |toml: &str| read(toml).1.iter().map(|fault| fault.code).collect::<Vec<_>>();
    assert_eq!(codes("builtin = 'mnist'"), []);
    assert_eq!(codes(""), [Code::MissingKey]);
    assert_eq!(codes("builtin = 'mnist'\ncsv = 'a.csv'"), [Code::BadValue]);
    assert_eq!(codes("png = 'a.png'\nnpz = 'a.npz'"), [Code::BadValue]);
    assert_eq!(codes("npz = 'a.npz'\nx_tain = 'X'"), [Code::UnknownKey]);
    assert_eq!(codes("csv = 'a.csv'\nval = 'b.csv'"), [Code::BadValue]);
    assert_eq!(codes("csv = 'a.csv'\nsha256 = 'abc'"), [Code::BadValue]);
    assert_eq!(codes("builtin = 'mnist'\nsha256 = 'abc'"), [Code::BadValue]);
    assert_eq!(codes("csv = 'a.csv'\ntsv = 'a.tsv'"), [Code::BadValue]);
    assert_eq!(codes("csv = 'a.csv'\nseparator = 'tab'"), [Code::BadValue]);
    assert_eq!(codes("jsonl = 'a.jsonl'\nseparator = ';'"), [Code::UnknownKey]);
    assert_eq!(codes("images = 'a/'\nval = 'test'"), []);
    let hash = "0".repeat(64);
    for single in ["csv = 'a'", "tsv = 'a'", "jsonl = 'a'", "parquet = 'a'", "npz = 'a'", "npy = 'a.npy'", "png = 'a'"] {
        assert_eq!(codes(&format!("{single}\nsha256 = '{hash}'")), [], "{single}");
    }
    for several in ["idx = 'a/'", "images = 'a/'", "npy = 'a/'", "csv = 'a'\nval = 'b'\ntarget = 'y'"] {
        assert_eq!(codes(&format!("{several}\nsha256 = '{hash}'")), [Code::BadValue], "{several}");
    }
    let (_, faults) = read("builtin = 'mnits'");
    assert_eq!((faults[0].code, faults[0].help.as_deref()), (Code::UnknownName, Some("did you mean `mnist`?")));
}

#[test]
fn files_are_missing_changed_or_malformed() -> Outcome {
    let folder = tempfile::tempdir()?;
    let load = |toml: &str| source(toml).load(folder.path());
    assert_eq!(code(load("csv = 'a.csv'")), Code::DataMissing);
    fs::write(folder.path().join("a.csv"), "x,y\n1,2\n")?;
    assert!(load("csv = 'a.csv'").is_ok());
    assert!(load(&format!("csv = 'a.csv'\nsha256 = '{}'", bytes::sha256(b"x,y\n1,2\n"))).is_ok());
    assert_eq!(code(load(&format!("csv = 'a.csv'\nsha256 = '{}'", "0".repeat(64)))), Code::DataHash);
    assert_eq!(code(load("npz = 'a.csv'")), Code::DataMalformed);
    Ok(())
}

#[test]
fn a_png_is_a_picture_of_a_limited_size() -> Outcome {
    let folder = tempfile::tempdir()?;
    let load = |toml: &str| source(toml).load(folder.path());
    let png = |width, height| Picture { width, height, rgb: vec![9; width * height * 3] }.png();
    let small = png(20, 11)?;
    fs::write(folder.path().join("a.png"), &small)?;
    assert_eq!(load("png = 'a.png'")?.shape(), "a picture of 20×11 pixels");
    assert!(load(&format!("png = 'a.png'\nsha256 = '{}'", bytes::sha256(&small))).is_ok());
    assert_eq!(code(load(&format!("png = 'a.png'\nsha256 = '{}'", "0".repeat(64)))), Code::DataHash);
    for bytes in [png(1025, 11)?, png(20, 10)?, small[..30].to_vec(), b"<svg/>".to_vec()] {
        fs::write(folder.path().join("a.png"), bytes)?;
        assert_eq!(code(load("png = 'a.png'")), Code::DataMalformed);
    }
    Ok(())
}

#[test]
fn two_csv_files_are_regression_data_or_images() -> Outcome {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("a.csv"), "p,y\n1,2\n3,4\n")?;
    fs::write(folder.path().join("b.csv"), "p,y\n5,6\n")?;
    fs::write(folder.path().join("c.csv"), "y,p\n5,6\n")?;
    let load = |toml: &str| source(toml).load(folder.path());
    assert_eq!(load("csv = 'a.csv'\nval = 'b.csv'\ntarget = 'y'")?.shape(), "2 + 1 rows of 1 features");
    assert_eq!(load("csv = 'a.csv'\nval = 'b.csv'\nlabel = 'y'")?.shape(), "2 + 1 images of 1×1");
    assert_eq!(code(load("csv = 'a.csv'\nval = 'c.csv'\ntarget = 'y'")), Code::DataMalformed);
    Ok(())
}

#[test]
fn a_folder_of_idx_files_is_found_however_it_is_spelt() -> Outcome {
    let folder = tempfile::tempdir()?;
    let inner = folder.path().join("digits");
    fs::create_dir(&inner)?;
    let images = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 7, 8];
    let labels = [0, 0, 8, 1, 0, 0, 0, 1, 3];
    fs::write(inner.join("train-images.idx3-ubyte"), images)?;
    fs::write(inner.join("train-labels-idx1-ubyte"), labels)?;
    fs::write(inner.join("t10k-images-idx3-ubyte"), images)?;
    let source = source("idx = 'digits/'");
    let error = source.load(folder.path()).unwrap_err();
    assert_eq!((error.code, error.path.as_deref()), (Code::DataMissing, Some("digits/t10k-labels-idx1-ubyte")));
    fs::write(inner.join("t10k-labels.idx1-ubyte"), labels)?;
    assert_eq!(source.load(folder.path())?.shape(), "1 + 1 images of 1×2");
    assert_eq!(source.digest(folder.path())?.len(), 16);
    fs::write(inner.join("train-images.idx3-ubyte"), &images[..17])?;
    assert_eq!(code(source.load(folder.path())), Code::DataMalformed);
    Ok(())
}

#[test]
fn a_folder_of_arrays_is_read_as_an_archive_is() -> Outcome {
    let folder = tempfile::tempdir()?;
    let inner = folder.path().join("arrays");
    fs::create_dir(&inner)?;
    // np.save: np.array([[1], [2]], np.uint8), then np.array([3], np.uint8)
    let npy = |shape: &str, data: &[u8]| {
        let header = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}\n");
        [b"\x93NUMPY\x01\x00".as_slice(), &u16::try_from(header.len()).unwrap().to_le_bytes(), header.as_bytes(), data].concat()
    };
    fs::write(inner.join("y_val.npy"), npy("(1,)", &[3]))?;
    let set = source("npy = 'arrays/'");
    assert_eq!((set.load(folder.path())?.shape(), set.paths(folder.path())), ("1 answers without examples".to_owned(), vec!["arrays/y_val.npy".to_owned()]));
    fs::write(inner.join("x_train.npy"), npy("(2, 1)", &[1, 2]))?;
    let error = set.load(folder.path()).unwrap_err();
    assert_eq!(error.path.as_deref(), Some("arrays"));
    assert!(error.message.starts_with("the folder holds no arrays `y_train` and `x_val`; it holds `x_train` and `y_val`; four"), "{error}");
    fs::write(inner.join("y_train.npy"), npy("(2,)", &[1, 2]))?;
    fs::write(inner.join("x_val.npy"), npy("(1, 1)", &[1]))?;
    assert_eq!(set.load(folder.path())?.shape(), "2 + 1 rows of 1 features");
    assert_eq!((set.digest(folder.path())?.len(), set.paths(folder.path()).len()), (16, 4));
    assert_eq!(source("npy = 'nowhere/'").load(folder.path()).unwrap_err().code, Code::DataMissing);
    Ok(())
}

#[test]
fn labels_alone_may_be_an_idx_file() -> Outcome {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("labels"), [0, 0, 8, 1, 0, 0, 0, 2, 7, 250])?;
    let set = source("idx = 'labels'");
    assert_eq!(set.load(folder.path())?, DataSet::Answers(mlgrade_domain::table::Column::Number(vec![7.0, 250.0])));
    assert_eq!(set.digest(folder.path())?, bytes::sha256(bytes::sha256(&[0, 0, 8, 1, 0, 0, 0, 2, 7, 250]).as_bytes())[..16]);
    Ok(())
}

/// Its classes are names of folders, so that a folder's name changes the digest, as a pixel does.
#[test]
fn the_digest_of_images_is_that_of_their_names_and_pixels() -> Outcome {
    let folder = tempfile::tempdir()?;
    let png = |grey: u8| Picture { width: 1, height: 1, rgb: vec![grey; 3] }.png();
    for (class, grey) in [("cat", 1), ("dog", 2)] {
        fs::create_dir_all(folder.path().join("pets").join(class))?;
        fs::write(folder.path().join("pets").join(class).join("1.png"), png(grey)?)?;
    }
    let set = source("images = 'pets'");
    let digest = || set.digest(folder.path());
    let first = digest()?;
    assert_eq!((set.load(folder.path())?.shape().as_str(), &digest()?), ("2 images of 1×1", &first));
    assert_eq!(set.paths(folder.path()), ["pets/cat/1.png", "pets/dog/1.png"]);
    fs::write(folder.path().join("pets/cat/.DS_Store"), "x")?;
    assert_eq!(digest()?, first);
    fs::rename(folder.path().join("pets/cat"), folder.path().join("pets/fox"))?;
    let renamed = digest()?;
    fs::write(folder.path().join("pets/fox/1.png"), png(3)?)?;
    assert!(renamed != first && digest()? != renamed);
    assert_eq!(source("images = 'nowhere'").digest(folder.path()).unwrap_err().code, Code::DataMissing);
    Ok(())
}

/// A file that is not written but only as long as it says takes no memory, whatever its format.
#[test]
fn a_file_that_is_too_large_is_refused_by_its_length() -> Outcome {
    let folder = tempfile::tempdir()?;
    fs::File::create(folder.path().join("large.csv"))?.set_len(3 << 30)?;
    let error = source("csv = 'large.csv'").load(folder.path()).unwrap_err();
    assert_eq!((error.code, error.message.as_str()), (Code::DataMalformed, "the data file has 3.0 GiB, and 1 GiB is read"));
    Ok(())
}
