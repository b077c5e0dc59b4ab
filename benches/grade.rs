//! Grading 1,000 submissions of ten numbers and three plots of 640×480, against merely decoding those plots. Run by hand:
//! `cargo bench --bench grade`. The target is at most 1.5 times the time of decoding, on one thread.
#![allow(missing_docs, clippy::unwrap_used, clippy::format_push_string, clippy::format_collect, reason = "a benchmark that cannot go on has failed")]

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use mlgrade::course::Course;
use mlgrade::data::Shelf;
use mlgrade::rubric;
use mlgrade::submission::Submission;

const STUDENTS: usize = 1_000;

/// Ten numbers and three plots.
fn rubric_text() -> String {
    let mut text = "schema = 1\nid = \"bench\"\ntitle = \"Bench\"\nseed = 1\n[[part]]\nid = \"one\"\ntitle = \"One\"\n".to_owned();
    for i in 0..10 {
        text.push_str(&format!("[[part.item]]\nid = \"n{i}\"\ntitle = \"N\"\npoints = 1\ncheck = \"number\"\nvalue = \"n{i}\"\nat_least = 0.5\n"));
    }
    for i in 0..3 {
        text.push_str(&format!("[[part.item]]\nid = \"f{i}\"\ntitle = \"F\"\npoints = 1\ncheck = \"figure\"\nfigure = \"f{i}\"\n"));
    }
    text
}

/// A plot with a frame, a grid and three curves, as RGBA like most students' plots.
fn plot(phase: usize) -> Vec<u8> {
    let (width, height) = (640_usize, 480_usize);
    let mut pixels = vec![255_u8; width * height * 4];
    let mut ink = |x: usize, y: usize, colour: [u8; 3]| pixels[(y * width + x) * 4..][..3].copy_from_slice(&colour);
    for x in 60..600 {
        for y in [40, 130, 220, 310, 400] {
            ink(x, y, [180, 180, 180]);
        }
        for (curve, colour) in [[31, 119, 180], [255, 127, 14], [44, 160, 44]].into_iter().enumerate() {
            let height = 220.0 + 150.0 * ((x + phase * 17 + curve * 60) as f64 / 90.0).sin();
            for thick in 0..3 {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 70 and 370")]
                ink(x, height as usize + thick, colour);
            }
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 640, 480);
    encoder.set_color(png::ColorType::Rgba);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    bytes
}

fn class(root: &Path) -> Vec<PathBuf> {
    let plots: Vec<Vec<u8>> = (0..3).map(plot).collect();
    let numbers: String = (0..10).map(|i| format!("n{i} = 0.{i}5\n")).collect();
    let student = |i: usize| {
        let folder = root.join(format!("s{i:04}"));
        std::fs::create_dir_all(folder.join("figures")).unwrap();
        std::fs::write(folder.join("metrics.toml"), &numbers).unwrap();
        plots.iter().enumerate().for_each(|(k, plot)| std::fs::write(folder.join(format!("figures/f{k}.png")), plot).unwrap());
        folder
    };
    (0..STUDENTS).map(student).collect()
}

fn decode(path: &Path) -> usize {
    let bytes = std::fs::read(path).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap().buffer_size()
}

fn benches(criterion: &mut Criterion) {
    let root = tempfile::tempdir().unwrap();
    let folders = class(root.path());
    let (rubric, faults) = rubric::parse(&rubric_text());
    let rubric = rubric.unwrap_or_else(|| panic!("{faults:?}"));
    let shelf = Shelf::new(&rubric.data, Path::new("."));
    let course = Course::of(rubric, shelf, None, "no lock");
    let mut group = criterion.benchmark_group("1000 submissions");
    group.sample_size(10);
    group.bench_function("decode the plots", |b| {
        b.iter(|| folders.iter().flat_map(|folder| (0..3).map(move |k| decode(&folder.join(format!("figures/f{k}.png"))))).sum::<usize>());
    });
    group.bench_function("grade", |b| b.iter(|| folders.iter().for_each(|folder| drop(black_box(course.grade(&Submission::open(folder)))))));
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
