//! Each reference of the shipped rubric, whole. Run by hand: `cargo bench --bench references`. What scikit-learn and PyTorch need for
//! the same work on two cores: trees 9.6 s, MLPs 46.5 s, penguins 1.4 s (measured once, by hand).
#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]

use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use mlgrade::data::Shelf;
use mlgrade::domain::seed::Seed;
use mlgrade::reference::Unwatched;
use mlgrade::rubric::{SHIPPED, parse};

fn benches(criterion: &mut Criterion) {
    let rubric = parse(SHIPPED[0].rubric).0.unwrap();
    let shelf = Shelf::new(&rubric.data, Path::new("."));
    let mut group = criterion.benchmark_group("reference");
    group.sample_size(10);
    for reference in rubric.parts.iter().filter_map(|part| part.reference.as_ref()) {
        let data = shelf.set(&reference.data).unwrap();
        group.bench_function(&reference.run, |b| b.iter(|| reference.implementation.run(data, Seed::new(rubric.seed), &Unwatched).unwrap()));
    }
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
