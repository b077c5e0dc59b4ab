//! Files as people write them, and any bytes.

use super::{Content, Layout, Rows, decode, decode_by};
use crate::Absent;
use proptest::prelude::*;

/// What a text file holds, in short: numbers, `names`, or rows between bars.
fn read(text: &str) -> Result<String, String> {
    let predictions = decode("predictions/x.csv", "x", text.as_bytes()).map_err(|absent| absent.diagnostic().message.clone())?;
    let join = |values: &[mlgrade_domain::number::Finite]| values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    Ok(match &predictions.content {
        Content::Numbers { values, .. } => join(values),
        Content::Names(names) => format!("`{}`", names.join("` `")),
        Content::Rows(rows) => rows.iter().map(join).collect::<Vec<_>>().join(" | "),
    })
}

fn notes(text: &str) -> String {
    decode("predictions/x.csv", "x", text.as_bytes()).map(|predictions| predictions.notes.join("; ")).unwrap_or_default()
}

#[test]
fn one_column_is_read_with_or_without_a_header() {
    for text in [
        "7\n2\n1\n",
        "7\r\n2\r\n1\r\n",
        "\u{feff}7\n2\n1\n",
        "label\n7\n\n2\n1",
        "7\n\n2\n ,\n1\n\n",
        "\n\n7.0\n2.0\n1.000e+00",
        "# label\n7\n2\n1\n",
        "anything\n7\n2\n1\n",
        "\"label\"\n\"7\"\n\"2\"\n\"1\"\n",
        "7,\n2,\n1,\n",
    ] {
        assert_eq!(read(text), Ok("7 2 1".to_owned()), "{text:?}");
    }
}

#[test]
fn an_index_is_passed_over_and_a_named_column_is_found() {
    for text in [
        "id,label\n0,7\n1,2\n2,1\n",
        "ImageId,Label\n1,7\n2,2\n3,1\n",
        ",0\n0,7\n1,2\n2,1\n",
        "id;label\n0;7\n1;2\n2;1\n",
        "id\tlabel\n0\t7\n1\t2\n2\t1\n",
        "label,y_pred\n0,7\n1,2\n2,1\n",
        "guess,x\n5,7\n5,2\n5,1\n",
    ] {
        assert_eq!(read(text), Ok("7 2 1".to_owned()), "{text:?}");
    }
    assert_eq!(read("0,7\n1,2\n2,1\n3,5\n"), Ok("7 2 1 5".to_owned()), "an index without a header");
    assert_eq!(read("0 7\n1 2\n2 1\n3 5\n"), Ok("7 2 1 5".to_owned()), "columns by spaces");
    assert_eq!(notes("0,7\n1,2\n2,1\n3,5\n"), "the first column counts the rows and was passed over");
    assert_eq!(notes("label,y_pred\n0,7\n"), "of 2 columns `y_pred` was read");
}

#[test]
fn rows_of_scores_are_read() {
    assert_eq!(read("0.1,0.9\n0.8,0.2\n"), Ok("0.1 0.9 | 0.8 0.2".to_owned()));
    assert_eq!(read("1.0e-01 9.0e-01\n8.0e-01 2.0e-01\n"), Ok("0.1 0.9 | 0.8 0.2".to_owned()), "as numpy.savetxt writes them");
    assert_eq!(read("0,1;0,9\n0,8;0,2\n"), Ok("0.1 0.9 | 0.8 0.2".to_owned()), "a European spreadsheet");
    assert_eq!(
        read("file,cat,dog\na,0.1,0.9\n"),
        Err("row 2 holds `a`, and none of the columns `file`, `cat` and `dog` is named `predictions` or `label`".to_owned())
    );
    let decoded = decode("x.csv", "x", b",cat,dog\n0,0.1,0.9\n").unwrap();
    let Content::Rows(rows) = decoded.content else { panic!("no rows") };
    assert_eq!(rows.names, ["cat", "dog"]);
    assert_eq!(rows.transposed().values.iter().map(|value| value.get()).collect::<Vec<_>>(), [0.1, 0.9]);
}

#[test]
fn names_are_read() {
    assert_eq!(read("Adelie\nGentoo\n"), Ok("`Adelie` `Gentoo`".to_owned()));
    assert_eq!(read("prediction\nAdelie Penguin\nGentoo\n"), Ok("`Adelie Penguin` `Gentoo`".to_owned()));
    assert_eq!(read("0,Adelie\n1,Gentoo\n2,Gentoo\n3,Adelie"), Ok("`Adelie` `Gentoo` `Gentoo` `Adelie`".to_owned()));
    assert_eq!(read("True\nFalse\n"), Ok("1 0".to_owned()));
}

