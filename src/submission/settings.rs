//! `submission.toml`: who, when, and where things are that have another name than the usual.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::fields::Fields;
use crate::domain::late::Moment;
use crate::domain::limits;
use crate::domain::text::{is_hidden, plain};
use crate::evidence::log_spot::LogSpot;
use crate::evidence::place::Place;
use crate::evidence::source::Source;

use super::paths::composed;
use super::times::moment;

pub(super) const PATH: &str = "submission.toml";

/// What submission.toml says.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) student: Option<String>,
    pub(super) submitted_at: Option<Moment>,
    /// What stands where the time belongs, and is none.
    pub(super) no_time: Option<String>,
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
    let (submitted_at, no_time) = submitted_at(&mut fields);
    let student = fields.optional::<String>("student").map(|name| name.into_inner().chars().filter(|&c| !is_hidden(c)).take(200).collect());
    let line = |at: usize| text.as_ref().map_or(0, |text| text.get(..at).map_or(0, |before| before.matches('\n').count())) + 1;
    let mut said = places(&mut fields);
    for (name, (place, at)) in &mut said {
        if let Some(fault) = place.fault(name) {
            notes.push(Diagnostic::warning(Code::BadSettings, format!("line {}: `{name}`: {fault}", line(*at))).in_file(PATH));
            *place = Place::Nowhere(fault);
        }
    }
    let settings = Settings { student, submitted_at, no_time, places: said.into_iter().map(|(name, (place, _))| (name, place)).collect() };
    notes.extend(
        fields.finish().into_iter().map(|fault| Diagnostic { code: Code::BadSettings, ..Diagnostic::warning(fault.code, fault.message) }.in_file(PATH)),
    );
    settings
}

/// Each place with the byte where it stands.
fn places(fields: &mut Fields<'_>) -> BTreeMap<String, (Place, usize)> {
    let places: BTreeMap<String, toml::Spanned<Place>> = fields.optional("where").map(toml::Spanned::into_inner).unwrap_or_default();
    let as_listed = |place| match place {
        Place::File(path) => Place::File(composed(&path)),
        Place::Log(spot) => Place::Log(LogSpot { file: composed(&spot.file), ..spot }),
        place => place,
    };
    places.into_iter().map(|(name, place)| (name, (place.span().start, place))).map(|(name, (at, place))| (name, (as_listed(place.into_inner()), at))).collect()
}

/// The time, or what stands where it belongs.
fn submitted_at(fields: &mut Fields<'_>) -> (Option<Moment>, Option<String>) {
    let Some(value) = fields.take("submitted_at") else { return (None, None) };
    let span = value.span();
    let text = match value.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        other => format!("{other:?}"),
    };
    let text: String = plain(&text).chars().take(60).collect();
    let time = moment(&text);
    let fault = match time {
        Some(Moment::Exact(_)) => None,
        Some(Moment::Local(_)) => Some(format!("`submitted_at` has no time zone; {text} is read in the zone of the due date")),
        None => Some("`submitted_at` is a time such as 2023-03-06T21:14:00-06:00; whether the submission is late is not known".to_owned()),
    };
    if let Some(message) = fault {
        fields.fault(Code::BadSettings, span, message);
    }
    (time, time.is_none().then_some(text))
}
