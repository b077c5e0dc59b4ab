//! Figures are read: the command, the check, and what becomes of each verdict.

use mlgrade::domain::points::Points;
use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::figure::claim::{Claim, Kind, Series};
use mlgrade::figure::{overlay, read};
use mlgrade::picture::figure::decode;
use mlgrade::report::{ItemReport, Report};
use mlgrade::submission::Submission;
use proptest::prelude::*;

use crate::common::{Folder, Opened, SHIPPED_COURSE, item, mlgrade, repository};
use crate::hostile_files::png;

const CLAIM: &str = r#"{"kind": "line", "series": [{"name": "train", "x": [1, 2, 3], "y": [0.9, 0.5, 0.4]}]}"#;

fn graded(student: &str) -> Report {
    SHIPPED_COURSE.judge(&Submission::open(&repository().join("submissions").join(student)))
}

/// The items of a student that are judged by reading a figure.
fn plots(report: &Report) -> Vec<&ItemReport> {
    ["trees/plot", "mnist/plot", "mnist/improved-plot"].into_iter().map(|id| item(report, id)).collect()
}

/// A course whose only item is the figure `plot`, which shows `loss`.
fn course(settings: &str) -> Opened {
    let head = "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n[[part]]\nid = \"p\"\ntitle = \"P\"\n[[part.item]]\nid = \"i\"\ntitle = \"I\"\npoints = 10\n";
    Opened::of(&format!("{head}check = \"figure\"\nfigure = \"plot\"\nshows = \"loss\"\n{settings}\n"), None)
}

#[test]
fn the_command_prints_a_verdict_and_writes_the_overlay() {
    let folder = Folder::new().with("plot.png", png(640, 480, false)).with("claims.json", CLAIM);
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (figure, claims, overlay) = (path("plot.png"), path("claims.json"), path("out/seen.png"));
    let output = mlgrade(&["figure", &figure, "--claims", &claims, "--json", "--overlay", &overlay]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let keys: Vec<&String> = told.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["frame", "furniture", "hint", "panel", "panels", "reason", "series", "verdict"]);
    assert_ne!(told["verdict"], "shows", "a line across is no plot of the claim");
    assert_eq!(told["series"][0]["name"], "train");
    assert_eq!(told["series"][0].as_object().unwrap().len(), 4);
    let drawn = decode("seen.png", &std::fs::read(&overlay).unwrap()).unwrap();
    assert_eq!((drawn.width, drawn.height), (640, 480));
    let text = String::from_utf8(mlgrade(&["figure", &figure, "--claims", &claims]).stdout).unwrap();
    assert!(text.starts_with("cannot tell: ") || text.starts_with("contradicts: "), "{text}");
}

