//! What `check` prints: what to mend first, then what is not there and where it goes, then what is found, part by part.
//!
//! Three signs tell how things stand, without colour too. Styles are ANSI codes; whoever prints them strips them where they don't belong.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::Wanted;
use super::student::{State, StudentItem, StudentPart, StudentView};
use super::text::{places, wrapped};

const RIGHT: Style = AnsiColor::Green.on_default();
const WRONG: Style = AnsiColor::Red.on_default();
const FOUND: Style = AnsiColor::Cyan.on_default();
const NOTE: Style = AnsiColor::Yellow.on_default();
const QUIET: Style = Style::new().dimmed();
const HEAD: Style = Style::new().bold();

/// Lines that are longer are hard to read, however wide the terminal is.
const WIDEST: usize = 110;

/// The list of `view`, in lines of at most `width` columns; without a width a sentence is a line.
pub fn checklist(view: &StudentView, width: Option<usize>) -> String {
    let page = Page { width: width.map_or(usize::MAX, |width| width.clamp(30, WIDEST)) };
    let mut out = format!("{}\n", page.lines(HEAD, "", &view.title, 0));
    out += &page.lines(Style::new(), "Checked ", &format!("{}: {}", view.student, summary(view)), 2);
    out.push('\n');
    for note in &view.notes {
        let _ = writeln!(out, "{}", page.lines(NOTE, "note: ", note, 6));
    }
    page.section(&mut out, view, "To fix", None, is_wrong);
    page.section(
        &mut out,
        view,
        "Not found: hand these in, or say in submission.toml where they are",
        Some(|item| is_wrong(item) || is_missing(item)),
        is_missing,
    );
    for part in &view.parts {
        let there: Vec<&StudentItem> = part.items.iter().filter(|item| matches!(item.state, State::Found | State::Fine)).collect();
        if !there.is_empty() {
            let _ = writeln!(out, "\n{}", page.lines(HEAD, "", &part.title, 0));
            out.extend(there.into_iter().map(|item| page.item(item, &item.advice)));
        }
    }
    page.section(&mut out, view, "For extra points, if you like", Some(is_left_out), is_left_out);
    let signs = "✓ right · ✗ to fix or to hand in · ○ found, and for the course to judge";
    let _ = writeln!(out, "\n{}", page.lines(QUIET, "", signs, 2));
    out
}

/// What is asked for, where nothing of it is there yet: `files` are the files with what goes into them.
pub fn nothing_yet(view: &StudentView, files: &[(String, String)], width: Option<usize>) -> String {
    let page = Page { width: width.map_or(usize::MAX, |width| width.clamp(30, WIDEST)) };
    let mut out = format!("{}\n", page.lines(HEAD, "", &view.title, 0));
    out += &page.lines(Style::new(), "Checked ", &format!("{}: nothing of what is asked for is here yet.", view.student), 2);
    out.push('\n');
    for note in &view.notes {
        let _ = writeln!(out, "{}", page.lines(NOTE, "note: ", note, 6));
    }
    let _ = writeln!(out, "\n{}\n", page.lines(HEAD, "", "Hand these in, or say in submission.toml where they are", 0));
    let widest = files.iter().map(|(file, _)| file.chars().count()).max().unwrap_or(0).min(24);
    for (file, names) in files {
        let first = format!("  {file:widest$}  ");
        let _ = writeln!(out, "{}", page.lines(Style::new(), &first, names, widest + 4).trim_end());
    }
    let _ = writeln!(out, "\n{}", page.lines(QUIET, "", "In Python, `from mlgrade import Submission` records them and checks each name.", 0));
    out
}

fn is_wrong(item: &StudentItem) -> bool {
    matches!(item.state, State::Fix | State::Ungraded)
}

fn is_missing(item: &StudentItem) -> bool {
    item.state == State::NotFound && !item.bonus
}

fn is_left_out(item: &StudentItem) -> bool {
    item.state == State::NotFound && item.bonus
}

/// How many items stand how, and so what to do.
fn summary(view: &StudentView) -> String {
    let count = |wanted: fn(&StudentItem) -> bool| view.items().filter(|item| wanted(item)).count();
    let all = view.items().filter(|item| !item.bonus).count();
    let missing = count(|item| item.state == State::NotFound && !item.bonus);
    if missing == all && count(|item| item.state != State::NotFound) == 0 {
        return "nothing of what is asked for is here yet".to_owned();
    }
    let counts = [
        (count(|item| item.state == State::Fix), "to fix"),
        (missing, "not found"),
        (count(|item| item.state == State::Ungraded), "that could not be looked at"),
        (count(|item| item.state == State::Found), "found for the course to judge"),
        (count(|item| item.state == State::Fine), "right"),
    ];
    let reported: Vec<String> = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    reported.join(", ")
}

/// Where lines end.
#[derive(Clone, Copy)]
struct Page {
    width: usize,
}

impl Page {
    /// `text` after `first`, further lines indented.
    fn lines(self, style: Style, first: &str, text: &str, indent: usize) -> String {
        let lines = wrapped(first, text, indent, self.width);
        lines.lines().map(|line| if line.is_empty() { String::new() } else { format!("{style}{line}{style:#}") }).collect::<Vec<_>>().join("\n")
    }

