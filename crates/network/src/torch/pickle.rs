//! Pickles read as data.
//!
//! A pickle is a program for a stack machine. Here its values are put together and nothing is ever called: a global is a name, and what a
//! call would give is the name with its arguments. All values lie in one list and refer to one another by their place in it, so depth,
//! cycles and sharing cost no stack and no copies; each operation adds one value at most, and their number is bounded.

use std::collections::BTreeMap;

use super::super::tensor::{Outcome, refuse, too_large};
use mlgrade_domain::limits;

/// The place of a value.
pub(super) type Id = usize;

/// A value.
#[derive(Debug)]
pub(super) enum Node<'b> {
    Bool(bool),
    Bytes(&'b [u8]),
    Called(Box<Called>),
    Dict(Vec<(Id, Id)>),
    /// A class or a function: module and name.
    Global(&'b str, &'b str),
    Int(i128),
    /// A list or a set.
    List(Vec<Id>),
    None,
    /// A number of no interest here.
    Number,
    /// Something that lies outside of the pickle, such as a storage.
    Persistent(Id),
    Text(&'b str),
    Tuple(Vec<Id>),
}

/// What a call would give.
#[derive(Debug)]
pub(super) struct Called {
    callable: Id,
    arguments: Id,
    /// What the object is said to hold.
    state: Option<Id>,
    entries: Vec<(Id, Id)>,
    items: Vec<Id>,
}

/// All values of a pickle.
#[derive(Debug)]
pub(super) struct Pickle<'b> {
    nodes: Vec<Node<'b>>,
    pub(super) root: Id,
    /// How many bytes it takes.
    pub(super) length: usize,
}

impl<'b> Pickle<'b> {
    /// The pickle at the beginning of `bytes`.
    pub(super) fn read(bytes: &'b [u8]) -> Outcome<Self> {
        let mut machine = Machine { rest: bytes, nodes: Vec::new(), stack: Vec::new(), marks: Vec::new(), memo: BTreeMap::new() };
        for _ in 0..limits::NETWORK_PICKLE_STEPS {
            let at = bytes.len() - machine.rest.len();
            let opcode = machine.byte()?;
            if opcode == b'.' {
                let root = machine.pop()?;
                return Ok(Self { nodes: machine.nodes, root, length: at + 1 });
            }
            machine.step(opcode).map_err(|refusal| refusal.at(&format!("byte {at} of the pickle")))?;
        }
        Err(too_large(format!("its pickle has more than {} operations", limits::NETWORK_PICKLE_STEPS)))
    }

