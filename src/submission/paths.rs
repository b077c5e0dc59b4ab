//! Paths inside a submission: what an archive calls a file, made a path that stays inside, or refused.

use unicode_normalization::UnicodeNormalization;

use crate::domain::limits;

use super::folder::is_passed_over;

/// What an archive's name for a file comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// A path inside the submission, with `/`.
    Inside(String),
    /// A file that a tool left there.
    Junk,
    /// A path that leads out, or is none; why.
    Refused(&'static str),
}

/// The path that `name` means. Windows writes `\` between folders; a zip made there may have it, a tar never does.
pub(super) fn inside(name: &str, windows: bool) -> Named {
    if name.len() > limits::PATH_BYTES {
        return Named::Refused("its path is longer than the 1024 bytes that are read");
    }
    if name.contains('\0') {
        return Named::Refused("its path holds a zero byte");
    }
    let is_separator = |c: char| c == '/' || (windows && c == '\\');
    let drive = name.as_bytes().get(1) == Some(&b':') && name.as_bytes()[0].is_ascii_alphabetic();
    if name.starts_with(is_separator) || drive {
        return Named::Refused("its path begins at the root of a disk");
    }
    let parts: Vec<&str> = name.split(is_separator).filter(|part| !part.is_empty() && *part != ".").collect();
    if parts.contains(&"..") {
        return Named::Refused("its path leads out of the archive");
    }
    if parts.iter().any(|part| is_passed_over(part.as_ref())) {
        return Named::Junk;
    }
    match parts.len() {
        0 => Named::Refused("it has no name"),
        // A folder's listing goes as deep.
        n if n > limits::FOLDER_DEPTH => Named::Refused("it lies more than 16 folders deep"),
        _ => Named::Inside(composed(&parts.join("/"))),
    }
}

/// The name with each letter and its accents as one character. A Mac stores and packs them apart; `submission.toml` has them as typed.
pub(super) fn composed(name: &str) -> String {
    name.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_inside_or_is_refused() {
        let deep = |n: usize| vec!["a"; n].join("/");
        let inside_is = |name: &str, path: &str| assert_eq!(inside(name, true), Named::Inside(path.to_owned()), "{name}");
        inside_is("hw2/metrics.json", "hw2/metrics.json");
        inside_is("hw2\\figures\\trees.png", "hw2/figures/trees.png");
        inside_is("./hw2//./a", "hw2/a");
        inside_is("a..b/c", "a..b/c");
        inside_is("c\u{30c}i\u{301}sla.json", "čísla.json");
        inside_is(&deep(16), &deep(16));
        assert_eq!(inside("a\\b", false), Named::Inside("a\\b".to_owned()));
        for junk in ["__MACOSX/hw2/._metrics.json", "hw2/.DS_Store", "hw2/.git/config", "hw2/__pycache__/x.pyc", ".ipynb_checkpoints/a.ipynb", "Thumbs.db"] {
            assert_eq!(inside(junk, true), Named::Junk, "{junk}");
        }
        let long = "a".repeat(1_025);
        for out in ["../x", "a/../../x", "a/..", "..\\x", "/etc/passwd", "\\\\host\\x", "C:\\x", "c:x", "a\0b", "", "/", "./", long.as_str(), deep(17).as_str()]
        {
            assert!(matches!(inside(out, true), Named::Refused(_)), "{out}: {:?}", inside(out, true));
        }
    }
}
