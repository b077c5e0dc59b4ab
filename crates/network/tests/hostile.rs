//! Operators and graphs whose sizes the file says: what would take all memory or time is refused, and what has no meaning too.

#![allow(clippy::unwrap_used, reason = "a test that cannot make its own files ends")]

use std::borrow::Cow;

use mlgrade_domain::examples::{Examples, Numbers};
use mlgrade_network::{Network, Presentation};

/// A number of a message.
fn int(field: u64, value: i64) -> Vec<u8> {
    [varint(field << 3), varint(value.cast_unsigned())].concat()
}

/// A text or a message within a message.
fn part(field: u64, bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let bytes = bytes.as_ref();
    [varint(field << 3 | 2), varint(bytes.len() as u64), bytes.to_vec()].concat()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push((value & 0x7f) as u8);
    bytes
}

fn node(operator: &str, inputs: &str, outputs: &str, attributes: &[Vec<u8>]) -> Vec<u8> {
    let names = |field: u64, list: &str| list.split_whitespace().flat_map(|name| part(field, name.trim_matches('-'))).collect::<Vec<u8>>();
    let attributes: Vec<u8> = attributes.iter().flat_map(|attribute| part(5, attribute)).collect();
    [names(1, inputs), names(2, outputs), part(4, operator), attributes].concat()
}

fn number(name: &str, value: i64) -> Vec<u8> {
    [part(1, name), int(3, value), int(20, 2)].concat()
}

fn numbers(name: &str, values: &[i64]) -> Vec<u8> {
    [part(1, name), values.iter().flat_map(|&value| int(8, value)).collect(), int(20, 7)].concat()
}

fn text(name: &str, value: &str) -> Vec<u8> {
    [part(1, name), part(4, value), int(20, 3)].concat()
}

fn body(name: &str, graph: &[u8]) -> Vec<u8> {
    [part(1, name), part(6, graph), int(20, 5)].concat()
}

/// An array of whole numbers.
fn whole(name: &str, sides: &[i64], values: &[i64]) -> Vec<u8> {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    [sides.iter().flat_map(|&side| int(1, side)).collect(), int(2, 7), part(8, name), part(9, bytes)].concat()
}

/// An array of floating-point numbers.
fn floats(name: &str, sides: &[i64], values: &[f32]) -> Vec<u8> {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    [sides.iter().flat_map(|&side| int(1, side)).collect(), int(2, 1), part(8, name), part(9, bytes)].concat()
}

fn entry(name: &str, sides: &[i64]) -> Vec<u8> {
    let sides: Vec<u8> = sides.iter().flat_map(|&side| part(1, if side > 0 { int(1, side) } else { Vec::new() })).collect();
    [part(1, name), part(2, part(1, [int(1, 1), part(2, sides)].concat()))].concat()
}

fn graph(nodes: &[Vec<u8>], arrays: &[Vec<u8>], inputs: &[Vec<u8>], outputs: &str) -> Vec<u8> {
    let all = |field: u64, list: &[Vec<u8>]| list.iter().flat_map(|bytes| part(field, bytes)).collect::<Vec<u8>>();
    let outputs: Vec<Vec<u8>> = outputs.split_whitespace().map(|name| entry(name, &[])).collect();
    [all(1, nodes), all(5, arrays), all(11, inputs), all(12, &outputs)].concat()
}

fn model(nodes: &[Vec<u8>], arrays: &[Vec<u8>], input: &[i64]) -> Vec<u8> {
    [int(1, 8), part(7, graph(nodes, arrays, &[entry("x", input)], "y")), part(8, int(2, 18))].concat()
}

/// Why a network is refused that takes examples of this shape; empty if it runs.
fn refusal(bytes: &[u8], shape: &[usize]) -> String {
    let network = match Network::decode("x.onnx", bytes, None) {
        Ok(network) => network,
        Err(refusal) => return refusal.to_string(),
    };
    let count = 2 * shape.iter().product::<usize>();
    let numbers = || Numbers::Features(Cow::Owned((0..count).map(|i| f64::from(u32::try_from(i).unwrap()) - 3.0).collect()));
    let examples = Examples::new(shape.to_vec(), numbers(), numbers());
    network.run(&examples, &Presentation::Raw).err().map(|refusal| refusal.to_string()).unwrap_or_default()
}