    /// The value at a place.
    pub(super) fn node(&self, id: Id) -> &Node<'b> {
        self.nodes.get(id).unwrap_or(&Node::None)
    }

    /// All values.
    pub(super) fn ids(&self) -> std::ops::Range<Id> {
        0..self.nodes.len()
    }

    pub(super) fn text(&self, id: Id) -> Option<&'b str> {
        if let Node::Text(text) = self.node(id) { Some(text) } else { None }
    }

    /// A count or a place.
    pub(super) fn size(&self, id: Id) -> Option<usize> {
        if let Node::Int(int) = self.node(id) { usize::try_from(*int).ok() } else { None }
    }

    /// The values of a list or a tuple.
    pub(super) fn items(&self, id: Id) -> Option<&[Id]> {
        match self.node(id) {
            Node::List(items) | Node::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// Module and name of a class or a function.
    pub(super) fn global(&self, id: Id) -> Option<(&'b str, &'b str)> {
        match self.node(id) {
            Node::Global(module, name) => Some((module, name)),
            // A module's class, which the stream before PyTorch 1.6 keeps with its source.
            Node::Persistent(inside) => match self.items(*inside)? {
                [word, class, ..] if self.text(*word) == Some("module") => match self.node(*class) {
                    Node::Global(module, name) => Some((module, name)),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    /// What is called with what.
    pub(super) fn call(&self, id: Id) -> Option<((&'b str, &'b str), &[Id])> {
        let Node::Called(called) = self.node(id) else { return None };
        Some((self.global(called.callable)?, self.items(called.arguments).unwrap_or(&[])))
    }

    /// What the object is said to hold: its attributes.
    pub(super) fn state(&self, id: Id) -> Option<Id> {
        let Node::Called(called) = self.node(id) else { return None };
        let state = called.state?;
        match self.node(state) {
            // Attributes, and those in slots.
            Node::Tuple(parts) => parts.first().copied(),
            _ => Some(state),
        }
    }

    /// The entries of a dictionary of any kind.
    pub(super) fn entries(&self, id: Id) -> Option<Vec<(Id, Id)>> {
        match self.node(id) {
            Node::Dict(entries) => Some(entries.clone()),
            Node::Called(called) => {
                let is_ordered = self.global(called.callable).is_some_and(|(_, name)| name == "OrderedDict");
                // Python 2 hands the entries of an ordered dictionary over as a list of pairs.
                let given = self.items(called.arguments).filter(|_| is_ordered).and_then(|arguments| self.items(*arguments.first()?));
                let pair = |&id: &Id| self.items(id).and_then(|pair| if let [key, value] = pair { Some((*key, *value)) } else { None });
                let mut entries: Vec<(Id, Id)> = given.unwrap_or(&[]).iter().filter_map(pair).collect();
                entries.extend(&called.entries);
                (is_ordered || !entries.is_empty()).then_some(entries)
            }
            _ => None,
        }
    }

    /// The entry `key` of a dictionary, the last of several.
    pub(super) fn entry(&self, id: Id, key: &str) -> Option<Id> {
        self.entries(id)?.into_iter().rev().find(|(name, _)| self.text(*name) == Some(key)).map(|(_, value)| value)
    }
}

struct Machine<'b> {
    rest: &'b [u8],
    nodes: Vec<Node<'b>>,
    stack: Vec<Id>,
    /// Heights of the stack.
    marks: Vec<usize>,
    memo: BTreeMap<u64, Id>,
}

impl<'b> Machine<'b> {
    fn step(&mut self, opcode: u8) -> Outcome<()> {
        match opcode {
            // What frames the others: PROTO, FRAME.
            0x80 => match self.byte()? {
                0..=5 => Ok(()),
                version => Err(refuse(format!("protocol {version} is not read"))),
            },
            0x95 => match self.unsigned(8)? {
                length if length <= self.rest.len() as u64 => Ok(()),
                length => Err(refuse(format!("a frame of {length} bytes is cut off"))),
            },
            // Constants and numbers.
            b'N' => self.push(Node::None),
            0x88 => self.push(Node::Bool(true)),
            0x89 => self.push(Node::Bool(false)),
            b'J' => self.unsigned(4).and_then(|bits| self.push(Node::Int(i128::from(bits.cast_signed() << 32 >> 32)))),
            b'K' => self.unsigned(1).and_then(|number| self.push(Node::Int(i128::from(number)))),
            b'M' => self.unsigned(2).and_then(|number| self.push(Node::Int(i128::from(number)))),
            0x8a => self.unsigned(1).and_then(|length| self.long(length)),
            0x8b => self.unsigned(4).and_then(|length| self.long(length)),
            b'I' | b'L' => match self.line()? {
                "00" => self.push(Node::Bool(false)),
                "01" => self.push(Node::Bool(true)),
                digits => self.push(digits.trim_end_matches('L').parse().map_or(Node::Number, Node::Int)),
            },
            b'F' => self.line().and_then(|_| self.push(Node::Number)),
            b'G' => self.take(8).and_then(|_| self.push(Node::Number)),
            // Text and bytes.
            b'X' => self.unsigned(4).and_then(|length| self.unicode(length)),
            0x8c => self.unsigned(1).and_then(|length| self.unicode(length)),
            0x8d => self.unsigned(8).and_then(|length| self.unicode(length)),
            b'U' => self.unsigned(1).and_then(|length| self.string(length)),
            b'T' => self.unsigned(4).and_then(|length| self.string(length)),
            b'C' => self.unsigned(1).and_then(|length| self.bytes(length)),
            b'B' => self.unsigned(4).and_then(|length| self.bytes(length)),
            0x8e | 0x96 => self.unsigned(8).and_then(|length| self.bytes(length)),
            _ => self.gather(opcode),
        }
    }

    /// Operations that put values together.
    fn gather(&mut self, opcode: u8) -> Outcome<()> {
        match opcode {
            b'(' => {
                self.marks.push(self.stack.len());
                Ok(())
            }
            b')' => self.push(Node::Tuple(Vec::new())),
            b']' | 0x8f => self.push(Node::List(Vec::new())),
            b'}' => self.push(Node::Dict(Vec::new())),
            0x85..=0x87 => {
                let count = usize::from(opcode - 0x84);
                let first = self.stack.len().checked_sub(count).filter(|&first| first >= self.floor()).ok_or_else(empty)?;
                let items = self.stack.split_off(first);
                self.push(Node::Tuple(items))
            }
            b't' | 0x91 => self.marked().and_then(|items| self.push(Node::Tuple(items))),
            b'l' => self.marked().and_then(|items| self.push(Node::List(items))),
            b'd' => self.marked().and_then(|items| pairs(&items)).and_then(|pairs| self.push(Node::Dict(pairs))),
            b'a' => self.pop().and_then(|item| self.append(vec![item])),
            b'e' | 0x90 => self.marked().and_then(|items| self.append(items)),
            b's' => {
                let (value, key) = (self.pop()?, self.pop()?);
                self.set(vec![(key, value)])
            }
            b'u' => self.marked().and_then(|items| pairs(&items)).and_then(|pairs| self.set(pairs)),
            b'0' if self.stack.len() > self.floor() => self.pop().map(|_| ()),
            b'0' | b'1' => self.marked().map(|_| ()),
            b'2' => {
                let top = self.top()?;
                self.stack.push(top);
                Ok(())
            }
            _ => self.refer(opcode),
        }
    }

    /// Names, calls that are not made, and the memo.
    fn refer(&mut self, opcode: u8) -> Outcome<()> {
        match opcode {
            b'c' => {
                let (module, name) = (self.line()?, self.line()?);
                self.push(Node::Global(module, name))
            }
            0x93 => {
                let (name, module) = (self.pop()?, self.pop()?);
                match (self.nodes.get(module), self.nodes.get(name)) {
                    (Some(Node::Text(module)), Some(Node::Text(name))) => {
                        let global = Node::Global(module, name);
                        self.push(global)
                    }
                    _ => Err(refuse("a global's name is no text")),
                }
            }
            b'R' | 0x81 => {
                let (arguments, callable) = (self.pop()?, self.pop()?);
                self.called(callable, arguments)
            }
            0x92 => {
                let (_, arguments, callable) = (self.pop()?, self.pop()?, self.pop()?);
                self.called(callable, arguments)
            }
            b'b' => {
                let state = self.pop()?;
                let top = self.top()?;
                match self.nodes.get_mut(top) {
                    Some(Node::Called(called)) if called.state.is_none() => called.state = Some(state),
                    _ => return Err(refuse("a state is given to what has none")),
                }
                Ok(())
            }
            b'Q' => self.pop().and_then(|inside| self.push(Node::Persistent(inside))),
            b'p' => self.line().and_then(place).and_then(|place| self.put(place)),
            b'q' => self.unsigned(1).and_then(|place| self.put(place)),
            b'r' => self.unsigned(4).and_then(|place| self.put(place)),
            0x94 => self.put(self.memo.len() as u64),
            b'g' => self.line().and_then(place).and_then(|place| self.get(place)),
            b'h' => self.unsigned(1).and_then(|place| self.get(place)),
            b'j' => self.unsigned(4).and_then(|place| self.get(place)),
            other => Err(refuse(format!("the operation 0x{other:02x} is not read"))),
        }
    }

    fn byte(&mut self) -> Outcome<u8> {
        self.take(1).map(|bytes| bytes.first().copied().unwrap_or(0))
    }

    fn take(&mut self, length: u64) -> Outcome<&'b [u8]> {
        let length = usize::try_from(length).ok().filter(|&length| length <= self.rest.len());
        let (taken, rest) = self.rest.split_at(length.ok_or_else(|| refuse("the pickle is cut off"))?);
        self.rest = rest;
        Ok(taken)
    }

    /// A number of this many bytes.
    fn unsigned(&mut self, length: u64) -> Outcome<u64> {
        self.take(length).map(|bytes| bytes.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte)))
    }

    /// Text up to the end of the line.
    fn line(&mut self) -> Outcome<&'b str> {
        let length = self.rest.iter().position(|&byte| byte == b'\n').ok_or_else(|| refuse("the pickle is cut off"))?;
        let line = self.take(length as u64)?;
        self.byte()?;
        std::str::from_utf8(line).map(str::trim_end).map_err(|_| refuse("a line is no text"))
    }

    /// A whole number of this many bytes; one that is beyond 128 bits is of no interest.
    fn long(&mut self, length: u64) -> Outcome<()> {
        let bytes = self.take(length)?;
        if bytes.len() > 16 {
            return self.push(Node::Number);
        }
        let negative = bytes.last().is_some_and(|&byte| byte >= 0x80);
        let number = bytes.iter().rev().fold(if negative { -1_i128 } else { 0 }, |number, &byte| number << 8 | i128::from(byte));
        self.push(Node::Int(number))
    }

    fn unicode(&mut self, length: u64) -> Outcome<()> {
        let text = std::str::from_utf8(self.take(length)?).map_err(|_| refuse("a text is not UTF-8"))?;
        self.push(Node::Text(text))
    }

    /// Python 2's text, which may be bytes.
    fn string(&mut self, length: u64) -> Outcome<()> {
        let bytes = self.take(length)?;
        self.push(std::str::from_utf8(bytes).map_or(Node::Bytes(bytes), Node::Text))
    }

    fn bytes(&mut self, length: u64) -> Outcome<()> {
        let bytes = self.take(length)?;
        self.push(Node::Bytes(bytes))
    }

    fn push(&mut self, node: Node<'b>) -> Outcome<()> {
        if self.nodes.len() >= limits::NETWORK_PICKLE_VALUES {
            return Err(too_large(format!("it has more than {} values", limits::NETWORK_PICKLE_VALUES)));
        }
        self.stack.push(self.nodes.len());
        self.nodes.push(node);
        Ok(())
    }

    fn called(&mut self, callable: Id, arguments: Id) -> Outcome<()> {
        self.push(Node::Called(Box::new(Called { callable, arguments, state: None, entries: Vec::new(), items: Vec::new() })))
    }

    /// The height that the stack does not go below before the mark is taken away.
    fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    fn pop(&mut self) -> Outcome<Id> {
        if self.stack.len() > self.floor() { self.stack.pop().ok_or_else(empty) } else { Err(empty()) }
    }

    fn top(&self) -> Outcome<Id> {
        self.stack.last().copied().filter(|_| self.stack.len() > self.floor()).ok_or_else(empty)
    }

    /// Everything above the last mark.
    fn marked(&mut self) -> Outcome<Vec<Id>> {
        let mark = self.marks.pop().ok_or_else(empty)?;
        Ok(self.stack.split_off(mark.min(self.stack.len())))
    }

    fn append(&mut self, more: Vec<Id>) -> Outcome<()> {
        let top = self.top()?;
        match self.nodes.get_mut(top) {
            Some(Node::List(items)) => items.extend(more),
            Some(Node::Called(called)) => called.items.extend(more),
            _ => return Err(refuse("an item is added to what is no list")),
        }
        Ok(())
    }

    fn set(&mut self, pairs: Vec<(Id, Id)>) -> Outcome<()> {
        let top = self.top()?;
        match self.nodes.get_mut(top) {
            Some(Node::Dict(entries)) => entries.extend(pairs),
            Some(Node::Called(called)) => called.entries.extend(pairs),
            _ => return Err(refuse("an entry is added to what is no dictionary")),
        }
        Ok(())
    }

    fn put(&mut self, place: u64) -> Outcome<()> {
        let top = self.top()?;
        self.memo.insert(place, top);
        Ok(())
    }

    fn get(&mut self, place: u64) -> Outcome<()> {
        let id = *self.memo.get(&place).ok_or_else(|| refuse(format!("it takes what it never kept, number {place}")))?;
        self.stack.push(id);
        Ok(())
    }
}

fn empty() -> super::super::tensor::Refusal {
    refuse("an operation finds nothing to work on")
}

fn place(line: &str) -> Outcome<u64> {
    line.parse().map_err(|_| refuse("a place in the memo is no number"))
}

/// Keys and values in turn.
fn pairs(items: &[Id]) -> Outcome<Vec<(Id, Id)>> {
    let (pairs, rest) = items.as_chunks::<2>();
    if rest.is_empty() { Ok(pairs.iter().map(|&[key, value]| (key, value)).collect()) } else { Err(refuse("a key has no value")) }
}
