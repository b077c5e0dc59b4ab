//! When work was handed in and what that costs, in words.

use jiff::SignedDuration;

use super::Report;
use crate::domain::late::in_words as moment;

/// One or two sentences, if there is a due date.
pub(super) fn sentence(report: &Report) -> Option<String> {
    let policy = report.policy.late.as_ref()?;
    let due = report.extended_to.or(policy.due)?;
    let extended = if report.extended_to.is_some() { ", by an extension" } else { "" };
    let due_at = format!("due on {}{extended}", moment(due, policy.zone));
    if let Some(doubt) = report.timing.as_ref().and_then(|timing| timing.doubt.as_ref()) {
        return Some(format!("Not known whether it is late: {doubt}. It was {due_at}. Nothing is taken off."));
    }
    let Some(at) = report.submitted_at else { return Some(format!("The submission states no time. It was {due_at}.")) };
    let handed_in = moment(at, policy.zone);
    let gap = due.duration_since(at);
    let apart = format!("{handed_in}, {} {} it was {due_at}.", length(gap.abs()), if gap.is_negative() { "after" } else { "before" });
    Some(match &report.late {
        Some(late) => format!("{apart} {} late: {} % is taken off.", late.length(), late.percent()),
        None if gap.is_negative() => format!("{apart} Within the time of grace, so nothing is taken off."),
        None => format!("{apart} Nothing is taken off."),
    })
}

/// "3 days 2 h", "2 h 49 min" or "12 min"
fn length(time: SignedDuration) -> String {
    let minutes = time.as_secs() / 60;
    match (minutes / (24 * 60), minutes / 60 % 24, minutes % 60) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes:02} min"),
        (1, hours, _) => format!("1 day {hours} h"),
        (days, hours, _) => format!("{days} days {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_told_in_their_two_greatest_units() {
        for (minutes, told) in [(0, "0 min"), (59, "59 min"), (60, "1 h 00 min"), (169, "2 h 49 min"), (1440, "1 day 0 h"), (4443, "3 days 2 h")] {
            assert_eq!(length(SignedDuration::from_mins(minutes)), told);
        }
    }
}
