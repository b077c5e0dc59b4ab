//! `submission.toml`: who, when, and where things are that have another name than the usual.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use toml::de::{DeTable, DeValue};

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::fields::Fields;
use crate::domain::limits;
use crate::evidence::place::Place;
use crate::evidence::source::Source;

use super::paths::composed;

const PATH: &str = "submission.toml";

/// What submission.toml says.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) student: Option<String>,
    pub(super) submitted_at: Option<Timestamp>,
    pub(super) places: BTreeMap<String, Place>,
}

/// Reads submission.toml if there is one. Its faults become notes: a slip in it must not cost the work.
pub(super) fn read(files: &BTreeMap<String, Source>, notes: &mut Vec<Diagnostic>) -> Settings {
    let Some(source) = files.get(PATH) else { return Settings::default() };
    let text = source.read(PATH, limits::TEXT_BYTES).map_err(|absent| absent.diagnostic().message.clone());
    let text = text.and_then(|bytes| String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned()));
    let parsed = text.as_ref().map_err(Clone::clone).and_then(|text| DeTable::parse(text).map_err(|error| error.message().to_owned()));
    let table = match parsed {
        Ok(table) => table,
        Err(message) => {
            notes.push(Diagnostic::warning(Code::BadSettings, message).in_file(PATH));
            return Settings::default();
        }
    };
    let span = table.span();
    let mut fields = Fields::new("submission.toml", table.into_inner(), span);
    let mut settings = Settings {
        student: fields.optional::<String>("student").map(|name| name.into_inner().chars().filter(|c| !c.is_control()).take(200).collect()),
        submitted_at: submitted_at(&mut fields),
        places: places(&mut fields),
    };
    settings.places.retain(|name, place| {
        let fault = place.fault();
        notes.extend(fault.as_ref().map(|fault| Diagnostic::warning(Code::BadSettings, format!("`{name}`: {fault}")).in_file(PATH)));
        fault.is_none()
    });
    notes.extend(
        fields.finish().into_iter().map(|fault| Diagnostic { code: Code::BadSettings, ..Diagnostic::warning(fault.code, fault.message) }.in_file(PATH)),
    );
    settings
}

fn places(fields: &mut Fields<'_>) -> BTreeMap<String, Place> {
    let places: BTreeMap<String, Place> = fields.optional("where").map(toml::Spanned::into_inner).unwrap_or_default();
    let as_listed = |place| if let Place::File(path) = place { Place::File(composed(&path)) } else { place };
    places.into_iter().map(|(name, place)| (name, as_listed(place))).collect()
}

fn submitted_at(fields: &mut Fields<'_>) -> Option<Timestamp> {
    let value = fields.take("submitted_at")?;
    let span = value.span();
    let text = match value.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        _ => String::new(),
    };
    let zoned = text.parse::<Timestamp>().ok();
    let local = || text.parse::<DateTime>().ok().and_then(|time| TimeZone::UTC.to_timestamp(time).ok());
    if zoned.is_none() {
        let message = if local().is_some() {
            format!("`submitted_at` has no time zone; {text} is read as UTC")
        } else {
            "`submitted_at` is a time such as 2023-03-06T21:14:00-06:00; the submission counts as in time".to_owned()
        };
        fields.fault(Code::BadSettings, span, message);
    }
    zoned.or_else(local)
}
