//! Closes the file system, by landlock(7).

use std::path::PathBuf;

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, LandlockStatus, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
    path_beneath_rules,
};

/// The newest version whose rights are asked for. An older kernel gives those it has.
const NEWEST: ABI = ABI::V10;

/// What happened.
pub(crate) enum Closed {
    /// Only the named files can be read.
    Yes,
    /// The kernel has no landlock, for this reason.
    NotHere(&'static str),
}

/// Closes files, connections, and signals and sockets of other processes, to this thread and those that it starts.
pub(crate) fn all(readable: &[PathBuf]) -> Result<Closed, String> {
    let ruleset = rights().and_then(|rules| rules.handle_access(AccessNet::from_all(NEWEST))).and_then(|rules| rules.scope(Scope::from_all(NEWEST)));
    restrict(ruleset, readable)
}

/// Closes files alone, to this thread and those that it starts.
pub(crate) fn more(readable: &[PathBuf]) -> Result<Closed, String> {
    restrict(rights(), readable)
}

fn rights() -> Result<Ruleset, RulesetError> {
    Ruleset::default().handle_access(AccessFs::from_all(NEWEST))
}

fn restrict(ruleset: Result<Ruleset, RulesetError>, readable: &[PathBuf]) -> Result<Closed, String> {
    let reading: BitFlags<AccessFs> = AccessFs::ReadFile | AccessFs::ReadDir;
    let restrict = || ruleset?.create()?.add_rules(path_beneath_rules(readable, reading))?.restrict_self();
    let status = restrict().map_err(|error: RulesetError| format!("landlock: {error}"))?;
    if status.ruleset != RulesetStatus::NotEnforced {
        return Ok(Closed::Yes);
    }
    Ok(Closed::NotHere(match status.landlock {
        LandlockStatus::NotEnabled => "landlock: switched off in this kernel",
        _ => "landlock: not supported by this kernel",
    }))
}
