//! Tensors as a pickle describes them: a window on a storage. Nothing that it claims is believed before the bytes are there.

use std::collections::BTreeMap;

use super::super::onnx::of_bytes;
use super::super::tensor::{Outcome, Tensor, Values, count, refuse, too_large};
use super::archive::Archive;
use super::legacy::Stream;
use super::pickle::{Id, Node, Pickle};
use mlgrade_domain::limits;

/// The types of storages: PyTorch's name, ONNX's number of the type, the bytes of a number.
const ELEMENTS: [(&str, i64, usize); 10] = [
    ("FloatStorage", 1, 4),
    ("ByteStorage", 2, 1),
    ("CharStorage", 3, 1),
    ("ShortStorage", 5, 2),
    ("IntStorage", 6, 4),
    ("LongStorage", 7, 8),
    ("BoolStorage", 9, 1),
    ("HalfStorage", 10, 2),
    ("DoubleStorage", 11, 8),
    ("BFloat16Storage", 16, 2),
];

/// Where the bytes of storages are.
pub(super) enum Source<'b> {
    Archive(Archive<'b>),
    Stream(BTreeMap<&'b str, &'b [u8]>),
    /// Each in the pickle itself.
    Pickle,
}

/// Where the bytes of one storage are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place<'b> {
    Key(&'b str),
    /// What `pickle.dump` makes of it: a stream of its own.
    Inside(&'b [u8]),
}

/// Numbers of one type in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Storage<'b> {
    place: Place<'b>,
    element: i64,
    size: usize,
    count: usize,
}

/// A window on a storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct View<'b> {
    storage: Storage<'b>,
    offset: usize,
    shape: Vec<usize>,
    strides: Vec<usize>,
}

impl<'b> Storage<'b> {
    /// The storage that the pickle names at `id`.
    pub(super) fn named(pickle: &Pickle<'b>, id: Id) -> Outcome<Self> {
        if let (Node::Called(_), Some((("torch.storage", "_load_from_bytes"), [bytes]))) = (pickle.node(id), pickle.call(id)) {
            let Node::Bytes(bytes) = pickle.node(*bytes) else { return Err(malformed()) };
            let inner = Stream::read(bytes)?;
            let inner = Storage::named(&inner.pickle, inner.pickle.root)?;
            return match inner.place {
                Place::Key(_) => Ok(Self { place: Place::Inside(bytes), ..inner.anonymous() }),
                Place::Inside(_) => Err(malformed()),
            };
        }
        let Node::Persistent(inside) = pickle.node(id) else { return Err(malformed()) };
        let Some([word, class, key, _, length, more @ ..]) = pickle.items(*inside) else { return Err(malformed()) };
        let (Some("storage"), Some((_, class)), Some(key), Some(count)) = (pickle.text(*word), pickle.global(*class), pickle.text(*key), pickle.size(*length))
        else {
            return Err(malformed());
        };
        if more.iter().any(|more| !matches!(pickle.node(*more), Node::None)) {
            return Err(refuse("its storages are windows on others, as PyTorch wrote before 0.4").help("load it with PyTorch and save it again"));
        }
        let known = ELEMENTS.iter().find(|(name, ..)| *name == class);
        let &(_, element, size) = known.ok_or_else(|| {
            let class: String = class.chars().filter(|c| !c.is_control()).take(40).collect();
            refuse(format!("it holds numbers of the type {class}, which are not read")).help("save them as float32: `model.float()`")
        })?;
        Ok(Self { place: Place::Key(key), element, size, count })
    }

    fn anonymous<'o>(self) -> Storage<'o> {
        Storage { place: Place::Key(""), element: self.element, size: self.size, count: self.count }
    }

    /// Its key in the file, unless it lies in the pickle.
    pub(super) fn key(&self) -> Option<&'b str> {
        if let Place::Key(key) = self.place { Some(key) } else { None }
    }

    /// How many numbers there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// How many bytes they take.
    pub(super) fn bytes(&self) -> Outcome<usize> {
        self.count.checked_mul(self.size).ok_or_else(|| too_large("a storage is beyond counting"))
    }
}

/// The tensor at `id`, if it is one.
pub(super) fn view<'b>(pickle: &Pickle<'b>, id: Id) -> Option<Outcome<View<'b>>> {
    let mut called = pickle.call(id)?;
    // A parameter is a tensor inside of others.
    for _ in 0..4 {
        called = match called {
            (("torch._utils", "_rebuild_parameter" | "_rebuild_parameter_with_state") | ("torch.nn.parameter", "Parameter"), [inner, ..]) => {
                pickle.call(*inner)?
            }
            (("torch._tensor", "_rebuild_from_type_v2"), [function, _, arguments, ..]) => (pickle.global(*function)?, pickle.items(*arguments)?),
            _ => break,
        };
    }
    match called {
        (("torch._utils", "_rebuild_tensor_v2"), [storage, offset, shape, strides, _, _, more @ ..]) => {
            // Whether the numbers are to be negated or conjugated.
            let is_plain = more.iter().all(|more| pickle.entries(*more).is_none_or(|entries| entries.is_empty()));
            Some(if is_plain {
                windowed(pickle, [*storage, *offset, *shape, *strides])
            } else {
                Err(refuse("a tensor is a view that is negated or conjugated"))
            })
        }
        (("torch._utils", "_rebuild_tensor"), [storage, offset, shape, strides]) => Some(windowed(pickle, [*storage, *offset, *shape, *strides])),
        ((module, name), _) if module.starts_with("torch") && name.starts_with("_rebuild") => {
            let what = if name.contains("qtensor") {
                "a quantised tensor"
            } else if name.contains("sparse") {
                "a sparse tensor"
            } else {
                "a tensor of a kind"
            };
            let name: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
            Some(Err(refuse(format!("it holds {what} that is not read (`{name}`)")).help("save ordinary tensors of float32")))
        }
        _ => None,
    }
}

