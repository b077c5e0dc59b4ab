//! Whether the names beside a legend's handles are those that are claimed.

use crate::assignment::assign;
use crate::claim::Claim;
use crate::names::{matched, matched_with};
use crate::raster::ink::Ink;
use crate::raster::matching::found::Found;
use crate::reading::Frame;
use crate::text;
use mlgrade_picture::Picture;
use mlgrade_picture::geometry::Point;
use mlgrade_picture::hint::Series;

use super::known::known;
use super::{Entry, Legend, markers};

/// How the claimed names stand to those of the legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::raster) enum Names {
    /// Each is where it is claimed.
    Agree,
    /// There is no legend to tell, or it cannot be read.
    Untested,
    /// These two claimed series have each other's name, by their places in the claim.
    Exchanged(usize, usize),
    /// A claimed series seems to have this other name.
    Doubtful(usize, String),
    /// There is a legend for what is drawn, but which entry is which series stays open; what it says, as far as it was read.
    Undecided(Vec<String>),
}

/// Lines of text lower than this, in pixels, are not read. A line of small letters is half as high as one beside it.
const LEGIBLE: usize = 6;

/// The likeness that a reading of names has at least, and by how much it must be more than that of the claimed names: means over
/// series, and what one series alone must have.
const READ: (f64, f64) = (0.45, 0.65);
const SURE: (f64, f64) = (0.3, 0.4);

/// How alike names and what stands beside their handles are at least, a mean over all, and how much less any two of them when they are
/// exchanged, summed over both, for the names to be surely where they belong.
const ALIKE: f64 = 0.35;
const CERTAIN: f64 = 0.12;

/// How a claimed series is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::raster) struct Drawn {
    pub(super) layer: u8,
    dashed: bool,
    /// Whether most of it can be seen, so that it is surely this layer.
    clear: bool,
    /// Its points, on the panel.
    pub(super) points: Vec<Point>,
}

impl Drawn {
    /// More may not be hidden.
    const HIDDEN: f64 = 0.6;

    pub(in crate::raster) fn of(found: &Found) -> Self {
        Self { layer: found.layer, dashed: found.dashed, clear: found.hidden <= Self::HIDDEN, points: found.points.clone() }
    }
}

/// Holds the claimed names against the text beside each handle: as it can be read, else by how alike it is to the names.
pub(in crate::raster) fn names(picture: &Picture, ink: &Ink, legend: &Legend, claim: &Claim, drawn: &[Drawn]) -> Names {
    let names: Vec<&str> = claim.series().iter().map(|series| series.name.as_str()).collect();
    if drawn.len() != names.len() || names.len() > 16 {
        return Names::Untested;
    }
    let entries: Vec<&Entry> = legend.entries.iter().filter(|entry| is_handle(ink, entry, drawn)).collect();
    let height = |entry: &Entry| entry.text.bottom - entry.text.top;
    let legible = entries
        .iter()
        .copied()
        .filter(|entry| height(entry) >= LEGIBLE || entries.iter().any(|other| height(other) >= LEGIBLE && 2 * height(entry) >= height(other)));
    let legible: Vec<&Entry> = legible.take(24).collect();
    let read = texts(picture, legend, &legible, &names);
    let all = read.len() == legible.len();
    let likeness = || (names.len() > 1).then(|| by_likeness(picture, &legible, &names, drawn));
    let found = match by_text((picture, ink), (&read, all), claim, &names, drawn) {
        // One name is another's, and the names as a whole look exchanged: both together are sure.
        Some(doubtful @ Names::Doubtful(one, _)) => match likeness() {
            Some(Names::Exchanged(a, b)) if [a, b].contains(&one) => Some(Names::Exchanged(a, b)),
            _ => Some(doubtful),
        },
        found => found.or_else(likeness),
    };
    match found {
        None | Some(Names::Untested) if tells_apart(&entries, drawn) => Names::Undecided(read.into_iter().map(|(_, text)| text).collect()),
        None => Names::Untested,
        Some(found) => found,
    }
}

impl Legend {
    /// What stands beside each handle that can be read, by the layer of its colour.
    pub(in crate::raster) fn entries_of(&self, picture: &Picture, ink: &Ink) -> Vec<(u8, String)> {
        let legible: Vec<&Entry> = self.entries.iter().filter(|entry| is_handle(ink, entry, &[])).take(24).collect();
        read(picture, self, &legible).into_iter().map(|(entry, text)| (entry.layer, text)).collect()
    }
}

