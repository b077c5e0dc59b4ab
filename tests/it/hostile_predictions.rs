//! Whatever a predictions file holds, its item gets a verdict that says why, in bounded memory.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use mlgrade::domain::verdict::VerdictLabel as V;

use crate::common::Folder;
use crate::hostile::expect;

const REAL: &str = "mnist/improved-is-real";

/// An NPY file of version 1 with this header.
fn npy(header: &str, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(header.len() + 1).unwrap().to_le_bytes();
    [b"\x93NUMPY\x01\x00".as_slice(), &length, header.as_bytes(), b"\n", data].concat()
}

/// A ZIP archive of one deflated member, made by hand so that its headers may lie. `size` is what they say it unpacks to.
fn zip(name: &str, content: &[u8], size: u32) -> Vec<u8> {
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::fast());
    deflated.write_all(content).unwrap();
    let packed = deflated.finish().unwrap();
    let mut crc = flate2::Crc::new();
    crc.update(content);
    let long = |value: usize| u32::try_from(value).unwrap().to_le_bytes();
    let short = |value: usize| u16::try_from(value).unwrap().to_le_bytes();
    let sizes = [crc.sum().to_le_bytes(), long(packed.len()), size.to_le_bytes()].concat();
    let common = [&[20, 0, 0, 0, 8, 0, 0, 0, 0, 0][..], &sizes, &short(name.len()), &[0, 0]].concat();
    let local = [b"PK\x03\x04".as_slice(), &common, name.as_bytes(), &packed].concat();
    let central = [b"PK\x01\x02\x14\x00".as_slice(), &common, &[0; 14], name.as_bytes()].concat();
    let end = [b"PK\x05\x06\0\0\0\0\x01\0\x01\0".as_slice(), &long(central.len()), &long(local.len()), &[0, 0]].concat();
    [local, central, end].concat()
}

