//! Late submissions: when work was handed in, who says so, and what that costs.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::points::{Fraction, Points};

/// All of a score, in hundredths of a percent.
const WHOLE: u32 = 10_000;

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

/// What lateness costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LatePolicy {
    /// When the work is due.
    #[schemars(with = "Option<String>")]
    pub due: Option<Timestamp>,
    /// The zone in which the due date is written. Times that state none are read in it.
    #[serde(with = "zone")]
    #[schemars(with = "String")]
    pub zone: Offset,
    /// How much later costs nothing. Past it, days are counted from the due date.
    #[schemars(with = "String")]
    pub grace: SignedDuration,
    /// What each begun day or hour takes.
    #[serde(flatten)]
    pub rate: Rate,
    /// The most that lateness takes before `until`, in hundredths of a percent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at_most: Option<u32>,
    /// Whether bonus points are kept whole.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub keeps_bonus: bool,
    /// How many late days each student may have for nothing, over all homeworks of the course, and here: those that are left.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub slip_days: u32,
    /// How much later earns nothing.
    #[schemars(with = "Option<String>")]
    pub until: Option<SignedDuration>,
}

/// A time in words, in a zone: "6 March 2023, 23:10".
pub fn in_words(at: Timestamp, zone: Offset) -> String {
    zone.to_datetime(at).strftime("%-d %B %Y, %H:%M").to_string()
}

/// What lateness takes, in hundredths of a percent of the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rate {
    /// For each begun day.
    PerDay(u32),
    /// For each begun hour.
    PerHour(u32),
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A zone as its offset, such as "-06:00".
mod zone {
    use jiff::tz::Offset;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
    pub(super) fn serialize<S: Serializer>(zone: &Offset, serializer: S) -> Result<S::Ok, S::Error> {
        let seconds = zone.seconds();
        let (sign, size) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs());
        serializer.collect_str(&format_args!("{sign}{:02}:{:02}", size / 3600, size / 60 % 60))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Offset, D::Error> {
        let text = String::deserialize(deserializer)?;
        let parsed = || {
            let (hours, minutes) = text.get(1..)?.split_once(':')?;
            let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
            Offset::from_seconds(if text.starts_with('-') { -seconds } else { seconds }).ok()
        };
        parsed().ok_or_else(|| D::Error::custom(format!("`{text}` is no zone such as -06:00")))
    }
}

/// A time as it is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// With its zone.
    Exact(Timestamp),
    /// As a clock shows it, in a zone that is not stated.
    Local(DateTime),
}

/// Who says when work was handed in. The course's word goes before the platform's, and that before the student's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Witness {
    /// The course, in a list of times.
    Course,
    /// The platform that the work was downloaded from.
    Platform(&'static str),
    /// The student, in submission.toml.
    Student,
}

/// What is known of when work was handed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HandInTime {
    /// The time, and who says so.
    pub stated: Option<(Moment, Witness)>,
    /// The platform that marks it as late without telling the time.
    pub marked_late: Option<&'static str>,
    /// What the student wrote where a time belongs.
    pub unreadable: Option<String>,
}

/// Whose time counts, and why it may not be right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Timing {
    /// Who says when it was handed in: "course", "student" or a platform's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why it is not known whether the work is late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doubt: Option<String>,
}

/// How late a submission was and what that took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Lateness {
    /// Begun days after the due date.
    pub days: u32,
    /// Begun hours after the due date, where each hour costs something.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hours: Option<u32>,
    /// How many of the days cost nothing, since the student had them to spare.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub slip_days: u32,
    /// Whether bonus points are kept whole.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub keeps_bonus: bool,
    /// The share of the score that is left, in hundredths of a percent.
    pub kept: u32,
}

/// Nobody hands in longer before the due date: the course has not begun.
const TERM: SignedDuration = SignedDuration::from_hours(120 * 24);