/// Whether each of `cases`, run on rows of four numbers, is refused with these words.
fn refused(cases: Vec<(Vec<u8>, &str)>) {
    for (i, (bytes, words)) in cases.into_iter().enumerate() {
        let message = refusal(&bytes, &[4]);
        assert!(message.contains(words), "{i}: expected “{words}”, found “{message}”");
        assert!(!message.contains("could not be run"), "{i}: {message}");
    }
}

#[test]
fn sizes_of_the_file_are_claimed_before_anything_is_made() {
    const MANY: i64 = 1 << 40;
    let on_rows = |nodes: &[Vec<u8>], arrays: &[Vec<u8>]| model(nodes, arrays, &[0, 4]);
    let room = "does not fit beside what is there";
    refused(vec![
        (on_rows(&[node("Tile", "x t", "y", &[])], &[whole("t", &[2], &[1, MANY])]), room),
        (on_rows(&[node("Tile", "x t", "y", &[])], &[whole("t", &[2], &[i64::MAX, i64::MAX])]), room),
        (on_rows(&[node("Tile", "x t", "y", &[])], &[whole("t", &[2], &[1, -1])]), "less than no time"),
        (
            on_rows(
                &[node("Range", "a b c", "r", &[]), node("Add", "x r", "y", &[])],
                &[whole("a", &[], &[i64::MIN]), whole("b", &[], &[i64::MAX]), whole("c", &[], &[1])],
            ),
            room,
        ),
        (
            on_rows(
                &[node("Range", "a b c", "r", &[]), node("Add", "x r", "y", &[])],
                &[floats("a", &[], &[0.0]), floats("b", &[], &[1.0]), floats("c", &[], &[1e-30])],
            ),
            room,
        ),
        (
            on_rows(
                &[node("Range", "a b c", "r", &[]), node("Add", "x r", "y", &[])],
                &[floats("a", &[], &[0.0]), floats("b", &[], &[1.0]), floats("c", &[], &[0.0])],
            ),
            "never ends",
        ),
        (on_rows(&[node("Resize", "x - - s", "y", &[])], &[whole("s", &[2], &[1, MANY])]), room),
        (on_rows(&[node("Resize", "x - s", "y", &[])], &[floats("s", &[2], &[1.0, 1e30])]), room),
        (on_rows(&[node("Resize", "x - s", "y", &[])], &[floats("s", &[2], &[1.0, f32::NAN])]), "as long as no number says"),
        (on_rows(&[node("OneHot", "x d v", "y", &[])], &[whole("d", &[], &[MANY]), floats("v", &[2], &[0.0, 1.0])]), room),
        (on_rows(&[node("OneHot", "x d v", "y", &[])], &[whole("d", &[], &[-1]), floats("v", &[2], &[0.0, 1.0])]), "no depth"),
        (on_rows(&[node("Pad", "x p", "y", &[])], &[whole("p", &[4], &[0, MANY, 0, MANY])]), room),
        (on_rows(&[node("Pad", "x p", "y", &[text("mode", "reflect")])], &[whole("p", &[4], &[0, i64::MIN, 0, 0])]), "leaves nothing"),
        (on_rows(&[node("TopK", "x k", "y i", &[])], &[whole("k", &[1], &[MANY])]), "does not choose one to 4 of 4"),
        (on_rows(&[node("GatherND", "x i", "y", &[])], &[whole("i", &[1, 2], &[0, 9])]), "there is no axis 9"),
        (on_rows(&[node("Einsum", "x x x x x x", "y", &[text("equation", "na,nb,nc,nd,ne,nf->nabcdef")])], &[]), ""),
        (
            on_rows(&[node("Einsum", "w w w", "v", &[text("equation", "a,b,c->abc")]), node("Add", "x v", "y", &[])], &[floats("w", &[1000], &[1.0; 1000])]),
            room,
        ),
        (on_rows(&[node("Einsum", "x", "y", &[text("equation", "....,->")])], &[]), "an Einsum of 2 terms"),
        (on_rows(&[node("Einsum", "x", "y", &[text("equation", "n\u{e9}->n")])], &[]), "does not fit its arrays"),
    ]);
    let signals = |attributes: &[Vec<u8>]| {
        model(
            &[node("Reshape", "x s", "r", &[]), node("ConvTranspose", "r w", "y", attributes)],
            &[whole("s", &[3], &[0, 1, -1]), floats("w", &[1, 1, 2], &[1.0; 2])],
            &[0, 4],
        )
    };
    refused(vec![
        (signals(&[numbers("strides", &[1 << 30])]), room),
        (signals(&[numbers("output_padding", &[1 << 30])]), room),
        (signals(&[numbers("pads", &[1 << 30, 1 << 30])]), "takes away more than"),
        (signals(&[numbers("strides", &[0])]), "leads nowhere"),
        (signals(&[numbers("strides", &[1, 2, 1])]), "only windows over one or two dimensions"),
        (signals(&[number("group", 0)]), "in 0 groups"),
    ]);
}

