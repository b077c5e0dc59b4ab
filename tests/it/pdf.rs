//! Reports as PDF, made by real tools (fixtures/pdf/make.py): the text of a page, the figure on it, and what is said when it cannot be read.

use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::pdf;
use mlgrade::report::{ItemReport, Report};
use mlgrade::submission::Submission;

use crate::common::{Folder, Opened, SHIPPED_COURSE, item, repository};

/// The numbers that fixtures/pdf/make.py draws.
const METRICS: &str = "depths = [1, 2, 4, 8, 16]\ntrain = [0.92, 0.41, 0.18, -0.06, -0.31]\nval = [0.95, 0.52, 0.33, 0.28, 0.47]\n\
    loss = [2.5, 0.31, 0.042, 0.0051, 0.0009]\nflipper = [181, 186, 195, 193, 190, 210, 217, 230]\nbill = [39.1, 39.5, 40.3, 36.7, 46.0, 50.2, 45.5, 59.6]\n";

const ITEMS: [&str; 6] = [
    "id = \"curves\"\ntitle = \"Curves\"\npoints = 2\ncheck = \"figure\"\nfigure = \"curves\"\nx = \"depths\"\nshows = [\"train\", \"val\"]",
    "id = \"losses\"\ntitle = \"Losses\"\npoints = 2\ncheck = \"figure\"\nfigure = \"losses\"\nshows = [\"loss\"]",
    "id = \"points\"\ntitle = \"Points\"\npoints = 2\ncheck = \"figure\"\nfigure = \"points\"\ndraws = \"scatter\"\nx = \"flipper\"\nshows = [\"bill\"]",
    "id = \"least\"\ntitle = \"Least\"\npoints = 2\ncheck = \"answer\"\nanswer = \"least\"\nchoices = [\"tree\", \"forest\"]\nexpect = \"forest\"",
    "id = \"why\"\ntitle = \"Why\"\npoints = 2\ncheck = \"written\"\nanswer = \"why\"",
    "id = \"error\"\ntitle = \"Error\"\npoints = 2\ncheck = \"number\"\nvalue = \"error\"\nunit = \"fraction\"\nat_most = 0.05",
];

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(repository().join("fixtures/pdf").join(name)).unwrap()
}

/// A rubric with an item for each kind of thing that a report may hold, and with these usual places.
pub(crate) fn course(places: &str) -> Opened {
    let head = "schema = 1\nid = \"pdf\"\ntitle = \"PDF\"\nseed = 1\n";
    let items: Vec<String> = ITEMS.iter().map(|item| format!("[[part.item]]\n{item}\n")).collect();
    Opened::of(&format!("{head}[where]\n{places}\n[[part]]\nid = \"p\"\ntitle = \"P\"\n{}", items.concat()), None)
}

/// What a submission earns whose report is the fixture `name`, where the rubric says what is on which page.
fn usual(name: &str, places: &str) -> Report {
    Folder::new().with("metrics.toml", METRICS).with("report.pdf", fixture(name)).graded_in(&course(places))
}

fn verdict(report: &Report, id: &str) -> (V, String) {
    let ItemReport { verdict, reason, .. } = item(report, id);
    (*verdict, reason.clone())
}

fn expect(report: &Report, id: &str, wanted: V, part: &str) {
    let (verdict, reason) = verdict(report, id);
    assert!(verdict == wanted && reason.contains(part), "{id} is {verdict:?}: `{reason}`, expected {wanted:?} and `{part}`");
    assert_eq!(item(report, id).points.is_none(), wanted == V::NeedsReview, "{id}");
}

#[test]
fn the_text_of_a_page_is_what_pdftotext_finds() {
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    for (name, pages) in [("writer", 3), ("latex", 1), ("reportlab", 1)] {
        let found = String::from_utf8(fixture(&format!("{name}.txt"))).unwrap();
        for (page, expected) in (1..=pages).zip(found.split('\u{c}')) {
            let text = pdf::text("r.pdf", &fixture(&format!("{name}.pdf")), page, None, &[]).unwrap();
            assert_eq!(squeezed(&text).replace('^', ""), squeezed(expected), "{name}, page {page}");
        }
    }
}

#[test]
fn words_and_lines_stay_apart() {
    let text = pdf::text("r.pdf", &fixture("latex.pdf"), 1, Some("why are small trees enough"), &["Which overfits"]);
    // pdftotext's words, line by line; before the raised 2 and -3 we write `^`.
    let lines = "? \nEach boosted tree only has to correct the sum of the earlier ones a little, so\nsmall, weak trees suffice: difficult ones come “first”. \
        An effective fit of the offset\nflows from it. We have α = 0.5 and x^2 ≤ 10^−3.";
    assert_eq!(text.map(|text| text.replace("?\n", "? \n")), Ok(lines.to_owned()));
}

