//! How much work a page of a PDF may make. Each page has a budget of its own, so that none costs another.

use std::cell::Cell;

use mlgrade_domain::limits;

/// Why a page cannot be read, in words that follow the place and a colon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// What is the matter.
    pub reason: String,
    /// What to do, unless the usual helps.
    pub help: Option<String>,
}

impl From<&str> for Fault {
    fn from(reason: &str) -> Self {
        Self { reason: reason.to_owned(), help: None }
    }
}

impl From<String> for Fault {
    fn from(reason: String) -> Self {
        Self { reason, help: None }
    }
}

/// What is left to be spent.
#[derive(Debug)]
pub(super) struct Budget {
    objects: Cell<usize>,
    bytes: Cell<usize>,
    scanned: Cell<usize>,
    operators: Cell<usize>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            objects: Cell::new(limits::PDF_OBJECTS),
            bytes: Cell::new(limits::PDF_UNPACKED),
            scanned: Cell::new(limits::PDF_SCANNED),
            operators: Cell::new(limits::PDF_OPERATORS),
        }
    }
}

fn spend(left: &Cell<usize>, cost: usize, what: &str) -> Result<(), Fault> {
    let rest = left.get().checked_sub(cost).ok_or_else(|| Fault::from(format!("{what} more than is read of one page")))?;
    left.set(rest);
    Ok(())
}

impl Budget {
    /// One object is read.
    pub(super) fn object(&self) -> Result<(), Fault> {
        spend(&self.objects, 1, "it has objects,")
    }

    /// One operator is carried out.
    pub(super) fn operator(&self) -> Result<(), Fault> {
        spend(&self.operators, 1, "it draws")
    }

    /// Takes this many bytes that were unpacked.
    pub(super) fn unpacked(&self, bytes: usize) -> Result<(), Fault> {
        spend(&self.bytes, bytes, "it unpacks to")
    }

    /// Takes this many bytes of the file that were gone through, perhaps not for the first time.
    pub(super) fn scanned(&self, bytes: usize) -> Result<(), Fault> {
        spend(&self.scanned, bytes, "its objects lie one in the other: they take")
    }

    /// How many bytes may still be unpacked.
    pub(super) fn room(&self) -> usize {
        self.bytes.get()
    }
}