#[test]
fn predictions_get_their_verdict_whatever_they_hold() {
    let claim = "improved.val_error = 0.0188";
    let zeros = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (10000,), }", &[0; 10_000]);
    let bomb = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (200000000,), }", &vec![0; 200_000_000]);
    let cases: Vec<(&str, Vec<u8>, V, &str)> = vec![
        ("improved.csv", b"1\n2\n3\n".to_vec(), V::NeedsReview, "3 predictions for 10000 validation examples"),
        ("improved.csv", "1\n".repeat(10_001).into_bytes(), V::NeedsReview, "10001 predictions for 10000"),
        ("improved.csv", "1\n".repeat(10_000).into_bytes(), V::Contradicted, "improved.val_error says 0.0188, the predictions give 0.8865"),
        ("improved.csv", "-7\n".repeat(10_000).into_bytes(), V::Contradicted, "10000 predictions such as -7 are no class and count as wrong"),
        ("improved.csv", "0,0,1,0\n".repeat(10_000).into_bytes(), V::NeedsReview, "each row has 4 numbers, and there are 10 classes, 0 to 9"),
        ("improved.csv", "0,0,1,0,0,0,0,0,0,0\n".repeat(10_000).into_bytes(), V::Contradicted, "one-hot rows were read as classes"),
        ("improved.csv", "cat\ndog\n".repeat(5_000).into_bytes(), V::NeedsReview, "row 1 holds `cat`, expected a class, 0 to 9"),
        ("improved.csv", "\u{1b}[2Jcat\n".repeat(10_000).into_bytes(), V::NeedsReview, "row 1 holds `[2Jcat`"),
        ("improved.csv", "1\n0.5\n".repeat(5_000).into_bytes(), V::NeedsReview, "row 2 holds 0.5, expected a class"),
        ("improved.csv", "1\n1e300\n".repeat(5_000).into_bytes(), V::NeedsReview, "row 2 holds 1e300, expected a class"),
        ("improved.csv", b"\xff\xfe1\0\n\0".to_vec(), V::NeedsReview, "1 predictions for 10000"),
        ("improved.csv", b"1\n\xff\n".to_vec(), V::NeedsReview, "byte 2 is not UTF-8 text"),
        ("improved.csv", b"\"1\n2\n".to_vec(), V::NeedsReview, "predictions/improved.csv"),
        ("improved.csv", ",".repeat(40_000_000).into_bytes(), V::NeedsReview, "the text has 38 MiB; at most 16 are read"),
        ("improved.csv", "1,".repeat(1_000_000).into_bytes(), V::NeedsReview, "a row has 1000001 columns, more than the 100000 that are read"),
        ("improved.csv", "1\n".repeat(13_000_000).into_bytes(), V::NeedsReview, "the text has 24 MiB; at most 16 are read"),
        ("improved.csv", "a\n".repeat(3_000_000).into_bytes(), V::NeedsReview, "more than the"),
        ("improved.csv", vec![b' '; 65 << 20], V::NeedsReview, "larger than the 64 MiB that are read"),
        ("improved.npy", npy("{'descr': '<i8', 'fortran_order': False, 'shape': (9999999999999,), }", b""), V::NeedsReview, "but 0 bytes follow"),
        ("improved.npy", npy("{'descr': '<i8', 'fortran_order': False, 'shape': (0, 9999999999999), }", b""), V::Unreadable, "the file holds no predictions"),
        ("improved.npy", npy("{'descr': '|O', 'fortran_order': False, 'shape': (3,), }", b"abc"), V::NeedsReview, "Python objects"),
        ("improved.npy", npy("{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }", &[0; 16]), V::NeedsReview, "`<c16` are not read"),
        ("improved.npy", npy("{'descr': '|u1', 'fortran_order': False, 'shape': (), }", &[7]), V::NeedsReview, "1 predictions for 10000"),
        ("improved.npy", b"\x93NUMPY\x01\x00\xff\xff".to_vec(), V::NeedsReview, "this is no NPY file, or it ends within its header"),
        ("improved.npz", zip("arr_0.npy", &zeros, u32::try_from(zeros.len()).unwrap()), V::Contradicted, "the predictions give 0.902"),
        ("improved.npz", zip("arr_0.npy", &bomb, u32::try_from(bomb.len()).unwrap()), V::NeedsReview, "array `arr_0` unpacks to more than the 128 MiB"),
        ("improved.npz", zip("arr_0.npy", &bomb, 10), V::NeedsReview, "predictions/improved.npz: array `arr_0`"),
        ("improved.npz", zip("archive/data.pkl", b"\x80\x02.", 3), V::NeedsReview, "a file of torch.save, a pickle"),
        ("improved.npz", zip("notes.txt", b"hello", 5), V::NeedsReview, "an archive without a NumPy array"),
        ("improved.npz", zip("../../arr_0.npy", &zeros, u32::try_from(zeros.len()).unwrap()), V::Contradicted, "the predictions give 0.902"),
        ("improved.npz", zip("arr_0.npy", &zeros, 10), V::NeedsReview, "array `arr_0` is damaged: "),
        ("improved.npz", b"PK\x03\x04".to_vec(), V::NeedsReview, "the archive is damaged"),
        ("improved.json", "[".repeat(100_000).into_bytes(), V::NeedsReview, "recursion limit exceeded"),
        ("improved.json", format!("{}1{}", "{\"a\":".repeat(50), "}".repeat(50)).into_bytes(), V::NeedsReview, "nested more than 3 deep"),
        ("improved.json", format!("{}[1]{}", "{\"a\":".repeat(50), "}".repeat(50)).into_bytes(), V::NeedsReview, "nested more than 3 deep"),
        ("improved.json", vec![b' '; 17 << 20], V::NeedsReview, "at most 16 are read"),
        ("improved.json", b"NaN".to_vec(), V::NeedsReview, "the file holds the text `NaN`, expected a list"),
        ("improved.json", b"[{\"label\": 1}, 2]".to_vec(), V::NeedsReview, "row 2 is 2, unlike the first"),
        ("improved.json", b"[[], []]".to_vec(), V::NeedsReview, "row 1 has 0 columns"),
        ("improved.json", b"".to_vec(), V::Unreadable, "the file holds no predictions"),
        ("improved.pkl", b"cos\nsystem\n(S'touch /tmp/mlgrade-was-here'\ntR.".to_vec(), V::NeedsReview, "a pickle is never opened"),
        ("improved.pth", b"PK\x03\x04".to_vec(), V::NeedsReview, "a pickle is never opened"),
        ("improved.parquet", b"PAR1".to_vec(), V::NeedsReview, "files of this kind are not read; save one prediction"),
    ];
    for (name, bytes, verdict, part) in cases {
        let folder = Folder::new().with("metrics.toml", claim).with(&format!("predictions/{name}"), bytes);
        let report = folder.graded();
        expect(&report, REAL, verdict, part);
    }
    assert!(!std::path::Path::new("/tmp/mlgrade-was-here").exists());
}

#[test]
fn an_empty_predictions_file_fails_and_what_needs_it_cannot_be_read() {
    let report = Folder::new().with("predictions/improved.csv", "").graded();
    expect(&report, "mnist/predictions", V::Fail, "predictions/improved.csv is empty");
    expect(&report, REAL, V::Unreadable, "the file holds no predictions");
}

#[test]
fn predictions_in_another_place_are_found_where_the_student_says() {
    let folder = Folder::of_reference();
    let predictions = folder.read("predictions/improved.csv");
    std::fs::remove_file(folder.path().join("predictions/improved.csv")).unwrap();
    folder.write("out/classes.csv", predictions);
    folder.write("submission.toml", "[where]\n\"predictions/improved\" = \"out/classes.csv\"\n");
    let report = folder.graded();
    expect(&report, "mnist/predictions", V::Pass, "predictions/improved.csv is there");
    expect(&report, REAL, V::Pass, "the predictions give 0.0188");
}

#[test]
fn text_that_is_too_long_is_refused_before_it_is_split() {
    let files = vec![("predictions/improved.csv".to_owned(), "1,2,3,4\n".repeat(3 << 20).into_bytes())];
    let bag = mlgrade::submission::Submission::of_files("s", files).bag;
    let told = bag.predictions("improved").unwrap_err().diagnostic().to_string();
    assert!(told.contains("the text has 24 MiB; at most 16 are read, of an .npy file 64"), "{told}");
}
