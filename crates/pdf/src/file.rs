//! A PDF file: where its objects stand, and each of them when it is asked for (ISO 32000-1, 7.5).
//!
//! Nothing is read ahead: libraries that parse every object of a file, or unpack a stream to whatever size it has, let a small file take
//! all memory.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::budget::{Budget, Fault};
use super::filter;
use super::object::{Dict, Lexer, Object, Stream, stream_start};

/// Tables of objects that refer to each other.
const TABLES: usize = 256;

/// Objects of a file.
const ENTRIES: usize = 1_000_000;

/// What it costs to copy an object, in bytes gone through.
const COPY: usize = 64;

/// References that lead to references.
const HOPS: usize = 16;

/// Object streams that need each other to be unpacked.
const NESTED: usize = 4;

/// Where an object is.
#[derive(Debug, Clone, Copy)]
enum Entry {
    /// It was deleted.
    Free,
    /// At this byte.
    At(usize),
    /// In the object stream with this number.
    In(u32),
}

/// Objects that are packed together: their bytes, and where each begins.
type Packed = Rc<(Vec<u8>, BTreeMap<u32, usize>)>;

/// A file.
pub(super) struct File<'a> {
    bytes: &'a [u8],
    table: BTreeMap<u32, Entry>,
    trailer: Dict,
    packed: RefCell<BTreeMap<u32, Packed>>,
    /// How many object streams are being unpacked.
    nested: Cell<usize>,
    /// What may be spent on it.
    pub budget: &'a Budget,
}

impl<'a> File<'a> {
    /// Finds the objects of a file.
    pub(super) fn open(bytes: &'a [u8], budget: &'a Budget) -> Result<Self, Fault> {
        let head = &bytes[..bytes.len().min(1_024)];
        let start = find(head, b"%PDF-", 0).ok_or_else(|| Fault::from("it is no PDF"))?;
        let mut file =
            Self { bytes: &bytes[start..], table: BTreeMap::new(), trailer: Dict::default(), packed: RefCell::default(), nested: Cell::new(0), budget };
        let read = file.read_tables();
        if file.trailer.get("Encrypt").is_null() && (read.is_err() || file.pages().is_err()) {
            file.scan()?;
        }
        if !file.trailer.get("Encrypt").is_null() {
            let help = "save or print it again without a password and without protection".to_owned();
            return Err(Fault { reason: "the PDF is encrypted".to_owned(), help: Some(help) });
        }
        Ok(file)
    }

    /// The root of the tree of pages.
    pub(super) fn pages(&self) -> Result<Object, Fault> {
        let root = self.resolved(self.trailer.get("Root"))?;
        let pages = self.resolved(root.dict().map_or(&Object::Null, |root| root.get("Pages")))?;
        if pages.dict().is_some() { Ok(pages) } else { Err("it has no tree of pages; it is cut off or damaged".into()) }
    }

    /// What an object is, if it refers to another.
    pub(super) fn resolved(&self, object: &Object) -> Result<Object, Fault> {
        self.budget.scanned(COPY * object.weight())?;
        let mut object = object.clone();
        for _ in 0..HOPS {
            let Object::Reference(id) = object else { return Ok(object) };
            object = self.indirect(id)?;
        }
        Err("an object in it refers to itself".into())
    }

    /// What stands under `key`.
    pub(super) fn entry(&self, dict: &Dict, key: &str) -> Result<Object, Fault> {
        self.resolved(dict.get(key))
    }

    fn indirect(&self, id: u32) -> Result<Object, Fault> {
        match self.table.get(&id) {
            Some(&Entry::At(at)) => Ok(self.object_at(at)?.filter(|(found, _)| *found == id).map_or(Object::Null, |(_, object)| object)),
            Some(&Entry::In(container)) => {
                let packed = self.unpacked(container)?;
                let Some(&at) = packed.1.get(&id) else { return Ok(Object::Null) };
                Lexer::of_file(&packed.0, at, self.budget).object()
            }
            Some(Entry::Free) | None => Ok(Object::Null),
        }
    }