impl Moment {
    /// The moment, read in `zone` if it states none.
    pub fn at(self, zone: Offset) -> Option<Timestamp> {
        match self {
            Self::Exact(time) => Some(time),
            Self::Local(time) => zone.to_timestamp(time).ok(),
        }
    }
}

impl Witness {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Course => "course",
            Self::Platform(name) => name,
            Self::Student => "student",
        }
    }
}

impl LatePolicy {
    /// Whose time counts, if there is a due date.
    pub fn timing(&self, known: &HandInTime) -> Option<Timing> {
        let due = self.due?;
        let stated = known.stated.and_then(|(moment, witness)| Some((moment.at(self.zone)?, witness)));
        let by = stated.map(|(_, witness)| witness.word().to_owned());
        let doubt = match (stated, known.marked_late, &known.unreadable) {
            (Some((at, Witness::Student)), _, _) if self.is_before_the_course(at) => Some(format!("{at} is before the course began")),
            (Some((at, Witness::Student)), Some(platform), _) if at <= due => Some(format!("{platform} marks it as late, by how much is not known")),
            (Some(_), _, _) => None,
            (None, Some(platform), _) => Some(format!("{platform} marks it as late, by how much is not known")),
            (None, None, Some(text)) => Some(format!("`{text}` is no time")),
            (None, None, None) => Some("no time is stated".to_owned()),
        };
        Some(Timing { by, doubt })
    }

    /// How late it was by the time that counts; `None` when it is in time or the time is not to be trusted.
    pub fn lateness_of(&self, known: &HandInTime) -> Option<Lateness> {
        let (moment, witness) = known.stated?;
        let at = moment.at(self.zone)?;
        if witness == Witness::Student && self.is_before_the_course(at) { None } else { self.lateness(at) }
    }

    /// Whether nobody can hand in at `now` any more: the due date is over, and the time after it in which late work still earns something.
    pub fn is_over(&self, now: Timestamp) -> bool {
        let last = self.due.and_then(|due| due.checked_add(self.until.unwrap_or(self.grace)).ok());
        last.is_some_and(|last| now > last)
    }

    fn is_before_the_course(&self, at: Timestamp) -> bool {
        self.due.is_some_and(|due| due.duration_since(at) > TERM)
    }

    /// How late work handed in at `submitted` is; `None` when it is in time or no due date is set.
    pub fn lateness(&self, submitted: Timestamp) -> Option<Lateness> {
        let late = submitted.duration_since(self.due?);
        if late <= self.grace || late <= SignedDuration::ZERO {
            return None;
        }
        let seconds = late.as_secs() + i64::from(late.subsec_nanos() > 0);
        let begun = |seconds: i64, unit: i64| u32::try_from((seconds + unit - 1) / unit).unwrap_or(u32::MAX);
        let days = begun(seconds, DAY);
        let is_over = self.until.is_some_and(|until| late > until);
        let hours = matches!(self.rate, Rate::PerHour(_)).then(|| begun(seconds, HOUR));
        let kept = |slip_days: u32| {
            let charged = (seconds - i64::from(slip_days) * DAY).max(0);
            let taken = match self.rate {
                Rate::PerDay(share) => share.saturating_mul(begun(charged, DAY)),
                Rate::PerHour(share) => share.saturating_mul(begun(charged, HOUR)),
            };
            if is_over { 0 } else { WHOLE.saturating_sub(taken.min(self.at_most.unwrap_or(WHOLE))) }
        };
        // No free day is used that saves nothing.
        let most = days.min(self.slip_days);
        let slip_days = (0..=most).find(|&used| kept(used) == kept(most)).unwrap_or(most);
        let kept = kept(slip_days);
        // Later than `until` nothing is earned, bonus included.
        Some(Lateness { days, hours, slip_days, keeps_bonus: self.keeps_bonus && !is_over, kept })
    }
}

impl Lateness {
    /// What is left of `points`, of which `bonus` are for bonus items.
    pub fn apply(&self, points: Points, bonus: Points) -> Points {
        let share = |points: Points| points.share(Fraction::new(self.kept as usize, WHOLE as usize));
        if self.keeps_bonus { share(points - bonus) + bonus } else { share(points) }
    }

