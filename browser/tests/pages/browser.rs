//! A browser, and the program whose pages it opens.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// How long a page may take to show what it should.
const PATIENCE: Duration = Duration::from_secs(20);

/// Chromium, driven by `ChromeDriver`.
pub(crate) struct Browser {
    _driver: Driver,
    pub(crate) page: Client,
}

impl Browser {
    /// Opens a window without a screen, `width` by 900 pixels.
    pub(crate) async fn open(width: u32) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let driver = Driver::on(port);
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            &format!("--window-size={width},900"),
        ];
        let options = json!({ "goog:chromeOptions": { "args": arguments } });
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(options.as_object().unwrap().clone());
        let address = format!("http://127.0.0.1:{port}");
        for _ in 0..100 {
            if let Ok(page) = builder.connect(&address).await {
                return Self { _driver: driver, page };
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("chromedriver does not answer at {address}");
    }

    /// Presses a key where the focus is.
    pub(crate) async fn press(&self, keys: &str) {
        self.page.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// The text of the only element that `css` selects.
    pub(crate) async fn text(&self, css: &str) -> String {
        self.page.find(Locator::Css(css)).await.unwrap_or_else(|error| panic!("{css}: {error}")).text().await.unwrap()
    }

    /// Waits until `script`, an expression, is true.
    pub(crate) async fn until(&self, script: &str) {
        let start = tokio::time::Instant::now();
        while self.run(&format!("return !!({script})")).await != Value::Bool(true) {
            let text = self.run("return document.body.innerText").await;
            assert!(start.elapsed() < PATIENCE, "never: {script}\n{text}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What `script` gives.
    pub(crate) async fn run(&self, script: &str) -> Value {
        self.page.execute(script, Vec::new()).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Presses Escape.
    pub(crate) async fn leave_field(&self) {
        self.press(&char::from(Key::Escape).to_string()).await;
    }

    /// What axe-core finds that is serious or critical: a rule and the first element for each.
    pub(crate) async fn accessibility_faults(&self) -> Vec<String> {
        let path = std::env::var("AXE").unwrap_or_else(|_| target().join("../browser/node_modules/axe-core/axe.min.js").display().to_string());
        let axe = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}; run `npm install --prefix target/browser axe-core`"));
        // The driver runs scripts beside the page, so a page's policy does not stop it.
        self.run(&format!("{axe}; window.axe = axe; return true")).await;
        let script = "const done = arguments[0]; axe.run().then(result => done(result.violations), error => done(String(error)))";
        let found = self.page.execute_async(script, Vec::new()).await.unwrap();
        let faults = found.as_array().unwrap_or_else(|| panic!("{found}"));
        let is_serious = |fault: &&Value| matches!(fault["impact"].as_str(), Some("serious" | "critical"));
        faults.iter().filter(is_serious).map(|fault| format!("{}: {}", fault["id"], fault["nodes"][0]["html"])).collect()
    }

    pub(crate) async fn close(self) {
        self.page.clone().close().await.unwrap();
    }
}

/// `ChromeDriver`, which closes its browsers when it ends.
struct Driver(Child);

impl Driver {
    fn on(port: u16) -> Self {
        let started = Command::new("chromedriver").arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Self(started.unwrap_or_else(|error| panic!("chromedriver: {error}; install chromium and chromium-driver")))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// The folder of the program that is tested: the one in which this test was built.
fn target() -> PathBuf {
    std::env::current_exe().unwrap().ancestors().nth(2).unwrap().to_path_buf()
}

/// Runs the program.
pub(crate) fn mlgrade(arguments: &[&str]) {
    let output = command().args(arguments).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

fn command() -> Command {
    let program = target().join("mlgrade");
    assert!(program.is_file(), "{} is not there; build mlgrade in the same profile first", program.display());
    let mut command = Command::new(program);
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    command
}

/// `mlgrade review` of a folder of reports.
pub(crate) struct Marking {
    program: Child,
    pub(crate) address: String,
}

impl Marking {
    pub(crate) fn open(reports: &str, grader: &str) -> Self {
        let mut program = command().args(["review", reports, "--grader", grader]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(program.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let (_, address) = line.trim().split_once(" at ").unwrap_or_else(|| panic!("{line}"));
        Self { program, address: address.to_owned() }
    }
}

impl Drop for Marking {
    /// Ends it as a power cut would: nothing is written at the end.
    fn drop(&mut self) {
        drop(self.program.kill());
        drop(self.program.wait());
    }
}