#[test]
fn answers_and_numbers_on_a_page_are_graded() {
    let places = "least = { page = 1, after = \"Question 3\", until = \"model\" }\nwhy = { page = 1, after = \"Question 1\" }\n\
        error = { page = 1, pattern = \"validation error is {number}\" }\nother = { page = 1, after = \"Question 2\" }";
    let report = usual("writer.pdf", places);
    expect(&report, "p/least", V::Pass, "forest");
    expect(&report, "p/error", V::Pass, "error = 0.0209");
    // The answer ends where that of question 2 begins: 33 words, counted by `wc` in pdftotext's text.
    expect(&report, "p/why", V::NeedsReview, "33 words to be read by a person");
    let why = item(&report, "p/why");
    assert!(why.actual.as_ref().unwrap().text().ends_with("The efficient choice is depth 2."), "{why:?}");
    for id in ["p/least", "p/why", "p/error"] {
        assert_eq!(item(&report, id).places, ["report.pdf, page 1"], "{id}");
    }
}

#[test]
fn figures_on_pages_show_their_numbers() {
    for (name, places, ids) in [
        (
            "plots.pdf",
            "\"figures/curves\" = { page = 1 }\n\"figures/losses\" = { page = 2 }\n\"figures/points\" = { page = 3 }",
            &["curves", "losses", "points"][..],
        ),
        ("old-plots.pdf", "\"figures/curves\" = { page = 1 }", &["curves"]),
        ("latex.pdf", "\"figures/curves\" = { page = 2 }", &["curves"]),
        ("reportlab.pdf", "\"figures/curves\" = { page = 1 }", &["curves"]),
        ("writer.pdf", "\"figures/curves\" = { page = 2 }", &["curves"]),
        ("writer.pdf", "\"figures/curves\" = { page = 3, nth = 2 }", &["curves"]),
    ] {
        let report = usual(name, places);
        for id in ids {
            expect(&report, &format!("p/{id}"), V::Pass, "report.pdf, page ");
        }
    }
}

#[test]
fn a_plot_of_r_is_read_and_other_numbers_are_contradicted() {
    let rubric = course("\"figures/losses\" = { page = 1 }");
    let with = |metrics: &str| Folder::new().with("metrics.toml", metrics).with("report.pdf", fixture("r.pdf")).graded_in(&rubric);
    // It is drawn over 1, 2, 4, 8, 16, and `losses` counts from 1.
    let report = with("loss = [0.95, 0.52, 0.425, 0.33, 0.3175]");
    assert_ne!(verdict(&report, "p/losses").0, V::Fail);
    expect(&with("loss = [0.1, 0.2, 0.3, 0.4, 0.5]"), "p/losses", V::NeedsReview, "report.pdf, page 1: at x = ");
}

#[test]
fn a_wrong_figure_is_contradicted_and_a_person_looks_first() {
    for (name, place) in [("writer.pdf", "page = 3, nth = 1"), ("plots.pdf", "page = 1")] {
        let metrics = if name == "plots.pdf" { METRICS.replace("0.18, -0.06", "0.18, 0.30") } else { METRICS.to_owned() };
        let folder = Folder::new().with("metrics.toml", metrics).with("report.pdf", fixture(name));
        let report = folder.graded_in(&course(&format!("\"figures/curves\" = {{ {place} }}")));
        expect(&report, "p/curves", V::NeedsReview, "claimed by metrics.toml");
        assert!(item(&report, "p/curves").urgent, "{name}");
        assert!(item(&report, "p/curves").reason.starts_with("report.pdf, page "), "{name}");
    }
}

#[test]
fn what_a_page_does_not_give_is_for_a_person_and_the_page_is_named() {
    for (name, place, why) in [
        ("writer.pdf", "{ page = 9 }", "report.pdf, page 9: there is no page 9; the PDF has 3 pages"),
        ("scanned.pdf", "{ page = 1 }", "report.pdf, page 1: there is no text on it, only a picture: it may be scanned"),
        ("encrypted.pdf", "{ page = 1 }", "report.pdf, page 1: the PDF is encrypted; save or print it again without a password"),
        ("writer.pdf", "{ page = 1, after = \"Question 7\" }", "report.pdf, page 1: no line on it begins with `Question 7`"),
        ("writer.pdf", "{ page = 1, after = \"Question\" }", "report.pdf, page 1: 3 lines on it begin with `Question`"),
    ] {
        let report = usual(name, &format!("least = {place}\nerror = {place}\nwhy = {place}"));
        for id in ["p/least", "p/error", "p/why"] {
            expect(&report, id, V::NeedsReview, why);
        }
    }
    let report = usual("writer.pdf", "error = { page = 1, pattern = \"test error {number}\" }\nleast = { page = 1, pattern = \"the {number}\" }");
    expect(&report, "p/error", V::NeedsReview, "report.pdf, page 1: `error`: the pattern `test error {number}` matches nothing");
    // 10^-3 is not 10.
    expect(&usual("latex.pdf", "error = { page = 1, pattern = \"≤ {number}\" }"), "p/error", V::NeedsReview, "`10^` is a power");
    // The text of a page is no number, but a person may find one in it.
    expect(&usual("writer.pdf", "error = { page = 1 }"), "p/error", V::NeedsReview, "report.pdf, page 1");
}

