//! The marking page's program: who may ask it, what it keeps, and that a mark is on disk when it says so.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::common::{Folder, mlgrade, repository};

const RUBRIC: &str = r#"
schema = 1
id = "p"
title = "P"
seed = 1
[[part]]
id = "a"
title = "A"
points = 3
[[part.item]]
id = "why"
title = "Why?"
points = 3
check = "written"
answer = "why"
guide = "Because."
levels = [{ points = 1, when = "says that" }, { points = 3, when = "says why" }]
"#;

/// The page of one grader.
struct Page {
    program: Child,
    address: String,
    token: String,
}

/// A response: its status, its head and its body.
struct Response {
    status: u16,
    head: String,
    body: String,
}

fn class() -> Folder {
    let folder = Folder::new().with("rubric.toml", RUBRIC);
    let folder = [("ann", "It is so."), ("ben", "it  is SO."), ("cem", "<script>alert(1)</script>")]
        .iter()
        .fold(folder, |folder, (student, text)| folder.with(&format!("class/{student}/answers.json"), json!({ "why": text }).to_string()));
    grade(&folder);
    folder
}

fn grade(folder: &Folder) {
    let path = |name: &str| folder.path().join(name).display().to_string();
    let output = mlgrade(&["grade", &path("class"), "--rubric", &path("rubric.toml"), "--out", &path("out")]);
    assert!(output.status.success(), "{output:?}");
}

