//! Each reference of the shipped rubrics, whole. Run by hand: `cargo bench --bench references [-- lenet]`. What scikit-learn and PyTorch
//! need for the same work on the same machine is told by `benches/peers/compare.py`.
#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]

use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use mlgrade::data::Shelf;
use mlgrade::domain::seed::Seed;
use mlgrade::reference::Unwatched;
use mlgrade::rubric::{PartReference, SHIPPED, parse};

fn benches(criterion: &mut Criterion) {
    for shipped in SHIPPED {
        let rubric = parse(shipped.rubric).0.unwrap();
        let shelf = Shelf::new(&rubric.data, Path::new("."));
        let mut group = criterion.benchmark_group(shipped.id);
        group.sample_size(10);
        for part in &rubric.parts {
            let Some(reference) = part.reference.as_ref().and_then(PartReference::implementation) else { continue };
            let data = shelf.set(&reference.data).unwrap();
            group.bench_function(&part.id, |b| b.iter(|| reference.implementation.run(data, Seed::new(rubric.seed), &Unwatched).unwrap()));
        }
        group.finish();
    }
}

criterion_group!(all, benches);
criterion_main!(all);
