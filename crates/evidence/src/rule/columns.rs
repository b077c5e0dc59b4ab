//! Which column of a table a feature is, as people write its name: `df.flipper_length_mm`, "Flipper Length (mm)", "flipper".

use std::collections::BTreeSet;

use mlgrade_domain::name::list;
use mlgrade_domain::table::Table;
use mlgrade_domain::units::{unit, without_unit};

/// The column's own name, or that of a one-hot column of the table. The error says what it may be.
pub(super) fn column(table: &Table, written: &str) -> Result<String, String> {
    // Behind a data frame's name, or what a ColumnTransformer puts before a name.
    let behind = written.rsplit(['.', '$']).next().unwrap_or(written);
    let bare = behind.rsplit("__").next().unwrap_or(behind);
    let exact = [written, behind, bare].into_iter().find_map(|name| if table.column(name).is_ok() { Some(name.to_owned()) } else { one_hot(table, name) });
    if let Some(exact) = exact {
        return Ok(exact);
    }
    let words = [words(written), words(behind), words(bare)];
    let names: Vec<(&str, Vec<String>)> = table.names().map(|name| (name, self::words(name))).collect();
    let same = |a: &[String], b: &[String]| a.iter().collect::<BTreeSet<_>>() == b.iter().collect::<BTreeSet<_>>();
    let holds = |all: &[String], some: &[String]| {
        !some.is_empty() && some.iter().all(|word| all.iter().any(|known| known == word || word.strip_suffix('s') == Some(known)))
    };
    for written in &words {
        let equal: Vec<&str> = names.iter().filter(|(_, name)| same(name, written) || same(&without_unit(name), written)).map(|(name, _)| *name).collect();
        let near: Vec<&str> = names.iter().filter(|(_, name)| holds(name, written)).map(|(name, _)| *name).collect();
        match (equal.as_slice(), near.as_slice()) {
            ([only], _) | ([], [only]) => return Ok((*only).to_owned()),
            ([], []) => {}
            _ => return Err(format!("`{}` may be {}", written.join(" "), list(near))),
        }
    }
    table.column(written).map(|_| written.to_owned())
}

/// The words of a name in lower case, with units by their usual signs.
fn words(name: &str) -> Vec<String> {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase);
    words.map(|word| unit(&word).map_or(word, str::to_owned)).collect()
}

/// The name that one-hot encoding gives a level of a text column, `island_Biscoe`; also written as `island=Biscoe` or "island Biscoe".
fn one_hot(table: &Table, feature: &str) -> Option<String> {
    table.names().find_map(|name| {
        let (column, level) = (feature.get(..name.len())?, feature.get(name.len()..)?.trim_start_matches(['_', '=', ' ']));
        let is_apart = column.eq_ignore_ascii_case(name) && level.len() + name.len() < feature.len();
        let found = table.texts(name).ok()?.iter().find(|value| value.eq_ignore_ascii_case(level))?;
        is_apart.then(|| format!("{name}_{found}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlgrade_domain::table::Column;

    #[test]
    fn names_are_found_as_people_write_them() {
        let number = || Column::Number(vec![1.0]);
        let names = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"];
        let mut columns: Vec<(String, Column)> = names.iter().map(|name| ((*name).to_owned(), number())).collect();
        columns.push(("island".to_owned(), Column::Text(vec!["Biscoe".to_owned()])));
        let table = Table::new(columns, 0).unwrap();
        for (written, expected) in [
            ("bill_length_mm", "bill_length_mm"),
            ("Bill_Length_mm", "bill_length_mm"),
            ("bill length", "bill_length_mm"),
            ("Bill Length mm", "bill_length_mm"),
            ("length bill", "bill_length_mm"),
            ("flipper", "flipper_length_mm"),
            ("flipper length millimetres", "flipper_length_mm"),
            ("mass", "body_mass_g"),
            ("df.flipper_length_mm", "flipper_length_mm"),
            ("penguins$flipper_length_mm", "flipper_length_mm"),
            ("num__flipper_length_mm", "flipper_length_mm"),
            ("Flippers mm", "flipper_length_mm"),
            ("Island", "island"),
            ("island_Biscoe", "island_Biscoe"),
            ("island=biscoe", "island_Biscoe"),
        ] {
            assert_eq!(column(&table, written).as_deref(), Ok(expected), "{written}");
        }
        for (written, part) in [
            ("bill", "may be `bill_length_mm` and `bill_depth_mm`"),
            ("length", "may be"),
            ("flipper depth", "there is no column"),
            ("flipper length cm", "there is no column"),
            ("wing", "there is no column"),
            ("feature_2", "there is no column"),
            ("", "there is no column"),
        ] {
            assert!(column(&table, written).is_err_and(|message| message.contains(part)), "{written}: {:?}", column(&table, written));
        }
    }
}
