//! `mlgrade data`: lists and shows data sets of every kind, in aligned columns that a terminal of 80 columns has room for.

use std::path::Path;

use unicode_width::UnicodeWidthStr;

use crate::common::{Folder, mlgrade, repository};

/// A rubric with a data set of every kind, whose files are those of the data crate's tests.
fn every_kind() -> Folder {
    let folder = Folder::new();
    let formats = repository().join("crates/data/tests/formats");
    for name in ["table.csv", "table.tsv", "table.jsonl", "pandas.parquet", "images.npz", "hidden.npz", "names.npy"] {
        folder.write(name, std::fs::read(formats.join(name)).unwrap());
    }
    let png = std::fs::read(repository().join("crates/data/files/chelsea.png")).unwrap();
    for name in ["pets/train/cat/1.png", "pets/train/dog/2.png", "pets/test/cat/3.png"] {
        folder.write(name, &png);
    }
    folder.write("train.csv", "a,b,price\n1,2,0.5\n3,4,1.5\n");
    folder.write("val.csv", "a,b,price\n5,6,2.5\n");
    folder.write(
        "r.toml",
        "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n[data]\ncsv = { csv = \"table.csv\" }\ntsv = { tsv = \"table.tsv\" }\n\
         jsonl = { jsonl = \"table.jsonl\" }\nparquet = { parquet = \"pandas.parquet\" }\nimages = { npz = \"images.npz\" }\n\
         hidden = { npz = \"hidden.npz\", y_val = \"y_test\" }\nnames = { npy = \"names.npy\" }\npets = { images = \"pets/\" }\n\
         houses = { csv = \"train.csv\", val = \"val.csv\", target = \"price\" }\n\
         [[part]]\nid = \"p\"\ntitle = \"P\"\n[[part.item]]\nid = \"i\"\ntitle = \"I\"\npoints = 3\ncheck = \"written\"\nanswer = \"a\"\nguide = \"G\"\n",
    );
    folder
}

const NAMES: [&str; 9] = ["csv", "tsv", "jsonl", "parquet", "images", "hidden", "names", "pets", "houses"];

/// What the command prints with these arguments; no line is wider than a terminal of 80 columns.
fn printed(arguments: &[&str]) -> String {
    let output = mlgrade(&[&["data"], arguments].concat());
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    for line in text.lines() {
        assert!(line.width() <= 80 && line.trim_end() == line, "{arguments:?}: `{line}` has {} columns", line.width());
    }
    text
}

fn of_rubric(folder: &Path, name: &str) -> String {
    printed(&[name, "--rubric", folder.join("r.toml").to_str().unwrap()])
}

/// A text whose words are one space apart.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_table_is_shown_with_types_missing_values_and_rows() {
    let folder = every_kind();
    let table = "\
  column   type    missing  values
  id       number        ·  7 to 11, mean 9.3333
  price    number        1  0.1 to 10,000,000,000, mean 3,333,300,000
  name     text          1  3 different
  ok       text          ·  True: 2, False: 1
  student  text          ·  3 different
";
    for name in ["csv", "tsv", "jsonl", "parquet"] {
        let text = of_rubric(folder.path(), name);
        assert!(text.starts_with(&format!("{name}   3 rows of 5 columns, 2 rows with missing values dropped\n")), "{text}");
        assert!(text.contains(table), "{text}");
        assert!(squeezed(&text).contains("first rows 1 2 3 id 7 10 11"), "{text}");
        assert!(squeezed(&text).contains("student 900719925474"), "{text}");
    }
}

#[test]
fn images_are_shown_with_classes_and_drawn() {
    let folder = every_kind();
    let text = of_rubric(folder.path(), "pets");
    assert!(text.starts_with("pets   2 + 1 colour images of 300×451\n"), "{text}");
    assert!(text.contains("  class   training   validation\n  cat            1            1\n  dog            1            ·\n"), "{text}");
    // A drawing alone is 60 columns wide and 300 / 451 / 2 times as high.
    let drawing: Vec<&str> = text.lines().rev().skip(1).take(20).collect();
    assert!(drawing.iter().all(|line| line.width() > 40), "{text}");
    let npz = of_rubric(folder.path(), "images");
    assert!(npz.contains("3 + 2 colour images of 3×4") && npz.contains("  200            1            ·\n  255            ·            1\n"), "{npz}");
}

#[test]
fn answers_alone_and_rows_with_a_target_are_shown() {
    let folder = every_kind();
    let text = of_rubric(folder.path(), "hidden");
    assert!(text.contains("3 answers without examples") && text.contains("  answers  number  0: 1, 3: 2\n"), "{text}");
    let text = of_rubric(folder.path(), "names");
    assert!(text.contains("  answers  text  cat: 2, dog: 1\n"), "{text}");
    let text = of_rubric(folder.path(), "houses");
    assert!(text.contains("2 + 1 rows of 2 features") && text.contains("  training target    number  0.5 to 1.5, mean 1\n"), "{text}");
    assert!(squeezed(&text).contains("feature 1 1 3 feature 2 2 4 target 0.5 1.5"), "{text}");
}

#[test]
fn all_are_listed_and_a_misspelt_name_is_found() {
    let folder = every_kind();
    let rubric = folder.path().join("r.toml");
    let text = printed(&["--rubric", rubric.to_str().unwrap()]);
    assert!(NAMES.iter().all(|name| text.lines().any(|line| line.split_whitespace().next() == Some(name))), "{text}");
    assert!(text.contains("npz hidden.npz") && text.contains("images pets/") && text.contains("csv train.csv and val.csv"), "{text}");
    for name in ["chelsea", "mnist", "penguins", "weather"] {
        let text = printed(&[name]);
        assert!(text.starts_with(name) && text.lines().count() > 20, "{text}");
    }
    let said = |arguments: &[&str]| {
        let output = mlgrade(&[&["data"], arguments].concat());
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(said(&["pengins"]).contains("did you mean `penguins`?"));
    assert!(said(&["pest", "--rubric", rubric.to_str().unwrap()]).contains("did you mean `pets`?"));
}
