//! Times as platforms and courses write them.

use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::domain::late::Moment;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The time that `text` states: with its zone as "2023-03-10T22:10:00Z" or "2023-03-10 22:10:00 -0600", without as "Mar 6, 2023 859 PM",
/// "Monday, 6 March 2023, 8:59 PM" or "2023-03-06-20-59-00".
pub(super) fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    zoned(text).map(Moment::Exact).or_else(|| local(text).map(Moment::Local))
}

/// What Sakai writes to timestamp.txt: "20230306205900000" in UTC, or a time with its zone.
pub(super) fn sakai(text: &str) -> Option<Moment> {
    let text = text.trim();
    if text.len() < 14 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return moment(text);
    }
    let number = |from: usize, to: usize| text[from..to].parse::<i8>().ok();
    let time = DateTime::new(text[..4].parse().ok()?, number(4, 6)?, number(6, 8)?, number(8, 10)?, number(10, 12)?, number(12, 14)?, 0).ok()?;
    jiff::tz::Offset::UTC.to_timestamp(time).ok().map(Moment::Exact)
}

fn zoned(text: &str) -> Option<Timestamp> {
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    // Ruby and Gradescope write a space before the zone, and the zone without a colon.
    let (time, zone) = text.rsplit_once(' ')?;
    let zone = match zone {
        "Z" | "UTC" | "GMT" => "Z".to_owned(),
        _ if zone.len() == 5 && zone.starts_with(['+', '-']) && zone[1..].bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{}:{}", &zone[..3], &zone[3..])
        }
        _ if zone.len() == 6 && zone.starts_with(['+', '-']) => zone.to_owned(),
        _ => return None,
    };
    format!("{time}{zone}").parse().ok()
}

/// A time without a zone. A day alone is none: it could be its beginning or its end.
fn local(text: &str) -> Option<DateTime> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    // "2023-03-06T20:59:00"
    let words: Vec<&str> = words
        .iter()
        .flat_map(|word| word.split('T').filter(|part| !part.is_empty() && word.starts_with(|c: char| c.is_ascii_digit())))
        .chain(words.iter().filter(|word| !word.starts_with(|c: char| c.is_ascii_digit())).copied())
        .collect();
    let is_number = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
    let numbers: Vec<(usize, i16)> = words.iter().copied().filter(is_number).map(|word| Some((word.len(), word.parse().ok()?))).collect::<Option<_>>()?;
    let named = words.iter().find_map(|word| {
        let word = word.to_lowercase();
        MONTHS.iter().position(|month| word.starts_with(month))
    });
    let year_at = numbers.iter().position(|(digits, year)| *digits == 4 && (1_900..2_200).contains(year))?;
    let (day, month, clock) = match named {
        Some(month) => {
            let day_at = numbers.iter().position(|(digits, _)| *digits <= 2)?;
            let rest = numbers.iter().enumerate().filter(|(i, _)| *i != day_at && *i != year_at).map(|(_, number)| *number);
            (numbers[day_at].1, i16::try_from(month).ok()? + 1, rest.collect::<Vec<_>>())
        }
        // Only the order of ISO 8601 is the same everywhere.
        None if year_at == 0 => (numbers.get(2)?.1, numbers.get(1)?.1, numbers[3..].to_vec()),
        None => return None,
    };
    let (hour, minute, second) = match clock.as_slice() {
        [(3 | 4, both)] => (both / 100, both % 100, 0),
        [(_, hour), (_, minute)] => (*hour, *minute, 0),
        [(_, hour), (_, minute), (_, second), ..] => (*hour, *minute, *second),
        _ => return None,
    };
    let half = words.iter().map(|word| word.to_lowercase()).find(|word| matches!(word.as_str(), "am" | "pm"));
    let hour = match half.as_deref() {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some("pm") => hour % 12 + 12,
        Some(_) => hour % 12,
        None => hour,
    };
    let small = |number: i16| i8::try_from(number).ok();
    DateTime::new(numbers[year_at].1, small(month)?, small(day)?, small(hour)?, small(minute)?, small(second)?, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_every_platform_are_read() {
        let read = |text: &str| match moment(text) {
            Some(Moment::Exact(time)) => time.to_string(),
            Some(Moment::Local(time)) => time.to_string(),
            None => "none".to_owned(),
        };
        for (text, time) in [
            ("2023-03-10 22:10:00.000000000 Z", "2023-03-10T22:10:00Z"),
            ("2023-03-10 22:10:00 -0600", "2023-03-11T04:10:00Z"),
            ("2023-03-10 22:10:00 UTC", "2023-03-10T22:10:00Z"),
            ("2023-03-10T22:10:00+01:00", "2023-03-10T21:10:00Z"),
            ("Mar 6, 2023 859 PM", "2023-03-06T20:59:00"),
            ("Mar 7, 2023 1000 AM", "2023-03-07T10:00:00"),
            ("Dec 31, 2023 1205 AM", "2023-12-31T00:05:00"),
            ("Mar 6, 2023 1205 PM", "2023-03-06T12:05:00"),
            ("6 March, 2023 2059", "2023-03-06T20:59:00"),
            ("Monday, 6 March 2023, 8:59 PM", "2023-03-06T20:59:00"),
            ("Monday, March 6, 2023 8:59:07 PM CST", "2023-03-06T20:59:07"),
            ("2023-03-06-20-59-00", "2023-03-06T20:59:00"),
            ("2023-03-06T20:59:00", "2023-03-06T20:59:00"),
            ("2023-03-06 20:59", "2023-03-06T20:59:00"),
        ] {
            assert_eq!(read(text), time, "{text}");
        }
        for text in [
            "",
            "soon",
            "2023-03-06",
            "06/03/2023 20:59",
            "Mar 6, 2023",
            "Mar 36, 2023 859 PM",
            "2023-13-06 20:59",
            "Mar 6, 2023 1359 PM",
            "99999999999999999999",
        ] {
            assert_eq!(read(text), "none", "{text}");
        }
        assert_eq!(sakai("20230306205900123"), moment("2023-03-06T20:59:00Z"));
        assert_eq!(sakai("2023-03-06T20:59:00Z\n"), moment("2023-03-06T20:59:00Z"));
        assert_eq!(sakai("20231306205900123"), None);
    }
}
