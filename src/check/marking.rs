//! What whoever marks an item is given: a guide, and levels that are worth points.

use crate::domain::diagnostic::Code;
use crate::domain::fields::Fields;
use crate::domain::key::{Key, Type};
use crate::domain::marking::Level;
use crate::domain::quantity::Quantity;
use crate::domain::verdict::Finding;

use super::settings;

/// The guide of a check whose items a person marks; `example` is one in TOML.
pub(super) const fn guide(example: &'static str) -> Key {
    Key::new("guide", Type::Text, example, "What earns how much, for whoever marks it. Markdown.").secret()
}

/// The levels of such a check.
pub(super) const LEVELS: Key = Key::new(
    "levels",
    Type::Tables,
    r#"[{ points = 4, when = "names overfitting and says how it shows" }, { points = 2, when = "names overfitting" }]"#,
    "What an answer has to have for how many points: buttons on the marking page. Other points can still be given.",
)
.secret();

/// What whoever marks an item is given.
#[derive(Debug, Default)]
pub(super) struct Marking {
    pub(super) guide: Option<String>,
    /// The level that is worth most comes first.
    pub(super) levels: Vec<Level>,
}

impl Marking {
    /// `guide` and `levels`.
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let guide = fields.optional::<String>("guide").map(toml::Spanned::into_inner);
        let mut levels: Vec<Level> = Vec::new();
        for mut inner in fields.tables("levels", "a level") {
            let points = settings::points(&mut inner, "points");
            let when = inner.required::<String>("when").map(toml::Spanned::into_inner);
            if points.is_some_and(|points| levels.iter().any(|level| level.points == points)) {
                inner.fault(Code::BadValue, inner.span(), "two levels are worth the same; say in one `when` what either needs");
            }
            fields.absorb(inner);
            levels.extend(points.zip(when).map(|(points, when)| Level { points, when }));
        }
        levels.sort_by_key(|level| std::cmp::Reverse(level.points));
        Self { guide, levels }
    }

    /// What a good answer says: the guide, else what the best level asks for.
    pub(super) fn good_answer(&self) -> Option<&str> {
        self.guide.as_deref().or_else(|| self.levels.first().map(|level| level.when.as_str()))
    }

    /// `finding` with what is expected.
    pub(super) fn expected(&self, finding: Finding) -> Finding {
        let levels = self.levels.iter().map(|level| format!("{}: {}", level.points, level.when));
        let lines: Vec<String> = self.guide.iter().cloned().chain(levels).collect();
        if lines.is_empty() { finding } else { finding.expected(Quantity::words(lines.join("\n"))) }
    }
}