/// Whether an entry's handle is one: what has the colour of text is text, unless a series is drawn in it.
fn is_handle(ink: &Ink, entry: &Entry, drawn: &[Drawn]) -> bool {
    !ink.layers[usize::from(entry.layer)].is_grey() || drawn.iter().any(|one| one.layer == entry.layer)
}

/// Whether a legend has handles of several colours, that of a series among them: it would tell which series is which, if it could be read.
fn tells_apart(entries: &[&Entry], drawn: &[Drawn]) -> bool {
    let mut layers: Vec<u8> = entries.iter().map(|entry| entry.layer).collect();
    layers.sort_unstable();
    layers.dedup();
    layers.len() > 1 && drawn.iter().any(|one| layers.contains(&one.layer)) && (drawn.len() == 1 || !drawn.iter().all(|one| one.layer == drawn[0].layer))
}

/// How long a handle is in Matplotlib, in letters' widths (ems).
const HANDLE: f32 = 2.0;

/// What is known of the letters of a legend.
fn hint(legend: &Legend) -> text::Hint {
    let mut lengths: Vec<usize> = legend.entries.iter().filter_map(|entry| entry.length).collect();
    lengths.sort_unstable();
    text::Hint { tick: legend.tick, font: legend.font, em: lengths.get(lengths.len() / 2).map(|length| *length as f32 / HANDLE) }
}

/// What stands beside handles: the claimed names that are found letter by letter, and where one is not, the other entries as they can be read.
fn texts<'e>(picture: &Picture, legend: &Legend, legible: &[&'e Entry], names: &[&str]) -> Vec<(&'e Entry, String)> {
    if legible.len() < 2 {
        return Vec::new();
    }
    let areas: Vec<Frame> = legible.iter().map(|entry| entry.text).collect();
    let known = known(picture, &areas, names, hint(legend));
    let mut texts: Vec<(&Entry, String)> = Vec::new();
    if known.iter().flatten().count() < names.len() {
        texts = read(picture, legend, legible);
    }
    for (entry, name) in legible.iter().zip(known).filter_map(|(entry, name)| Some((*entry, names[name?].to_owned()))) {
        match texts.iter_mut().find(|(other, _)| std::ptr::eq(*other, entry)) {
            Some((_, text)) => *text = name,
            None => texts.push((entry, name)),
        }
    }
    texts
}

/// The entries whose text can be read.
fn read<'e>(picture: &Picture, legend: &Legend, legible: &[&'e Entry]) -> Vec<(&'e Entry, String)> {
    let areas: Vec<Frame> = legible.iter().map(|entry| entry.text).collect();
    let known = legend.said.borrow().iter().find(|(of, _)| *of == areas).map(|(_, said)| said.clone());
    let said = known.unwrap_or_else(|| {
        let said = text::lines(picture, &areas, hint(legend));
        legend.said.borrow_mut().push((areas, said.clone()));
        said
    });
    legible.iter().zip(said).filter_map(|(entry, text)| Some((*entry, text?))).collect()
}

