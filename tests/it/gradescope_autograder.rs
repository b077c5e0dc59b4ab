//! The autograder for Gradescope, unpacked and run as Gradescope does it.
#![cfg(target_os = "linux")]

use std::io::Read;
use std::process::Command;

use crate::common::{Folder, files_below, mlgrade, repository};

/// The folders of Gradescope's image: source/, submission/, its metadata, results/.
fn image(student: &str, created_at: &str) -> Folder {
    let folder = Folder::new();
    let zip = folder.path().join("autograder.zip").display().to_string();
    let output = mlgrade(&["gradescope", "--out", &zip]);
    assert!(output.status.success(), "{output:?}");
    let mut archive = zip::ZipArchive::new(std::fs::File::open(&zip).unwrap()).unwrap();
    let mut names = Vec::new();
    for i in 0..archive.len() {
        let mut file = archive.by_index(i).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        let name = file.name().unwrap().into_owned();
        folder.write(&format!("source/{name}"), bytes);
        names.push((name, file.unix_mode().map(|mode| mode & 0o777)));
    }
    let runs = |name: &str| (name.to_owned(), Some(0o755));
    let lies = |name: &str| (name.to_owned(), Some(0o644));
    assert_eq!(names, [runs("setup.sh"), runs("run_autograder"), runs("mlgrade"), lies("rubric.toml"), lies("rubric.lock")]);
    for (path, bytes) in files_below(&repository().join("submissions").join(student)) {
        folder.write(&format!("submission/{}", path.display()), bytes);
    }
    let metadata = format!(
        r#"{{"id": 1, "created_at": "{created_at}", "assignment": {{"due_date": "2023-03-06T23:59:59-06:00", "total_points": "100.0"}}, "users": [{{"name": "Cy Ray", "email": "cy@x.edu", "id": 3}}], "previous_submissions": []}}"#
    );
    folder.write("submission_metadata.json", metadata);
    folder
}

fn results(folder: &Folder) -> serde_json::Value {
    for script in ["source/setup.sh", "source/run_autograder"] {
        let output = Command::new("sh").arg(folder.path().join(script)).env("AUTOGRADER_ROOT", folder.path()).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{script}: {output:?}");
    }
    serde_json::from_str(&folder.read("results/results.json")).unwrap()
}

#[test]
fn a_submission_is_graded_with_the_time_that_gradescope_says() {
    // The homework is due at 23:59:59 on the 6th; this is a day and a half later, the second day, at a tenth a day.
    let folder = image("s03-average", "2023-03-08T12:00:00.123456-06:00");
    let results = results(&folder);
    assert_eq!(results["score"].to_string(), "41.6", "0.8 of 52");
    assert!(results["output"].as_str().unwrap().contains("Late: −20 % (2 days late)"), "{results}");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let metadata = path("submission_metadata.json");
    assert!(mlgrade(&["grade", &path("submission"), "--times", &metadata, "--out", &path("r")]).status.success());
    let report: serde_json::Value = serde_json::from_str(&folder.read("r/submission.json")).unwrap();
    assert_eq!(
        (report["score"]["earned"].to_string(), report["timing"]["by"].as_str(), report["name"].as_str()),
        ("41.6".to_owned(), Some("Gradescope"), Some("Cy Ray"))
    );
    for (test, item) in results["tests"].as_array().unwrap().iter().zip(report["items"].as_array().unwrap()) {
        assert_eq!((&test["score"], &test["max_score"]), (&item["points"], &item["possible"]), "{}", item["id"]);
    }
}

#[test]
fn whatever_is_handed_in_is_one_submission() {
    let folder = image("s10-empty", "2023-03-06T12:00:00-06:00");
    for part in ["one", "two"] {
        folder.write(&format!("submission/{part}/metrics.json"), "{}");
    }
    assert_eq!(results(&folder)["score"].to_string(), "0");
}
