//! What a reading comes to: what is absent earns nothing, what says itself that it is no number earns nothing, and what was not understood or
//! may mean two things goes to a person.

use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::report::{ItemReport, Report};

use crate::common::{Folder, Opened};
use crate::notebooks::notebook;

/// A rubric with one item.
fn course(settings: &str) -> Opened {
    let head = "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n[data]\npenguins = { builtin = \"penguins\" }\n[[part]]\nid = \"p\"\ntitle = \"P\"\n";
    Opened::of(&format!("{head}[[part.item]]\nid = \"i\"\ntitle = \"I\"\npoints = 2\n{settings}\n"), None)
}

const NUMBER: &str = "check = \"number\"\nvalue = \"v\"\nat_least = 0.5";

fn graded(settings: &str, files: &[(&str, &[u8])]) -> Report {
    let folder = files.iter().fold(Folder::new(), |folder, (path, bytes)| folder.with(path, bytes));
    folder.graded_in(&course(settings))
}

fn expect(report: &Report, verdict: V, part: &str) {
    let ItemReport { verdict: found, reason, .. } = &report.items[0];
    assert!(*found == verdict && reason.contains(part), "{found:?} {reason}\ninstead of {verdict:?} {part}");
}

/// The number `v` of a notebook with this one cell.
fn cell(source: &str, printed: &str) -> Report {
    graded(NUMBER, &[("hw.ipynb", notebook(&[("py", source, printed)]).as_bytes())])
}

#[test]
fn a_mark_that_may_mean_two_numbers_is_for_a_person() {
    expect(&cell("# mlgrade: v", "0.97"), V::Pass, "v = 0.97");
    expect(&cell("# mlgrade: v", "v = 0.97\nv = 0.96"), V::NeedsReview, "it is printed as 0.97 and as 0.96");
    expect(&cell("# mlgrade: v", "0.97 and then 0.96"), V::NeedsReview, "it holds 2 numbers");
    expect(&cell("# mlgrade: v", "1,234"), V::NeedsReview, "1,234");
    expect(&cell("# mlgrade: v = \"acc {number}\"", "acc 0.97\nacc 0.96"), V::NeedsReview, "its pattern matches 2 times");
    expect(&cell("# mlgrade: v, w", "0.97\n0.96"), V::NeedsReview, "prints no `v = …`");
    let two = notebook(&[("py", "# mlgrade: v", "0.97"), ("py", "# mlgrade: v", "0.91")]);
    expect(&graded(NUMBER, &[("hw.ipynb", two.as_bytes())]), V::NeedsReview, "`v` is 0.97 in hw.ipynb, cell 1");
}

#[test]
fn what_a_marked_cell_prints_and_is_not_understood_is_for_a_person() {
    expect(&cell("# mlgrade: v", "very good"), V::NeedsReview, "it holds no number");
    expect(&cell("# mlgrade: metrics", "very good"), V::NeedsReview, "no names with values were found");
    expect(&cell("# mlgrade: v = \"acc {number}\"", "acc is 0.97"), V::NeedsReview, "the nearest line is `acc is 0.97`");
    expect(&cell("# mlgrade: v = \"acc {any}{number}\"", "acc 0.97"), V::NeedsReview, "cannot be understood");
}

#[test]
fn what_is_absent_or_says_that_it_is_no_number_earns_nothing() {
    expect(&cell("# mlgrade: v = \"accuracy {number}\"", "the end"), V::Missing, "its pattern matches nothing");
    expect(&cell("# mlgrade: v", ""), V::Missing, "has no output");
    expect(&cell("# mlgrade: w", "0.97"), V::Missing, "`v`");
    for printed in ["nan", "v = nan", "v = -inf", "{'v': float('nan')}", "np.float64(nan)"] {
        expect(&cell("# mlgrade: v", printed), V::Unreadable, "expected a number");
    }
    for stated in ["{\"v\": NaN}", "{\"v\": null}", "{\"v\": \"nan\"}", "{\"v\": true}", "{\"v\": \"\"}", "{\"v\": []}"] {
        expect(&graded(NUMBER, &[("metrics.json", stated.as_bytes())]), V::Unreadable, "expected a number");
    }
}

