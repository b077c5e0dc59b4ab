//! The keys of a rubric outside of its checks, for the documentation and the schema. What reads them is `parse`; a test keeps both in step.

use crate::domain::key::{Key, Type};

/// The keys of a rubric itself.
pub(super) const RUBRIC: &[Key] = &[
    Key::new("schema", Type::Whole, "1", "The version of this language.").required(),
    Key::new("id", Type::Text, r#""cs441-hw2""#, "Lower-case letters, digits and hyphens.").required(),
    Key::new("title", Type::Text, r#""Homework 2""#, "What people call it.").required(),
    Key::new("seed", Type::Whole, "441", "The seed from which every random draw of a reference comes.").required().secret(),
    Key::new(
        "edition",
        Type::Word(&["course", "student"]),
        r#""course""#,
        "Whose copy it is. `mlgrade release` writes the student's, without anything that is secret.",
    )
    .default(r#""course""#),
    Key::new("late", Type::Table, "{ due = 2023-03-06T23:59:59-06:00, per_day = \"10%\" }", "What lateness costs, see `[late]`."),
    Key::new("data", Type::Table, r#"{ tumours = { csv = "data/tumours.csv" } }"#, "Data sets by name, see `[data]`."),
    Key::new(
        "where",
        Type::Table,
        r#"{ "best.val_error" = { cell = 12, pattern = "error: {number}" } }"#,
        "Where things usually are in a submission, as in its submission.toml, which goes first: a path, or a place in a notebook, a report or a log. `mlgrade \
            evidence` prints the line for every number that it finds.",
    ),
    Key::new("part", Type::Tables, r#"[{ id = "trees", title = "Trees", item = [] }]"#, "The parts, see `[[part]]`.").required(),
    Key::new(
        "release",
        Type::Word(&["at-once", "after-deadline", "by-hand"]),
        r#""after-deadline""#,
        "When students see all points: at once, after the deadline of `[late]`, or when `mlgrade publish --release` says so.",
    )
    .default(r#""by-hand""#),
    Key::new(
        "two_graders",
        Type::Word(&["first", "mean", "must-agree"]),
        r#""mean""#,
        "What counts where two people have marked one item: the first mark, the mean, or neither until they agree.",
    )
    .default(r#""must-agree""#),
];

/// The keys of `[[part]]`.
pub(super) const PART: &[Key] = &[
    Key::new("id", Type::Text, r#""trees""#, "Lower-case letters, digits and hyphens.").required(),
    Key::new("title", Type::Text, r#""Decision trees""#, "What people call it.").required(),
    Key::new("instructions", Type::Text, r#""Train on the first 1,000 rows.""#, "What a student needs to know to do it; `mlgrade explain --rubric` prints it."),
    Key::new("points", Type::Number, "30", "What its items add up to, bonus aside, as a check of the sum."),
    Key::new("reference", Type::Table, r#"{ run = "tree-depth", data = "temperature", depths = [2, 4] }"#, "What is right, see `reference`.").secret(),
    Key::new("item", Type::Tables, r#"[{ id = "depth", title = "Best depth", points = 2, check = "answer" }]"#, "The items, see `[[part.item]]`."),
];

/// The keys of `reference`: exactly one of the first three.
pub(super) const REFERENCE: &[Key] = &[
    Key::new("run", Type::Text, r#""tree-depth""#, "One of our own implementations, whose settings follow, see below."),
    Key::new(
        "submission",
        Type::Text,
        r#""reference/solution/""#,
        "A folder or archive like a student's, from the rubric's folder. What it states goes into the lock.",
    ),
    Key::new(
        "command",
        Type::Texts,
        r#"["python3", "reference/visits.py"]"#,
        "The instructor's program. `mlgrade reference` alone runs it: in the rubric's folder, without a shell, with a new empty folder as its last \
            argument, into which it writes like a student, and MLGRADE_SEED (0 to 4294967295) in its environment.",
    ),
    Key::new("data", Type::Text, r#""temperature""#, "Of `run`: the data set that it runs on."),
    Key::new("timeout", Type::Span, r#""30m""#, "Of `command`: how long it may take.").default(r#""10m""#),
];

/// The keys that every `[[part.item]]` has.
pub(super) const ITEM: &[Key] = &[
    Key::new("id", Type::Text, r#""best-depth""#, "Lower-case letters, digits and hyphens.").required(),
    Key::new("title", Type::Text, r#""Which depth is best?""#, "What the student is asked.").required(),
    Key::new("points", Type::Number, "2.5", "What it is worth, with at most two decimals.").required(),
    Key::new("bonus", Type::Flag, "true", "Whether it comes on top of the possible points.").default("false"),
    Key::new(
        "student",
        Type::Word(&["verdict", "found", "hidden"]),
        r#""found""#,
        "How much of it its student sees before the release: the verdict, only whether it was found, or nothing, not even that it exists.",
    )
    .default(r#""verdict""#),
    Key::new("after", Type::Text, r#""theta""#, "An item before it, of this part or \"part/item\", that has to earn something first."),
    Key::new("backed_by", Type::Text, r#""predictions""#, "The item whose evidence has to back this one's claim: until it does, a person looks."),
    Key::new("check", Type::Text, r#""number""#, "The kind of check, whose settings follow, see below.").required(),
];

/// The keys of `[late]`.
pub(super) const LATE: &[Key] = &[
    Key::new("due", Type::Time, "2023-03-06T23:59:59-06:00", "When the work is due. Without it nothing is ever late."),
    Key::new("grace", Type::Span, r#""6h""#, "How much later costs nothing."),
    Key::new("per_day", Type::Share, r#""10%""#, "What each day begun costs, of the points earned. Either this or `per_hour`."),
    Key::new("per_hour", Type::Share, r#""1%""#, "What each hour begun costs."),
    Key::new("at_most", Type::Share, r#""50%""#, "The most that lateness costs."),
    Key::new("until", Type::Span, r#""5d""#, "How late work may be; later it earns nothing."),
    Key::new("bonus", Type::Word(&["kept", "reduced"]), r#""kept""#, "Whether bonus points are reduced too.").default(r#""reduced""#),
    Key::new("slip_days", Type::Whole, "5", "How many days a student may be late over several homeworks without cost, see `--slack-used`.").default("0"),
];
