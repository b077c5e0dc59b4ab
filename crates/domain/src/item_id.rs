//! The name of an item.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The name of an item: its part's id and its own, written `trees/plot`.
///
/// ```
/// use mlgrade_domain::item_id::ItemId;
///
/// let id = ItemId::new("trees", "plot");
/// assert_eq!((id.part(), id.item(), id.as_str()), ("trees", "plot", "trees/plot"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId {
    text: String,
    /// How many bytes of it are the part's id.
    part: usize,
}

/// A text that names no item.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no item's name; expected its part and its own name, such as `trees/plot`")]
pub struct NoItemId(String);

impl ItemId {
    /// The item `item` of the part `part`.
    pub fn new(part: &str, item: &str) -> Self {
        Self { text: format!("{part}/{item}"), part: part.len() }
    }

    /// The part's id.
    pub fn part(&self) -> &str {
        &self.text[..self.part]
    }

    /// The item's own id, unique within its part.
    pub fn item(&self) -> &str {
        &self.text[self.part + 1..]
    }

    /// Both, with a slash between them.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Deref for ItemId {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq<str> for ItemId {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}

impl PartialEq<&str> for ItemId {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}

impl Serialize for ItemId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for ItemId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl FromStr for ItemId {
    type Err = NoItemId;

    fn from_str(text: &str) -> Result<Self, NoItemId> {
        let is_id = |(part, item): &(&str, &str)| !part.is_empty() && !item.is_empty() && !item.contains('/');
        text.split_once('/').filter(is_id).map(|(part, item)| Self::new(part, item)).ok_or_else(|| NoItemId(text.to_owned()))
    }
}

impl JsonSchema for ItemId {
    fn schema_name() -> Cow<'static, str> {
        String::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }

    fn inline_schema() -> bool {
        true
    }
}