#[test]
fn a_figure_is_never_the_first_of_several() {
    let place = |place: &str| usual("writer.pdf", &format!("\"figures/curves\" = {{ {place} }}"));
    expect(
        &place("page = 3"),
        "p/curves",
        V::NeedsReview,
        "report.pdf, page 3: there are 2 figures on it; say which one is meant, from top to bottom: `nth = 1`",
    );
    expect(&place("page = 3, nth = 3"), "p/curves", V::NeedsReview, "report.pdf, page 3: there is no figure 3 on it, only 2");
    expect(&place("page = 1"), "p/curves", V::NeedsReview, "report.pdf, page 1: there is no figure on it");
}

#[test]
fn the_student_is_right_about_places_then_files_then_the_rubric() {
    let page = "least = { page = 1, after = \"Question 3\", until = \"model\" }";
    let folder = || Folder::new().with("report.pdf", fixture("writer.pdf")).with("answers.toml", "least = \"tree\"");
    let by_rubric = folder().graded_in(&course(page));
    assert_eq!(verdict(&by_rubric, "p/least").0, V::Fail, "a file is made to be read");
    let told = by_rubric.notes.iter().any(|note| note.message.contains("`least` is") && note.message.contains("report.pdf, page 1; the file counts"));
    assert!(told, "{:?}", by_rubric.notes);
    let by_student = folder().with("submission.toml", format!("[where]\n{page}\n")).graded_in(&course("least = { page = 9 }"));
    expect(&by_student, "p/least", V::Pass, "forest");
}

#[test]
fn the_report_is_found_or_asked_for() {
    let places = "why = { page = 1, after = \"Question 1\" }";
    let rubric = course(places);
    let named = |name: &str| Folder::new().with(name, fixture("writer.pdf"));
    for name in ["report.pdf", "Report.PDF", "hw 1 final.pdf"] {
        let report = named(name).graded_in(&rubric);
        assert_eq!(item(&report, "p/why").places, [format!("{name}, page 1")]);
    }
    expect(&Folder::new().graded_in(&rubric), "p/why", V::Missing, "hand in report.pdf with it on page 1");
    let two = || named("a.pdf").with("b.pdf", fixture("latex.pdf"));
    expect(&two().graded_in(&rubric), "p/why", V::NeedsReview, "there are 2 PDFs, a.pdf and b.pdf; say which is meant in submission.toml");
    let told = two().with("submission.toml", "[where]\nreport = \"a.pdf\"\n").graded_in(&rubric);
    assert_eq!(item(&told, "p/why").places, ["a.pdf, page 1"]);
    let gone = two().with("submission.toml", "[where]\nreport = \"c.pdf\"\n").graded_in(&rubric);
    expect(&gone, "p/why", V::Missing, "c.pdf: submission.toml says this report is there, but it is not");
}

#[test]
fn a_place_that_makes_no_sense_is_told() {
    for (place, why) in [
        ("{ page = 0 }", "`page` and `nth` count from 1"),
        ("{ page = 1, heading = \"x\" }", "a place is in a `notebook` or on a `page`, not both"),
        ("{ after = \"x\" }", "a place in a notebook has a `cell`, a `heading`, a `pattern`"),
        ("{ page = 1, pattern = \"x\" }", "needs exactly one {number}"),
    ] {
        let report = Folder::new().with("submission.toml", format!("[where]\nwhy = {place}\n")).graded_in(&course(""));
        assert!(report.notes.iter().any(|note| note.message.contains(why)), "{place}: {:?}", report.notes);
    }
}

#[test]
fn a_report_earns_what_the_folder_with_the_same_content_earns() {
    let graded = |student: &str| SHIPPED_COURSE.judge(&Submission::open(&repository().join("submissions").join(student)));
    let (folder, report) = (graded("s02-good"), graded("s29-pdf"));
    for (a, b) in folder.items.iter().zip(&report.items) {
        assert_eq!((&a.id, a.points, a.verdict), (&b.id, b.points, b.verdict), "{} and {}", a.reason, b.reason);
    }
    assert_eq!(item(&report, "trees/plot").places, ["report.pdf, page 4"]);
    assert_eq!(item(&report, "penguins/drawn-tree").places, ["report.pdf, page 3"]);
    assert_eq!(item(&report, "penguins/why-two-features").places, ["report.pdf, page 3"]);
    // The predictions have the name of a figure and are in a file.
    assert!(item(&report, "mnist/improved-is-real").places.is_empty());
    assert!(item(&report, "mnist/improved-plot").reason.starts_with("report.pdf, page 2: "));
}
