//! From TOML to a rubric, collecting every fault on the way.

use std::collections::{BTreeMap, BTreeSet};

use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::check::settings::points;
use crate::check::{Edition, KINDS, Kind};
use crate::data::Source;
use crate::domain::diagnostic::{Code, Diagnostic, Severity};
use crate::domain::fields::Fields;
use crate::domain::item_id::ItemId;
use crate::domain::late::{LatePolicy, Rate};
use crate::domain::marking::{Release, TwoGraders};
use crate::domain::name::is_id;
use crate::domain::points::Points;
use crate::domain::verdict::Visibility;
use crate::evidence::place::Place;

use super::lint::lint;
use super::places::{Places, unknown};
use super::{Item, Part, Rubric, reference};

/// The schema that this version reads.
pub(super) const SCHEMA: u32 = 1;

/// Reads the rubric `text`. All faults are reported at once; there is a rubric only if none of them is an error.
pub fn parse(text: &str) -> (Option<Rubric>, Vec<Diagnostic>) {
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            let message = format!("this is not TOML: {}", error.message().lines().next().unwrap_or_default());
            return (None, vec![Diagnostic::error(Code::InvalidToml, message).at(error.span().unwrap_or(0..0))]);
        }
    };
    let mut root = Fields::new("a rubric", table.into_inner(), 0..text.find('\n').unwrap_or(text.len()));
    let draft = read_rubric(&mut root, text);
    let mut faults = root.finish();
    let rubric = draft.map(|(rubric, places)| {
        faults.extend(lint(&rubric, &places));
        rubric
    });
    faults.sort_by_key(|fault| fault.span.as_ref().map_or(0, |span| span.start));
    let fine = faults.iter().all(|fault| fault.severity == Severity::Warning);
    (rubric.filter(|_| fine), faults)
}

fn read_rubric(root: &mut Fields<'_>, text: &str) -> Option<(Rubric, Places)> {
    let mut places = Places::default();
    let schema = root.required::<u32>("schema");
    if let Some(schema) = schema.as_ref().filter(|schema| *schema.get_ref() != SCHEMA) {
        let message = format!("the rubric has schema {}, this version reads {SCHEMA}", schema.get_ref());
        root.push(Diagnostic::error(Code::UnknownSchema, message).at(schema.span()).help("write `schema = 1`".to_owned()));
    }
    let id = root.required::<String>("id").inspect(|id| check_id(root, id));
    let title = root.required::<String>("title");
    let seed = root.required::<u64>("seed");
    let edition = root.word("edition", &[("course", Edition::Course), ("student", Edition::Student)]).unwrap_or_default();
    let late = root.table("late", "the late policy").map(|fields| {
        places.late = (!fields.has("due")).then(|| fields.span());
        read_late(root, fields)
    });
    let data = read_data(root, &mut places);
    let usual = read_where(root);
    let mut parts = Vec::new();
    let mut ids = BTreeSet::new();
    let tables = root.tables("part", "a part");
    if tables.is_empty() {
        root.fault(Code::MissingKey, root.span(), "a rubric needs at least one [[part]] with a [[part.item]]");
    }
    for mut fields in tables {
        let part = read_part(&mut fields, edition, &mut places);
        if let Some(part) = part.as_ref().filter(|part| !ids.insert(part.id.clone())) {
            fields.fault(Code::DuplicateId, fields.span(), format!("there are two parts `{}`", part.id));
        }
        root.absorb(fields);
        parts.extend(part);
    }
    let digest = blake3::hash(text.as_bytes()).to_hex()[..6].to_owned();
    let late = late.flatten();
    let rules = [("first", TwoGraders::First), ("mean", TwoGraders::Mean), ("must-agree", TwoGraders::MustAgree)];
    let moments = [("by-hand", Release::ByHand), ("at-once", Release::AtOnce), ("after-deadline", Release::AfterDeadline)];
    let release = root.word("release", &moments).unwrap_or_default();
    let two_graders = root.word("two_graders", &rules).unwrap_or_default();
    let (id, title, seed) = (id?.into_inner(), title?.into_inner(), seed?.into_inner());
    Some((Rubric { id, title, seed, edition, late, two_graders, release, data, places: usual, parts, digest }, places))
}

fn check_id(fields: &mut Fields<'_>, id: &Spanned<String>) {
    if !is_id(id.get_ref()) {
        let message = format!("`{}` cannot be an id: use lower-case letters, digits and hyphens, a letter first", id.get_ref());
        fields.fault(Code::BadValue, id.span(), message);
    }
}

