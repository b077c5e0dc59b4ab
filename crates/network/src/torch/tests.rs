//! PyTorch says what is in the fixtures: `fixtures/networks/torch/make.py`. What no version of it writes is put together here.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::super::tensor::Values;
use super::*;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/networks/torch")
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn fault(bytes: &[u8]) -> String {
    match read(bytes, None) {
        Some(Err(refusal)) => refusal.message,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_weights_are_those_of_pytorch() {
    let expected: serde_json::Value = serde_json::from_slice(&fixture("expected.json")).unwrap();
    for (file, rows) in expected.as_object().unwrap() {
        let tensors = read(&fixture(file), None).unwrap().unwrap_or_else(|refusal| panic!("{file}: {}", refusal.message));
        let rows = rows.as_object().unwrap();
        assert_eq!(tensors.keys().collect::<Vec<_>>(), rows.keys().collect::<Vec<_>>(), "{file}");
        for (name, row) in rows {
            let shape: Vec<usize> = serde_json::from_value(row["shape"].clone()).unwrap();
            let right: Vec<f32> = serde_json::from_value(row["values"].clone()).unwrap();
            let ours: Vec<f32> = match tensors[name].values() {
                Values::Float(values) => values.clone(),
                Values::Int(values) => values.iter().map(|&value| f32::from(i16::try_from(value).unwrap())).collect(),
            };
            assert_eq!((tensors[name].shape(), ours), (shape.as_slice(), right), "{file}: {name}");
        }
    }
    assert_eq!(expected.as_object().unwrap().len(), 29);
}

#[test]
fn of_several_sets_the_author_may_name_one() {
    // torch.load("refused-averaged.pt")["ema_state_dict"] and the like
    let of = |file: &str, wanted: &str| read(&fixture(file), Some(wanted)).unwrap();
    for (file, names) in [("refused-averaged.pt", ["state_dict", "ema_state_dict"]), ("refused-two.pt", ["generator", "discriminator"])] {
        let [first, other] = names.map(|name| of(file, name).unwrap_or_else(|refusal| panic!("{file}: {}", refusal.message)));
        assert_ne!(first, other, "{file}");
    }
    assert_eq!(of("refused-two.pt", "optimizer").unwrap_err().message, "it holds no weights `optimizer`, which the list of layers names");
    assert!(of("state.pt", "state_dict").is_err(), "a name that nothing has is not passed over");
}

#[test]
fn what_is_no_network_or_several_is_refused_as_what_it_is() {
    for (file, part) in [
        ("two.pt", "it holds weights several times: `generator` and `discriminator`"),
        ("averaged.pt", "it holds weights several times: `state_dict` and `ema_state_dict`"),
        ("optimizer.pt", "it holds the state of an optimizer alone"),
        ("complex.pt", "`a.weight`: it holds numbers of the type ComplexFloatStorage"),
        ("negated.pt", "`a.weight`: a tensor is a view that is negated"),
        ("sparse.pt", "`a.weight`: it holds a sparse tensor that is not read"),
        ("uint16.pt", "`a.weight`: it holds a tensor of a kind that is not read (`_rebuild_tensor_v3`)"),
        ("quantised.pt", "it holds a quantised network"),
        ("list.pt", "a list of tensors does not say which belongs to which layer"),
        ("tensor.pt", "it holds a tensor alone"),
        ("numpy.pt", "it holds arrays of NumPy, not tensors"),
        ("text.pkl", "it holds no weights of a network"),
        ("big-endian.pt", "the byte order of another kind of computer"),
    ] {
        let message = fault(&fixture(&format!("refused-{file}")));
        assert!(message.contains(part), "{file}: {message}");
    }
}

/// A pickle of protocol 2.
fn pickle(operations: &[&[u8]]) -> Vec<u8> {
    [&[0x80, 2], operations.concat().as_slice(), b"."].concat()
}

fn text(text: &str) -> Vec<u8> {
    [b"X", u32::try_from(text.len()).unwrap().to_le_bytes().as_slice(), text.as_bytes()].concat()
}

fn int(number: u32) -> Vec<u8> {
    [b"J".as_slice(), &number.to_le_bytes()].concat()
}

/// A state dict with one tensor `a.weight`, shown by these numbers; the storage claims `claimed` numbers.
fn state_dict(claimed: u32, offset: u32, shape: [u32; 2], strides: [u32; 2]) -> Vec<u8> {
    let pair = |[a, b]: [u32; 2]| [int(a), int(b), vec![0x86]].concat();
    let storage = [b"(".to_vec(), text("storage"), b"ctorch\nFloatStorage\n".to_vec(), text("0"), text("cpu"), int(claimed), b"tQ".to_vec()].concat();
    let tensor = [b"ctorch._utils\n_rebuild_tensor_v2\n(".to_vec(), storage, int(offset), pair(shape), pair(strides), b"\x89}tR".to_vec()].concat();
    pickle(&[b"}", &text("a.weight"), &tensor, b"s"])
}

/// The stream of this pickle, with `count` claimed for its one storage of four numbers; with none it has no storage.
fn stream(object: &[u8], count: u64) -> Vec<u8> {
    let mut rest: Vec<u8> = [1.0_f32, 2.0, 3.0, 4.0].iter().flat_map(|number| number.to_le_bytes()).collect();
    rest.splice(0..0, count.to_le_bytes());
    let keys = if count > 0 { pickle(&[b"]", &text("0"), b"a"]) } else { pickle(&[b"]"]) };
    let magic = pickle(&[b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"]);
    [magic, pickle(&[b"M\xe9\x03"]), pickle(&[b"}"]), object.to_vec(), keys, rest].concat()
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated)).unwrap();
        std::io::Write::write_all(&mut zip, bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn every_claim_is_held_against_the_bytes() {
    let read_so = |claimed, offset, shape, strides| read(&stream(&state_dict(claimed, offset, shape, strides), 4), None).unwrap();
    let Values::Float(values) = read_so(4, 0, [2, 2], [1, 2]).unwrap()["a.weight"].values().clone() else { panic!() };
    assert_eq!(values.iter().map(ToString::to_string).collect::<Vec<_>>(), ["1", "3", "2", "4"]);
    for (claimed, offset, shape, strides, part) in [
        (4, 1, [2, 2], [2, 1], "a tensor lies outside of its storage"),
        (4, u32::MAX >> 1, [2, 2], [2, 1], "a tensor lies outside of its storage"),
        (4, 0, [2, 2], [u32::MAX >> 1, 1], "a tensor lies outside of its storage"),
        (4, 0, [2, 2], [u32::MAX, 1], "is not described as PyTorch does it"),
        (4, 0, [u32::MAX >> 1, u32::MAX >> 1], [0, 0], "it holds more than 12000000 numbers"),
        (4, 0, [3000, 5000], [0, 0], "it holds more than 12000000 numbers"),
        (4, 0, [0, 2], [2, 1], "an array of 0×2 holds nothing"),
        (5, 0, [2, 2], [2, 1], "a storage has 4 numbers, and 5 are claimed"),
    ] {
        let message = read_so(claimed, offset, shape, strides).unwrap_err().message;
        assert!(message.contains(part), "{message}");
    }
    let long = fault(&stream(&state_dict(1 << 30, 0, [2, 2], [2, 1]), 1 << 30));
    assert!(long.contains("the file is cut off"), "{long}");
    let files = |claimed, data: &[u8]| fault(&zipped(&[("a/data.pkl", &state_dict(claimed, 0, [2, 2], [2, 1])), ("a/data/0", data)]));
    assert!(files(4, &[0; 15]).contains("a storage has 15 bytes, and 16 are claimed"));
    assert!(files(4, &vec![0; 40 << 20]).contains("`data/0` in it has more than 16 bytes"));
    assert!(files(1 << 30, &[0; 16]).contains("it holds more than 12000000 numbers"));
    let object = state_dict(4, 0, [2, 2], [2, 1]);
    for (other, part) in [
        (vec![("a/data.pkl", object.as_slice())], "`data/0` in it is missing"),
        (vec![("a/data.pkl", &[0; 17 << 20])], "has more than 16777216 bytes"),
        (vec![("a/data.pkl", object.as_slice()), ("a/byteorder", b"big")], "byte order"),
        (vec![("a/data.pkl", object.as_slice()), ("a/constants.pkl", b"")], "this is TorchScript: `a.weight`: `data/0` in it is missing"),
    ] {
        let message = fault(&zipped(&other));
        assert!(message.contains(part), "{message}");
    }
    for none in
        [vec![("a/b/data.pkl", object.as_slice())], vec![("data.pkl", &object)], vec![("a/data.pkl", &object), ("b/data.pkl", &object)], vec![("x", b"")]]
    {
        assert!(read(&zipped(&none), None).is_none());
    }
}

#[test]
fn a_pickle_is_read_and_never_run() {
    let call = |function: &str| pickle(&[format!("c{function}\n").as_bytes(), &text("ls"), b"\x85R"]);
    for function in ["os\nsystem", "posix\nsystem", "nt\nsystem", "subprocess\nPopen", "builtins\neval", "__builtin__\nexec", "os.path\njoin"] {
        for bytes in [call(function), stream(&call(function), 0), zipped(&[("a/data.pkl", &call(function))])] {
            let message = fault(&bytes);
            assert!(message.contains(&format!("to load it would call `{}`, which no network needs", function.replace('\n', "."))), "{message}");
        }
    }
    // Another call is of no matter where no weights are made by it.
    let object = state_dict(4, 0, [2, 2], [2, 1]);
    let beside = pickle(&[b"}(", &text("state_dict"), &object[2..object.len() - 1], &text("args"), &call("mine\nArgs")[2..call("mine\nArgs").len() - 1], b"u"]);
    assert_eq!(read(&stream(&beside, 4), None).unwrap().unwrap().len(), 1);
    assert!(fault(&call("sklearn.svm\nSVC")).contains("this is a pickle of sklearn's"));
    assert!(fault(&call("mine\nNet")).contains("it holds an object of the class `mine.Net`"));
}

#[test]
fn depth_cycles_and_sizes_cost_nothing() {
    let deep = |open: &[u8], close: &[u8]| pickle(&[open, &close.repeat(900_000)]);
    let doubling: Vec<u8> =
        std::iter::once(b"]q\x00".to_vec()).chain((0..200).map(|i: u8| [b"(h".as_slice(), &[i], b"h", &[i], b"lq", &[i + 1]].concat())).flatten().collect();
    let round = [b"}q\x00".to_vec(), text("state_dict"), b"h\x00s".to_vec()].concat();
    let module = |inside: &[u8]| {
        [b"cm\nM\n)\x81q\x01}(".to_vec(), text("_parameters"), b"}".to_vec(), text("_modules"), b"}".to_vec(), inside.to_vec(), b"ub".to_vec()].concat()
    };
    let itself = module(&[text("x"), b"h\x01s".to_vec()].concat());
    let many = pickle(&[&b"N".repeat(1_100_000)]);
    let steps = pickle(&[b"N", &b"q\x00".repeat(4_100_000)]);
    let huge = |operation: &[u8], length: &[u8]| [b"\x80\x04", operation, length, b"abc."].concat();
    for (bytes, part) in [
        (deep(b"N", b"\x85"), "does not say which belongs"),
        (deep(b"]q\x00", b"(h\x00"), "does not say which belongs"),
        (pickle(&[&b"(".repeat(1_000_000)]), "finds nothing to work on"),
        (pickle(&[&doubling]), "does not say which belongs"),
        (pickle(&[&round]), "it holds no weights"),
        (pickle(&[&itself]), "lie too deep in one another, or go round"),
        (many, "it has more than 1000000 values"),
        (steps, "its pickle has more than 4000000 operations"),
        (huge(b"X", &u32::MAX.to_le_bytes()), "cut off"),
        (huge(b"\x8d", &u64::MAX.to_le_bytes()), "cut off"),
        (huge(b"\x8e", &(1_u64 << 40).to_le_bytes()), "cut off"),
        (huge(b"\x8b", &u32::MAX.to_le_bytes()), "cut off"),
        (huge(b"\x95", &u64::MAX.to_le_bytes()), "a frame of 18446744073709551615 bytes is cut off"),
        (huge(b"h", b"\x07"), "it takes what it never kept, number 7"),
        (huge(b"\x82", b"\x07"), "the operation 0x82 is not read"),
        (huge(b"X\x01\0\0\0", b"\xff"), "a text is not UTF-8"),
        (pickle(&[b"(NNu"]), "finds nothing"),
        (pickle(&[b"](NNu"]), "no dictionary"),
        (pickle(&[b"N)R."]), "it holds no weights"),
        (pickle(&[b"NNb"]), "a state is given to what has none"),
    ] {
        let message = fault(&bytes);
        assert!(message.contains(part), "{message}");
    }
    // A long number is read, and of no interest.
    assert!(fault(&[b"\x80\x02\x8b\x00\x00\x10\x00".as_slice(), &vec![7; 1 << 20], b"."].concat()).contains("no weights"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_file_is_read_or_refused(file in 0_usize..9, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), cut in any::<prop::sample::Index>()) {
        let files = ["state.pt", "stream.pth", "module.pth", "views.pth", "dumped.pkl", "checkpoint.pth.tar", "stream-protocol-1.pth", "script.pt", "module.pt"];
        let mut bytes = fixture(files[file]);
        for (index, byte) in changes {
            let length = bytes.len();
            bytes[index.index(length)] = byte;
        }
        if cut.index(4) == 0 {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = read(&bytes, None).is_some();
    }

    /// Without a zip's sums in between, the pickle itself is what is damaged.
    #[test]
    fn a_damaged_pickle_is_read_or_refused(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), script in any::<bool>()) {
        let bytes = fixture(if script { "script.pt" } else { "module.pt" });
        let mut archive = Archive::open(&bytes).unwrap();
        prop_assert!(archive.enter());
        let mut data = archive.file("data.pkl", 1 << 20).unwrap();
        for (index, byte) in changes {
            let length = data.len();
            data[index.index(length)] = byte;
        }
        let source = Source::Archive(archive);
        let _ = Pickle::read(&data).and_then(|pickle| arrays(&pickle, &source, None)).is_ok();
    }

    #[test]
    fn any_bytes_are_weights_or_a_message(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let whole = [&[0x80, 2], bytes.as_slice()].concat();
        prop_assert!(read(&whole, None).unwrap().is_err());
        let _ = Pickle::read(&bytes).is_ok();
    }
}