    /// Items of all parts under a heading, if there are any, after the files in which something is to be written.
    fn section(self, out: &mut String, view: &StudentView, title: &str, incomplete: Option<fn(&StudentItem) -> bool>, wanted: fn(&StudentItem) -> bool) {
        let parts: Vec<(&StudentPart, Vec<&StudentItem>)> =
            view.parts.iter().map(|part| (part, part.items.iter().filter(|item| wanted(item)).collect())).collect();
        if parts.iter().all(|(_, items)| items.is_empty()) {
            return;
        }
        let _ = writeln!(out, "\n{}", self.lines(HEAD, "", title, 0));
        let mut reported = Reported::default();
        if let Some(incomplete) = incomplete {
            let all: Vec<&StudentItem> = view.items().filter(|item| incomplete(item)).collect();
            for hint in reported.hints_of_many(&all) {
                let _ = writeln!(out, "{}", self.lines(NOTE, "    ", &hint, 4));
            }
            *out += &self.files(&all);
            out.push('\n');
        }
        for (part, items) in parts.iter().filter(|(_, items)| !items.is_empty()) {
            if view.parts.len() > 1 {
                let _ = writeln!(out, "{}", self.lines(QUIET, "  ", &part.title, 2));
            }
            for item in items {
                let is_plain = item.state == State::NotFound && !item.missing.is_empty();
                *out += &self.item(item, &if is_plain { reported.missing(item) } else { item.advice.clone() });
            }
        }
    }

    /// One item: its sign and title, what is to be said of it, and where it was found.
    fn item(self, item: &StudentItem, said: &str) -> String {
        let (sign, style) = match item.state {
            State::Fine => ("✓", RIGHT),
            State::Found => ("○", FOUND),
            State::NotFound if item.bonus => ("·", QUIET),
            State::Fix | State::NotFound => ("✗", WRONG),
            State::Ungraded => ("!", NOTE),
        };
        let title = wrapped(&format!("  {sign} "), &item.title, 4, self.width).replacen(sign, &format!("{style}{sign}{style:#}"), 1);
        let said = (!said.is_empty()).then(|| self.lines(QUIET, "    ", said, 4));
        let places = places(&item.places).map(|places| self.lines(QUIET, "    ", &places, 4));
        [Some(title), said, places].into_iter().flatten().map(|text| text + "\n").collect()
    }

    /// The files that items lack, each with the names that belong in it, and folders with the files that belong in them.
    fn files(self, items: &[&StudentItem]) -> String {
        let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for wanted in items.iter().flat_map(|item| &item.missing) {
            let (file, name) = match (&wanted.name, wanted.file.rsplit_once('/')) {
                (Some(name), _) => (wanted.file.clone(), name.clone()),
                (None, Some((folder, file))) => (format!("{folder}/"), file.to_owned()),
                (None, None) => (wanted.file.clone(), String::new()),
            };
            let names = files.entry(file).or_default();
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        let widest = files.keys().map(|file| file.chars().count()).max().unwrap_or(0).min(24);
        let line = |(file, names): (&String, &Vec<String>)| {
            let first = format!("    {file:widest$}  ");
            self.lines(Style::new(), &first, &names.join(", "), 4 + widest + 2).trim_end().to_owned() + "\n"
        };
        files.iter().map(line).collect()
    }
}

/// What has been said already and need not be said again.
#[derive(Default)]
struct Reported(BTreeSet<String>);

impl Reported {
    /// What is the matter with more than one item, such as a notebook without outputs.
    fn hints_of_many(&mut self, items: &[&StudentItem]) -> Vec<String> {
        let hints_of = |item: &StudentItem| item.missing.iter().filter_map(hint).collect::<BTreeSet<String>>();
        let mut seen = BTreeSet::new();
        let again: BTreeSet<String> = items.iter().flat_map(|item| hints_of(item)).filter(|hint| !seen.insert(hint.clone())).collect();
        self.0.extend(again.iter().cloned());
        again.into_iter().collect()
    }

    /// What is missing for an item and for no earlier one: "`best_depth` in answers.json; figures/trees.png".
    fn missing(&mut self, item: &StudentItem) -> String {
        let mut files: Vec<(&str, Vec<&str>)> = Vec::new();
        for wanted in &item.missing {
            let name = wanted.name.as_deref();
            if !self.0.insert(format!("{} {}", wanted.file, name.unwrap_or_default())) {
                continue;
            }
            match files.iter_mut().find(|(file, _)| *file == wanted.file) {
                Some((_, names)) => names.extend(name),
                None => files.push((&wanted.file, name.into_iter().collect())),
            }
        }
        let place = |(file, names): (&str, Vec<&str>)| if names.is_empty() { file.to_owned() } else { format!("{} in {file}", names.join(", ")) };
        let mut reported: Vec<String> = files.into_iter().map(place).collect();
        reported.extend(item.missing.iter().filter_map(hint).filter(|hint| self.0.insert(hint.clone())));
        reported.join("; ")
    }
}

/// What may be the matter with what is missing.
fn hint(wanted: &Wanted) -> Option<String> {
    let hint = wanted.hint.as_ref()?;
    Some(match &wanted.name {
        Some(name) if hint.starts_with("did you mean") => format!("{name}: {hint}"),
        _ => hint.clone(),
    })
}