#[test]
fn json_is_read_in_its_usual_shapes() {
    for text in [
        "[7, 2, 1]",
        "\u{feff}{\"predictions\": [7, 2, 1]}",
        "{\"y_pred\": [7.0, 2.0, 1.0], \"y_true\": [1, 2, 3]}",
        "{\"x\": {\"predictions\": [7, 2, 1]}, \"y\": [1]}",
        "{\"0\": 7, \"1\": 2, \"2\": 1}",
        "{\"0\": 7, \"10\": 1, \"9\": 1, \"2\": 1, \"3\": 1, \"4\": 1, \"5\": 1, \"6\": 1, \"7\": 1, \"8\": 1, \"1\": 2}",
        "[{\"id\": 0, \"label\": 7}, {\"label\": 2, \"id\": 1}, {\"id\": 2, \"label\": 1}]",
        "[[7], [2], [1]]",
    ] {
        let expected = if text.contains("10") { "7 2 1 1 1 1 1 1 1 1 1" } else { "7 2 1" };
        assert_eq!(read(text), Ok(expected.to_owned()), "{text}");
    }
    assert_eq!(read("[[0.1, 0.9], [0.8, 0.2]]"), Ok("0.1 0.9 | 0.8 0.2".to_owned()));
    assert_eq!(read("[\"cat\", \"dog\"]"), Ok("`cat` `dog`".to_owned()));
    for (text, expected) in [
        ("[[1, 2], [3]]", "row 2 has 1 columns, the first has 2"),
        ("[[1, 2], 3]", "row 2 has 1 columns, the first has 2"),
        ("[[[1]], [[2]]]", "row 1 holds lists or objects, expected numbers"),
        ("{\"a\": [1], \"b\": [2]}", "the file holds `a` and `b`, and none of them is a list named `x` or `predictions`"),
        ("{\"a\": 1}", "the file holds `a`, and none of them is a list named `x` or `predictions`"),
        ("[]", "the file holds no predictions"),
        ("{}", "the file holds no predictions"),
        ("[1, 2", "this is not JSON: EOF while parsing a list at line 1 column 5"),
    ] {
        assert_eq!(read(text), Err(expected.to_owned()), "{text}");
    }
}

#[test]
fn what_is_no_prediction_is_told_with_its_row() {
    for (text, expected) in [
        ("1,2\n3,inf\n", "row 2, column 2 holds `infinity`, expected a number"),
        ("1,2\n3\n", "row 2 has 1 columns, the first has 2"),
        ("\n\n", "the file holds no predictions"),
        ("label\n", "the file holds no predictions"),
        ("\u{feff}", "the file holds no predictions"),
    ] {
        assert_eq!(read(text), Err(expected.to_owned()), "{text:?}");
    }
}

#[test]
fn a_word_among_classes_stays_where_it_is() {
    for (text, expected) in [("7\nseven\n", "`7` `seven`"), ("label\n7\n\nnan\n", "`7` `NaN`"), ("[1, null]", "`1` `null`"), ("[1.0, \"two\"]", "`1` `two`")] {
        assert_eq!(read(text), Ok(expected.to_owned()), "{text:?}");
    }
}

#[test]
fn what_spreadsheets_r_and_python_write_is_read() {
    for text in [
        "sep=;\nid;label\n0;7\n1;2\n2;1\n",
        "\"sep=,\"\r\nid,label\r\n0,7\r\n1,2\r\n2,1\r\n",
        "\"\",\"x\"\n\"1\",7\n\"2\",2\n\"3\",1\n",
        "\"x\"\n\"1\" 7\n\"2\" 2\n\"3\" 1\n",
        "id,label\n0,\"tensor(7, device='cuda:0')\"\n1,\"tensor(2, device='cuda:0')\"\n2,tensor(1)\n",
        "tensor([7])\ntensor([2])\ntensor([1])\n",
        "[7]\n[2]\n[1]\n",
        "np.int64(7)\nnp.int64(2)\nnp.int64(1)\n",
        "label,predicted_labels\n1,7\n1,2\n1,1\n",
        "y_true,y_pred\n1,7\n1,2\n1,1\n",
        "label|pred\n1|7\n1|2\n1|1\n",
    ] {
        assert_eq!(read(text), Ok("7 2 1".to_owned()), "{text:?}");
    }
    assert_eq!(read("\"x\"\n\"1\" \"Adelie\"\n\"2\" \"Big Gentoo\"\n"), Ok("`Adelie` `Big Gentoo`".to_owned()));
    assert_eq!(read("id,probs\n0,\"[0.1 0.9]\"\n1,\"[0.8, 0.2]\"\n"), Ok("0.1 0.9 | 0.8 0.2".to_owned()));
    assert_eq!(read("id,probs\n0,\"[0.1 ... 0.9]\"\n"), Err("row 2 was shortened with `...` when it was printed; save all numbers".to_owned()));
}

