//! What is known of a class as a whole, beside its submissions. Shards of it keep the same.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::shard::Shard;

/// What is said of a class, and who is in it without a submission.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::cli) struct Facts {
    /// What is said before it is graded.
    pub(in crate::cli) notes: Vec<String>,
    /// What is said after it.
    pub(in crate::cli) reported: Vec<String>,
    /// Who is on the roster and handed in nothing, by id and name.
    pub(in crate::cli) absent: Vec<(String, String)>,
    /// How many are on the roster, if there is one.
    pub(in crate::cli) enrolled: Option<usize>,
    /// Whom the download marks as late without telling the time.
    pub(in crate::cli) marked_late: Vec<String>,
    /// A hash of the roster, the times and the free late days.
    pub(in crate::cli) lists: String,
    /// Whether the course gave times.
    pub(in crate::cli) has_times: bool,
    /// Whether free late days were counted over several homeworks.
    pub(in crate::cli) has_slack: bool,
    /// How many submissions there are.
    pub(in crate::cli) submissions: usize,
}

/// What a shard keeps beside its reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::cli) struct Part {
    /// Which of how many it is.
    pub(in crate::cli) shard: Shard,
    /// What is known of the whole class.
    pub(in crate::cli) facts: Facts,
    /// A hash of all that reports depend on beside the submissions.
    pub(in crate::cli) key: String,
    /// The build of the program that graded it.
    pub(in crate::cli) build: String,
    /// Submissions of the shard that killed a worker, with why they did.
    pub(in crate::cli) killed: BTreeMap<String, String>,
}
