//! What is said of evidence that is nowhere: where it was looked for, and what to do.

use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::name::did_you_mean;

use super::super::Absent;
use super::super::statements::Statements;
use super::Bag;
use super::exports::{self, Instead};

impl Bag {
    /// What is said of something that is nowhere and may be there all the same.
    pub(super) fn refused(&self, names: &[&str]) -> Option<Absent> {
        names.iter().find_map(|name| self.refused.get(*name)).cloned().map(Absent::Unreadable)
    }

    pub(super) fn nowhere(&self, name: &str) -> Absent {
        if let Some(refused) = self.refused(&[name, "metrics", "answers", "notebook", "report"]) {
            return refused;
        }
        let names = self.statements.iter().filter_map(|file| self.statements_of(file).ok()).flat_map(Statements::keys);
        let mut help = did_you_mean(name, names.chain(self.notebooks.names()).map(String::as_str)).or_else(|| self.reports.hint(name));
        let logs = self.log_paths().take(3);
        let paths: Vec<&str> = self.statements.iter().map(|file| file.path.as_str()).chain(self.notebooks.paths()).chain(logs).collect();
        if let Some(path) = self.aliases.get(name) {
            let message = format!("`{name}`: it is said to be in {path}, which is no file with named numbers in it");
            return Absent::Unreadable(Diagnostic::error(Code::BadSettings, message).help("say where the numbers are".to_owned()));
        }
        if let Some(logged) = self.may_be_logged(name) {
            return logged;
        }
        let place = if paths.is_empty() { "there is no metrics or answers file".to_owned() } else { format!("not found in {}", paths.join(" or ")) };
        let message = format!("`{name}`: {place}");
        if help.is_none() && paths.is_empty() {
            help = match exports::instead_of_metrics(&self.files.keys().map(String::as_str).collect::<Vec<_>>()) {
                // A person can read it, and find the number.
                Some(Instead::Export(advice)) => return Absent::Unreadable(Diagnostic::error(Code::NotFound, message).help(advice)),
                Some(Instead::Program(advice)) => Some(advice),
                None => None,
            };
        }
        if !self.notebooks.is_empty() {
            let cleared = self.notebooks.cleared();
            if let Some(fault) = self.notebooks.fault().filter(|_| cleared.is_none()) {
                return fault;
            }
            let mark = || self.notebooks.instead_of(name).unwrap_or_else(|| format!("mark the cell that prints it with `# mlgrade: {name}`"));
            help = Some(cleared.or(help).unwrap_or_else(mark));
        }
        Absent::Missing(Diagnostic::error(Code::NotFound, message).help(help))
    }

    /// What is said of a figure or of predictions that no file and no notebook holds.
    pub(super) fn nowhere_marked(&self, message: String, help: String, mark: &str) -> Absent {
        if let Some(refused) = self.refused(&[mark, "notebook", "report"]) {
            return refused;
        }
        if self.notebooks.is_empty() {
            return Absent::Missing(Diagnostic::error(Code::NotFound, message).help(help));
        }
        if let Some(fault @ (Absent::Unreachable(_) | Absent::Unopened(_) | Absent::Unreadable(_))) =
            self.notebook(None).err().filter(|_| self.notebooks.paths().count() == 1)
        {
            return fault;
        }
        let cleared = self.notebooks.cleared();
        Absent::Missing(
            Diagnostic::error(Code::NotFound, message)
                .help(cleared.unwrap_or_else(|| format!("{help}, or mark the cell that shows it with `# mlgrade: {mark}`"))),
        )
    }
}