#[test]
fn what_cannot_be_read_is_a_fault_with_its_place() {
    let folder = Folder::new().with("plot.png", png(640, 480, false)).with("text.png", "no figure").with("claims.json", CLAIM);
    folder.write("short.json", r#"{"series": [{"name": "a", "x": [1], "y": [3, 4]}]}"#);
    let path = |name: &str| folder.path().join(name).display().to_string();
    for (figure, claims, more, fault) in [
        ("text.png", "claims.json", &[][..], "text.png: the file is neither PNG, JPEG nor SVG"),
        ("none.png", "claims.json", &[], "none.png: there is no such file"),
        ("plot.png", "none.json", &[], "none.json: there is no such file"),
        ("plot.png", "short.json", &[], "short.json: series 1 (`a`): 1 values of x and 2 of y"),
        ("plot.png", "claims.json", &["--series", "trian"], "there is no series `trian`"),
        ("plot.png", "claims.json", &["--x", "epochs"], "the series of a claim have an `x` of their own"),
        ("plot.png", "claims.json", &["--panel", "0"], "invalid value '0' for '--panel <K>'"),
    ] {
        let output = mlgrade(&[&["figure", &path(figure), "--claims", &path(claims)], more].concat());
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && told.contains(fault), "expected `{fault}` in\n{told}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn numbers_that_are_missing_are_not_compared() {
    let folder = Folder::new().with("figures/plot.png", png(640, 480, false));
    let told = |folder: &Folder| folder.graded_in(&course("")).items.remove(0);
    let alone = told(&folder);
    assert_eq!(alone.verdict, V::NeedsReview, "{}", alone.reason);
    assert!(alone.reason.contains("one series is not compared: `loss`: there is no metrics or answers file"), "{}", alone.reason);
    let text = told(&folder.with("metrics.toml", "loss = [0.3, nan]"));
    assert!(text.verdict == V::NeedsReview && text.reason.contains("is NaN, expected a number"), "{}", text.reason);
}

#[test]
fn what_cannot_be_told_gets_what_the_rubric_says() {
    // One line from edge to edge, without axes.
    let folder = Folder::new().with("figures/plot.png", png(640, 480, false)).with("metrics.toml", "loss = [0.3, 0.2, 0.1]");
    let review = folder.graded_in(&course("")).items.remove(0);
    assert!(review.verdict == V::NeedsReview && !review.urgent, "{}", review.reason);
    assert!(review.reason.contains("cannot be compared with your numbers"), "{}", review.reason);
    let half = folder.graded_in(&course("unclear = \"half\"")).items.remove(0);
    assert_eq!((half.verdict, half.points), (V::Partial, Points::from_decimal(5.0)), "{}", half.reason);
}

#[test]
fn the_honest_plots_of_the_class_show_their_numbers() {
    for student in ["s01-reference", "s02-good", "s03-average", "s04-percent", "s06-nováková", "s07-late", "s12-messy", "s13-dark"] {
        let report = graded(student);
        for item in plots(&report).into_iter().filter(|item| item.verdict != V::Missing) {
            assert_eq!(item.verdict, V::Pass, "{student} {}: {}", item.id, item.reason);
        }
    }
}

#[test]
fn a_plot_of_other_numbers_and_one_in_another_unit_come_first_for_a_person() {
    for (student, id) in [("s14-other-plot", "mnist/improved-plot"), ("s15-fahrenheit", "trees/plot")] {
        let mut report = graded(student);
        report.place_pictures(student);
        let first = report.to_review()[0];
        assert!(first.id == id && first.urgent && first.points.is_none(), "{student}: {}: {}", first.id, first.reason);
        assert_eq!(first.overlay, Some(format!("overlays/{student}-{}.png", id.replace('/', "-"))));
        let (path, png) = report.pictures().next().unwrap();
        assert!(decode(path, png).is_ok());
        for other in plots(&report).into_iter().filter(|item| item.id != id) {
            assert_eq!(other.verdict, V::Pass, "{student} {}: {}", other.id, other.reason);
        }
    }
}

#[test]
fn grade_writes_the_overlays_and_links_them() {
    let (class, out) = (repository().join("submissions/s15-fahrenheit"), Folder::new());
    let output = mlgrade(&["grade", class.to_str().unwrap(), "--out", out.path().to_str().unwrap()]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("look at these first:\n  s15-fahrenheit trees/plot: figures/trees.png"), "{text}");
    assert!(out.read("s15-fahrenheit.md").contains("(overlays/s15-fahrenheit-trees-plot.png)"));
    assert!(out.read("s15-fahrenheit.json").contains("\"overlay\": \"overlays/s15-fahrenheit-trees-plot.png\""));
    assert!(decode("overlay", &std::fs::read(out.path().join("overlays/s15-fahrenheit-trees-plot.png")).unwrap()).is_ok());
}

#[test]
fn students_learn_of_a_plot_that_is_not_of_their_numbers() {
    let folder = repository().join("submissions/s15-fahrenheit");
    let output = mlgrade(&["check", folder.to_str().unwrap(), "--json"]);
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let items = told["parts"][0]["items"].as_array().unwrap();
    let plot = items.iter().find(|item| item["id"] == "trees/plot").unwrap();
    assert_eq!((output.status.code(), plot["state"].as_str()), (Some(1), Some("fix")), "{plot}");
}

/// Bytes that are a figure of `width` × `height` random pixels, or nearly one of a known format.
fn any_figure() -> impl Strategy<Value = Vec<u8>> {
    let pixels = (1_u32..60, 1_u32..60).prop_flat_map(|(width, height)| {
        let size = (width * height * 3) as usize;
        // Few values make lines, frames and areas.
        prop::collection::vec(prop_oneof![Just(0_u8), Just(255), Just(128), any::<u8>()], size).prop_map(move |rgb| raster(width, height, &rgb))
    });
    let shapes =
        "(<(rect|path|line|polyline|text|circle) [a-z]{1,2}=\"[MLlhvHVzCc0-9 ,.-]{0,20}\" points=\"[0-9 ,.-]{0,20}\"(/>|>[0-9.e-]{0,5}</(path|text|g)>)){0,9}";
    let svg = shapes.prop_map(|shapes| format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"640\" height=\"480\">{shapes}</svg>").into_bytes());
    prop_oneof![pixels, svg, prop::collection::vec(any::<u8>(), 0..200)]
}

fn raster(width: u32, height: u32, rgb: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().unwrap().write_image_data(rgb).unwrap();
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn any_figure_gets_a_reading_of_every_series(
        bytes in any_figure(),
        x in prop::collection::vec(-1e300_f64..1e300, 3),
        y in prop::collection::vec(prop_oneof![-1e-300_f64..1e-300, 0.0..1.0_f64, -1e300..1e300_f64], 3),
        scatter in any::<bool>(),
        panel in prop::option::of(0_usize..4),
    ) {
        if let Ok(figure) = decode("any", &bytes) {
            let kind = if scatter { Kind::Scatter } else { Kind::Line };
            let series = |name: &str| Series { name: name.to_owned(), x: x.clone(), y: y.clone() };
            let claim = Claim::new(kind, vec![series("a"), series("b")]).unwrap();
            let reading = read(&figure, &claim, panel);
            prop_assert!(reading.series.is_empty() || reading.series.len() == 2);
            prop_assert!(!reading.reason().is_empty());
            let _ = overlay::draw(&figure, kind, &reading);
        }
    }
}

#[test]
fn figures_of_the_largest_size_show_nothing_that_is_not_there() {
    // 40 megapixels of a grid, of noise and of stripes.
    let (width, height) = (8_000_u32, 5_000_u32);
    let grid = |x: u32, y: u32| if x.is_multiple_of(9) || y.is_multiple_of(9) { 0 } else { 255 };
    let noise = |x: u32, y: u32| u8::try_from((x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503).wrapping_mul(x | 1)) >> 24).unwrap();
    let stripes = |_: u32, y: u32| if (y / 3).is_multiple_of(2) { 0 } else { 255 };
    let figures: [&dyn Fn(u32, u32) -> u8; 3] = [&grid, &noise, &stripes];
    let series = Series { name: "a".to_owned(), x: vec![0.0, 1.0, 2.0], y: vec![0.0, 1.0, 0.5] };
    let claim = Claim::new(Kind::Line, vec![series]).unwrap();
    for pixel in figures {
        let bytes = (0..height).flat_map(|y| (0..width).map(move |x| pixel(x, y))).collect();
        let content = mlgrade::picture::figure::Content::Raster { channels: 1, bytes };
        let figure = mlgrade::picture::figure::Figure { path: "large.png".to_owned(), width, height, content, hint: None };
        let reading = read(&figure, &claim, None);
        assert_ne!(reading.verdict(), mlgrade::figure::reading::Verdict::Shows);
        let _ = overlay::draw(&figure, Kind::Line, &reading);
    }
}

#[test]
fn a_hundred_thousand_points_on_an_area_are_not_shown() {
    // Ink reaches far around each of them, as if their markers were as large as the bars.
    let bytes = std::fs::read(repository().join("fixtures/figures/histogram.png")).unwrap();
    let figure = decode("histogram.png", &bytes).unwrap();
    let spread = |from: f64, to: f64, step: f64| (0..100_000).map(move |i| from + (to - from) * (f64::from(i) * step).fract()).collect::<Vec<f64>>();
    let series = Series { name: "a".to_owned(), x: spread(1.0, 7.8, 0.618_034), y: spread(0.5, 5.5, 0.414_214) };
    let claim = Claim::new(Kind::Scatter, vec![series]).unwrap();
    let reading = read(&figure, &claim, None);
    assert_ne!(reading.verdict(), mlgrade::figure::reading::Verdict::Shows);
}