fn read_data(root: &mut Fields<'_>, places: &mut Places) -> BTreeMap<String, Source> {
    let Some(mut table) = root.table("data", "the data sets") else { return BTreeMap::new() };
    let mut data = BTreeMap::new();
    for (name, mut fields) in table.rest("a data set") {
        places.data.insert(name.get_ref().clone(), name.span());
        if let Some(source) = Source::read(&mut fields) {
            data.insert(name.into_inner(), source);
        }
        table.absorb(fields);
    }
    root.absorb(table);
    data
}

/// Where things usually are in a submission, as in submission.toml.
fn read_where(root: &mut Fields<'_>) -> BTreeMap<String, Place> {
    let Some(usual) = root.optional::<BTreeMap<String, toml::Spanned<Place>>>("where") else { return BTreeMap::new() };
    for (name, place) in usual.get_ref() {
        if let Some(fault) = place.get_ref().fault(name) {
            root.fault(Code::BadValue, place.span(), format!("`{name}` in `where`: {fault}"));
        }
    }
    usual.into_inner().into_iter().map(|(name, place)| (name, place.into_inner())).collect()
}

fn read_part(fields: &mut Fields<'_>, edition: Edition, places: &mut Places) -> Option<Part> {
    let id = fields.required::<String>("id").inspect(|id| check_id(fields, id));
    let name = id.as_ref().map_or("?", |id| id.get_ref()).to_owned();
    fields.call(format!("part `{name}`"));
    let title = fields.required::<String>("title");
    let instructions = fields.optional::<String>("instructions").map(Spanned::into_inner);
    let total = fields.optional::<f64>("points");
    let reference = fields.table("reference", "a reference").and_then(|inner| {
        places.references.insert(name.clone(), inner.span());
        reference::read(fields, inner)
    });
    let mut items: Vec<Item> = Vec::new();
    for mut inner in fields.tables("item", "an item") {
        let item = read_item(&mut inner, &name, edition, places);
        if let Some(item) = item.as_ref().filter(|item| items.iter().any(|other| other.id == item.id)) {
            inner.fault(Code::DuplicateId, inner.span(), format!("there are two items `{}`", item.id));
        }
        fields.absorb(inner);
        items.extend(item);
    }
    let sum: Points = items.iter().filter(|item| !item.bonus).map(|item| item.points).sum();
    if let Some(total) = total.filter(|total| Points::from_decimal(*total.get_ref()) != Some(sum)) {
        fields.fault(Code::PointsDoNotAddUp, total.span(), format!("points of part `{name}` add up to {sum}, the part says {}", total.get_ref()));
    }
    Some(Part { id: id?.into_inner(), title: title?.into_inner(), instructions, reference, items })
}

fn read_item(fields: &mut Fields<'_>, part: &str, edition: Edition, places: &mut Places) -> Option<Item> {
    let id = fields.required::<String>("id").inspect(|id| check_id(fields, id));
    let id = id.map(|id| ItemId::new(part, id.get_ref()));
    let title = fields.required::<String>("title");
    let worth = points(fields, "points");
    let bonus = fields.optional::<bool>("bonus").is_some_and(Spanned::into_inner);
    let visibility = fields.word("student", &[("verdict", Visibility::Verdict), ("found", Visibility::Found), ("hidden", Visibility::Hidden)]);
    let after = fields.optional::<String>("after");
    let backed_by = fields.optional::<String>("backed_by");
    let kind = fields.required::<String>("check").and_then(|name| find_kind(fields, &name));
    let Some(kind) = kind else {
        fields.forget();
        return None;
    };
    fields.call(format!("a `{}` check", kind.name));
    if let Some(worth) = worth {
        check_levels(fields, worth);
    }
    let check = (kind.read)(fields, edition);
    let id = id?;
    if check.as_ref().is_some_and(|check| check.leaderboard().is_some()) {
        places.leaderboards.insert(id.clone(), fields.place("leaderboard"));
    }
    places.items.insert(id.clone(), fields.span());
    let whole = |other: Spanned<String>| {
        let (part, item) = other.get_ref().split_once('/').unwrap_or((part, other.get_ref()));
        ItemId::new(part, item)
    };
    places.after.extend(after.iter().map(|other| (id.clone(), other.span())));
    places.backed_by.extend(backed_by.iter().map(|other| (id.clone(), other.span())));
    let (after, backed_by) = (after.map(whole), backed_by.map(whole));
    Some(Item {
        id,
        title: title?.into_inner(),
        points: worth?,
        bonus,
        after,
        backed_by,
        visibility: visibility.unwrap_or_default(),
        kind: kind.name,
        check: check?,
    })
}

