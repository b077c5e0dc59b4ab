//! However the same files are wrapped, the report is the same.

use std::path::{Path, PathBuf};

use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::report::{Report, json};
use mlgrade::submission::Submission;

use crate::common::{Folder, SHIPPED_COURSE, files_below, item, mlgrade, repository};
use crate::hostile::expect;
use crate::hostile_archives::{tar_gz, zip};

fn archives() -> PathBuf {
    repository().join("fixtures/archives")
}

/// The report of what is at `path`, under a name that all share.
fn report(path: &Path) -> Report {
    let submission = Submission { student: "s".to_owned(), ..Submission::open(path) };
    SHIPPED_COURSE.judge(&submission)
}

fn notes(report: &Report) -> String {
    report.notes.iter().map(|note| note.message.as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn archives_of_every_tool_give_the_report_of_the_folder() {
    let folder = report(&archives().join("folder"));
    expect(&folder, "trees/plot", V::Pass, "éléments/arbres.svg is there");
    expect(&folder, "mnist/improved-error", V::Pass, "0.0188");
    assert_eq!((folder.name.as_deref(), folder.notes.len()), (Some("Zoë Wrapped"), 0));
    let names = [
        "info-zip.zip",
        "7-zip.zip",
        "bsdtar.zip",
        "python.zip",
        "streamed.zip",
        "zip64.zip",
        "macos.zip",
        "windows.zip",
        "bsdtar-pax.tgz",
        "bsdtar-ustar.tar",
        "gnu.tar.gz",
        "gnu-pax.tar",
        "python-pax.tar.gz",
        "python-gnu.tar.gz",
        "python-zip-in-a.zip",
        "gnu-tar-gz-in-a.zip",
    ];
    for name in names {
        let report = report(&archives().join(name));
        assert!(json::json(&report).unwrap() == json::json(&folder).unwrap(), "{name}: {}", notes(&report));
    }
}

#[test]
fn a_whole_submission_gives_the_same_bytes_as_folder_zip_tar_and_nested() {
    let good = repository().join("submissions/s02-good");
    let files: Vec<(String, Vec<u8>)> = files_below(&good).into_iter().map(|(path, bytes)| (format!("my hw/{}", path.display()), bytes)).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    let (zipped, tarred) = (zip(&files), tar_gz(&files));
    let wrapped = Folder::new().with("one/hw2.zip", &zipped).with("two/hw2.tar.gz", &tarred).with("three/a/b/hw2.zip", zip(&[("x/hw2.zip", &zipped)]));
    let wrapped = wrapped.with("four/hw2.zip", zip(&[("hw2.tgz", &tarred), ("__MACOSX/._hw2.tgz", b"x")]));
    let expected = json::json(&report(&good)).unwrap();
    for path in ["one", "one/hw2.zip", "two", "two/hw2.tar.gz", "three", "four", "four/hw2.zip"] {
        let report = report(&wrapped.path().join(path));
        assert!(json::json(&report).unwrap() == expected, "{path}: {}", notes(&report));
    }
}

#[test]
fn an_encrypted_or_strangely_compressed_zip_is_unreadable_and_the_student_knows_what_to_do() {
    let encrypted = report(&archives().join("encrypted.zip"));
    expect(
        &encrypted,
        "mnist/improved-error",
        V::Unreadable,
        "metrics.json: it is encrypted, and nobody here has the password; hand in a zip without a password",
    );
    assert!(notes(&encrypted).contains("encrypted.zip: it is encrypted"), "{}", notes(&encrypted));
    let strange = report(&archives().join("lzma.zip"));
    expect(&strange, "mnist/improved-error", V::Pass, "0.0188");
    expect(&strange, "trees/plot", V::Unreadable, "éléments/arbres.svg: the file is compressed with Lzma, which is not read; pack the folder");
}

#[test]
fn other_archives_are_refused_by_name_whatever_they_are_called() {
    let seven = report(&archives().join("renamed-7z.zip"));
    expect(&seven, "mnist/improved-error", V::Unreadable, "renamed-7z.zip: this is a 7z archive, which is not read; pack the folder as a .zip or .tar.gz");
    for (name, start, kind) in [("hw.rar", "Rar!\x1a\x07", "a RAR archive"), ("hw.tar.bz2", "BZh9", "bzip2"), ("hw.txz", "\u{fd}7zXZ\0", "an archive does")] {
        let folder = Folder::new().with(name, start);
        expect(&folder.graded(), "trees/plot", V::Unreadable, kind);
    }
}

#[test]
fn an_archive_beside_loose_files_adds_to_them_and_they_win() {
    let archive = zip(&[("hw/metrics.json", b"{\"improved.val_error\": 0.9}"), ("hw/answers.toml", b"best_depth = 4")]);
    let report = Folder::new().with("metrics.json", "{\"improved.val_error\": 0.02}").with("rest.zip", archive).graded();
    expect(&report, "mnist/improved-error", V::Pass, "improved.val_error = 0.02");
    assert_eq!(item(&report, "trees/least-overfitting").verdict, V::Missing);
    assert!(item(&report, "trees/least-overfitting").reason.contains("metrics.json or answers.toml"), "{report:#?}");
    assert!(notes(&report).contains("metrics.json: a file of this name lies beside the archive and counts"), "{}", notes(&report));
}

#[test]
fn of_several_archives_none_is_guessed() {
    let one = zip(&[("metrics.json", b"{\"improved.val_error\": 0.02}")]);
    let report = Folder::new().with("a.zip", &one).with("b.zip", &one).graded();
    expect(&report, "mnist/improved-error", V::Unreadable, "there are 2 archives (a.zip, b.zip), and it is not clear which one is the submission");
    let loose = Folder::new().with("metrics.json", "{\"improved.val_error\": 0.02}").with("a.zip", &one).with("b.zip", &one).graded();
    expect(&loose, "mnist/improved-error", V::Pass, "0.02");
    expect(&loose, "trees/plot", V::Missing, "there is no figure");
}

#[test]
fn a_single_file_is_a_submission_of_one_file() {
    let folder = Folder::new().with("metrics.json", "{\"improved.val_error\": 0.02}").with("hw2.ipynb", "{}");
    expect(&report(&folder.path().join("metrics.json")), "mnist/improved-error", V::Pass, "0.02");
    let notebook = Submission::open(&folder.path().join("hw2.ipynb"));
    assert_eq!((notebook.student.as_str(), notebook.bag.file_count(), notebook.bag.size("hw2.ipynb", 9).unwrap()), ("hw2", 1, Some(2)));
}

#[test]
fn the_program_tells_of_whom_not_all_was_seen() {
    let class = Folder::new().with("ann/metrics.json", "{}").with("bob.zip", "PK\x03\x04").with("cy.rar", "Rar!\x1a\x07");
    let out = Folder::new();
    let output = mlgrade(&["grade", class.path().to_str().unwrap(), "--out", out.path().to_str().unwrap()]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("not all of bob could be seen: bob.zip: the archive is damaged") && output.status.success(), "{text}");
    assert!(text.contains("not all of cy could be seen: cy.rar: this is a RAR archive") && !text.contains("not all of ann"), "{text}");
}

#[test]
fn check_takes_an_archive() {
    let output = mlgrade(&["check", "fixtures/archives/macos.zip"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("cs441-hw2 · macos ·") && text.contains("éléments/arbres.svg is there"), "{text}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_folder_that_a_rubric_names_is_found_though_it_is_the_only_one() {
    let bag = |file: &str| Submission::open(Folder::new().with(file, "x").path()).bag.size("report/report.pdf", 9).unwrap();
    assert_eq!((bag("report/report.pdf"), bag("report.pdf"), bag("other/report.pdf")), (Some(1), None, None));
}