fn windowed<'b>(pickle: &Pickle<'b>, [storage, offset, shape, strides]: [Id; 4]) -> Outcome<View<'b>> {
    let sides =
        |id: Id| pickle.items(id).filter(|sides| sides.len() <= 64).and_then(|sides| sides.iter().map(|&side| pickle.size(side)).collect::<Option<Vec<_>>>());
    let storage = Storage::named(pickle, storage)?;
    match (pickle.size(offset), sides(shape), sides(strides)) {
        (Some(offset), Some(shape), Some(strides)) if shape.len() == strides.len() => Ok(View { storage, offset, shape, strides }),
        _ => Err(malformed()),
    }
}

fn malformed() -> super::super::tensor::Refusal {
    refuse("a tensor is not described as PyTorch does it").help("load it with PyTorch and save it again")
}

impl View<'_> {
    pub(super) fn rank(&self) -> usize {
        self.shape.len()
    }
}

/// Tensors with their numbers, each storage read once.
pub(super) struct Reader<'s, 'b> {
    source: &'s Source<'b>,
    storages: BTreeMap<Storage<'s>, Values>,
    /// The numbers of all storages, and those of all tensors.
    read: usize,
    made: usize,
}

impl<'s, 'b> Reader<'s, 'b> {
    pub(super) fn new(source: &'s Source<'b>) -> Self {
        Self { source, storages: BTreeMap::new(), read: 0, made: 0 }
    }

    /// The tensor that `view` shows.
    pub(super) fn tensor(&mut self, view: &View<'s>) -> Outcome<Tensor> {
        let total = count(&view.shape).and_then(|count| self.made.checked_add(count)).filter(|&total| total <= limits::NETWORK_ELEMENTS);
        self.made = total.ok_or_else(too_many)?;
        // The last number of the window lies within its storage.
        let reach = view
            .shape
            .iter()
            .zip(&view.strides)
            .try_fold(view.offset, |reach, (&side, &stride)| reach.checked_add(side.saturating_sub(1).checked_mul(stride)?));
        let is_empty = view.shape.contains(&0);
        if !is_empty && reach.is_none_or(|last| last >= view.storage.count) {
            return Err(refuse("a tensor lies outside of its storage"));
        }
        if !self.storages.contains_key(&view.storage) {
            let values = self.storage(&view.storage)?;
            self.storages.insert(view.storage, values);
        }
        let values = match self.storages.get(&view.storage) {
            _ if is_empty => Values::Float(Vec::new()),
            Some(Values::Float(values)) => Values::Float(strided(values, view)),
            Some(Values::Int(values)) => Values::Int(strided(values, view)),
            None => return Err(malformed()),
        };
        Tensor::new(view.shape.clone(), values)
    }

    fn storage(&mut self, storage: &Storage<'s>) -> Outcome<Values> {
        self.read = self.read.checked_add(storage.count).filter(|&read| read <= limits::NETWORK_ELEMENTS).ok_or_else(too_many)?;
        let length = storage.bytes()?;
        let read = |bytes: &[u8]| {
            of_bytes(bytes, storage.element, storage.count).ok_or_else(|| refuse(format!("a storage has {} bytes, and {length} are claimed", bytes.len())))
        };
        match (storage.place, self.source) {
            (Place::Key(key), Source::Archive(archive)) => read(&archive.file(&format!("data/{key}"), length)?),
            (Place::Key(key), Source::Stream(storages)) => read(storages.get(key).ok_or_else(|| refuse("a storage is missing"))?),
            (Place::Inside(bytes), _) => {
                let stream = Stream::read(bytes)?;
                let key = Storage::named(&stream.pickle, stream.pickle.root)?.key();
                read(key.and_then(|key| stream.storages.get(key)).ok_or_else(|| refuse("a storage is missing"))?)
            }
            (Place::Key(_), Source::Pickle) => Err(refuse("its storages lie in another file")),
        }
    }
}

fn too_many() -> super::super::tensor::Refusal {
    too_large(format!("it holds more than {} numbers", limits::NETWORK_ELEMENTS)).help("save the state of the model alone, and hand in a smaller network")
}

/// The numbers of the window, row by row. It lies within the storage.
fn strided<T: Copy>(values: &[T], view: &View<'_>) -> Vec<T> {
    let total = count(&view.shape).unwrap_or(0);
    let mut out = Vec::with_capacity(total);
    let mut place = vec![0_usize; view.shape.len()];
    let mut at = view.offset;
    while out.len() < total {
        out.extend(values.get(at).copied());
        for axis in (0..place.len()).rev() {
            place[axis] += 1;
            at += view.strides[axis];
            if place[axis] < view.shape[axis] {
                break;
            }
            at -= view.strides[axis] * view.shape[axis];
            place[axis] = 0;
        }
    }
    out
}