    /// The object whose `7 0 obj` is at byte `at`, with its number.
    fn object_at(&self, at: usize) -> Result<Option<(u32, Object)>, Fault> {
        let mut lexer = Lexer::of_file(self.bytes, at, self.budget);
        let Some(id) = lexer.integer().and_then(|id| u32::try_from(id).ok()) else { return Ok(None) };
        if lexer.integer().is_none() || !lexer.word(b"obj") {
            return Ok(None);
        }
        let object = lexer.object()?;
        self.budget.scanned(lexer.at - at)?;
        Ok(Some(match object {
            Object::Dict(dict) if lexer.word(b"stream") => (id, Object::Stream(Rc::new(Stream { dict, start: stream_start(self.bytes, lexer.at) }))),
            object => (id, object),
        }))
    }

    /// The bytes of a stream as they are in the file.
    pub(super) fn raw(&self, stream: &Stream) -> Result<&'a [u8], Fault> {
        let rest = self.bytes.get(stream.start..).unwrap_or_default();
        let length = self.entry(&stream.dict, "Length")?.count().filter(|length| {
            let behind = rest.get(*length..).unwrap_or_default();
            behind[..behind.len().min(16)].trim_ascii_start().starts_with(b"endstream")
        });
        let length = length.or_else(|| find(rest, b"endstream", 0)).unwrap_or(rest.len());
        self.budget.scanned(length)?;
        Ok(&rest[..length])
    }

    fn unpacked(&self, container: u32) -> Result<Packed, Fault> {
        if let Some(packed) = self.packed.borrow().get(&container) {
            return Ok(Rc::clone(packed));
        }
        let Some(&Entry::At(at)) = self.table.get(&container) else { return Ok(Packed::default()) };
        let Some((_, Object::Stream(stream))) = self.object_at(at)? else { return Ok(Packed::default()) };
        if self.nested.get() >= NESTED {
            return Err("its object streams need each other to be unpacked".into());
        }
        self.nested.set(self.nested.get() + 1);
        let packed = self.packed_in(&stream);
        self.nested.set(self.nested.get() - 1);
        let packed = Rc::new(packed?);
        self.packed.borrow_mut().insert(container, Rc::clone(&packed));
        Ok(packed)
    }

    fn packed_in(&self, stream: &Stream) -> Result<(Vec<u8>, BTreeMap<u32, usize>), Fault> {
        let bytes = filter::bytes(self, stream)?;
        let first = self.entry(&stream.dict, "First")?.count().unwrap_or(0);
        let mut lexer = Lexer::of_file(&bytes, 0, self.budget);
        let mut places = BTreeMap::new();
        while lexer.at < first {
            let Some((id, at)) = lexer.integer().zip(lexer.integer()) else { break };
            self.budget.object()?;
            places.insert(u32::try_from(id).unwrap_or(u32::MAX), first.saturating_add(at));
        }
        Ok((bytes, places))
    }

    /// Reads the tables of objects, the newest first; what a newer one says counts.
    fn read_tables(&mut self) -> Result<(), Fault> {
        let tail = self.bytes.len().saturating_sub(2_048);
        let damaged = || Fault::from("its table of objects is damaged");
        let at = rfind(self.bytes, b"startxref", tail).ok_or_else(damaged)?;
        let mut next = vec![Lexer::of_file(self.bytes, at + 9, self.budget).integer().ok_or_else(damaged)?];
        let mut seen = BTreeSet::new();
        while let Some(at) = next.pop() {
            if !seen.insert(at) {
                continue;
            }
            if seen.len() > TABLES {
                return Err(damaged());
            }
            let mut lexer = Lexer::of_file(self.bytes, at, self.budget);
            let dict = if lexer.word(b"xref") { self.plain_table(lexer)? } else { self.packed_table(at)? };
            // What is popped first counts more: the stream that belongs to this table before the older table.
            next.extend(dict.get("Prev").count());
            next.extend(dict.get("XRefStm").count());
            if self.trailer.get("Root").is_null() {
                self.trailer = dict;
            }
        }
        Ok(())
    }

    fn add(&mut self, id: usize, entry: Entry) -> Result<(), Fault> {
        let id = u32::try_from(id).unwrap_or(u32::MAX);
        self.table.entry(id).or_insert(entry);
        if self.table.len() > ENTRIES { Err(format!("it has more than the {ENTRIES} objects that are read").into()) } else { Ok(()) }
    }

    fn plain_table(&mut self, mut lexer: Lexer<'a>) -> Result<Dict, Fault> {
        let damaged = || Fault::from("its table of objects is damaged");
        let start = lexer.at;
        while !lexer.word(b"trailer") {
            let (first, count) = lexer.integer().zip(lexer.integer()).ok_or_else(damaged)?;
            for i in 0..count {
                let (at, _) = lexer.integer().zip(lexer.integer()).ok_or_else(damaged)?;
                if lexer.word(b"n") {
                    self.add(first.saturating_add(i), Entry::At(at))?;
                } else if lexer.word(b"f") {
                    // In a file that also has packed objects, they are free here.
                } else {
                    return Err(damaged());
                }
            }
        }
        self.budget.scanned(lexer.at - start)?;
        match lexer.object()? {
            Object::Dict(dict) => Ok(dict),
            _ => Err(damaged()),
        }
    }

    fn packed_table(&mut self, at: usize) -> Result<Dict, Fault> {
        let damaged = || Fault::from("its table of objects is damaged");
        let Some((_, Object::Stream(stream))) = self.object_at(at)? else { return Err(damaged()) };
        let bytes = filter::bytes(self, &stream)?;
        let numbers = |key: &str| stream.dict.get(key).list().map(|list| list.iter().map(|one| one.count().unwrap_or(0)).collect::<Vec<_>>());
        let Some([kind, second, third]) = numbers("W").and_then(|w| <[usize; 3]>::try_from(w).ok()) else { return Err(damaged()) };
        let width = kind.saturating_add(second).saturating_add(third);
        if kind.max(second).max(third) > 8 || width == 0 {
            return Err(damaged());
        }
        let whole = |bytes: &[u8]| bytes.iter().fold(0_usize, |value, byte| value << 8 | usize::from(*byte));
        let index = numbers("Index").unwrap_or_else(|| vec![0, stream.dict.get("Size").count().unwrap_or(0)]);
        let mut rows = bytes.chunks_exact(width);
        for range in index.chunks_exact(2) {
            for (id, row) in (range[0]..).zip(rows.by_ref().take(range[1])) {
                let value = whole(&row[kind..kind + second]);
                let entry = match if kind == 0 { 1 } else { whole(&row[..kind]) } {
                    1 => Entry::At(value),
                    2 => Entry::In(u32::try_from(value).unwrap_or(u32::MAX)),
                    _ => Entry::Free,
                };
                self.add(id, entry)?;
            }
        }
        Ok(stream.dict.clone())
    }

    /// Finds the objects by their `7 0 obj`, the last of each number, where the table of them is damaged.
    fn scan(&mut self) -> Result<(), Fault> {
        self.table.clear();
        self.packed.borrow_mut().clear();
        let mut from = 0;
        while let Some(at) = find(self.bytes, b" obj", from) {
            from = at + 4;
            let digits_before = |end: usize| end - self.bytes[..end].iter().rev().take(10).take_while(|byte| byte.is_ascii_digit()).count();
            let generation = digits_before(at);
            let start = digits_before(generation.saturating_sub(1));
            if let Some(id) = Lexer::of_file(self.bytes, start, self.budget).integer().filter(|_| start + 1 < generation) {
                self.table.insert(u32::try_from(id).unwrap_or(u32::MAX), Entry::At(start));
                self.budget.object()?;
            }
        }
        let mut last = self.bytes.len();
        while let Some(at) = rfind(&self.bytes[..last], b"trailer", 0) {
            last = at;
            match Lexer::of_file(self.bytes, at + 7, self.budget).object()? {
                Object::Dict(dict) if !dict.get("Root").is_null() => {
                    self.trailer = dict;
                    break;
                }
                _ => {}
            }
        }
        let all: Vec<(u32, Entry)> = self.table.iter().map(|(id, entry)| (*id, *entry)).collect();
        for (id, entry) in all {
            let Entry::At(at) = entry else { continue };
            let Some((_, Object::Stream(stream))) = self.object_at(at)? else { continue };
            if stream.dict.is_a("XRef") && !stream.dict.get("Root").is_null() {
                self.trailer = stream.dict.clone();
            } else if stream.dict.is_a("ObjStm") && self.trailer.get("Encrypt").is_null() {
                for inner in self.unpacked(id)?.1.keys() {
                    self.table.entry(*inner).or_insert(Entry::In(id));
                }
            }
        }
        if self.trailer.get("Encrypt").is_null() { self.pages().map(|_| ()) } else { Ok(()) }
    }
}

fn find(bytes: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(wanted.len()).position(|window| window == wanted).map(|at| from + at)
}

fn rfind(bytes: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(wanted.len()).rposition(|window| window == wanted).map(|at| from + at)
}