/// Levels that are worth more than their item.
fn check_levels(fields: &mut Fields<'_>, worth: Points) {
    let Some(DeValue::Array(levels)) = fields.peek("levels").map(Spanned::get_ref) else { return };
    let points = |level: &Spanned<DeValue<'_>>| {
        let value = level.get_ref().as_table()?.get("points")?;
        let number = match value.get_ref() {
            DeValue::Integer(integer) => integer.as_str().parse().ok()?,
            DeValue::Float(float) => float.as_str().parse().ok()?,
            _ => return None,
        };
        Some((value.span(), Points::from_decimal(number)?))
    };
    let all: Vec<_> = levels.iter().map(points).collect();
    let best = all.iter().flatten().map(|(_, points)| *points).max();
    if let Some(best) = best.filter(|best| *best < worth && all.iter().all(Option::is_some)) {
        let message = format!("the best level is worth {best}, the item {worth}, which nobody earns");
        fields.push(Diagnostic::warning(Code::ShortOfFullMarks, message).at(fields.place("levels")));
    }
    for (span, points) in all.into_iter().flatten().filter(|(_, points)| *points > worth) {
        fields.fault(Code::BadValue, span, format!("a level is worth {points}, the item {worth}"));
    }
}

fn find_kind(fields: &mut Fields<'_>, name: &Spanned<String>) -> Option<&'static Kind> {
    let kind = KINDS.iter().find(|kind| kind.name == name.get_ref());
    if kind.is_none() {
        fields.push(unknown("check", name, KINDS.iter().map(|kind| kind.name)));
    }
    kind
}

fn read_late(root: &mut Fields<'_>, mut fields: Fields<'_>) -> Option<LatePolicy> {
    let due = fields.take("due").and_then(|value| {
        let span = value.span();
        let due = time_and_zone(value.get_ref());
        if due.is_none() {
            fields.fault(Code::BadValue, span, "`due` is a time with its zone, such as 2023-03-06T23:59:59-06:00");
        }
        due
    });
    let grace = duration(&mut fields, "grace").unwrap_or(SignedDuration::ZERO);
    let hundredths = |share: f64| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share is between 0 and 10")]
        let hundredths = (share * 10_000.0).round() as u32;
        hundredths
    };
    let (per_day, per_hour) = (fields.share("per_day"), fields.share("per_hour"));
    let rate = match (per_day, per_hour) {
        (Some(share), None) => Some(Rate::PerDay(hundredths(share))),
        (None, Some(share)) => Some(Rate::PerHour(hundredths(share))),
        _ => {
            fields.fault(Code::MissingKey, fields.span(), "the late policy needs either `per_day = \"10%\"` or `per_hour = \"1%\"`");
            None
        }
    };
    let at_most = fields.share("at_most").map(hundredths);
    let until = duration(&mut fields, "until");
    let keeps_bonus = fields.word("bonus", &[("kept", true), ("reduced", false)]).unwrap_or_default();
    let slip_days = fields.optional::<u32>("slip_days").map_or(0, Spanned::into_inner);
    root.absorb(fields);
    let (due, zone) = due.map_or((None, Offset::UTC), |(due, zone)| (Some(due), zone));
    Some(LatePolicy { due, zone, grace, rate: rate?, at_most, keeps_bonus, slip_days, until })
}

fn time_and_zone(value: &DeValue<'_>) -> Option<(Timestamp, Offset)> {
    let text = match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        _ => return None,
    };
    let zone = Pieces::parse(&text).ok()?.to_numeric_offset()?;
    Some((text.parse().ok()?, zone))
}

/// A time span such as "6h", if `key` is there.
pub(super) fn duration(fields: &mut Fields<'_>, key: &'static str) -> Option<SignedDuration> {
    let text = fields.optional::<String>(key)?;
    let span = text.get_ref().parse::<Span>().ok();
    let duration = span.and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()).filter(|duration| !duration.is_negative());
    if duration.is_none() {
        fields.fault(Code::BadValue, text.span(), format!("`{key}` is a time span such as \"6h\" or \"5d\""));
    }
    duration
}