/// How the claimed names stand to what the entries say, `all` of them or some; `None` where too few of them could be found to tell.
fn by_text((picture, ink): (&Picture, &Ink), (read, all): (&[(&Entry, String)], bool), claim: &Claim, names: &[&str], drawn: &[Drawn]) -> Option<Names> {
    let texts: Vec<&str> = read.iter().map(|(_, text)| text.as_str()).collect();
    let own: Vec<Option<&Entry>> = matched_with(names, &texts, all).into_iter().map(|text| text.map(|text| read[text].0)).collect();
    let pairs = || own.iter().zip(drawn).enumerate().filter_map(|(i, (entry, drawn))| Some((i, (*entry)?, drawn)));
    let mut by_colour: Vec<usize> = pairs().filter(|(_, entry, drawn)| drawn.clear && entry.layer != drawn.layer).map(|(i, ..)| i).collect();
    // A layer that two series share, both dashed or neither, may be two colours that are hardly apart. An exchange concerns two names.
    let muddled = |layer: u8| [false, true].iter().any(|dashed| drawn.iter().filter(|one| one.layer == layer && one.dashed == *dashed).count() > 1);
    if let [one] = by_colour.as_slice()
        && own[*one].is_some_and(|entry| muddled(entry.layer))
    {
        by_colour.clear();
    }
    let by_gaps = pairs().filter(|(_, entry, drawn)| drawn.clear && entry.layer == drawn.layer && entry.dashed != drawn.dashed).map(|(i, ..)| i);
    // Series of one colour are told apart by gaps, which alone are not seen well enough to believe one of them.
    let by_gaps: Vec<usize> = by_gaps.filter(|i| !bears_alone(drawn, drawn[*i].layer)).collect();
    let legend_name = |drawn: &Drawn| {
        let here = || read.iter().filter(|(entry, _)| entry.layer == drawn.layer);
        let alike = here().find(|(entry, _)| entry.dashed == drawn.dashed).or_else(|| here().next());
        alike.map(|(_, text)| format!("`{text}`"))
    };
    let owner = |one: usize| by_colour.iter().copied().find(|other| own[*other].is_some_and(|entry| entry.layer == drawn[one].layer));
    // Names that were exchanged go round: a handle that was taken for another colour leaves one name without a curve.
    let goes_round = |one: usize| std::iter::successors(owner(one), |other| owner(*other)).take(names.len()).any(|other| other == one);
    let in_a_round = by_colour.iter().filter(|one| goes_round(**one));
    let exchanged = in_a_round.filter_map(|one| Some((*one, owner(*one)?))).find(|(one, other)| differ(claim, *one, *other));
    // Two series of one colour, with handles of the same kind, may have markers of two shapes.
    let by_marker = || {
        let alike = |entry: &Entry, drawn: &Drawn| drawn.clear && entry.layer == drawn.layer && entry.dashed == drawn.dashed;
        let of_layer = |layer: u8| pairs().filter(|(_, entry, drawn)| drawn.layer == layer && alike(entry, drawn)).collect::<Vec<_>>();
        let is_first = |i: usize| drawn[..i].iter().all(|before| before.layer != drawn[i].layer);
        (0..drawn.len()).filter(|i| is_first(*i)).find_map(|i| match of_layer(drawn[i].layer).as_slice() {
            [(i, first, a), (j, second, b)] if differ(claim, *i, *j) && markers::are_exchanged(picture, ink, [first, second], [a, b]) => {
                Some(Names::Doubtful(*i, names[*j].to_owned()))
            }
            _ => None,
        })
    };
    // Where half of the names are where they belong, whoever exchanged two would have had to know which could not be read.
    let enough = own.iter().flatten().count() * 2 >= own.len();
    let other_name = |one: usize| legend_name(&drawn[one]).unwrap_or_else(|| "of another curve".to_owned());
    let doubtful = || by_colour.first().or(by_gaps.get(1)).map(|one| Names::Doubtful(*one, other_name(*one)));
    match exchanged {
        Some((one, other)) => Some(Names::Exchanged(one, other)),
        None => by_marker().or_else(doubtful).or_else(|| enough.then_some(Names::Agree)),
    }
}

/// Two series that are nearer to each other than this share of what all series span lie on each other: either may be taken for the other.
const NEAR: f64 = 0.03;

/// Whether two series are far enough apart for their curves to be told apart.
fn differ(claim: &Claim, one: usize, other: usize) -> bool {
    let all = claim.series().iter().flat_map(|series| series.y.iter().copied());
    let (least, greatest) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, greatest), y| (least.min(y), greatest.max(y)));
    let (one, other) = (&claim.series()[one], &claim.series()[other]);
    one.y.len() != other.y.len() || one.y.iter().zip(&other.y).any(|(a, b)| (a - b).abs() > NEAR * (greatest - least))
}

