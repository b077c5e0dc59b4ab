//! Pages: nothing of what a student wrote is markup, what is withheld is not there, and the same inputs give the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use mlgrade::report::class::ClassView;
use mlgrade::report::statistics::Statistics;
use mlgrade::report::{Report, html};
use mlgrade::submission::Submission;

use crate::common::{Folder, Opened, files_below, mlgrade, repository};

/// A tag: its name, and its attributes with their values.
type Tag = (String, Vec<(String, String)>);

/// The tags of a page with their attributes, and the text between them, as a browser reads them. Templates and renderers escape `<` and `>`
/// in texts and in attributes alike, so tags end at the first `>`.
fn parsed(html: &str) -> (Vec<Tag>, String) {
    let (mut tags, mut text) = (Vec::new(), String::new());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text += before;
        let (inside, after) = after.split_once('>').unwrap_or((after, ""));
        let name: String = inside.chars().take_while(|c| !c.is_whitespace() && *c != '/' || inside.starts_with(*c)).collect();
        let mut attributes = Vec::new();
        let mut left = &inside[name.len()..];
        while let Some((key, value)) = left.split_once("=\"") {
            let (value, after) = value.split_once('"').unwrap_or((value, ""));
            attributes.push((key.trim().rsplit(' ').next().unwrap_or_default().to_owned(), value.to_owned()));
            left = after;
        }
        tags.push((name.clone(), attributes));
        text.push(' ');
        rest = after;
        // What stands in these is no text of the page; the labels of axes are round numbers near a student's own.
        for raw in ["style", "script", "text"] {
            if name == raw {
                rest = rest.split_once(&format!("</{raw}")).map_or("", |(_, after)| after.split_once('>').map_or("", |(_, after)| after));
            }
        }
    }
    (tags, text + rest)
}

