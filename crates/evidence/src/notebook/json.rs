//! JSON piece by piece: what is not asked for is skipped without being built, so a large file costs little more than its bytes.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Every key of a notebook that is looked at.
const KEYS: [&str; 22] = [
    "cells",
    "worksheets",
    "nbformat",
    "metadata",
    "kernelspec",
    "language_info",
    "display_name",
    "name",
    "version",
    "cell_type",
    "source",
    "tags",
    "execution_count",
    "outputs",
    "output_type",
    "text",
    "data",
    "ename",
    "evalue",
    "text/plain",
    "text/html",
    "text/markdown",
];

/// Whether a key of an object is looked at.
fn is_known(key: &str) -> bool {
    KEYS.contains(&key) || key.starts_with("image/") || key.starts_with("application/vnd.")
}

/// The entries of an object that are looked at, in order; of a key that comes twice the last.
#[derive(Debug, Default)]
pub(super) struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Object<'a> {
    /// The object that `raw` is; an empty one if it is something else.
    pub(super) fn of(raw: &'a RawValue) -> Self {
        serde_json::from_str(raw.get()).unwrap_or_default()
    }

    /// The value of `key`.
    pub(super) fn get(&self, key: &str) -> Option<&'a RawValue> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| *value)
    }

    /// The object under `key`.
    pub(super) fn inner(&self, key: &str) -> Self {
        self.get(key).map(Self::of).unwrap_or_default()
    }

    /// The text under `key`.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.get(key).and_then(text)
    }

    /// The value of the first key that begins so.
    pub(super) fn beginning(&self, start: &str) -> Option<&'a RawValue> {
        self.0.iter().find(|(name, _)| name.starts_with(start)).map(|(_, value)| *value)
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut entries: Vec<(String, &'de RawValue)> = Vec::new();
                while let Some(key) = map.next_key::<Cow<'de, str>>()? {
                    // Vendors' keys are as many as there are vendors.
                    if !is_known(&key) || entries.len() > 64 {
                        map.next_value::<IgnoredAny>()?;
                        continue;
                    }
                    let value = map.next_value()?;
                    match entries.iter_mut().find(|(name, _)| *name == key) {
                        Some(entry) => entry.1 = value,
                        None => entries.push((key.into_owned(), value)),
                    }
                }
                Ok(Object(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// The items of a list, the first `MOST` of them.
#[derive(Debug, Default)]
pub(super) struct Items<'a, const MOST: usize> {
    /// The items.
    pub(super) items: Vec<&'a RawValue>,
    /// How many there are.
    pub(super) all: usize,
}

impl<'de, const MOST: usize> Deserialize<'de> for Items<'de, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List<const MOST: usize>;
        impl<'de, const MOST: usize> Visitor<'de> for List<MOST> {
            type Value = Items<'de, MOST>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Items<'de, MOST>, A::Error> {
                let mut items = Vec::new();
                while items.len() < MOST {
                    match list.next_element()? {
                        Some(item) => items.push(item),
                        None => return Ok(Items { all: items.len(), items }),
                    }
                }
                let mut all = items.len();
                while list.next_element::<IgnoredAny>()?.is_some() {
                    all += 1;
                }
                Ok(Items { items, all })
            }
        }
        deserializer.deserialize_seq(List)
    }
}

/// Text, written as one string or as a list of its lines; what else stands in the list is passed over.
pub(super) fn text(raw: &RawValue) -> Option<String> {
    struct Text;
    impl<'de> Visitor<'de> for Text {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("text or a list of lines")
        }

        fn visit_str<E>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<String, A::Error> {
            let mut text = String::new();
            while let Some(item) = list.next_element::<&RawValue>()? {
                if let Ok(line) = serde_json::from_str::<Cow<'_, str>>(item.get()) {
                    text.push_str(&line);
                }
            }
            Ok(text)
        }
    }
    let mut deserializer = serde_json::Deserializer::from_str(raw.get());
    deserializer.deserialize_any(Text).ok()
}