/// How the claimed names, drawn in the usual fonts, stand to what is beside each handle.
fn by_likeness(picture: &Picture, legible: &[&Entry], names: &[&str], drawn: &[Drawn]) -> Names {
    let count = names.len();
    let likeness: Vec<Vec<f32>> = legible.iter().map(|entry| text::likeness(picture, entry.text, names)).collect();
    // How alike each name is to what stands beside a series' handle; `None` where no handle is known to be its own.
    let likely: Vec<Option<Vec<f64>>> = drawn.iter().map(|one| beside_handle(legible, &likeness, drawn, one)).collect();
    let cost: Vec<Vec<f64>> = likely.iter().map(|row| row.as_ref().map_or(vec![0.0; count], |row| row.iter().map(|likely| -likely).collect())).collect();
    let best = assign(&cost);
    let moved: Vec<(usize, f64, f64)> = likely
        .iter()
        .zip(&best)
        .enumerate()
        .filter_map(|(i, (row, &place))| row.as_ref().filter(|_| place != i).map(|row| (i, row[place], row[place] - row[i])))
        .collect();
    match moved.as_slice() {
        // Gaps alone, which tell series of one colour apart, are not seen well enough to believe one of them.
        &[(wrong, likeness, gain)] if likeness > READ.1 && gain > SURE.1 && bears_alone(drawn, drawn[wrong].layer) => {
            Names::Doubtful(wrong, names[best[wrong]].to_owned())
        }
        [] if certain(&likely) => Names::Agree,
        [] | [_] => Names::Untested,
        [..] => {
            let mean = |of: fn(&(usize, f64, f64)) -> f64| moved.iter().map(of).sum::<f64>() / moved.len() as f64;
            let exchanged = mean(|one| one.1) > READ.0 && mean(|one| one.2) > SURE.0;
            let widest = moved.iter().max_by(|a, b| a.2.total_cmp(&b.2)).filter(|_| exchanged);
            let by_colour = moved.iter().all(|&(i, ..)| bears_alone(drawn, drawn[i].layer));
            match widest {
                Some(&(wrong, ..)) if by_colour => Names::Exchanged(wrong, best[wrong]),
                Some(&(wrong, ..)) => Names::Doubtful(wrong, names[best[wrong]].to_owned()),
                None => Names::Untested,
            }
        }
    }
}

/// Whether each series' own name is like what stands beside its handle, and any two of them are less so when they are exchanged.
fn certain(likely: &[Option<Vec<f64>>]) -> bool {
    let Some(rows) = likely.iter().map(Option::as_ref).collect::<Option<Vec<&Vec<f64>>>>() else { return false };
    let mean = rows.iter().enumerate().map(|(i, row)| row[i]).sum::<f64>() / rows.len() as f64;
    let gain = |i: usize, j: usize| rows[i][i] + rows[j][j] - rows[i][j] - rows[j][i];
    mean > ALIKE && (0..rows.len()).all(|i| (0..i).all(|j| gain(i, j) > CERTAIN))
}

/// The first claimed series that is not of the colour in which a hint says that the series of its name is drawn.
pub(in crate::raster) fn told_otherwise(ink: &Ink, claim: &Claim, drawn: &[Drawn], told: &[Series]) -> Option<usize> {
    let names: Vec<&str> = claim.series().iter().map(|series| series.name.as_str()).collect();
    let texts: Vec<&str> = told.iter().map(|series| series.name.as_str()).collect();
    if names.len() < 2 || drawn.len() != names.len() {
        return None;
    }
    let own = matched(&names, &texts);
    let wrong = |i: &usize| {
        let Some(series) = own[*i].map(|text| &told[text]) else { return false };
        let layer = ink.layer_like(series.colour);
        drawn[*i].clear && layer.is_some_and(|layer| layer != usize::from(drawn[*i].layer))
    };
    (0..names.len()).find(wrong)
}

/// Whether two series are drawn in one colour: gaps and markers alone do not tell them apart well enough.
pub(in crate::raster) fn share_layers(drawn: &[Drawn]) -> bool {
    drawn.iter().any(|one| !bears_alone(drawn, one.layer))
}

/// Whether one series alone is of this layer.
fn bears_alone(drawn: &[Drawn], layer: u8) -> bool {
    drawn.iter().filter(|one| one.layer == layer).count() == 1
}

/// The likeness of each name to the text beside the handles of a series. `None` if there are none, or if others look the same.
fn beside_handle(entries: &[&Entry], likeness: &[Vec<f32>], drawn: &[Drawn], one: &Drawn) -> Option<Vec<f64>> {
    let alone = bears_alone(drawn, one.layer);
    let is_distinct = one.clear && drawn.iter().filter(|other| (other.layer, other.dashed) == (one.layer, one.dashed)).count() == 1;
    let own = entries.iter().zip(likeness).filter(|(entry, _)| entry.layer == one.layer && (alone || entry.dashed == one.dashed));
    let best = |a: Vec<f64>, b: Vec<f64>| a.into_iter().zip(b).map(|(a, b)| a.max(b)).collect();
    own.map(|(_, scores)| scores.iter().map(|score| f64::from(*score)).collect()).reduce(best).filter(|_| is_distinct)
}
