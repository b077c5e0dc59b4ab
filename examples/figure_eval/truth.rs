//! The truth about a figure, as the generators write it.

use std::path::Path;

use mlgrade::figure::claim::{Kind, Series};
use serde::Deserialize;
use serde_json::Value;

/// What one picture shows.
#[derive(Deserialize)]
pub(crate) struct Truth {
    /// Its number.
    pub id: String,
    /// The picture's file name.
    pub image: String,
    /// Other files that hold the same figure.
    #[serde(default)]
    pub also: Vec<String>,
    pub lib: String,
    pub style: String,
    #[serde(default)]
    pub dpi: f64,
    /// What was done to the picture after it was drawn.
    pub post: String,
    /// `depth`, `loss` or `scatter`.
    pub kind: String,
    #[serde(default)]
    pub nuisance: Value,
    /// What is special about it, in a word or two each.
    #[serde(default)]
    pub notes: Vec<String>,
    pub panels: Vec<Panel>,
    /// For each panel and series `x` and `y` of the experiment run again.
    #[serde(default)]
    pub twins: Vec<Vec<(Vec<f64>, Vec<f64>)>>,
    pub size: [u32; 2],
}

/// What one panel shows.
#[derive(Deserialize)]
pub(crate) struct Panel {
    pub series: Vec<Drawn>,
    /// Its number in the picture if the truth leaves panels out.
    #[serde(default)]
    pub number: Option<usize>,
    /// Where its legend is, if it differs from the picture's.
    #[serde(default)]
    pub legend: Option<String>,
    pub xscale: String,
    pub yscale: String,
    #[serde(default)]
    pub xlim: Option<[f64; 2]>,
    #[serde(default)]
    pub ylim: Option<[f64; 2]>,
    /// Left, top, right, bottom in pixels, where it is known.
    #[serde(default)]
    pub frame: Option<[f64; 4]>,
}

/// One series and how it is drawn.
#[derive(Deserialize)]
pub(crate) struct Drawn {
    pub name: String,
    pub x: Vec<f64>,
    pub y: Vec<f64>,
    #[serde(default)]
    pub color: Option<String>,
}

impl Truth {
    /// How the series are claimed.
    pub(crate) fn claimed_as(&self) -> Kind {
        if self.kind == "scatter" { Kind::Scatter } else { Kind::Line }
    }

    /// Where the panel's legend is; `none` if there is none.
    pub(crate) fn legend<'a>(&'a self, panel: &'a Panel) -> &'a str {
        panel.legend.as_deref().or_else(|| self.nuisance.get("legend")?.as_str()).unwrap_or("none")
    }
}

impl Panel {
    /// The true series.
    pub(crate) fn series(&self) -> Vec<Series> {
        self.series.iter().map(|drawn| Series { name: drawn.name.clone(), x: drawn.x.clone(), y: drawn.y.clone() }).collect()
    }

    /// Whether a point lies inside the limits of the axes, as far as they are known.
    pub(crate) fn within(&self, x: f64, y: f64) -> bool {
        let inside = |limits: Option<[f64; 2]>, value: f64| limits.is_none_or(|[a, b]| value >= a.min(b) && value <= a.max(b));
        inside(self.xlim, x) && inside(self.ylim, y)
    }
}

/// The truth files of a folder and the pictures that show nothing, both by name.
pub(crate) fn folder(folder: &Path) -> Result<(Vec<Truth>, Vec<String>), String> {
    let entries = std::fs::read_dir(folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
    let mut names: Vec<String> = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    let numbered = |name: &&String| name.strip_suffix(".json").is_some_and(|stem| !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_digit()));
    let truth = |name: &String| {
        let text = std::fs::read_to_string(folder.join(name)).map_err(|fault| format!("{name}: {fault}"))?;
        serde_json::from_str(&text).map_err(|fault| format!("{name}: {fault}"))
    };
    let truths = names.iter().filter(numbered).map(truth).collect::<Result<_, String>>()?;
    Ok((truths, names.into_iter().filter(|name| name.starts_with("neg_")).collect()))
}
