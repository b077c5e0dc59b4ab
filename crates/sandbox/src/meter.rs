//! What the kernel says of this process, in files of proc(5) that are opened before the file system is closed.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;

/// Resets the peak of the memory: `proc_pid_clear_refs(5)`.
const RESET: &[u8] = b"5";

/// The files in which the kernel says how much memory this process has.
#[derive(Debug)]
pub(crate) struct Meter {
    status: Option<File>,
    /// Absent as well where the kernel does not reset the peak.
    reset: Option<File>,
}

impl Meter {
    /// Opens the files. Later they can't be opened any more.
    pub(crate) fn open() -> Self {
        let reset = OpenOptions::new().write(true).open("/proc/self/clear_refs").ok();
        Self { status: File::open("/proc/self/status").ok(), reset }
    }

    /// Bytes of private memory that can be written to, which is what the limit on data counts. Used or not: an allocation counts at once.
    pub(crate) fn data(&self) -> Option<u64> {
        self.number("VmData:")?.checked_mul(1024)
    }

    /// Threads of this process.
    pub(crate) fn threads(&self) -> Option<u64> {
        self.number("Threads:")
    }

    /// Bytes of memory that were in use at once, at most, since the last [`Meter::restart`].
    pub(crate) fn peak(&self) -> Option<u64> {
        self.reset.as_ref()?;
        self.number("VmHWM:")?.checked_mul(1024)
    }

    /// Forgets the peak.
    pub(crate) fn restart(&mut self) {
        self.reset.take_if(|file| file.write_at(RESET, 0).is_err());
    }

    fn number(&self, name: &str) -> Option<u64> {
        let mut text = [0; 4096];
        let length = self.status.as_ref()?.read_at(&mut text, 0).ok()?;
        number(&text[..length], name)
    }
}

/// The number after `name` in a file like /proc/self/status.
fn number(text: &[u8], name: &str) -> Option<u64> {
    let line = text.split(|&byte| byte == b'\n').find_map(|line| line.strip_prefix(name.as_bytes()))?;
    str::from_utf8(line).ok()?.split_ascii_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_status_file() {
        let text = b"Name:\tVmHWM: 7\nVmHWM:\t    1234 kB\nThreads:\t3\n";
        assert_eq!(number(text, "VmHWM:"), Some(1234));
        assert_eq!(number(text, "Threads:"), Some(3));
        assert_eq!(number(text, "VmData:"), None);
        assert_eq!(number(b"VmData:\tmany", "VmData:"), None);
    }
}
