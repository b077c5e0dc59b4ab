//! Where something is that has no file of its own, told by the rubric or by submission.toml.

use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::notebook::spot::{Match, Spot};
use super::pdf;

/// Where something is: `"plots/final.png"`, `{ notebook = "hw2.ipynb", pattern = "val error: {number}", match = "last" }`, or
/// `{ page = 3, after = "Question 2" }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file of the submission.
    File(String),
    /// In a notebook.
    Spot(Spot),
    /// On a page of a report.
    Page(pdf::spot::Spot),
    /// Nowhere, and why.
    Nowhere(String),
}

/// All that can be said of a place.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    notebook: Option<String>,
    heading: Option<String>,
    page: Option<usize>,
    after: Option<String>,
    until: Option<String>,
    nth: Option<usize>,
    pattern: Option<String>,
    #[serde(default, rename = "match")]
    matching: Match,
}

impl Place {
    /// Why nothing can ever be there.
    pub fn fault(&self) -> Option<String> {
        match self {
            Self::File(_) => None,
            Self::Spot(spot) => spot.fault(),
            Self::Page(spot) => spot.fault(),
            Self::Nowhere(reason) => Some(reason.clone()),
        }
    }
}

impl From<Told> for Place {
    fn from(told: Told) -> Self {
        let Told { notebook, heading, page, after, until, nth, pattern, matching } = told;
        match page {
            Some(_) if notebook.is_some() || heading.is_some() => Self::Nowhere("a place is in a `notebook` or on a `page`, not both".to_owned()),
            Some(page) => Self::Page(pdf::spot::Spot { page, after, until, nth, pattern, matching }),
            None if after.is_some() || until.is_some() || nth.is_some() => Self::Nowhere("`after`, `until` and `nth` need a `page`".to_owned()),
            None => Self::Spot(Spot { notebook, heading, pattern, matching }),
        }
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Place;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a path, or a table with `notebook`, `heading`, `pattern` and `match`, or with `page`")
            }

            fn visit_str<E>(self, path: &str) -> Result<Place, E> {
                Ok(Place::File(path.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Place, A::Error> {
                Told::deserialize(MapAccessDeserializer::new(map)).map(Place::from)
            }
        }
        deserializer.deserialize_any(Either)
    }
}
