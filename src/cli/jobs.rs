//! `mlgrade jobs`: a class in shards on Kubernetes or GitHub. The files are the documentation's, with the course's values in them.

use std::path::PathBuf;

use anyhow::Result;

use super::say::say;
use super::{Exit, write};

/// What the documentation's files say where a course says something else.
const SHARDS: &str = "6";
const RUBRIC: &str = "cs441-hw2";
const IMAGE: &str = "registry.example.edu/mlgrade:0.1.0";

/// Write the files that grade a class in shards on Kubernetes or GitHub.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade jobs kubernetes --shards 40 --rubric hw2 --image registry.my.edu/mlgrade:1 --out jobs\n  mlgrade jobs github --shards 8 --rubric rubrics/hw2.toml --out .github/workflows\n\nEach file begins with how it is used. `mlgrade slurm` is for clusters with Slurm."
)]
pub(super) struct Args {
    /// Where the class is graded
    #[arg(value_enum)]
    on: On,
    /// Into how many shards the class is cut
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    shards: u32,
    /// The rubric, as the machines there name it
    #[arg(long, default_value = RUBRIC)]
    rubric: String,
    /// On Kubernetes: the image that has the program
    #[arg(long, default_value = IMAGE)]
    image: String,
    /// The folder that the files go to
    #[arg(long, default_value = "jobs")]
    out: PathBuf,
}

/// Where a class is graded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum On {
    // An Indexed Job and a Job that merges.
    Kubernetes,
    // A matrix and a job that merges.
    Github,
}

/// A file with the places in it that are filled in.
struct Template {
    name: &'static str,
    text: &'static str,
    /// Each place as the documentation has it, with what stands for `{}` in it.
    places: &'static [(&'static str, Value)],
}

#[derive(Clone, Copy)]
enum Value {
    Shards,
    /// All numbers of shards, in a row.
    Numbers,
    Rubric,
    Image,
}

const KUBERNETES: [Template; 2] = [
    Template {
        name: "kubernetes.yml",
        text: include_str!("../../docs/ci/kubernetes.yml"),
        places: &[
            ("completions: {} # [shards]", Value::Shards),
            ("parallelism: {}\n", Value::Shards),
            ("value: \"{}\" # [shards]", Value::Shards),
            ("value: {}\n", Value::Rubric),
            ("image: {}\n", Value::Image),
        ],
    },
    Template { name: "kubernetes-files.yml", text: include_str!("../../docs/ci/kubernetes-files.yml"), places: &[("image: {} #", Value::Image)] },
];

const GITHUB: [Template; 1] = [Template {
    name: "grade.yml",
    text: include_str!("../../docs/ci/github-shards.yml"),
    places: &[("shard: [{}]", Value::Numbers), ("RUBRIC: {}\n", Value::Rubric)],
}];

/// The jobs of a matrix on GitHub.
const MATRIX: u32 = 256;

pub(super) fn run(args: &Args) -> Result<Exit> {
    if args.on == On::Github && args.shards > MATRIX {
        anyhow::bail!("a matrix on GitHub has {MATRIX} jobs at most; cut the class into fewer shards");
    }
    let templates: &[Template] = if args.on == On::Github { &GITHUB } else { &KUBERNETES };
    for template in templates {
        let path = args.out.join(template.name);
        write::whole(&path, template.filled(args.shards, &args.rubric, &args.image)?.as_bytes())?;
        say!("wrote {}", path.display());
    }
    Ok(Exit::Fine)
}

impl Template {
    fn filled(&self, shards: u32, rubric: &str, image: &str) -> Result<String> {
        let mut text = self.text.to_owned();
        for (place, value) in self.places {
            let (there, here) = match value {
                Value::Shards => (SHARDS.to_owned(), shards.to_string()),
                Value::Numbers => (numbers(6), numbers(shards)),
                // Quoted, since a name may mean something in YAML.
                Value::Rubric if self.name == "grade.yml" => (format!("rubrics/{RUBRIC}.toml"), serde_json::to_string(rubric)?),
                Value::Rubric => (RUBRIC.to_owned(), serde_json::to_string(rubric)?),
                Value::Image => (IMAGE.to_owned(), serde_json::to_string(image)?),
            };
            text = text.replace(&place.replace("{}", &there), &place.replace("{}", &here));
        }
        Ok(text)
    }
}

/// "1, 2, 3".
fn numbers(count: u32) -> String {
    (1..=count).map(|number| number.to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::*;

    fn documents(text: &str) -> Vec<Json> {
        serde_saphyr::from_multiple(text).unwrap()
    }

    #[test]
    fn kubernetes_gets_as_many_pods_as_there_are_shards() {
        let [jobs, files] = KUBERNETES.map(|template| template.filled(40, "it's: hw", "my.edu/mlgrade:2").unwrap());
        let all = documents(&jobs);
        let job = |name: &str| all.iter().find(|one| one["kind"] == "Job" && one["metadata"]["name"] == name).unwrap();
        let grade = &job("mlgrade-grade")["spec"];
        assert_eq!((&grade["completions"], &grade["parallelism"], &grade["completionMode"]), (&Json::from(40), &Json::from(40), &Json::from("Indexed")));
        let container = &grade["template"]["spec"]["containers"][0];
        assert_eq!(container["image"], "my.edu/mlgrade:2");
        let variable = |name: &str| container["env"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap()["value"].clone();
        assert_eq!((variable("MLGRADE_RUBRIC"), variable("MLGRADE_SHARDS")), (Json::from("it's: hw"), Json::from("40")));
        assert!(!jobs.contains("\"6\"") && !jobs.contains(IMAGE), "a place was left out");
        assert!(documents(&files).iter().any(|one| one["spec"]["containers"][0]["image"] == "my.edu/mlgrade:2"));
    }

    #[test]
    fn github_gets_a_matrix_of_all_shards() {
        let workflow = GITHUB[0].filled(3, "rubrics/hw.toml", IMAGE).unwrap();
        let all = documents(&workflow);
        assert_eq!(all[0]["jobs"]["shard"]["strategy"]["matrix"]["shard"], Json::from(vec![1, 2, 3]));
        assert_eq!(all[0]["env"]["RUBRIC"], "rubrics/hw.toml");
        assert_eq!(all[0]["jobs"]["merge"]["needs"], "shard");
    }
}
