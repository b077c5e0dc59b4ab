//! `check = "image"`: a reconstructed picture against the picture of a data set.

use toml::Spanned;

use crate::data::Datasets;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::fields::Fields;
use crate::domain::key::{Key, Type};
use crate::domain::number::Finite;
use crate::domain::points::{Fraction, Points};
use crate::domain::quantity::{Quantity, Symbol};
use crate::domain::tolerance::{Bound, Order, Tolerance};
use crate::domain::verdict::{Finding, Verdict};
use crate::evidence::Absent;
use crate::picture::Picture;
use crate::picture::similarity::{psnr, ssim};

use super::number::bounds;
use super::{Case, Check, Edition, Example, Kind, Need, Stop, only_the_course, settings};

pub(super) const KIND: Kind = Kind {
    name: "image",
    about: "\
Judges a picture that the student reconstructed, figures/NAME.png or .jpg, against the picture of a data set.",
    keys: &[
        Key::new("image", Type::Text, r#""reconstruction""#, "The figure's name.").required(),
        Key::new("data", Type::Text, r#""cat""#, "The data set, a picture.").required(),
        Key::new(
            "psnr",
            Type::Table,
            "{ at_least = 25.0 }",
            "Bounds of the peak signal-to-noise ratio in dB over all channels (100 for the very same picture).",
        )
        .secret(),
        Key::new("ssim", Type::Table, "{ at_least = 0.8 }", "Bounds of the mean structural similarity, at most 1 (Wang, Bovik, Sheikh and Simoncelli 2004).")
            .secret(),
        Key::new("levels", Type::Tables, "[{ psnr = 26.0, points = 3 }, { psnr = 22.0, points = 2 }]", "The best level reached counts.").secret(),
        Key::new("beats", Type::Text, r#""without_encoding""#, "The name of another figure of the student, whose PSNR this one's must exceed."),
        Key::new("by", Type::Number, "3.0", "By so many dB at least.").default("0").secret(),
        Key::new("claim", Type::Text, r#""psnr""#, "The name of a PSNR that the student states in dB; the picture must confirm it within `tolerance`."),
        Key::new("tolerance", Type::Tolerance, "{ absolute = 0.2 }", "In dB.").secret(),
    ],
    more: "\
The picture has the size of the target, or is enlarged a whole number of times, which is averaged back.",
    example: Example { item: "image = \"learnt\"\ndata = \"chelsea\"\npsnr = { at_least = 25.0 }", reference: "", passes: "", fails: "" },
    read,
};

#[derive(Debug)]
struct Image {
    figure: String,
    data: Spanned<String>,
    psnr: Vec<Bound>,
    ssim: Vec<Bound>,
    /// The least PSNR in dB, and its points.
    levels: Vec<(Finite, Points)>,
    /// Another figure, and by how many dB it must be beaten.
    beats: Option<(String, f64)>,
    /// A stated PSNR, and how far off it may be; the student's edition does not tell.
    claim: Option<(String, Option<Tolerance>)>,
}

fn read(fields: &mut Fields<'_>, edition: Edition) -> Option<Box<dyn Check>> {
    let image = fields.required::<String>("image");
    let data = fields.required::<String>("data");
    let [psnr, ssim] = ["psnr", "ssim"].map(|key| read_bounds(fields, key));
    let levels: Vec<_> = fields.tables("levels", "a level").into_iter().filter_map(|level| read_level(fields, level)).collect();
    let beats = fields.optional::<String>("beats").map(Spanned::into_inner);
    let by = fields.number("by").map(Finite::get);
    let claim = fields.optional::<String>("claim").map(Spanned::into_inner);
    let tolerance = fields.tolerance("tolerance");
    if by.is_some_and(|by| beats.is_none() || by < 0.0) {
        fields.fault(Code::BadValue, fields.span(), "`by` says by how many dB, at least 0, `beats` is beaten");
    }
    if edition == Edition::Course {
        if claim.is_some() != tolerance.is_some() {
            fields.fault(Code::MissingKey, fields.span(), "`claim` and `tolerance` belong together");
        }
        if psnr.is_empty() && ssim.is_empty() && levels.is_empty() && beats.is_none() && claim.is_none() {
            fields.fault(Code::MissingKey, fields.span(), "an `image` check needs `psnr`, `ssim`, `levels`, `beats` or `claim`");
        }
    }
    let (beats, claim) = (beats.map(|name| (name, by.unwrap_or(0.0))), claim.map(|name| (name, tolerance)));
    Some(Box::new(Image { figure: image?.into_inner(), data: data?, psnr, ssim, levels, beats, claim }))
}

fn read_bounds(fields: &mut Fields<'_>, key: &'static str) -> Vec<Bound> {
    let Some(mut inner) = fields.table(key, &format!("`{key}`")) else { return Vec::new() };
    let read = bounds(&mut inner);
    if read.is_empty() {
        inner.fault(Code::MissingKey, inner.span(), format!("`{key}` needs a bound such as `at_least`"));
    }
    fields.absorb(inner);
    read
}

fn read_level(fields: &mut Fields<'_>, mut level: Fields<'_>) -> Option<(Finite, Points)> {
    let least = level.required::<f64>("psnr").and_then(|least| Finite::new(*least.get_ref()).ok());
    let points = settings::points(&mut level, "points");
    fields.absorb(level);
    least.zip(points)
}

impl Check for Image {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        let seen = self.look(&self.figure, case)?;
        let rival = self.beats.as_ref().map(|(name, by)| self.look(name, case).map(|rival| (rival, *by))).transpose()?;
        let claimed = self.claim.as_ref().map(|(name, tolerance)| case.student.number(name).map(|stated| (name, stated.number, *tolerance))).transpose()?;
        if case.edition == Edition::Student {
            return Ok(found(&seen, rival.map(|(rival, _)| rival), claimed.map(|(name, claimed, _)| format!("{name} says {claimed} dB"))));
        }
        let (measurements, mut asked) = (&seen.measurements, Vec::new());
        if let Some((name, claimed, Some(tolerance))) = claimed {
            let sentence = format!("{name} says {claimed} dB, {} has {:.2} dB", seen.path, seen.psnr.get());
            if !tolerance.accepts(claimed, seen.psnr) {
                let advice = format!("{sentence}; hand in the picture and the number of the same run");
                return Ok(seen
                    .shown(Finding::new(Verdict::Contradicted, sentence, advice))
                    .tolerance(Quantity::from(tolerance).written(format!("{tolerance} dB")).in_unit(Symbol::Decibel)));
            }
            asked.push(format!("{name} agrees"));
        }
        let fall_short = |asked: Quantity| {
            let advice = format!("{measurements}; train longer, or look for a fault in the model or its inputs");
            Ok(seen.shown(Finding::new(Verdict::Fail, format!("{measurements}; {asked} is asked"), advice)).expected(asked))
        };
        for (bounds, number, unit, symbol) in [(&self.psnr, seen.psnr, " dB", Some(Symbol::Decibel)), (&self.ssim, seen.ssim, " SSIM", None)] {
            for bound in bounds {
                let words = format!("{}{unit}", bound.words());
                if !bound.holds(number) {
                    return fall_short(Quantity::bounds(&[*bound]).written(words).in_unit(symbol));
                }
                asked.push(format!("{words} is asked"));
            }
        }
        if let Some((rival, by)) = rival {
            let ahead = seen.psnr.get() - rival.psnr.get();
            if !Order::AtLeast.holds(ahead, by) || !Order::Above.holds(ahead, 0.0) {
                let lead = if by > 0.0 { format!("at least {by} dB ") } else { String::new() };
                let limit = Finite::new(rival.psnr.get() + by).unwrap_or(rival.psnr);
                let bound = Bound { order: if by > 0.0 { Order::AtLeast } else { Order::Above }, limit };
                let words = format!("{lead}above {} ({:.2} dB)", rival.path, rival.psnr.get());
                return fall_short(Quantity::bounds(&[bound]).written(words).in_unit(Symbol::Decibel));
            }
            asked.push(format!("{ahead:.2} dB above {} ({:.2} dB)", rival.path, rival.psnr.get()));
        }
        Ok(seen.shown(self.level(&seen, &asked, case.points)))
    }

    fn open(&self, data: &dyn Datasets) -> Result<(), Diagnostic> {
        data.picture(self.data.get_ref()).map(|_| ())
    }

    fn needs(&self) -> Vec<Need<'_>> {
        let figures = std::iter::once(&self.figure).chain(self.beats.as_ref().map(|(name, _)| name));
        let claim = self.claim.as_ref().map(|(name, _)| Need::Evidence(name));
        figures.map(|name| Need::Figure(name)).chain(claim).chain([Need::Data(&self.data)]).collect()
    }
}

/// A figure of the student's, compared with the target.
struct Seen {
    name: String,
    path: String,
    /// In dB.
    psnr: Finite,
    ssim: Finite,
    /// Path and numbers in words.
    measurements: String,
}

impl Seen {
    /// `finding` with the numbers found and the figure to look at.
    fn shown(&self, finding: Finding) -> Finding {
        let psnr = Quantity::number(self.psnr).written(format!("{:.2} dB", self.psnr.get())).in_unit(Symbol::Decibel);
        finding.actual(psnr).exhibit(&self.name, &self.path)
    }
}

impl Image {
    /// The student's figure `name` beside the target.
    fn look(&self, name: &str, case: &Case<'_>) -> Result<Seen, Stop> {
        let figure = case.student.figure(name)?;
        let target = case.data.picture(self.data.get_ref()).map_err(Stop::Fault)?;
        let picture = Picture::of_figure(&figure).ok_or_else(|| {
            let diagnostic = Diagnostic::error(Code::BadFigure, "this is a drawing, and pixels are compared").in_file(&figure.path);
            Stop::Absent(Absent::Unreadable(diagnostic.help(format!("save the array itself as figures/{name}.png with plt.imsave or PIL"))))
        })?;
        let path = figure.path;
        let Some((picture, enlarged)) = fitted(&picture, target) else {
            let sizes = format!("{path} has {}×{} pixels, the picture to reconstruct {}×{}", figure.width, figure.height, target.width, target.height);
            let sentence = format!("{sizes}; save the array itself with plt.imsave or PIL, not the plot with savefig");
            return Err(Finding::open(Verdict::Fail, sentence).exhibit(name, &path).into());
        };
        let measured = |value: Option<f64>| value.and_then(|value| Finite::new(value).ok()).ok_or_else(|| too_small(self.data.get_ref()));
        let (psnr, ssim) = (measured(psnr(&picture, target))?, measured(ssim(&picture, target))?);
        let measurements = format!("{path}: {:.2} dB, SSIM {:.3}{enlarged}", psnr.get(), ssim.get());
        Ok(Seen { name: name.to_owned(), path, psnr, ssim, measurements })
    }

    /// The best level that the picture reaches, with what it has met already.
    fn level(&self, seen: &Seen, asked: &[String], possible: Points) -> Finding {
        let measurements = std::iter::once(&seen.measurements).chain(asked).map(String::as_str).collect::<Vec<_>>().join("; ");
        let Some((full, _)) = self.levels.iter().max_by_key(|(_, points)| *points) else {
            return Finding::new(Verdict::Pass, measurements, seen.measurements.clone());
        };
        let reached = self.levels.iter().filter(|(least, _)| Order::AtLeast.holds(seen.psnr.get(), least.get())).map(|(_, points)| *points).max();
        let verdict = Verdict::of(reached.map_or(Fraction::NOTHING, |points| points.of(possible)));
        let advice =
            if verdict == Verdict::Pass { seen.measurements.clone() } else { format!("{}: a picture closer to the target earns more", seen.measurements) };
        let bound = Bound { order: Order::AtLeast, limit: *full };
        let expected = Quantity::bounds(&[bound]).written(format!("at least {full} dB")).in_unit(Symbol::Decibel);
        Finding::new(verdict, format!("{measurements}; full marks need {full} dB"), advice).expected(expected)
    }
}

/// What a student's edition says: whether it is ahead of its rival at all, and not whether by enough.
fn found(seen: &Seen, rival: Option<Seen>, claimed: Option<String>) -> Finding {
    let measurements =
        std::iter::once(seen.measurements.clone()).chain(rival.iter().map(|rival| rival.measurements.clone())).chain(claimed).collect::<Vec<_>>().join("; ");
    match rival {
        Some(rival) if !Order::Above.holds(seen.psnr.get(), rival.psnr.get()) => {
            seen.shown(Finding::open(Verdict::Fail, format!("{measurements}: {} has to be closer to the target than {}", seen.path, rival.path)))
        }
        _ => seen.shown(only_the_course(measurements)),
    }
}

/// The picture in the size of `target`, and a note if it had to be averaged back.
fn fitted(picture: &Picture, target: &Picture) -> Option<(Picture, String)> {
    let times = picture.width / target.width.max(1);
    if (target.width * times, target.height * times) != (picture.width, picture.height) {
        return None;
    }
    let note = if times > 1 { format!(" (enlarged {times} times)") } else { String::new() };
    picture.shrunk(times).map(|picture| (picture, note))
}

fn too_small(data: &str) -> Stop {
    Stop::Fault(Diagnostic::error(Code::DataMalformed, format!("the picture `{data}` is too small to be compared")))
}