#[test]
fn whole_numbers_overflow_without_a_panic() {
    let arrays = [whole("a", &[4], &[i64::MIN, i64::MAX, -7, 5]), whole("b", &[4], &[-1, 0, 2, i64::MIN])];
    for (operator, attributes) in [("Mod", vec![]), ("Mod", vec![number("fmod", 1)]), ("Div", vec![]), ("Mul", vec![]), ("Sub", vec![])] {
        let nodes = [node(operator, "a b", "c", &attributes), node("Cast", "c", "d", &[number("to", 1)]), node("Add", "x d", "y", &[])];
        assert_eq!(refusal(&model(&nodes, &arrays, &[0, 4]), &[4]), "", "{operator}");
    }
}

#[test]
fn loops_end_and_lie_in_each_other_so_deep_and_no_deeper() {
    let pass = |nodes: &[Vec<u8>], outputs: &str| graph(nodes, &[], &[entry("i", &[]), entry("c", &[]), entry("v", &[])], outputs);
    let goes_on = node("Identity", "c", "d", &[]);
    let endless = pass(&[goes_on.clone(), node("Neg", "v", "t", &[])], "d t");
    let collecting = pass(&[goes_on.clone(), node("Neg", "v", "t", &[])], "d t t");
    let growing = pass(&[goes_on.clone(), node("Concat", "v v", "t", &[number("axis", 1)])], "d t");
    let wrong = pass(std::slice::from_ref(&goes_on), "d");
    let run =
        |body_graph: &[u8], outputs: &str| model(&[node("Loop", "k - x", outputs, &[body("body", body_graph)])], &[whole("k", &[], &[i64::MAX])], &[0, 4]);
    let mut deep = pass(&[goes_on.clone(), node("Neg", "v", "t", &[])], "d t");
    for _ in 0..20 {
        deep = pass(&[goes_on.clone(), node("Loop", "k - v", "t", &[body("body", &deep)])], "d t");
    }
    let branch = graph(&[node("Relu", "x", "t", &[])], &[], &[], "t");
    let condition = |value: &[i64]| {
        let sides: &[i64] = if value.len() == 1 { &[] } else { &[2] };
        model(&[node("If", "k", "y", &[body("then_branch", &branch), body("else_branch", &branch)])], &[whole("k", sides, value)], &[0, 4])
    };
    refused(vec![
        (run(&endless, "y"), "operations"),
        (run(&collecting, "z y"), "does not fit beside"),
        (run(&growing, "y"), "does not fit beside"),
        (run(&wrong, "y"), "the graph of a loop over 1 arrays takes in 3 and makes 1"),
        (run(&deep, "y"), "deep"),
        (condition(&[1, 1]), "2 numbers stand where a condition belongs"),
        (condition(&[1]), ""),
    ]);
}

#[test]
fn functions_call_each_other_so_deep_and_so_often_and_no_more() {
    let function = |name: &str, nodes: &[Vec<u8>]| {
        let nodes: Vec<u8> = nodes.iter().flat_map(|node| part(7, node)).collect();
        part(25, [part(1, name), part(4, "a"), part(5, "b"), nodes, part(10, "own")].concat())
    };
    let call = |name: &str, from: &str, to: &str| [node(name, from, to, &[]), part(7, "own")].concat();
    let with = |functions: Vec<Vec<u8>>, name: &str| [model(&[call(name, "x", "y")], &[], &[0, 4]), functions.concat()].concat();
    let itself = vec![function("F", &[call("F", "a", "b")])];
    let doubling = |depth: usize| {
        let mut all = vec![function("F0", &[node("Relu", "a", "b", &[])])];
        all.extend((1..=depth).map(|i| function(&format!("F{i}"), &[call(&format!("F{}", i - 1), "a", "t"), call(&format!("F{}", i - 1), "t", "b")])));
        all
    };
    refused(vec![
        (with(itself, "F"), "its functions call each other more than 16 deep"),
        (with(doubling(3), "F3"), ""),
        (with(doubling(14), "F14"), "more than 20000 nodes and arrays"),
        (with(doubling(40), "F40"), "deep"),
        (with(vec![function("F", &[])], "F"), "nothing makes the output `y`"),
    ]);
}
