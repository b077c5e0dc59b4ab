//! However the same files are wrapped, the report is the same.

use std::path::{Path, PathBuf};

use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::report::{Report, json};
use mlgrade::submission::Submission;

use crate::common::{Folder, PLAIN_COURSE, files_below, item, mlgrade, repository};
use crate::hostile::expect;
use crate::hostile_archives::{tar_gz, zip};

fn archives() -> PathBuf {
    repository().join("fixtures/archives")
}

/// The report of what is at `path`, under a name that all share.
fn report(path: &Path) -> Report {
    let submission = Submission { student: "s".to_owned(), ..Submission::open(path) };
    PLAIN_COURSE.judge(&submission)
}

fn notes(report: &Report) -> String {
    report.notes.iter().map(|note| note.message.as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn archives_of_every_tool_give_the_report_of_the_folder() {
    let folder = report(&archives().join("folder"));
    expect(&folder, "trees/plot", V::NeedsReview, "éléments/arbres.svg is there");
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
        V::Unopened,
        "metrics.json: it is encrypted, and nobody here has the password; hand in a zip without a password",
    );
    assert!(notes(&encrypted).contains("encrypted.zip: it is encrypted"), "{}", notes(&encrypted));
    let strange = report(&archives().join("lzma.zip"));
    expect(&strange, "mnist/improved-error", V::Pass, "0.0188");
    expect(&strange, "trees/plot", V::Unopened, "éléments/arbres.svg: the file is compressed with Lzma, which is not read; pack the folder");
}

#[test]
fn other_archives_are_refused_by_name_whatever_they_are_called() {
    let seven = report(&archives().join("renamed-7z.zip"));
    expect(&seven, "mnist/improved-error", V::Unopened, "renamed-7z.zip: this is a 7z archive, which is not read; pack the folder as a .zip or .tar.gz");
    for (name, start, kind) in [("hw.rar", "Rar!\x1a\x07", "a RAR archive"), ("hw.tar.bz2", "BZh9", "bzip2"), ("hw.txz", "\u{fd}7zXZ\0", "an archive does")] {
        let folder = Folder::new().with(name, start);
        expect(&folder.graded_in(&PLAIN_COURSE), "trees/plot", V::Unopened, kind);
    }
}

#[test]
fn an_archive_beside_loose_files_adds_to_them_and_they_win() {
    let archive = zip(&[("hw/metrics.json", b"{\"improved.val_error\": 0.9}"), ("hw/answers.toml", b"best_depth = 4")]);
    let report = Folder::new().with("metrics.json", "{\"improved.val_error\": 0.02}").with("rest.zip", archive).graded_in(&PLAIN_COURSE);
    expect(&report, "mnist/improved-error", V::Pass, "improved.val_error = 0.02");
    assert_eq!(item(&report, "trees/least-overfitting").verdict, V::Missing);
    assert!(item(&report, "trees/least-overfitting").reason.contains("metrics.json or answers.toml"), "{report:#?}");
    assert!(notes(&report).contains("metrics.json: a file of this name lies beside the archive and counts"), "{}", notes(&report));
}

#[test]
fn several_archives_add_up_and_where_they_differ_none_is_guessed() {
    let of = |error: f64| zip(&[("hw/metrics.json", format!("{{\"improved.val_error\": {error}}}").as_bytes())]);
    let (one, other) = (of(0.02), of(0.3));
    let svg = zip(&[("figures/trees.svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='640' height='480'><path d='M0 0L9 9'/><path d='M0 9L9 0'/></svg>")]);
    let report = Folder::new().with("code.zip", &one).with("figures.zip", &svg).graded_in(&PLAIN_COURSE);
    expect(&report, "mnist/improved-error", V::Pass, "0.02");
    assert_ne!(item(&report, "trees/plot").verdict, V::Missing);
    let copies = Folder::new().with("a.zip", &one).with("a (1).zip", &one).graded_in(&PLAIN_COURSE);
    expect(&copies, "mnist/improved-error", V::Pass, "0.02");
    expect(&copies, "trees/plot", V::Missing, "there is no figure");
    for third in [&one, &other] {
        let report = Folder::new().with("a.zip", &one).with("b.zip", &other).with("c.zip", third).graded_in(&PLAIN_COURSE);
        let told = "metrics.json is in b.zip and, with other contents, in another archive; it is not clear which one is the submission";
        expect(&report, "mnist/improved-error", V::Unopened, told);
        assert_eq!(report.score.lowest.to_string(), "0");
    }
    let loose = Folder::new().with("metrics.json", "{\"improved.val_error\": 0.03}").with("a.zip", &one).with("b.zip", &other).graded_in(&PLAIN_COURSE);
    expect(&loose, "mnist/improved-error", V::Partial, "0.03");
    expect(&loose, "trees/plot", V::Missing, "there is no figure");
    let many = (0..9).fold(Folder::new(), |folder, i| folder.with(&format!("{i}.zip"), &one));
    expect(&many.graded_in(&PLAIN_COURSE), "mnist/improved-error", V::Unopened, "there are 9 archives (0.zip, 1.zip, 2.zip, …), more than are opened");
}

#[test]
fn a_submission_in_a_folder_beside_other_files_is_found_and_of_two_none_is_guessed() {
    let metrics = |error: f64| format!("{{\"improved.val_error\": {error}}}");
    let report = Folder::new().with("README.txt", "x").with("hw2/metrics.json", metrics(0.02)).with("code/x.py", "").graded_in(&PLAIN_COURSE);
    expect(&report, "mnist/improved-error", V::Pass, "0.02");
    let deep = Folder::new()
        .with("README.txt", "x")
        .with("a.zip", zip(&[("note.txt", b"x"), ("my/hw2/metrics.json", metrics(0.02).as_bytes())]))
        .graded_in(&PLAIN_COURSE);
    expect(&deep, "mnist/improved-error", V::Pass, "0.02");
    let two = Folder::new().with("README.txt", "x").with("old/metrics.json", metrics(0.3)).with("new/metrics.json", metrics(0.02)).graded_in(&PLAIN_COURSE);
    expect(&two, "mnist/improved-error", V::Unopened, "new/, old/ look each like a submission, and it is not clear which one is");
    let told = Folder::new()
        .with("submission.toml", "where.metrics = \"new/metrics.json\"")
        .with("old/metrics.json", metrics(0.3))
        .with("new/metrics.json", metrics(0.02));
    expect(&told.graded_in(&PLAIN_COURSE), "mnist/improved-error", V::Pass, "0.02");
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
    assert!(text.contains("not all of bob could be seen: bob.zip: the archive is damaged") && output.status.code() == Some(3), "{text}");
    assert!(text.contains("not all of cy could be seen: cy.rar: this is a RAR archive") && !text.contains("not all of ann"), "{text}");
}

#[test]
fn check_takes_an_archive() {
    let output = mlgrade(&["check", "fixtures/archives/macos.zip"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("Checked macos:") && text.contains("éléments/arbres.svg is there"), "{text}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_folder_that_a_rubric_names_is_found_though_it_is_the_only_one() {
    let bag = |file: &str| Submission::open(Folder::new().with(file, "x").path()).bag.size("report/report.pdf", 9).unwrap();
    assert_eq!((bag("report/report.pdf"), bag("report.pdf"), bag("other/report.pdf")), (Some(1), None, None));
}