#[test]
fn a_file_of_numbers_that_is_not_understood_is_for_a_person() {
    for (stated, part) in [
        ("{\"v\": [0.97, 0.96]}", "is a list of 2, expected a number"),
        ("{\"v\": \"see report\"}", "the text `see report`"),
        ("{\"v\": 0.97", "this is not JSON"),
        ("v = 0.97", "this is not JSON"),
    ] {
        expect(&graded(NUMBER, &[("metrics.json", stated.as_bytes())]), V::NeedsReview, part);
    }
    expect(&graded(NUMBER, &[("metrics.json", b"{\"v\": 0.97, \"best\": \"Ad\xe9lie\"}")]), V::NeedsReview, "is not UTF-8 text");
    let two: [(&str, &[u8]); 2] = [("metrics (1).json", b"{\"v\": 0.97}"), ("metrics (2).json", b"{\"v\": 0.96}")];
    expect(&graded(NUMBER, &two), V::NeedsReview, "metrics (1).json and metrics (2).json could be metrics.json");
    expect(&graded(NUMBER, &[("metrics.json", b"")]), V::Unreadable, "the file is empty");
    expect(&graded(NUMBER, &[("metrics.json", b"{\"w\": 0.97}")]), V::Missing, "not found in metrics.json");
    let curve = "check = \"curve\"\nseries = \"v\"\nlength = 3";
    expect(&graded(curve, &[("metrics.json", b"{\"v\": [0.9, 0.8, \"low\"]}")]), V::NeedsReview, "value 3 of 3");
    expect(&graded(curve, &[("metrics.json", b"{\"v\": \"see plot\"}")]), V::NeedsReview, "expected a list");
    expect(&graded(curve, &[("metrics.json", b"{\"v\": 0.9}")]), V::Unreadable, "expected a list");
    expect(&graded(curve, &[("metrics.json", b"{\"v\": [0.9, NaN, 0.8]}")]), V::Unreadable, "value 2 of 3 in `v` is the text `NaN`");
}

#[test]
fn several_trainings_in_one_cell_are_for_a_person_with_the_places_that_would_do() {
    let training = |rate: f64, losses: [f64; 2]| {
        let epoch = |(i, loss): (usize, &f64)| format!("Epoch {}/2\n9/9 - 0s - loss: 0.1 - val_loss: {loss}\n", i + 1);
        format!("lr {rate}\n") + &losses.iter().enumerate().map(epoch).collect::<String>()
    };
    let printed = training(0.01, [0.1, 0.2]) + &training(0.1, [0.2, 0.3]) + &training(1.0, [0.3, 0.4]);
    let curve = "check = \"curve\"\nseries = \"v\"\nlength = 2";
    let of = |files: &[(&str, &[u8])]| graded(curve, files);
    let marked = notebook(&[("py", "# mlgrade: v = all \"val_loss: {number}\"", &printed)]);
    let report = of(&[("hw.ipynb", marked.as_bytes())]);
    expect(&report, V::NeedsReview, "v has 6 values, expected 2, and a person has to see which");
    let way = "{ cell = 1, column = \"val_loss\", nth = 2 }";
    assert!(report.items[0].reason.contains(way), "{}", report.items[0].reason);
    // The place that is named does it.
    let told = format!("[where]\nv = {way}\n");
    expect(&of(&[("hw.ipynb", marked.as_bytes()), ("submission.toml", told.as_bytes())]), V::Pass, "v: 2 values");
    // What is too short, and what a file says, is as it is.
    let short = notebook(&[("py", "# mlgrade: v", "[0.5]")]);
    expect(&of(&[("hw.ipynb", short.as_bytes())]), V::Fail, "v has 1 values, expected 2");
    expect(&of(&[("metrics.json", b"{\"v\": [3, 2, 1]}")]), V::Fail, "v has 3 values, expected 2");
}

