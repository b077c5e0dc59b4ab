//! A class read in parallel, for the commands that go through all of it.

use std::path::Path;

use anyhow::Result;
use rayon::ThreadPool;
use rayon::prelude::*;

use super::progress;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::limits;
use crate::evidence::source::Source;
use crate::submission::{HandedIn, Roster};

/// The roster at `path`.
pub(super) fn roster(path: &Path) -> Result<Roster> {
    let name = path.display().to_string();
    let help = "name a CSV with a header such as `id,name,email`".to_owned();
    if !path.is_file() {
        return Err(Diagnostic::error(Code::DataMissing, "there is no such file").in_file(name).help(help).into());
    }
    let bytes = Source::Disk(path.to_path_buf()).read(&name, limits::ROSTER_BYTES).map_err(|absent| {
        let reason = absent.diagnostic();
        Diagnostic { help: Some(help), code: Code::DataMissing, ..reason.clone() }
    })?;
    Ok(Roster::read(&name, &bytes)?)
}

/// The list of times at `path`: a roster that tells when each student handed in.
pub(super) fn times(path: &Path) -> Result<Roster> {
    let times = roster(path)?;
    if !times.has_times() {
        let fault = Diagnostic::error(Code::DataMalformed, "no column tells when students handed in").in_file(path.display().to_string());
        return Err(fault.help("name the columns `id,submitted_at`".to_owned()).into());
    }
    Ok(times)
}

/// As many threads as are asked for, or one a core.
pub(super) fn threads(count: Option<usize>) -> Result<ThreadPool> {
    Ok(rayon::ThreadPoolBuilder::new().num_threads(count.unwrap_or(0)).build()?)
}

/// What `work` makes of each submission and its name, in their order. A panic in it is reported where it is caught; its trace, which would only
/// hide the table, is not.
pub(super) fn each<T: Send>(
    pool: &ThreadPool,
    submissions: &[HandedIn],
    names: &[String],
    what: &'static str,
    work: impl Fn(&HandedIn, &String) -> T + Sync,
) -> Vec<T> {
    let bar = progress::bar(submissions.len(), what);
    std::panic::set_hook(Box::new(|_| {}));
    let one = |(submission, name): (&HandedIn, &String)| {
        let done = work(submission, name);
        bar.inc(1);
        done
    };
    let all = pool.install(|| submissions.par_iter().zip(names).map(one).collect());
    drop(std::panic::take_hook());
    bar.finish_and_clear();
    all
}