impl Page {
    fn open(folder: &Folder, grader: &str) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_mlgrade"))
            .args(["review", folder.path().join("out").to_str().unwrap(), "--grader", grader])
            .current_dir(repository())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(program.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let (_, rest) = line.split_once("http://").unwrap_or_else(|| panic!("{line}"));
        let (address, token) = rest.trim().trim_end_matches('/').split_once('/').unwrap();
        assert!(address.starts_with("127.0.0.1:") && token.len() == 32, "{line}");
        Self { program, address: address.to_owned(), token: token.to_owned() }
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let headers = headers.iter().map(|(name, value)| [name, ": ", value, "\r\n"].concat()).collect::<String>();
        write!(stream, "{method} {path} HTTP/1.1\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        Response { status: head.split(' ').nth(1).unwrap().parse().unwrap(), head: head.to_lowercase(), body: body.to_owned() }
    }

    fn get(&self, path: &str) -> Value {
        let response = self.send("GET", &format!("/{}/{path}", self.token), &[("Host", &self.address)], "");
        assert_eq!(response.status, 200, "{}", response.body);
        serde_json::from_str(&response.body).unwrap()
    }

    fn post(&self, path: &str, body: &Value) -> Response {
        let origin = format!("http://{}", self.address);
        let headers = [("Host", self.address.as_str()), ("Origin", &origin), ("Content-Type", "application/json")];
        self.send("POST", &format!("/{}/{path}", self.token), &headers, &body.to_string())
    }

    /// The key of the student's answer.
    fn key(&self, student: &str) -> String {
        let names = self.get("names?item=a/why");
        let found = names.as_object().unwrap().iter().find(|(_, name)| *name == student);
        found.unwrap_or_else(|| panic!("{names}")).0.clone()
    }

    fn own(&self, student: &str) -> Value {
        let (key, answers) = (self.key(student), self.get("answers?item=a/why"));
        answers.as_array().unwrap().iter().find(|answer| answer["key"] == key).unwrap()["own"].clone()
    }

    fn mark(&self, student: &str, points: f64) -> Value {
        let response = self.post("mark", &json!({ "item": "a/why", "key": self.key(student), "points": points, "comment": "well put" }));
        assert_eq!(response.status, 200, "{}", response.body);
        serde_json::from_str(&response.body).unwrap()
    }
}

impl Drop for Page {
    /// As when the power goes: nothing is written at the end.
    fn drop(&mut self) {
        self.program.kill().unwrap();
        self.program.wait().unwrap();
    }
}

#[test]
fn a_mark_is_on_disk_when_the_page_says_so() {
    let folder = class();
    let page = Page::open(&folder, "ana");
    let saved = page.mark("ann", 2.5);
    assert_eq!((&saved["answer"]["own"]["points"], &saved["answer"]["waits"]), (&json!(2.5), &json!(false)));
    drop(page);
    grade(&folder);
    let table = std::fs::read_to_string(folder.path().join("out/grades.csv")).unwrap();
    assert!(table.contains("ann,,2.5,2.5,2.5,3,"), "{table}");
    let page = Page::open(&folder, "ana");
    assert_eq!((page.own("ann")["points"].clone(), page.own("ann")["comment"].clone()), (json!(2.5), json!("well put")));
}

#[test]
fn only_the_page_itself_is_answered() {
    let folder = class();
    let page = Page::open(&folder, "ana");
    let own = format!("/{}/", page.token);
    let (host, origin) = (("Host", page.address.as_str()), format!("http://{}", page.address));
    let ok = page.send("GET", &own, &[host], "");
    assert_eq!(ok.status, 200);
    for header in ["content-security-policy: default-src 'none'", "x-content-type-options: nosniff", "referrer-policy: no-referrer", "cache-control: no-store"]
    {
        assert!(ok.head.contains(header), "{}", ok.head);
    }
    for (path, headers, why) in [
        ("/", vec![host], "no token"),
        ("/0123456789abcdef0123456789abcdef/", vec![host], "another token"),
        (own.as_str(), vec![("Host", "evil.example")], "a name that leads to 127.0.0.1"),
        (own.as_str(), vec![], "no host"),
        (own.as_str(), vec![host, ("Origin", "http://evil.example")], "another site's page"),
    ] {
        assert_ne!(page.send("GET", path, &headers, "").status, 200, "{why}");
    }
    let body = json!({ "item": "a/why", "key": page.key("ann"), "points": 3 }).to_string();
    let path = format!("{own}mark");
    for (headers, why) in [
        (vec![host, ("Content-Type", "application/json")], "no origin"),
        (vec![host, ("Origin", "http://evil.example"), ("Content-Type", "application/json")], "another origin"),
        (vec![host, ("Origin", "null"), ("Content-Type", "application/json")], "a page without an origin"),
        (vec![host, ("Origin", origin.as_str()), ("Content-Type", "text/plain")], "what a form can send"),
    ] {
        assert_ne!(page.send("POST", &path, &headers, &body).status, 200, "{why}");
    }
    assert_eq!(page.own("ann"), Value::Null);
}

#[test]
fn graders_do_not_see_each_other_before_they_compare() {
    let folder = class();
    let (ana, ben) = (Page::open(&folder, "ana"), Page::open(&folder, "ben"));
    ana.mark("ann", 3.0);
    ana.mark("cem", 1.0);
    assert_eq!(ben.own("ann"), Value::Null);
    let answers = ben.get("answers?item=a/why").to_string();
    assert!(!answers.contains("well put") && !answers.contains("ana"), "{answers}");
    ben.mark("ann", 2.0);
    ben.mark("cem", 1.0);
    let comparison = ben.get("comparison?item=a/why");
    assert_eq!(comparison["pairs"][0]["points"], json!([["ana", 3], ["ben", 2]]), "{comparison}");
    assert_eq!(comparison["pairs"][1]["apart"], json!(0));
    // ana gives 3 and 1, ben 2 and 1: they agree once of two, by chance 1/4, so κ = (1/2 − 1/4) / (3/4) = 1/3.
    assert_eq!(comparison["agreement"], json!(["ana and ben give the same points to 1 of 2 answers, κ = 0.33"]));
    let settled = ana.post("mark", &json!({ "item": "a/why", "key": ana.key("ann"), "points": 2.5, "settles": true }));
    assert_eq!(settled.status, 200, "{}", settled.body);
    assert_eq!((ana.own("ann")["points"].clone(), ben.own("ann")["points"].clone()), (json!(3), json!(2)), "both marks are kept");
    assert_eq!(ana.get("comparison?item=a/why")["pairs"][0]["settled"], json!(2.5));
}

#[test]
fn every_act_can_be_taken_back() {
    let folder = class();
    let page = Page::open(&folder, "ana");
    let take_back = |saved: &Value| {
        let response = page.post("withdraw", &json!({ "item": "a/why", "key": page.key("ann"), "mark": saved["mark"] }));
        assert_eq!(response.status, 200, "{}", response.body);
        serde_json::from_str::<Value>(&response.body).unwrap()
    };
    page.mark("ann", 1.0);
    let second = page.mark("ann", 2.0);
    let undone = take_back(&second);
    assert_eq!(undone["answer"]["own"]["points"], json!(1));
    assert_eq!(take_back(&undone)["answer"]["own"]["points"], json!(2));
    let excused = page.post("excuse", &json!({ "item": "a/why", "key": page.key("ann") }));
    let excused: Value = serde_json::from_str(&excused.body).unwrap();
    assert_eq!(excused["answer"]["waits"], json!(false));
    assert_eq!(take_back(&excused)["answer"]["own"]["points"], json!(2));
    // Somebody else's mark is not one's own to withdraw.
    let other = Page::open(&folder, "ben");
    let response = other.post("withdraw", &json!({ "item": "a/why", "key": other.key("ann"), "mark": second["mark"] }));
    assert_eq!((response.status, response.body.as_str()), (404, "you have made no mark 2 on this answer"));
}

#[test]
fn what_makes_no_sense_is_refused_with_the_reason() {
    let folder = class();
    let page = Page::open(&folder, "ana");
    let key = page.key("ann");
    for (body, status, reason) in [
        (json!({ "item": "a/why", "key": key, "points": 4 }), 422, "4 is not from 0 to 3 in steps of 0.01"),
        (json!({ "item": "a/why", "key": key, "points": -1 }), 422, "-1 is not from 0 to 3 in steps of 0.01"),
        (json!({ "item": "a/why", "key": "0", "points": 1 }), 404, "this answer is no longer there; load the page again"),
        (json!({ "item": "a/what", "key": key, "points": 1 }), 404, "this answer is no longer there; load the page again"),
        (json!({ "item": "what", "key": key, "points": 1 }), 422, "`what` is no item's name"),
        (json!({ "item": "a/why", "key": key, "points": "three" }), 422, "invalid type"),
    ] {
        let response = page.post("mark", &body);
        assert_eq!(response.status, status, "{body}: {}", response.body);
        assert!(response.body.contains(reason), "{body}: {}", response.body);
    }
    assert_eq!(page.own("ann"), Value::Null);
}

#[test]
fn an_answer_is_listed_without_its_student_and_shown_as_it_was_written() {
    let folder = class();
    let page = Page::open(&folder, "ana");
    let questions = page.get("questions");
    let levels = json!([{ "points": 3, "when": "says why" }, { "points": 1, "when": "says that" }]);
    let expected = json!({ "item": "a/why", "title": "Why?", "possible": 3, "guide": "Because.", "levels": levels, "answers": 3, "waiting": 3, "own": 0, "for_people": 3 });
    assert_eq!(questions, json!([expected]));
    let answers = page.get("answers?item=a/why");
    let text = answers.to_string();
    assert!(["ann", "ben", "cem"].iter().all(|name| !text.contains(name)), "{text}");
    let same = |student: &str| answers.as_array().unwrap().iter().find(|answer| answer["key"] == page.key(student)).unwrap()["same"].clone();
    assert_eq!(same("ann"), same("ben"), "the same words, in other letters and spaces");
    assert_ne!(same("ann"), same("cem"));
    assert_eq!(page.get(&format!("answer?item=a/why&key={}", page.key("cem")))["answer"], "<script>alert(1)</script>");
    // A mark on an answer that has changed since is shown as stale.
    page.mark("ann", 3.0);
    folder.write("class/ann/answers.json", br#"{"why": "It is not so."}"#);
    grade(&folder);
    assert_eq!(page.own("ann")["stale"], json!(true));
    assert_eq!(page.get(&format!("answer?item=a/why&key={}", page.key("ann")))["answer"], "It is not so.");
}
