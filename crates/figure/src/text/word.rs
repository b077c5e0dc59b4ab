//! Patches of ink that stand beside each other as the letters of a word do.

use mlgrade_domain::linked::components;

use super::component::Component;

/// Rows of a bucket of patches.
const BUCKET: usize = 16;

/// Patches that are looked at to the right of one.
const REACH: usize = 40;

/// Letters of a word at most; longer ones are text but no numbers.
pub(super) const LONGEST: usize = 24;

/// Patches in reading direction.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) parts: Vec<Component>,
    pub(super) hull: Component,
    /// The height of the highest part.
    pub(super) tall: usize,
}

impl Word {
    pub(super) fn of(mut parts: Vec<Component>) -> Option<Self> {
        parts.sort_by_key(|part| (part.left, part.top));
        let hull = parts.iter().copied().reduce(|a, b| a.with(&b))?;
        let tall = parts.iter().map(Component::height).max()?;
        Some(Self { parts, hull, tall })
    }
}

/// Joins parts into words: the gap is at most `gap` of the higher one's height, and they overlap in height.
pub(super) fn words(parts: &[Component], gap: f32) -> Vec<Word> {
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|i| parts[*i].left);
    let rows = parts.iter().map(|part| part.bottom).max().unwrap_or(0) / BUCKET + 1;
    let mut buckets: Vec<Vec<usize>> = vec![Vec::new(); rows];
    for i in order {
        for bucket in &mut buckets[parts[i].top / BUCKET..=(parts[i].bottom - 1) / BUCKET] {
            bucket.push(i);
        }
    }
    let tallest = parts.iter().map(Component::height).max().unwrap_or(0);
    let mut links = Vec::new();
    for bucket in &buckets {
        for (n, i) in bucket.iter().enumerate() {
            for j in bucket[n + 1..].iter().take(REACH) {
                if parts[*j].left > parts[*i].right + tallest {
                    break;
                }
                if beside(&parts[*i], &parts[*j], gap) {
                    links.push((*i, *j));
                }
            }
        }
    }
    components(parts.len(), links).into_iter().filter_map(|word| Word::of(word.into_iter().map(|i| parts[i]).collect())).collect()
}

fn beside(a: &Component, b: &Component, gap: f32) -> bool {
    let tall = a.height().max(b.height()) as f32;
    let apart = b.left.max(a.left) as f32 - a.right.min(b.right) as f32;
    // Dots and dashes are lower than any letter is narrow; nothing lower than three pixels starts a word.
    let flat = if a.height() < b.height() { a } else { b };
    let low = flat.height() as f32;
    // The cross of 2 × 10⁵ has spaces around it.
    let square = flat.width().abs_diff(flat.height()) * 4 <= flat.height().max(2) && low > 0.35 * tall && low < 0.85 * tall;
    let gap = if square { 1.4 * gap } else { gap };
    // Letters of another size belong to another word.
    let size = if !square && low > 0.5 * tall && low < 0.7 * tall { 0.7 * tall } else { tall };
    if tall < 3.0 || apart > (gap * size).max(1.0) {
        return false;
    }
    // A dot or a minus lies within the other's height, a superscript sticks out of it.
    let overlap = a.bottom.min(b.bottom) as f32 - a.top.max(b.top) as f32;
    let slack = if low < 0.5 * tall { 0.12 * tall } else { 0.0 };
    overlap + slack >= 0.35 * low && (low > 0.0)
}
