//! Whatever an archive holds, it gives a submission with messages: within the limits, without a trace on the disk, and never our fault.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::report::Report;
use mlgrade::submission::Submission;
use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::common::{Folder, PLAIN_COURSE, files_below, item};
use crate::hostile::expect;

const ERROR: &str = "mnist/improved-error";
const METRICS: (&str, &[u8]) = ("metrics.json", b"{\"improved.val_error\": 0.02}");

/// A zip of `files`.
pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        writer.start_file(*path, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A tar of `files`, as the header says: with `kind` for its type and `link` for its target.
fn tar_of(files: &[(&str, tar::EntryType, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, kind, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_entry_type(*kind);
        header.set_mode(0o644);
        header.set_size(if *kind == tar::EntryType::Regular { bytes.len() as u64 } else { 0 });
        if matches!(kind, tar::EntryType::Symlink | tar::EntryType::Link) {
            header.set_link_name("/etc/hostname").unwrap();
        }
        header.set_cksum();
        builder.append(&header, if *kind == tar::EntryType::Regular { *bytes } else { b"" }).unwrap();
    }
    builder.into_inner().unwrap()
}

fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    tar_of(&files.iter().map(|(path, bytes)| (*path, tar::EntryType::Regular, *bytes)).collect::<Vec<_>>())
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn tar_gz(files: &[(&str, &[u8])]) -> Vec<u8> {
    gz(&tar(files))
}

/// A gzip stream of `megabytes` zeros after `start`.
fn gz_of_zeros(start: &[u8], megabytes: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(start).unwrap();
    let block = vec![0; 1 << 20];
    for _ in 0..megabytes {
        encoder.write_all(&block).unwrap();
    }
    encoder.finish().unwrap()
}

/// What a zip says of one entry; the parts may lie.
#[derive(Clone)]
struct Stated<'a> {
    name: &'a [u8],
    method: u16,
    packed: &'a [u8],
    /// Where its local header is, if it has none of its own.
    at: Option<u32>,
    size: u32,
    crc: u32,
    mode: u32,
    extra: usize,
}

impl<'a> Stated<'a> {
    fn deflated(name: &'a str, packed: &'a [u8], bytes: &[u8]) -> Self {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        Self { name: name.as_bytes(), method: 8, packed, at: None, size: u32::try_from(bytes.len()).unwrap(), crc: crc.sum(), mode: 0o100_644, extra: 0 }
    }
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A zip written byte by byte, which no tool would write.
fn raw_zip(entries: &[Stated<'_>]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let fields = |version: bool| {
            let mut fields: Vec<u8> = if version { vec![20, 3] } else { Vec::new() };
            fields.extend([20, 0, 0, 0]);
            fields.extend(entry.method.to_le_bytes());
            fields.extend([0, 0, 0x66, 0x56]);
            fields.extend(entry.crc.to_le_bytes());
            fields.extend(u32::try_from(entry.packed.len()).unwrap().to_le_bytes());
            fields.extend(entry.size.to_le_bytes());
            fields.extend(u16::try_from(entry.name.len()).unwrap().to_le_bytes());
            fields.extend(u16::try_from(if version { entry.extra } else { 0 }).unwrap().to_le_bytes());
            fields
        };
        let at = entry.at.unwrap_or_else(|| u32::try_from(out.len()).unwrap());
        if entry.at.is_none() {
            out.extend(b"PK\x03\x04");
            out.extend(fields(false));
            out.extend(entry.name);
            out.extend(entry.packed);
        }
        directory.extend(b"PK\x01\x02");
        directory.extend(fields(true));
        directory.extend([0; 6]);
        directory.extend((entry.mode << 16).to_le_bytes());
        directory.extend(at.to_le_bytes());
        directory.extend(entry.name);
        // Extra fields of four bytes each, which say that they are empty.
        directory.extend([0xfe, 0xca, 0, 0].iter().cycle().take(entry.extra));
    }
    let (start, count) = (u32::try_from(out.len()).unwrap(), u16::try_from(entries.len().min(65_535)).unwrap());
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    out.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn graded(name: &str, bytes: Vec<u8>) -> Report {
    PLAIN_COURSE.judge(&Submission::of_archive(name, bytes))
}

fn notes(report: &Report) -> String {
    report.notes.iter().map(|note| note.message.as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn paths_that_lead_out_are_refused_and_what_is_inside_counts() {
    let entries = ["../metrics.toml", "/etc/passwd", "C:\\x", "..\\..\\x", "a/../../x"];
    let bad: Vec<Stated<'_>> = entries.iter().map(|name| Stated::deflated(name, b"\x03\0", b"")).collect();
    let packed = deflate(METRICS.1);
    let zip = raw_zip(&[bad, vec![Stated::deflated("metrics.json", &packed, METRICS.1), Stated::deflated("a\0b", b"\x03\0", b"")]].concat());
    let report = graded("hw.zip", zip);
    expect(&report, ERROR, V::Pass, "0.02");
    for part in ["../metrics.toml: its path leads out of the archive", "/etc/passwd: its path begins at the root of a disk", "zero byte"] {
        assert!(notes(&report).contains(part), "{}", notes(&report));
    }
    let tar = tar(&[("../metrics.toml", b"improved.val_error = 0.9"), ("/metrics.toml", b"improved.val_error = 0.9"), METRICS]);
    let report = graded("hw.tar", tar);
    expect(&report, ERROR, V::Pass, "0.02");
    assert!(notes(&report).contains("/metrics.toml: its path begins at the root of a disk"), "{}", notes(&report));
}

#[test]
fn links_devices_and_pipes_are_noted_and_never_followed() {
    use tar::EntryType as T;
    let kinds = [("a.json", T::Symlink), ("metrics.json", T::Link), ("b", T::Char), ("c", T::Block), ("d", T::Fifo), ("e", T::GNUSparse)];
    let report = graded("hw.tar", tar_of(&kinds.map(|(path, kind)| (path, kind, b"".as_slice()))));
    expect(&report, ERROR, V::Missing, "there is no metrics or answers file");
    for part in ["a.json: this is a symbolic link", "metrics.json: this is a hard link", "b: this is no regular file", "e: this is no regular file"] {
        assert!(notes(&report).contains(part), "{}", notes(&report));
    }
    let link = |mode| Stated { method: 0, mode, ..Stated::deflated("metrics.json", b"/etc/hostname", b"/etc/hostname") };
    for (mode, told) in [(0o120_777, "a symbolic link, which is not followed"), (0o010_644, "no regular file"), (0o020_644, "no regular file")] {
        let report = graded("hw.zip", raw_zip(&[link(mode)]));
        expect(&report, ERROR, V::Missing, "there is no metrics or answers file");
        assert!(notes(&report).contains(told), "{}", notes(&report));
    }
}

#[test]
fn of_a_path_that_is_there_twice_the_last_counts_and_capitals_make_two() {
    let stated = [0.9, 0.02].map(|error| format!("{{\"improved.val_error\": {error}}}").into_bytes());
    let packed = stated.each_ref().map(|bytes| deflate(bytes));
    let both = [0, 1].map(|i| Stated::deflated("metrics.json", &packed[i], &stated[i]));
    let tar = tar(&[("metrics.json", &stated[0]), ("metrics.json", &stated[1])]);
    for report in [graded("hw.zip", raw_zip(&both)), graded("hw.tar", tar)] {
        expect(&report, ERROR, V::Pass, "0.02");
        assert!(notes(&report).contains("metrics.json: the archive holds this path more than once; the last one counts"), "{}", notes(&report));
    }
    let report = graded("hw.zip", zip(&[("Metrics.json", &stated[0]), ("metrics.json", &stated[1])]));
    expect(&report, ERROR, V::Pass, "0.02");
    assert!(notes(&report).contains("metrics.json: there are two files of this name in other capitals"), "{}", notes(&report));
}

#[test]
fn a_damaged_archive_leaves_ungraded_what_it_may_have_held_and_what_is_intact_counts() {
    let mut state = 1_u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    };
    let noise: Vec<u8> = (0..100_000).map(|_| random()).collect();
    let files: [(&str, &[u8]); 3] = [METRICS, ("noise.bin", &noise), ("figures/trees.png", b"x")];
    let (zipped, tarred) = (zip(&files), tar_gz(&files));
    let report = graded("hw.zip", zipped[..50_000].to_vec());
    expect(&report, ERROR, V::Unopened, "hw.zip: the archive is damaged: the list of its files, which is at its end, is not there");
    expect(&report, "trees/plot", V::Unopened, "hand it in again, as a .zip or .tar.gz");
    for (name, cut) in [("hw.tgz", tarred[..50_000].to_vec()), ("hw.tar", tar(&files)[..50_000].to_vec()), ("hw.tar", tar(&files[..1])[..1_024].to_vec())] {
        let report = graded(name, cut);
        expect(&report, ERROR, V::Pass, "0.02");
        expect(&report, "trees/plot", V::Unopened, "the archive is damaged: it is cut off; hand it in again");
    }
    let mut flipped = zipped.clone();
    flipped[40] ^= 0x55;
    flipped[45] ^= 0x55;
    let report = graded("hw.zip", flipped);
    expect(&report, ERROR, V::Unopened, "metrics.json: the file is damaged in hw.zip");
    let mut flipped = tarred.clone();
    let end = flipped.len() - 6;
    flipped[end] ^= 1;
    expect(&graded("hw.tgz", flipped), ERROR, V::Unopened, "the archive is damaged: its checksum is wrong");
    for (name, bytes) in [("a.zip", ""), ("a.tgz", ""), ("a.zip", "<html>"), ("a.tar.gz", "<html>"), ("a.zip", "PK\x05\x06"), ("a.tgz", "\x1f\u{8b}")] {
        let report = graded(name, bytes.as_bytes().to_vec());
        expect(&report, ERROR, V::Unopened, "the archive is damaged");
        assert!(report.items.iter().all(|item| item.verdict == V::Unopened && item.points.is_none()), "{name}: {report:#?}");
        assert_eq!((report.score.lowest.to_string(), report.score.highest.to_string()), ("0".to_owned(), "19".to_owned()), "all is open");
    }
}

#[test]
fn sizes_that_lie_change_nothing() {
    let packed = deflate(METRICS.1);
    let honest = Stated::deflated("metrics.json", &packed, METRICS.1);
    for size in [0, 5, u32::MAX - 1] {
        let report = graded("hw.zip", raw_zip(&[Stated { size, ..honest.clone() }]));
        assert!(matches!(item(&report, ERROR).verdict, V::Unopened | V::NeedsReview | V::Pass), "{size}: {}", item(&report, ERROR).reason);
        assert_ne!(item(&report, ERROR).reason, "", "{size}");
    }
    // Says that it is small, and is not.
    let large = vec![b' '; 20 << 20];
    let packed = deflate(&large);
    for size in [10, 20 << 20] {
        let report = graded("hw.zip", raw_zip(&[Stated { size, ..Stated::deflated("metrics.json", &packed, &large) }]));
        assert!(matches!(item(&report, ERROR).verdict, V::NeedsReview | V::Unopened), "{size}");
    }
    // The trailer of a gzip file says how much it holds, modulo 4 GiB.
    for stated in [0, u32::MAX] {
        let mut lies = tar_gz(&[METRICS]);
        let end = lies.len();
        lies[end - 4..].copy_from_slice(&stated.to_le_bytes());
        expect(&graded("hw.tgz", lies), ERROR, V::Unopened, "the archive is damaged: its checksum is wrong");
    }
    // A tar that says its file has 8 GiB.
    let mut endless = tar(&[METRICS]);
    endless[124..136].copy_from_slice(b"77777777777\0");
    let sum: u32 = endless[..512].iter().enumerate().map(|(i, &byte)| if (148..156).contains(&i) { 32 } else { u32::from(byte) }).sum();
    endless[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let report = graded("hw.tar", endless);
    expect(&report, ERROR, V::NeedsReview, "metrics.json: the file is larger than the 8 MiB that are read");
    expect(&report, "trees/plot", V::Unopened, "hw.tar: the archive is damaged: it is cut off");
}

#[test]
fn bombs_are_told_and_cost_no_more_than_the_limits() {
    // One file of 300 MB of spaces, as in every zip bomb; asked for by an item.
    let spaces = deflate(&vec![b' '; 300 << 20]);
    let bomb = Stated { size: 300 << 20, ..Stated::deflated("metrics.json", &spaces, b"") };
    expect(&graded("bomb.zip", raw_zip(std::slice::from_ref(&bomb))), ERROR, V::NeedsReview, "metrics.json: the file is larger than the 8 MiB that are read");
    // Many entries that share the data of one, as in Fifield's.
    let names: Vec<String> = (0..40_000).map(|i| format!("figures/{i}.png")).collect();
    let shared = names.iter().map(|name| Stated { name: name.as_bytes(), at: Some(0), ..bomb.clone() });
    let report = graded("overlap.zip", raw_zip(&[vec![bomb.clone()], shared.collect()].concat()));
    expect(&report, ERROR, V::NeedsReview, "metrics.json: the file is larger than");
    expect(&report, "trees/plot", V::Unopened, "only the first 20000 files of the archive were looked at");
    // Zips within zips, as in 42.zip: one inside another is opened, and no more.
    let mut nested = zip(&[METRICS]);
    for level in 0..4 {
        nested = zip(&[(format!("{level}.zip").as_str(), nested.as_slice())]);
    }
    expect(&graded("42.zip", nested), ERROR, V::Unopened, "2.zip: this is an archive in an archive in an archive, which is not opened");
    // A zip that unpacks to a gigabyte, inside a zip.
    let inner = raw_zip(&[Stated { method: 0, ..Stated::deflated("x", &vec![0; 90 << 20], b"") }]);
    let packed = deflate(&inner);
    let report = graded("inner.zip", raw_zip(&[Stated::deflated("deep.zip", &packed, &inner)]));
    expect(&report, ERROR, V::Unopened, "deep.zip: the file is larger than the");
}

#[test]
fn a_stream_of_zeros_is_left_when_it_is_plain_what_it_is() {
    let mut header = tar(&[METRICS, ("zeros", b"")]);
    header.truncate(1_024 + 512);
    header[1_024 + 124..1_024 + 136].copy_from_slice(b"77777777777\0");
    let sum: u32 = header[1_024..].iter().enumerate().map(|(i, &byte)| if (148..156).contains(&i) { 32 } else { u32::from(byte) }).sum();
    header[1_024 + 148..1_024 + 156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let report = graded("zeros.tar.gz", gz_of_zeros(&header, 300));
    expect(&report, ERROR, V::Pass, "0.02");
    expect(&report, "trees/plot", V::Unopened, "zeros.tar.gz: the archive unpacks to more than 200 times its size; what comes after is not looked at");
    // A long name of gigabytes, which a careless reader keeps in memory.
    let mut long = tar(&[("././@LongLink", b"")]);
    long.truncate(512);
    long[124..136].copy_from_slice(b"77777777777\0");
    long[156] = b'L';
    let sum: u32 = long.iter().enumerate().map(|(i, &byte)| if (148..156).contains(&i) { 32 } else { u32::from(byte) }).sum();
    long[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    expect(&graded("long.tar.gz", gz_of_zeros(&long, 300)), ERROR, V::Unopened, "more than 200 times its size");
}

#[test]
fn many_entries_long_names_and_full_directories_stay_within_limits() {
    let names: Vec<String> = (0..30_000).map(|i| format!("n{i}.txt")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
    for report in [graded("many.zip", zip(&files)), graded("many.tar", tar(&files))] {
        expect(&report, ERROR, V::Unopened, "only the first 20000 files of the archive were looked at; leave out what is not asked for");
    }
    let long = "d/".repeat(30_000);
    let report = graded("long.zip", raw_zip(&[Stated { name: long.as_bytes(), mode: 0o100_644, ..Stated::deflated("", b"\x03\0", b"") }]));
    assert!(report.notes.iter().all(|note| note.message.len() < 1_000), "{}", notes(&report));
    let name = "a".repeat(60_000);
    let entries = vec![Stated { name: name.as_bytes(), extra: 65_532, ..Stated::deflated("", b"\x03\0", b"") }; 300];
    let report = graded("full.zip", raw_zip(&entries));
    expect(&report, ERROR, V::Unopened, "only the first");
    assert!(report.notes.len() < 30, "{} notes", report.notes.len());
    let refused: Vec<String> = (0..5_000).map(|i| format!("../{i}")).collect();
    let files: Vec<Stated<'_>> = refused.iter().map(|name| Stated::deflated(name, b"\x03\0", b"")).collect();
    let report = graded("out.zip", raw_zip(&files));
    assert_eq!(report.notes.len(), 21, "{}", notes(&report));
    assert!(notes(&report).contains("its path leads out of the archive: so are 4980 more files"), "{}", notes(&report));
}

#[test]
fn a_zip_that_holds_itself_ends() {
    // The quine of Russ Cox is not needed: an archive that names its own bytes as a stored entry begins at 0 and holds the whole file.
    let head = raw_zip(&[Stated { method: 0, at: Some(0), ..Stated::deflated("r.zip", b"", b"") }]);
    let own = vec![0; head.len()];
    let report = graded("r.zip", raw_zip(&[Stated { method: 0, at: Some(0), ..Stated::deflated("r.zip", &own, b"") }]));
    assert_eq!(item(&report, ERROR).verdict, V::Unopened, "{}", item(&report, ERROR).reason);
}

#[test]
fn nothing_is_ever_written_to_disk() {
    let temporary = Folder::new();
    let class = Folder::new().with("a.zip", zip(&[("hw/metrics.json", METRICS.1)])).with("b.tar.gz", tar_gz(&[METRICS, ("../../x", b"x")]));
    let class = class.with("c/deep.zip", zip(&[("d/e.zip", &zip(&[METRICS]))]));
    let (before, out) = (files_below(class.path()), Folder::new());
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_mlgrade"))
        .args(["grade", class.path().to_str().unwrap(), "--out", out.path().join("r").to_str().unwrap()])
        .env("TMPDIR", temporary.path())
        .current_dir(temporary.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(files_below(class.path()), before);
    assert!(files_below(temporary.path()).is_empty());
    let written: Vec<String> = files_below(out.path()).keys().map(|path| path.display().to_string()).collect();
    assert_eq!(written.len(), 3 * 5 + 3, "{written:?}");
}

/// Bytes that are nearly an archive.
fn nearly(start: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let flips = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8);
    let changed = (flips, any::<prop::sample::Index>(), any::<bool>()).prop_map(move |(flips, end, cut)| {
        let mut bytes = start.clone();
        for (at, byte) in &flips {
            bytes[at.index(start.len())] = *byte;
        }
        if cut {
            bytes.truncate(end.index(start.len()));
        }
        bytes
    });
    prop_oneof![prop::collection::vec(any::<u8>(), 0..300), changed]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn any_bytes_are_a_submission_with_messages(
        zipped in nearly(zip(&[METRICS, ("figures/trees.svg", b"<svg/>"), ("b.zip", b"PK\x05\x06")])),
        tarred in nearly(tar(&[METRICS, ("figures/trees.svg", b"<svg/>")])),
    ) {
        for (name, bytes) in [("a.zip", zipped), ("a.tar.gz", gz(&tarred)), ("a.tar", tarred)] {
            let report = graded(name, bytes);
            for item in &report.items {
                prop_assert_ne!(item.verdict, V::Broken, "{}: {}: {}", name, item.id, item.reason);
                prop_assert!(!item.reason.is_empty());
            }
        }
    }

    #[test]
    fn any_gzip_is_a_submission_with_messages(bytes in nearly(tar_gz(&[METRICS]))) {
        let report = graded("a.tgz", bytes);
        prop_assert!(report.items.iter().all(|item| item.verdict != V::Broken));
    }
}