/// What a page tells: its text, and what is told to whoever does not see it.
pub(crate) fn visible(html: &str) -> String {
    let (tags, text) = parsed(html);
    let said = tags.iter().flat_map(|(_, attributes)| attributes).filter(|(key, _)| matches!(key.as_str(), "aria-label" | "alt" | "href" | "title"));
    let said: String = said.flat_map(|(_, value)| [value.as_str(), "\n"]).collect();
    let named =
        [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&#38;", "&"), ("&amp;", "&")];
    named.iter().fold(text + &said, |text, (entity, c)| text.replace(entity, c))
}

fn pages(folder: &Path) -> BTreeMap<String, String> {
    let files = files_below(folder).into_iter().filter(|(path, _)| path.extension().is_some_and(|ending| ending == "html"));
    files.map(|(path, bytes)| (path.to_str().unwrap().to_owned(), String::from_utf8(bytes).unwrap())).collect()
}

fn grade(class: &str, out: &Folder, more: &[&str]) {
    let output = mlgrade(&[&["grade", class, "--out", out.path().to_str().unwrap()], more].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn every_example_has_its_pages_and_they_are_the_same_bytes_each_time() {
    let (first, second) = (Folder::new(), Folder::new());
    grade("submissions", &first, &[]);
    grade("submissions", &second, &["--threads", "1"]);
    let all = pages(first.path());
    assert_eq!(all.len(), 31 * 2 + 1);
    assert!(all == pages(second.path()), "two runs differ");
    // Pages written anew from the database, with the figures that lie in the folder, are the same again.
    assert!(mlgrade(&["publish", first.path().to_str().unwrap()]).status.success());
    assert!(all == pages(first.path()), "publish differs");
    for (path, html) in &all {
        let (tags, _) = parsed(html);
        let named = |name: &str| tags.iter().filter(|(tag, _)| tag == name).collect::<Vec<_>>();
        let attribute = |tag: &(String, Vec<(String, String)>), key: &str| tag.1.iter().find(|(own, _)| own == key).map(|(_, value)| value.clone());
        assert_eq!((named("h1").len(), named("main").len(), named("title").len()), (1, 1, 1), "{path}");
        let policy = named("meta").into_iter().find_map(|meta| attribute(meta, "content").filter(|content| content.contains("default-src"))).unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("http:") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(named("script").len(), usize::from(path == "index.html"), "{path}");
        let ids: Vec<String> = tags.iter().filter_map(|tag| attribute(tag, "id")).collect();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{path} has an id twice");
        for tag in &tags {
            assert!(attribute(tag, "style").is_none() && tag.1.iter().all(|(key, _)| !key.starts_with("on")), "{path}: {tag:?}");
            for key in ["src", "href"] {
                let address = attribute(tag, key).unwrap_or_default();
                let is_local = address.starts_with('#') || address.starts_with("data:image/") || !address.contains(':');
                assert!(is_local, "{path}: {address:.80}");
                if let Some(anchor) = address.strip_prefix('#') {
                    assert!(ids.iter().any(|id| id == anchor), "{path}: nothing is called {anchor}");
                }
                // A student's page is one file.
                assert!(!path.starts_with("for-students/") || !matches!(key, "src") || address.is_empty() || address.starts_with("data:"), "{path}: {address}");
                let is_beside = key == "src" && !address.is_empty() && !address.starts_with("data:");
                assert!(!is_beside || first.path().join(unescaped(&address)).is_file(), "{path}: {address} is not there");
            }
            assert!(tag.0 != "img" || attribute(tag, "alt").is_some_and(|alt| !alt.is_empty()), "{path}: {tag:?}");
        }
    }
    assert!(all["for-students/s03-average.html"].contains("data:image/png;base64,iVBOR"), "the figure is in the page");
}

/// A path of a link.
fn unescaped(address: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = address.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

const HOSTILE: &str = "<script>alert(1)</script></style><img src=x onerror=alert(1)>\"'><b>";

#[test]
fn what_a_student_wrote_is_no_markup() {
    let folder = Folder::new();
    let student = "class/\"><script>alert(1)<'&amp;";
    let reference = files_below(&repository().join("submissions/s01-reference"));
    for (path, bytes) in reference.iter().filter(|(path, _)| path.extension().is_none_or(|ending| ending != "csv" && ending != "toml")) {
        folder.write(&format!("{student}/{}", path.to_str().unwrap()), bytes);
    }
    folder.write(&format!("{student}/submission.toml"), format!("student = '''{HOSTILE}\u{202e}x'''\nsubmitted_at = \"{}\"", HOSTILE.replace('"', "\\\"")));
    let answers = ["best_depth", "boosted_size", "why_boosted_size", "least_overfitting", "why_least_overfitting", "best_classifier", "why_features"];
    let words = format!("{HOSTILE} $\\\\text{{</math>{}}}$ [x](javascript:alert(1))", HOSTILE.replace('\'', "")).replace('"', "\\\"");
    folder.write(&format!("{student}/answers.toml"), answers.iter().map(|name| [*name, " = \"", &words, "\"\n"].concat()).collect::<String>());
    folder.write(&format!("{student}/<img src=x onerror=alert(1)>.ipynb"), "not a notebook");
    folder.write(
        &format!("{student}/figures/trees.svg"),
        "<svg xmlns='http://www.w3.org/2000/svg' width='400' height='300' onload='alert(1)'><script>alert(1)</script></svg>",
    );
    let benign = Folder::new();
    grade("submissions", &benign, &[]);
    let kinds = |all: &BTreeMap<String, String>| -> BTreeSet<String> { all.values().flat_map(|html| parsed(html).0).map(|(name, _)| name).collect() };
    // What Markdown and formulas make, besides what the pages of the class have.
    let more = ["em", "strong", "code", "p", "br", "math", "mtext", "mi", "mo", "mrow", "ul", "li"];
    let allowed: BTreeSet<String> =
        kinds(&pages(benign.path())).into_iter().chain(more.iter().flat_map(|tag| [(*tag).to_owned(), format!("/{tag}")])).collect();
    let out = Folder::new();
    let output = mlgrade(&["grade", folder.path().join("class").to_str().unwrap(), "--out", out.path().to_str().unwrap()]);
    assert!(matches!(output.status.code(), Some(0 | 3)), "{}", String::from_utf8_lossy(&output.stderr));
    for more in ["--withhold", "--release"] {
        assert!(mlgrade(&["publish", out.path().to_str().unwrap(), more]).status.success());
        let all = pages(out.path());
        assert_eq!(all.len(), 3, "{:?}", all.keys());
        for (path, html) in &all {
            assert_eq!(html.matches("<script").count(), usize::from(path == "index.html"), "{path}");
            assert!(!html.contains("alert(1)</script>") && !html.contains("<img src=x") && !html.contains('\u{202e}'), "{path}");
            assert_eq!(html.matches("</style>").count(), 1, "{path}");
            assert!(visible(html).contains("<script>alert(1)"), "{path} shows what was written");
            for (tag, attributes) in parsed(html).0 {
                assert!(allowed.contains(&tag), "{path} has <{tag}>");
                let is_run = |(key, value): &(String, String)| key.starts_with("on") || (key == "href" && value.starts_with("javascript"));
                assert!(!attributes.iter().any(is_run), "{path}: {tag} {attributes:?}");
            }
        }
    }
}

const THREE: &str = r#"schema = 1
id = "three"
title = "Three"
seed = 1

[[part]]
id = "p"
title = "Part"

[[part.item]]
id = "a"
title = "Item a"
points = 1
check = "number"
value = "a"
at_least = 0.5

[[part.item]]
id = "b"
title = "Item b"
points = 1
student = "found"
check = "number"
value = "b"
at_least = 0.512345

[[part.item]]
id = "c"
title = "Item c"
points = 1
check = "number"
value = "c"
at_least = 0.5
"#;

#[test]
fn difficulty_and_discrimination_are_as_computed_by_hand() {
    let course = Opened::of(THREE, None);
    // a and b: the first five are right. c: students 0 to 2, 5 and 6 are.
    let report = |i: usize| {
        let number = |right: bool| if right { 0.9 } else { 0.1 };
        let (a, c) = (number(i < 5), number(i < 3 || (5..7).contains(&i)));
        let metrics = format!("a = {a}\nb = {a}\nc = {c}");
        course.judge(&Submission::of_files(&format!("s{i}"), [("metrics.toml".to_owned(), metrics.into_bytes())]))
    };
    let reports: Vec<Report> = (0..10).map(report).collect();
    let of = |reports: &[Report]| {
        let mut statistics = Statistics::default();
        for report in reports {
            statistics.add(report);
        }
        statistics
    };
    let ten = of(&reports);
    let all = ten.items();
    assert!(all.iter().all(|row| row.difficulty == Some(0.5) && row.full == 5 && row.graded == 10));
    // a with the share of b and c, which is 1, 1/2, 1/2, 0 for 3, 2, 2, 3 students: 1.5 / √(2.5 · 1.5). c with that of a and b: 0.5 / 2.5.
    let told: Vec<String> = all.iter().map(|row| format!("{:.4}", row.discrimination.unwrap())).collect();
    assert_eq!(told, ["0.7746", "0.7746", "0.2000"]);
    assert!(of(&reports[..9]).items().iter().all(|row| row.discrimination.is_none() && row.mean.is_some()), "of nine nothing is said");
}

/// The page of a student who states a number right or wrong in an item that she may only find.
fn page_of(number: &str, folder: &Folder, more: &[&str]) -> String {
    let at = |path: &str| folder.path().join(path).display().to_string();
    folder.write("rubric.toml", THREE);
    folder.write("s/metrics.toml", format!("a = 0.9\nb = {number}\nc = 0.1"));
    let output = mlgrade(&["grade", &at("s"), "--rubric", &at("rubric.toml"), "--out", &at("out")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for flag in more {
        assert!(mlgrade(&["publish", &at("out"), flag]).status.success());
    }
    folder.read("out/for-students/s.html")
}

#[test]
fn an_item_that_is_only_found_tells_nothing_until_grades_are_released() {
    let (right, wrong) = (Folder::new(), Folder::new());
    let withheld = page_of("0.9", &right, &[]);
    assert_eq!(withheld, page_of("0.1", &wrong, &[]), "right and wrong are the same bytes");
    let text = visible(&withheld);
    assert!(text.contains("It is there; the course judges it.") && text.contains("found") && text.contains("of 2 points"), "{text}");
    assert!(text.contains("The course has not released all grades yet."), "{text}");
    let told = |page: &str| visible(page).split_whitespace().collect::<Vec<_>>().join(" ");
    let (right_now, wrong_now) = (told(&page_of("0.9", &right, &["--release"])), told(&page_of("0.1", &wrong, &["--release"])));
    assert!(right_now.contains("✓ pass Item b 1 / 1") && right_now.contains("2 of 3 points"), "{right_now}");
    assert!(wrong_now.contains("✗ fail Item b 0 / 1") && wrong_now.contains("1 of 3 points"), "{wrong_now}");
    assert!([&right_now, &wrong_now].iter().all(|page| !page.contains("0.512345") && !page.contains("0.5 ")), "{right_now}\n{wrong_now}");
    // Grading again keeps what was released, and withholding takes it back.
    assert!(told(&page_of("0.9", &right, &[])).contains("✓ pass Item b"));
    assert_eq!(page_of("0.9", &right, &["--withhold"]), withheld);
}

#[test]
fn the_comments_of_graders_are_shown_where_the_verdict_is() {
    let folder = Folder::new();
    page_of("0.1", &folder, &[]);
    let at = |path: &str| folder.path().join(path).display().to_string();
    folder.write("marks.csv", "student,item,points,comment\ns,p/a,0.5,a *comment* on a\ns,p/b,1,a comment on b\n");
    let output = mlgrade(&["marks", &at("out"), "--import", &at("marks.csv"), "--grader", "ana"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let withheld = folder.read("out/for-students/s.html");
    assert!(withheld.contains("a <em>comment</em> on a") && visible(&withheld).contains("0.5 of 1 point"), "{withheld}");
    assert!(!withheld.contains("comment on b"), "{withheld}");
    assert!(mlgrade(&["publish", &at("out"), "--release"]).status.success());
    assert!(folder.read("out/for-students/s.html").contains("a comment on b"));
    // The course sees who gave what, and what the program had found.
    let course = visible(&folder.read("out/s.html"));
    assert!(course.contains("ana: 0.5") && course.contains("pass, 1 point") && course.contains("0.51235"), "{course}");
}

#[test]
fn a_class_of_two_thousand_is_one_page() {
    let course = Opened::of(THREE, None);
    let report = course.judge(&Submission::of_files("s", [("metrics.toml".to_owned(), b"a = 0.9\nb = 0.1\nc = 0.9".to_vec())]));
    let mut class = ClassView::default();
    for i in 0..2_000 {
        let report = Report { student: format!("s{i:04}"), ..report.clone() };
        class.add(&report.student, &report);
    }
    let page = html::class(&class, &[("x", "Zoë <b>")], None).unwrap();
    assert!(page.len() < 1_500_000, "{} bytes", page.len());
    assert_eq!(page.matches("<tr data-is=").count(), 2_001);
    assert!(!page.contains("The table lists"));
    assert!(page.contains("Zoë &#60;b&#62;") && page.contains("data-is=\"absent\""), "{}", &page[page.len() - 3_000..]);
}
