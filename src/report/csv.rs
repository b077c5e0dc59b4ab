//! The class as CSV, for a spreadsheet.

use super::Report;

/// One row a student: `student,name,earned,lowest,highest,possible,late_days,ungraded`, then the points of each item, blank while ungraded.
/// Those who are `absent`, by id and name, follow with blank scores: whether that is a zero is for the course to say.
pub fn grades(reports: &[Report], absent: &[(&str, &str)]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let fixed = ["student", "name", "earned", "lowest", "highest", "possible", "late_days", "ungraded"];
    let items = reports.first().map(|report| report.items.iter().map(|item| item.id.clone()).collect::<Vec<_>>()).unwrap_or_default();
    let count = items.len();
    writer.write_record(fixed.iter().map(ToString::to_string).chain(items))?;
    for report in reports {
        let score = report.score;
        let ungraded = report.items.iter().filter(|item| item.points.is_none()).count();
        let mut row = vec![harmless(&report.student), harmless(report.name.as_deref().unwrap_or_default())];
        row.extend([score.earned, score.lowest, score.highest, score.possible].map(|points| points.to_string()));
        row.extend([report.late.as_ref().map_or(0, |late| late.days).to_string(), ungraded.to_string()]);
        row.extend(report.items.iter().map(|item| item.points.map_or_else(String::new, |points| points.to_string())));
        writer.write_record(row)?;
    }
    for (student, name) in absent {
        let blank = std::iter::repeat_n(String::new(), fixed.len() - 2 + count);
        writer.write_record([harmless(student), harmless(name)].into_iter().chain(blank))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// A cell that a spreadsheet would run as a formula, made text.
fn harmless(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn formulas_become_text_and_numbers_stay() {
        assert_eq!(harmless("=HYPERLINK(\"http://x\")"), "'=HYPERLINK(\"http://x\")");
        assert_eq!(harmless("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(harmless("-3.5"), "-3.5");
        assert_eq!(harmless("Jana"), "Jana");
    }
}