#[test]
fn a_comma_may_be_a_decimal_sign() {
    for text in ["y_pred\n3794,0\n3753,8\n", "3794,0\n3753,8\n3800\n3,5\n", "id,y_pred\n1,3794,0\n2,3753,8\n", "id;y_pred\n1;3794,0\n2;3753,8\n"] {
        let read = read(text).unwrap();
        assert!(read.starts_with("3794 3753.8"), "{text:?}: {read}");
        assert!(notes(text).contains("the comma was read as the decimal sign"), "{text:?}: {}", notes(text));
    }
    assert_eq!(read("id;mass\n1;4,750\n2;812\n"), Ok("4750 812".to_owned()));
    let unclear = decode("x.csv", "x", b"id;mass\n1;4,750\n2;3,800\n").unwrap_err();
    assert!(matches!(&unclear, Absent::ForAPerson(diagnostic) if diagnostic.message.starts_with("`4,750` may be 4.750 or 4750")), "{unclear:?}");
}

#[test]
fn frames_of_pandas_are_read_whichever_their_orientation() {
    // pandas.DataFrame({"id": [0, 1, 2], "label": [7, 2, 1]}).to_json(orient=...), pandas 2.3
    for text in [
        r#"[{"id":0,"label":7},{"id":1,"label":2},{"id":2,"label":1}]"#,
        r#"{"columns":["id","label"],"index":[0,1,2],"data":[[0,7],[1,2],[2,1]]}"#,
        r#"{"0":{"id":0,"label":7},"1":{"id":1,"label":2},"2":{"id":2,"label":1}}"#,
        r#"{"id":{"0":0,"1":1,"2":2},"label":{"0":7,"1":2,"2":1}}"#,
        r#"{"schema":{"fields":[{"name":"index","type":"integer"},{"name":"label","type":"integer"}],"primaryKey":["index"],"pandas_version":"1.4.0"},"data":[{"index":0,"label":7},{"index":1,"label":2},{"index":2,"label":1}]}"#,
        "{\"id\":0,\"label\":7}\n{\"id\":1,\"label\":2}\n{\"id\":2,\"label\":1}\n",
        // A series
        r#"{"name":"label","index":[0,1,2],"data":[7,2,1]}"#,
        r#"{"0":7,"1":2,"2":1}"#,
    ] {
        assert_eq!(read(text), Ok("7 2 1".to_owned()), "{text}");
    }
}

#[test]
fn pickles_are_never_opened() {
    let message = |path: &str, bytes: &[u8]| decode(path, "x", bytes).unwrap_err().diagnostic().clone();
    // pickle.dumps([7, 2]) of Python 3.11
    let pickle = b"\x80\x04\x95\x09\0\0\0\0\0\0\0]\x94(K\x07K\x02e.";
    assert_eq!(message("x.csv", pickle).message, "this is a pickle, and opening it would run code that it holds");
    assert_eq!(message("x.pkl", b"7\n2\n").message, "a pickle is never opened, since that would run code that it holds");
    let message = message("x.parquet", b"PAR1");
    assert_eq!(message.message, "files of this kind are not read");
    assert!(message.help.is_some_and(|help| help.contains("np.save(\"predictions/x.npy\"")));
}