    /// "1 day", or "6 hours" where each hour costs something.
    pub fn length(&self) -> String {
        let count = |number: u32, unit: &str| if number == 1 { format!("1 {unit}") } else { format!("{number} {unit}s") };
        self.hours.map_or_else(|| count(self.days, "day"), |hours| count(hours, "hour"))
    }

    /// What is taken, in percent.
    pub fn percent(&self) -> f64 {
        f64::from(WHOLE.saturating_sub(self.kept)) / 100.0
    }

    /// "−10 % (1 day late)"
    pub fn sentence(&self) -> String {
        let slip = match self.slip_days {
            0 => String::new(),
            1 => ", 1 free day used".to_owned(),
            days => format!(", {days} free days used"),
        };
        let bonus = if self.keeps_bonus && self.kept < WHOLE { ", bonus kept" } else { "" };
        format!("−{} % ({} late{slip}{bonus})", self.percent(), self.length())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> LatePolicy {
        LatePolicy {
            due: "2023-03-06T23:59:59Z".parse().ok(),
            zone: Offset::UTC,
            grace: SignedDuration::from_hours(6),
            rate: Rate::PerDay(1000),
            at_most: None,
            keeps_bonus: false,
            slip_days: 0,
            until: Some(SignedDuration::from_hours(5 * 24)),
        }
    }

    fn kept(submitted: &str) -> Option<(u32, u32)> {
        policy().lateness(submitted.parse().expect("a time")).map(|late| (late.days, late.kept))
    }

    #[test]
    fn days_count_from_the_due_date_once_grace_is_over() {
        assert_eq!(kept("2023-03-01T00:00:00Z"), None);
        assert_eq!(kept("2023-03-07T05:59:59Z"), None, "exactly the grace");
        assert_eq!(kept("2023-03-07T06:00:00Z"), Some((1, 9000)), "a second more than the grace");
        assert_eq!(kept("2023-03-07T23:59:59Z"), Some((1, 9000)), "exactly a day");
        assert_eq!(kept("2023-03-08T00:00:00Z"), Some((2, 8000)));
        assert_eq!(kept("2023-03-11T23:59:59Z"), Some((5, 5000)), "exactly the end");
        assert_eq!(kept("2023-03-12T00:00:00Z"), Some((6, 0)));
    }

    #[test]
    fn a_tenth_is_taken_from_the_score() {
        let late = policy().lateness("2023-03-07T12:00:00Z".parse().expect("a time")).expect("late");
        assert_eq!(late.apply(Points::from_hundredths(8600), Points::ZERO), Points::from_hundredths(7740));
        assert_eq!(late.sentence(), "−10 % (1 day late)");
    }

    #[test]
    fn hours_caps_slack_and_bonus_follow_the_policy() {
        let at = |policy: &LatePolicy, text: &str| policy.lateness(text.parse().expect("a time")).expect("late");
        let policy = LatePolicy { grace: SignedDuration::ZERO, until: None, ..policy() };
        let hourly = LatePolicy { rate: Rate::PerHour(100), ..policy.clone() };
        let late = at(&hourly, "2023-03-07T05:30:00Z");
        assert_eq!((late.kept, late.sentence().as_str()), (9400, "−6 % (6 hours late)"), "5 h 30 min begin six hours");
        let capped = LatePolicy { at_most: Some(3000), ..policy.clone() };
        assert_eq!(at(&capped, "2023-03-20T00:00:00Z").kept, 7000, "14 days, of which 30 % are the most");
        let slack = LatePolicy { slip_days: 2, ..policy.clone() };
        let late = at(&slack, "2023-03-09T12:00:00Z");
        assert_eq!((late.kept, late.slip_days, late.sentence().as_str()), (9000, 2, "−10 % (3 days late, 2 free days used)"));
        let late = at(&slack, "2023-03-07T12:00:00Z");
        assert_eq!((late.kept, late.slip_days), (10_000, 1), "one of two days is left");
        let useless = LatePolicy { at_most: Some(1000), slip_days: 2, ..policy.clone() };
        assert_eq!(at(&useless, "2023-03-10T12:00:00Z").slip_days, 0, "four days cost a tenth at most, with two free ones too");
        let over = LatePolicy { until: Some(SignedDuration::from_hours(24)), keeps_bonus: true, slip_days: 2, ..policy.clone() };
        let late = at(&over, "2023-03-10T12:00:00Z");
        assert_eq!((late.slip_days, late.apply(Points::from_hundredths(500), Points::from_hundredths(500))), (0, Points::ZERO), "too late for bonus as well");
        let late = at(&LatePolicy { keeps_bonus: true, ..policy }, "2023-03-07T12:00:00Z");
        let points = Points::from_hundredths;
        assert_eq!(late.apply(points(10_000), points(1_000)), points(9_100), "a tenth of 90, and the 10 of bonus");
    }

    #[test]
    fn the_deadline_is_over_when_late_work_earns_nothing_any_more() {
        let is_over = |text: &str| policy().is_over(text.parse().expect("a time"));
        assert!(!is_over("2023-03-11T23:59:59Z"), "five days late is the end");
        assert!(is_over("2023-03-12T00:00:00Z"));
        assert!(!LatePolicy { due: None, ..policy() }.is_over("2099-01-01T00:00:00Z".parse().expect("a time")));
    }

    fn known(text: &str, witness: Witness) -> HandInTime {
        let moment = text.parse().map(Moment::Exact).or_else(|_| text.parse().map(Moment::Local)).expect("a time");
        HandInTime { stated: Some((moment, witness)), ..HandInTime::default() }
    }

    #[test]
    fn a_time_is_doubted_when_nobody_can_have_handed_in_then() {
        let doubt = |known: &HandInTime| policy().timing(known).and_then(|timing| timing.doubt);
        let (student, canvas) = (Witness::Student, Some("Canvas"));
        assert_eq!(doubt(&known("2023-03-06T20:00:00Z", student)), None);
        assert_eq!(doubt(&known("1970-01-01T00:00:00Z", student)).as_deref(), Some("1970-01-01T00:00:00Z is before the course began"));
        assert_eq!(doubt(&known("1970-01-01T00:00:00Z", Witness::Platform("Sakai"))), None);
        assert_eq!(doubt(&HandInTime::default()).as_deref(), Some("no time is stated"));
        assert_eq!(doubt(&HandInTime { unreadable: Some("soon".to_owned()), ..HandInTime::default() }).as_deref(), Some("`soon` is no time"));
        let marked = |known: HandInTime| doubt(&HandInTime { marked_late: canvas, ..known });
        let late = Some("Canvas marks it as late, by how much is not known");
        assert_eq!(marked(HandInTime::default()).as_deref(), late);
        assert_eq!(marked(known("2023-03-06T20:00:00Z", student)).as_deref(), late, "the student's word against the mark");
        assert_eq!(marked(known("2023-03-07T03:00:00Z", student)), None, "late, within the grace");
        assert_eq!(marked(known("2023-03-06T20:00:00Z", Witness::Course)), None, "an extension");
        assert_eq!(LatePolicy { due: None, ..policy() }.timing(&HandInTime::default()), None);
    }

    #[test]
    fn a_time_without_a_zone_is_read_in_that_of_the_due_date() {
        let chicago = LatePolicy { due: "2023-03-06T23:59:59-06:00".parse().ok(), zone: Offset::constant(-6), grace: SignedDuration::ZERO, ..policy() };
        let days = |text: &str| chicago.lateness_of(&known(text, Witness::Student)).map(|late| late.days);
        assert_eq!(days("2023-03-06T23:00:00"), None);
        assert_eq!(days("2023-03-07T00:00:30"), Some(1));
        assert_eq!(days("2023-03-07T05:00:00Z"), None);
        assert_eq!(days("1970-01-01T00:00:00Z"), None);
    }
}