#[test]
fn a_place_that_says_nothing_of_a_thing_is_told_and_costs_nothing() {
    let printing = notebook(&[("py", "print(metrics)", "{'v': 0.97}")]);
    let of = |place: &str| graded(NUMBER, &[("hw.ipynb", printing.as_bytes()), ("submission.toml", format!("[where]\n{place}\n").as_bytes())]);
    for place in ["metrics = { cell = 1 }", "notebook = { cell = 1 }", "v = { page = 1, nth = 2 }", "v = { sell = 1 }"] {
        let report = of(place);
        let name = place.split(' ').next().unwrap();
        expect(&report, V::NeedsReview, &format!("`{name}`: "));
        assert!(report.notes.iter().any(|note| note.message.starts_with(&format!("submission.toml: line 2: `{name}`: "))), "{:?}", report.notes);
    }
    expect(&of("v = { cell = 1 }"), V::Pass, "v = 0.97");
    expect(&of("\"figures/plot\" = { cell = 1, row = \"a\" }"), V::Missing, "not found in hw.ipynb");
    let figure = |place: &str| graded("check = \"figure\"\nfigure = \"plot\"", &[("hw.ipynb", printing.as_bytes()), ("submission.toml", place.as_bytes())]);
    expect(&figure("[where]\n\"figures/plot\" = { cell = 1, row = \"a\" }"), V::NeedsReview, "`row` says nothing here");
    expect(&figure("[where]\n\"figures/plot\" = { cell = 1 }"), V::Missing, "no picture");
}

#[test]
fn rows_that_are_missing_or_doubled_are_counted_and_the_others_are_held_against_the_claim() {
    let settings = "check = \"recompute\"\nmetric = \"accuracy\"\npredictions = \"p\"\ndata = \"penguins\"\ntarget = \"species\"\nclaim = \"v\"\ntolerance = { absolute = 0.001 }";
    // Of the 333 penguins 146 are Adelie: 146/333 = 0.43844, and without one of those 145/332 = 0.43675.
    let all: Vec<String> = (0..333).map(|i| format!("{i},Adelie")).collect();
    let of = |rows: &[String], claim: f64| {
        graded(
            settings,
            &[("predictions/p.csv", format!("id,pred\n{}\n", rows.join("\n")).as_bytes()), ("metrics.json", format!("{{\"v\": {claim}}}").as_bytes())],
        )
    };
    expect(&of(&all, 0.438), V::Pass, "the predictions give 0.43844");
    for claim in [0.43675, 0.9] {
        let report = of(&[&all[..5], &all[6..]].concat(), claim);
        expect(&report, V::NeedsReview, "of 333 examples (0 to 332) 1 example has no row (`5`)");
        assert!(report.items[0].reason.contains("the rows of the other 332 give 0.43675"), "{}", report.items[0].reason);
        assert!(!report.items[0].advice.contains("0.43675"), "{}", report.items[0].advice);
    }
    let doubled: Vec<String> = all.iter().cloned().chain(["0,Gentoo".to_owned(), "0,Adelie".to_owned()]).collect();
    expect(&of(&doubled, 0.438), V::NeedsReview, "1 has rows that differ (`0`)");
    // Without ids nobody can say which is missing.
    let bare: Vec<String> = (0..332).map(|_| "Adelie".to_owned()).collect();
    let report = graded(settings, &[("predictions/p.csv", bare.join("\n").as_bytes()), ("metrics.json", b"{\"v\": 0.438}")]);
    expect(&report, V::NeedsReview, "332 predictions for 333 validation examples");
}

#[test]
fn windows_1252_is_read_where_only_plain_letters_count() {
    let settings = "check = \"recompute\"\nmetric = \"accuracy\"\npredictions = \"p\"\ndata = \"penguins\"\ntarget = \"species\"\nclaim = \"v\"\ntolerance = { absolute = 0.001 }";
    let of = |row: &[u8]| {
        let bytes: Vec<u8> = [b"bemerkung,pred\n".as_slice(), &row.repeat(333)].concat();
        graded(settings, &[("predictions/p.csv", &bytes), ("metrics.json", b"{\"v\": 0.438}")])
    };
    expect(&of(b"schnabell\xe4nge,Adelie\n"), V::Pass, "the file is not UTF-8 text");
    expect(&of(b"schnabel,Ad\xe9lie\n"), V::NeedsReview, "is not UTF-8 text");
}