proptest! {
    #[test]
    fn any_bytes_give_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..200), start in 0usize..4) {
        let mut input: Vec<u8> = [&b""[..], b"\x93NUMPY\x01\x00", b"PK\x03\x04", b"["][start].to_vec();
        input.extend(bytes);
        let _ = decode("x", "x", &input).is_ok();
    }

    #[test]
    fn any_text_gives_as_many_rows_as_lines_or_fewer(text in "[01a.,;\t \"\n-]{0,80}") {
        if let Ok(read) = decode("x.csv", "x", text.as_bytes()) {
            prop_assert!(!read.is_empty() && read.len() <= text.lines().count());
        }
    }

    #[test]
    fn any_json_gives_an_answer(text in "[\\[\\]{}\":,0-9ax.e]{0,60}") {
        let _ = decode("x.json", "x", text.as_bytes()).is_ok();
    }

    #[test]
    fn whole_numbers_are_read_as_written(values in prop::collection::vec(0u8..10, 1..30), sep in prop::sample::select(vec!["\n", "\r\n", "\n\n", ",\n"])) {
        let text = values.iter().map(ToString::to_string).collect::<Vec<_>>().join(sep) + sep;
        let expected = values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        prop_assert_eq!(read(&text), Ok(expected));
    }
}

/// What a text file holds whose rows the column `id` names, and those names; of several targets in their order.
fn joined(path: &str, text: &str, targets: &[&str]) -> Result<(Vec<String>, Content), Absent> {
    let layout = Layout { join: Some("id".to_owned()), keys: Vec::new(), targets: targets.iter().map(ToString::to_string).collect() };
    let predictions = decode_by(path, "x", &layout, text.as_bytes())?;
    Ok((predictions.ids.unwrap().values, predictions.content))
}

fn content(rows: &[&[f64]]) -> Content {
    let values = rows.concat().into_iter().map(|value| mlgrade_domain::number::Finite::new(value).unwrap()).collect();
    match rows[0].len() {
        1 => Content::Numbers { values, epsilon: f64::EPSILON },
        columns => Content::Rows(Rows { columns, values, names: Vec::new(), epsilon: f64::EPSILON }),
    }
}

#[test]
fn the_column_that_names_the_rows_is_found_by_its_name_alone() {
    let names = |ids: &[&str]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    for text in ["id,mass\n7,0.5\n3,0.25\n", " ID ; Mass\n7;0.5\n3;0.25\n", "mass,Id\n0.5,7\n0.25,3\n", "id,index,y_pred\n7,1,0.5\n3,2,0.25\n"] {
        assert_eq!(joined("x.csv", text, &["mass"]).unwrap(), (names(&["7", "3"]), content(&[&[0.5], &[0.25]])), "{text:?}");
    }
    // Rows that are only counted are named all the same, and a header of two words is one.
    assert_eq!(joined("x.csv", "id,mass\n1,5\n2,6\n", &["mass"]).unwrap().0, ["1", "2"]);
    assert_eq!(joined("x.csv", "id,kind\na1,cat\nb2,dog\n", &["kind"]).unwrap().1, Content::Names(vec!["cat".to_owned(), "dog".to_owned()]));
    assert_eq!(joined("x.json", "{\"ID\": [7, 3], \"mass\": [0.5, 0.25]}", &["mass"]).unwrap().0, ["7", "3"]);
    assert_eq!(joined("x.json", "[{\"id\": \"a\", \"mass\": 1}, {\"id\": \"b\", \"mass\": 2}]", &["mass"]).unwrap().0, ["a", "b"]);
    // What pandas writes of a series: its index has no name.
    assert_eq!(joined("x.csv", ",mass\n7,0.5\n3,0.25\n", &["mass"]).unwrap(), (names(&["7", "3"]), content(&[&[0.5], &[0.25]])));
    assert_eq!(joined("x.json", "{\"7\": 0.5, \"3\": 0.25}", &["mass"]).unwrap(), (names(&["3", "7"]), content(&[&[0.25], &[0.5]])));
    for (path, text, words) in [
        ("x.csv", "patient,mass\n7,0.5\n3,0.25\n", "there is no column `id`, which says of what each row is; its columns are `patient` and `mass`"),
        ("x.csv", "7,0.5\n3,0.25\n", "its columns have no names"),
        ("x.csv", "id\n7\n3\n", "there is no column beside `id`"),
        ("x.json", "[0.5, 0.25]", "there is no column `id`"),
    ] {
        let Err(Absent::Unusable(diagnostic)) = joined(path, text, &["mass"]) else { panic!("read: {text}") };
        assert!(diagnostic.message.contains(words), "{}", diagnostic.message);
    }
}

