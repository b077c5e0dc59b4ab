//! Templates that were made before: a class hands in figures of a few sizes and fonts.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use crate::plane::pixel;

use super::font::FONTS;
use super::template::{Look, PHASES, Templates};

/// Sets of templates that are kept, of up to 50 KB each.
const KEPT: usize = 400;

/// Font, stretch, blur, height and base.
type Key = [usize; 5];

static MADE: LazyLock<Mutex<HashMap<Key, Arc<Templates>>>> = LazyLock::new(Mutex::default);

/// The signs in one look with digits of `height` eighths of a row above a baseline `base` phases below a row's top.
pub(super) fn templates(look: Look, height: usize, base: usize) -> Option<Arc<Templates>> {
    let fine = |x: f32, steps: f32| pixel((x * steps).round());
    let key = [look.font, fine(look.stretch, 1000.0), fine(look.blur, 1000.0), height, base];
    let font = FONTS.get(look.font)?;
    // A thread that panicked can only have left whole entries.
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if made.len() >= KEPT && !made.contains_key(&key) {
        made.clear();
    }
    let draw = || Arc::new(Templates::new(font, look, height as f32 / 8.0, base as f32 / PHASES as f32));
    Some(Arc::clone(made.entry(key).or_insert_with(draw)))
}
