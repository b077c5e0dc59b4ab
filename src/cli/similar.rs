//! `mlgrade similar`: what submissions of a class have in common.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;

use super::reports::{Reports, SIMILAR};
use super::say::{put, raw, say};
use super::{Exit, class, write};
use crate::check::Need;
use crate::course::RubricFile;
use crate::data::Datasets;
use crate::domain::answers::Right;
use crate::report::json;
use crate::report::similar::{LeftOut, markdown, terminal};
use crate::rubric::Rubric;
use crate::similar::{Asked, Traces, compare};
use crate::store::{Store, StoreError};
use crate::submission::{self, Class, HandedIn, Roster};

/// Tell what submissions of a class have in common that is unusual in this class; it accuses nobody and changes no score.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade similar submissions\n  mlgrade similar hw2 --rubric rubrics/my-course.toml --out reports/hw2\n  mlgrade similar canvas-download.zip --roster gradebook.csv\n\nIt writes similar.md and similar.json, and shows them on the class's page if the class is graded there. Nothing of it is for students. It ends with 0 whatever is found."
)]
pub(super) struct Args {
    /// The folder with a folder or archive per student, or the download of Canvas, Gradescope or Moodle
    folder: PathBuf,
    /// A rubric's path or shipped name [default: cs441-hw2]
    #[arg(long)]
    rubric: Option<String>,
    /// A CSV of the class: submissions get its ids
    #[arg(long, value_name = "CSV")]
    roster: Option<PathBuf>,
    /// Where similar.md and similar.json go
    #[arg(long, default_value = "reports")]
    out: PathBuf,
    /// Print JSON instead
    #[arg(long)]
    json: bool,
    /// How many submissions to read at once [default: all cores]
    #[arg(long)]
    threads: Option<usize>,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let start = Instant::now();
    let file = RubricFile::find(args.rubric.as_deref())?;
    let rubric = file.parse()?;
    let asked = asked(&rubric, &file.shelf(&rubric));
    let class = submission::find(&args.folder)?;
    let roster = args.roster.as_deref().map(class::roster).transpose()?;
    let names = names(&class.submissions, roster.as_ref());
    // A decoder that panics costs one submission its place in the comparison.
    let trace = |submission: &HandedIn, student: &String| -> Result<(String, Traces), LeftOut> {
        let left_out = |why: String| LeftOut { student: student.clone(), why };
        let traced = catch_unwind(AssertUnwindSafe(|| {
            let opened = submission.open();
            if let Some(why) = opened.unreachable {
                return Err(left_out(why.to_string()));
            }
            let bag = if rubric.places.is_empty() { opened.bag } else { opened.bag.as_usual(&rubric.places) };
            match (Traces::of(&bag, &asked), opened.incomplete) {
                (traces, Some(why)) if traces.is_empty() => Err(left_out(why.to_string())),
                (traces, _) => Ok((student.clone(), traces)),
            }
        }));
        traced.unwrap_or_else(|_| Err(left_out("reading it crashed; please report this".to_owned())))
    };
    let pool = class::threads(args.threads)?;
    let outcomes = class::each(&pool, &class.submissions, &names, "comparing", trace);
    let (mut compared, mut left_out) = (Vec::new(), Vec::new());
    for one in outcomes {
        match one {
            Ok(one) => compared.push(one),
            Err(left) => left_out.push(left),
        }
    }
    let comparison = pool.install(|| compare(&rubric.id, compared, &asked, left_out));
    let json = json::json(&comparison)?;
    write::whole(&args.out.join(SIMILAR), json.as_bytes())?;
    write::whole(&args.out.join("similar.md"), markdown(&comparison).as_bytes())?;
    // The class's page shows it, where the class has been graded.
    match Store::existing(&args.out) {
        Ok(store) => Reports::open(&args.out)?.write_index(&store)?,
        Err(StoreError::Absent(_)) => {}
        Err(error) => return Err(error.into()),
    }
    if args.json {
        raw!("{json}");
    } else {
        put!("{}", terminal(&comparison));
        say!("\nwrote {0}/similar.md, {0}/similar.json in {1:.1} s", args.out.display(), start.elapsed().as_secs_f64());
    }
    Ok(Exit::Fine)
}

/// What the rubric tells: names, its own words, and what is right where its data says so.
fn asked(rubric: &Rubric, data: &dyn Datasets) -> Asked {
    let mut asked = Asked::default();
    for item in rubric.items() {
        asked.prompts.insert(item.title.clone());
        asked.prompts.extend(item.check.model_answer().map(|(_, guide)| guide.to_owned()));
        let needs = item.check.needs();
        let names: Vec<&str> = needs.iter().filter_map(|need| need.evidence()).collect();
        asked.names.extend(names.iter().map(ToString::to_string));
        for need in &needs {
            let Need::Data(set) = need else { continue };
            let Ok(answers) = data.answers(set.get_ref(), None) else { continue };
            if let Right::Classes(classes) = answers.right {
                let labels: Vec<String> = classes.labels.iter().map(|&label| classes.names[label].clone()).collect();
                asked.right.extend(names.iter().map(|name| ((*name).to_owned(), labels.clone())));
            }
        }
    }
    asked
}

/// What each submission is called: what the roster says, one for a whole group, made unique where two are called the same.
fn names(submissions: &[HandedIn], roster: Option<&Roster>) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let called = |submission: &HandedIn| match roster {
        None => submission.student.clone(),
        Some(roster) => {
            let matched = roster.matched(Class { submissions: vec![submission.clone()], ..Class::default() });
            matched.class.submissions.iter().map(|one| one.student.as_str()).collect::<Vec<_>>().join(" + ")
        }
    };
    let unique = |name: String| {
        let count = seen.entry(name.clone()).and_modify(|count| *count += 1).or_insert(1);
        if *count == 1 { name } else { format!("{name}~{count}") }
    };
    submissions.iter().map(called).map(unique).collect()
}