#[test]
fn a_column_that_the_data_set_has_names_the_rows() {
    let layout = |keys: &[&str]| Layout { keys: keys.iter().map(ToString::to_string).collect(), ..Layout::default() };
    let ids = |text: &str, keys: &[&str]| decode_by("x.csv", "x", &layout(keys), text.as_bytes()).unwrap().ids.map(|ids| (ids.column, ids.values));
    let months = Some(("Month".to_owned(), vec!["2023-02".to_owned(), "2023-01".to_owned()]));
    assert_eq!(ids("Month;predicted\n2023-02;5.5\n2023-01;6.5\n", &["month"]), months);
    assert_eq!(ids("Month;predicted\n2023-02;5.5\n2023-01;6.5\n", &["day"]), None);
    // Not where it sounds like predictions, or two may be meant.
    assert_eq!(ids("predicted,y\nb,5.5\na,6.5\n", &["predicted"]), None);
    assert_eq!(ids("month,day,predicted\nb,d,5.5\na,e,6.5\n", &["month", "day"]), None);
}

#[test]
fn several_targets_are_found_by_their_names_or_else_by_their_order() {
    let expected = content(&[&[1.0, 5.0], &[2.0, 6.0]]);
    let same = |found: Content| if let (Content::Rows(found), Content::Rows(known)) = (&found, &expected) { found.values == known.values } else { false };
    for text in ["id,a,b\n7,1,5\n3,2,6\n", "B,id,A\n5,7,1\n6,3,2\n", "id,x,y\n7,1,5\n3,2,6\n", "id,x,a\n7,5,1\n3,6,2\n", "id,a,b,c\n7,1,5,0\n3,2,6,0\n"] {
        assert!(same(joined("x.csv", text, &["a", "b"]).unwrap().1), "{text:?}");
    }
    assert!(same(joined("x.json", "{\"id\": [7, 3], \"b\": [5, 6], \"a\": [1, 2]}", &["a", "b"]).unwrap().1));
    let Err(Absent::ForAPerson(diagnostic)) = joined("x.csv", "id,a,x,y\n7,1,5,0\n3,2,6,0\n", &["a", "b"]) else { panic!("read") };
    assert!(diagnostic.message.contains("none is called `b`"), "{}", diagnostic.message);
    // Without a column that names the rows as well, and one of several by the name of the only target.
    let layout = |targets: &[&str]| Layout { join: None, keys: Vec::new(), targets: targets.iter().map(ToString::to_string).collect() };
    let read = |text: &str, targets: &[&str]| decode_by("x.csv", "x", &layout(targets), text.as_bytes()).unwrap().content;
    assert!(same(read("b,a\n5,1\n6,2\n", &["a", "b"])));
    assert_eq!(read("b,a\n5,1\n6,2\n", &["a"]), content(&[&[1.0], &[2.0]]));
    assert_eq!(read("a,y_pred\n5,1\n6,2\n", &["a"]), content(&[&[1.0], &[2.0]]), "what says prediction comes first");
}

#[test]
fn arrays_are_joined_by_the_array_that_names_their_rows() {
    let layout = Layout { join: Some("id".to_owned()), ..Layout::default() };
    let archive = |arrays: &[(&str, &[u64], &[f64])]| mlgrade_numpy::npz::write(arrays).unwrap();
    let read = |bytes: &[u8]| decode_by("x.npz", "x", &layout, bytes);
    let found = read(&archive(&[("ID", &[2], &[1.0, 2.0]), ("y", &[2], &[0.5, 0.25])])).unwrap();
    assert_eq!((found.ids.unwrap().values, found.content), (vec!["1".to_owned(), "2".to_owned()], content(&[&[0.5], &[0.25]])));
    let without = |bytes: &[u8]| matches!(read(bytes), Err(Absent::Unusable(_)));
    assert!(without(&archive(&[("y", &[2], &[0.5, 0.25])])));
    assert!(without(&archive(&[("id", &[1], &[1.0]), ("y", &[2], &[0.5, 0.25])])));
}

#[test]
fn a_row_without_a_finite_number_among_several_columns_is_no_prediction() {
    let Err(Absent::Unusable(diagnostic)) = decode("x.csv", "x", b"cat,dog\n0.5,0.5\nNaN,0.5\n") else { panic!("read") };
    assert_eq!(diagnostic.message, "row 3, column 1 holds `NaN`, expected a number");
}
