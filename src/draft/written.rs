//! The text of a drafted rubric.

use std::fmt::Write;

use toml::Value as Toml;

use super::form::Item;
use super::names::{id, title};
use super::parts::{parts, points};
use super::things::{Found, Table, Thing, What};
use super::{Draft, Settings};

/// What an instructor has to know before anything else.
const HEAD: &str = "\
# Made from your own solution, which passes each item. What is left to you:
#   title, instructions   are all that students read: say what to compute, of which data, in which unit
#   points                are spread by kind of item
#   tolerance             is a guess: how far from yours may an honest student be, with another seed or library?
# Take out what you do not ask for. `mlgrade explain number` tells what a check can do, `mlgrade lint` finds mistakes; after a change of the
# solution, or of what is compared with it, `mlgrade reference --lock` makes the lock anew.
";

/// Policies that most courses have.
const POLICIES: &str = "\
# release = \"after-deadline\"         # when students see all points: \"by-hand\", \"at-once\", \"after-deadline\"

# [late]
# due = 2027-03-06T23:59:59-06:00    # with the offset of your time zone
# per_day = \"10%\"
";

/// The rubric of all items.
pub(super) fn draft(found: &Found, items: Vec<Item>, settings: &Settings) -> Draft {
    let given = points(&items);
    let used: Vec<&str> =
        settings.data.iter().map(|table| table.name.as_str()).filter(|name| items.iter().any(|item| item.data.as_deref() == Some(name))).collect();
    let mut out = HEAD.to_owned();
    let _ = write!(out, "schema = 1\nid = {}\ntitle = {}\nseed = 1\n{POLICIES}", Toml::from(settings.id.as_str()), Toml::from(settings.title.as_str()));
    let data = data(&settings.data, &used);
    if !data.is_empty() {
        let _ = write!(out, "\n{data}");
    }
    let places = places(&found.things);
    if !places.is_empty() {
        let _ = write!(
            out,
            "\n# Where these are in a notebook or under another name, for the class as for your solution. What a student's metrics.json states goes first.\n{places}"
        );
    }
    let all = parts(&found.things);
    // The part whose items are compared with the reference has it; what it states counts for all.
    let with_reference = all.iter().position(|(_, inside)| inside.iter().any(|&at| items[at].compares)).unwrap_or(0);
    // A solution of pictures alone states nothing to compare with.
    let states = found.things.iter().any(|thing| !matches!(thing.what, What::Figure | What::Predictions | What::Network));
    let mut ids: Vec<String> = Vec::new();
    for (number, (name, inside)) in all.iter().enumerate() {
        let part = id(name, &ids);
        ids.push(part.clone());
        let _ = write!(out, "\n# {}\n[[part]]\nid = \"{part}\"\ntitle = {}\n", "-".repeat(126), Toml::from(title(name)));
        let _ = write!(out, "instructions = \"\"\"\n{}\"\"\"\n", instructions(inside.iter().map(|&at| &found.things[at])));
        if number == with_reference && states {
            let _ = writeln!(
                out,
                "reference = {{ submission = {} }} # or your program: {{ command = [\"python3\", \"solution.py\"] }}",
                Toml::from(settings.solution.as_str())
            );
        }
        let mut taken = Vec::new();
        for &at in inside {
            let own = id(own_name(&found.things[at].name, name), &taken);
            taken.push(own.clone());
            out += &item(&found.things[at], &items[at], &own, given[at]);
        }
    }
    if !found.left.is_empty() {
        out += "\n# Also found, and no item:\n";
        found.left.iter().for_each(|line| out += &format!("#   {}\n", line.replace(['\n', '\r'], " ")));
    }
    let awake = items.iter().filter(|item| item.asleep.is_none()).count();
    Draft { rubric: out, items: awake, left: found.left.clone(), used: used.into_iter().map(str::to_owned).collect() }
}

/// The name within a part.
fn own_name<'n>(name: &'n str, part: &str) -> &'n str {
    name.strip_prefix(part).and_then(|rest| rest.strip_prefix('.')).filter(|rest| !rest.is_empty()).unwrap_or(name)
}

fn item(thing: &Thing, item: &Item, id: &str, points: u32) -> String {
    let kind = match &thing.what {
        What::Figure => "figure",
        What::Predictions => "predictions",
        What::Network => "network",
        _ => "",
    };
    let title = [title(&thing.name), kind.to_owned()].iter().filter(|word| !word.is_empty()).cloned().collect::<Vec<_>>().join(": ");
    let points = if item.asleep.is_some() { item.weight } else { points };
    let text = format!("[[part.item]]\nid = \"{id}\"\ntitle = {}\npoints = {points}\n{}", Toml::from(title), item.check);
    match &item.asleep {
        None => format!("\n{text}"),
        Some(why) => {
            let lines: String = text.lines().map(|line| format!("# {}\n", line.trim_start_matches("# "))).collect();
            format!("\n# To be completed: {why}.\n{lines}")
        }
    }
}

/// What a part asks for, by file.
fn instructions<'t>(things: impl Iterator<Item = &'t Thing>) -> String {
    let (mut metrics, mut answers, mut files) = (Vec::new(), Vec::new(), Vec::new());
    for thing in things {
        let name = &thing.name;
        match &thing.what {
            What::Number(_) => metrics.push(name.clone()),
            What::Series(values) => metrics.push(format!("{name} ({} numbers)", values.len())),
            What::Array(shape, _) => metrics.push(format!("{name} ({})", shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" × "))),
            What::Answer(_) | What::Words(_) | What::Rule(_) => answers.push(name.clone()),
            What::Figure => files.push(format!("figures/{name}.png")),
            What::Predictions => files.push(format!("predictions/{name}.csv")),
            What::Network => files.push(format!("networks/{name}.onnx")),
        }
    }
    let sentence = |words: &str, names: &[String]| if names.is_empty() { String::new() } else { format!("{words} {}.\n", names.join(", ")) };
    let all = [sentence("State in metrics.json:", &metrics), sentence("Answer in answers.json:", &answers), sentence("Hand in", &files)].concat();
    all.replace('\\', "\\\\").replace('"', "\\\"")
}

/// The table of those of `tables` that are `used`.
pub(super) fn data(tables: &[Table], used: &[&str]) -> String {
    let lines: String =
        tables.iter().filter(|table| used.contains(&table.name.as_str())).map(|table| format!("{} = {{ {} }}\n", table.name, table.source)).collect();
    if lines.is_empty() { lines } else { format!("[data]\n{lines}") }
}

/// The table of where things are that are not found by their names.
pub(super) fn places(things: &[Thing]) -> String {
    let key = |thing: &Thing| match thing.what {
        What::Figure => format!("figures/{}", thing.name),
        What::Predictions => format!("predictions/{}", thing.name),
        What::Network => format!("networks/{}", thing.name),
        _ => thing.name.clone(),
    };
    let line = |thing: &Thing| thing.place.as_ref().map(|place| format!("{} = {place}\n", Toml::from(key(thing))));
    let lines: String = things.iter().filter_map(line).collect();
    if lines.is_empty() { lines } else { format!("[where]\n{lines}") }
}
