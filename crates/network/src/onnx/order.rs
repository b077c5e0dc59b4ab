//! The order in which nodes can run, whatever their order in the file.

use std::collections::{BTreeMap, BTreeSet};

use super::Value;

/// All nodes, each after those that make its inputs and otherwise as in the file; those that go round in a circle come last.
pub(super) fn runnable(count: usize, inputs: impl Fn(usize) -> Vec<Value>, outputs: impl Fn(usize) -> Vec<Value>) -> Vec<usize> {
    let mut makers: BTreeMap<Value, usize> = BTreeMap::new();
    for node in 0..count {
        for value in outputs(node) {
            makers.entry(value).or_insert(node);
        }
    }
    let waits: Vec<BTreeSet<usize>> = (0..count).map(|node| inputs(node).iter().filter_map(|value| makers.get(value).copied()).collect()).collect();
    let mut left: Vec<usize> = waits.iter().map(BTreeSet::len).collect();
    let mut waiting: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (node, makers) in waits.iter().enumerate() {
        for &maker in makers {
            waiting.entry(maker).or_default().push(node);
        }
    }
    let mut ready: BTreeSet<usize> = (0..count).filter(|&node| left[node] == 0).collect();
    let mut order = Vec::with_capacity(count);
    while let Some(node) = ready.pop_first() {
        order.push(node);
        for &next in waiting.get(&node).into_iter().flatten() {
            left[next] -= 1;
            if left[next] == 0 {
                ready.insert(next);
            }
        }
    }
    order.extend((0..count).filter(|&node| left[node] > 0));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makers_come_before_takers_and_circles_last() {
        // 0 takes what 2 makes; 1 and 3 take each other's.
        let inputs = [vec![12], vec![13], vec![], vec![11]];
        let outputs = [10, 11, 12, 13];
        assert_eq!(runnable(4, |i| inputs[i].clone(), |i| vec![outputs[i]]), [2, 0, 1, 3]);
    }
}
