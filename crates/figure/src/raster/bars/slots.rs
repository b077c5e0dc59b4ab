//! Which bar belongs to which category and series: bars of one colour are a series, and stand beside or on those of the same category.

use crate::text::difference;

use super::chart::Bar;
use super::flat::ALIKE;

/// The bars of a chart in series (by colour) and categories (by place).
#[derive(Debug, Clone)]
pub(in crate::raster) struct Slots {
    pub(in crate::raster) colours: Vec<[u8; 3]>,
    /// For each colour, for each category; `None` where none is seen, since it is not high enough.
    pub(in crate::raster) bars: Vec<Vec<Option<Bar>>>,
    /// The middle of each category, across the axis.
    pub(in crate::raster) centres: Vec<f64>,
    pub(in crate::raster) stacked: bool,
}

/// Why bars do not fall into the claimed categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::raster) enum Misfit {
    /// So many bars are drawn, evenly spaced.
    Count(usize),
    /// There are other series beside the claimed ones.
    MoreSeries,
    /// It is not clear which bar is which.
    Unclear,
}

/// How far the places of bars may be off an even spacing, as a share of it.
const UNEVEN: f64 = 0.12;

/// The bars of one series, whatever their colours. `is_tiny` says of each claimed value whether its bar may not be seen.
pub(in crate::raster) fn single(bars: &[Bar], is_tiny: &[bool]) -> Result<Slots, Misfit> {
    let count = is_tiny.len();
    let colours = colours(bars);
    if bars.iter().any(|bar| bar.level > 0) {
        return Err(Misfit::MoreSeries);
    }
    let colour = bars.first().map_or([0; 3], |bar| bar.piece.colour);
    if bars.len() == count {
        let centres = bars.iter().map(|bar| bar.piece.centre()).collect();
        return Ok(Slots { colours: vec![colour], bars: vec![bars.iter().copied().map(Some).collect()], centres, stacked: false });
    }
    let several = colours.len() > 1 && colours.iter().any(|colour| of_colour(bars, *colour).count() == count);
    if several {
        return Err(Misfit::MoreSeries);
    }
    let seen: Vec<usize> = (0..count).filter(|&i| !is_tiny[i]).collect();
    if bars.len() != seen.len() || seen.len() < 2 {
        let places: Vec<f64> = bars.iter().map(|bar| bar.piece.centre()).collect();
        let even = places.len() < 3 || line(&(0..places.len()).collect::<Vec<_>>(), &places).is_some();
        return Err(if even && colours.len() == 1 { Misfit::Count(bars.len()) } else { Misfit::Unclear });
    }
    let places: Vec<f64> = bars.iter().map(|bar| bar.piece.centre()).collect();
    let (first, step) = line(&seen, &places).ok_or(Misfit::Unclear)?;
    let mut slots = vec![None; count];
    seen.iter().zip(bars).for_each(|(&i, bar)| slots[i] = Some(*bar));
    // Whether the first or the last bar is the one that is not seen cannot be known.
    if slots[0].is_none() || slots[count - 1].is_none() {
        return Err(Misfit::Unclear);
    }
    Ok(Slots { colours: vec![colour], bars: vec![slots], centres: (0..count).map(|i| first + step * i as f64).collect(), stacked: false })
}

/// The bars of several series, each in its own colour.
pub(in crate::raster) fn several(bars: &[Bar], series: usize, count: usize) -> Result<Slots, Misfit> {
    let colours = colours(bars);
    if colours.len() != series {
        return Err(if colours.len() > series && colours.len() <= 2 * series.max(3) { Misfit::MoreSeries } else { Misfit::Unclear });
    }
    let stacked = bars.iter().any(|bar| bar.level > 0);
    let own: Vec<Vec<Bar>> = colours.iter().map(|colour| of_colour(bars, *colour).copied().collect()).collect();
    let centres = if stacked { columns(bars) } else { groups(&own, count).ok_or(Misfit::Unclear)? };
    if centres.len() != count {
        return Err(Misfit::Count(bars.len()));
    }
    let spacing = centres.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    let mut slots = vec![vec![None; count]; series];
    for (row, own) in slots.iter_mut().zip(&own) {
        let whole = own.len() == count;
        for (i, bar) in own.iter().enumerate() {
            let nearest = (0..count).min_by(|&a, &b| (centres[a] - bar.piece.centre()).abs().total_cmp(&(centres[b] - bar.piece.centre()).abs()));
            let place =
                if whole { Some(i) } else { nearest }.filter(|&at| (centres[at] - bar.piece.centre()).abs() < 0.5 * spacing.min(1e9)).ok_or(Misfit::Unclear)?;
            if row[place].is_some() {
                return Err(Misfit::Unclear);
            }
            row[place] = Some(*bar);
        }
    }
    Ok(Slots { colours, bars: slots, centres, stacked })
}

/// The middles of the groups: of each the mean over all its bars, if each colour has one in each, or else by the widest gaps.
fn groups(own: &[Vec<Bar>], count: usize) -> Option<Vec<f64>> {
    if own.iter().all(|bars| bars.len() == count) {
        let mean = |i: usize| own.iter().map(|bars| bars[i].piece.centre()).sum::<f64>() / own.len() as f64;
        return Some((0..count).map(mean).collect());
    }
    if own.iter().any(|bars| bars.len() > count) {
        return None;
    }
    let mut ends: Vec<[usize; 2]> = own.iter().flatten().map(|bar| bar.piece.across).collect();
    ends.sort_unstable();
    let mut gaps: Vec<usize> = ends.windows(2).map(|pair| pair[1][0].saturating_sub(pair[0][1])).collect();
    gaps.sort_unstable_by(|a, b| b.cmp(a));
    let least = *gaps.get(count.checked_sub(2)?)?;
    let next = gaps.get(count - 1).copied().unwrap_or(0);
    if least < next + 4 {
        return None;
    }
    let groups: Vec<&[[usize; 2]]> = ends.chunk_by(|a, b| b[0].saturating_sub(a[1]) < least).collect();
    let middles: Vec<f64> = groups.iter().map(|group| (group[0][0] + group[group.len() - 1][1]) as f64 / 2.0).collect();
    // Where one is missing at an end of a group, its middle is off.
    let width = |group: &&[[usize; 2]]| group[group.len() - 1][1] - group[0][0];
    let widest = groups.iter().map(width).max()?;
    groups.iter().all(|group| width(group) + 3 >= widest).then_some(middles)
}

/// The places of stacks.
fn columns(bars: &[Bar]) -> Vec<f64> {
    let mut centres: Vec<f64> = bars.iter().map(|bar| bar.piece.centre()).collect();
    centres.sort_by(f64::total_cmp);
    centres.dedup_by(|a, b| (*a - *b).abs() < 3.0);
    centres
}

fn of_colour(bars: &[Bar], colour: [u8; 3]) -> impl Iterator<Item = &Bar> {
    bars.iter().filter(move |bar| difference(bar.piece.colour, colour) <= ALIKE)
}

/// The colours of bars, in the order of their first ones.
pub(super) fn colours(bars: &[Bar]) -> Vec<[u8; 3]> {
    let mut colours: Vec<[u8; 3]> = Vec::new();
    for bar in bars {
        if colours.iter().all(|colour| difference(*colour, bar.piece.colour) > ALIKE) {
            colours.push(bar.piece.colour);
        }
    }
    colours
}

/// The line through places that are counted: where the first one is, and the step; `None` if they are not evenly spaced.
fn line(counted: &[usize], places: &[f64]) -> Option<(f64, f64)> {
    let (first, last) = (*counted.first()?, *counted.last()?);
    if first == last {
        return None;
    }
    let step = (places[places.len() - 1] - places[0]) / (last - first) as f64;
    let origin = places[0] - step * first as f64;
    let even = counted.iter().zip(places).all(|(i, place)| (origin + step * *i as f64 - place).abs() <= (UNEVEN * step).max(2.0));
    even.then_some((origin, step))
}

#[cfg(test)]
mod tests {
    use super::super::piece::Piece;
    use super::*;

    fn bar(left: usize, colour: u8, level: usize) -> Bar {
        let piece = Piece { across: [left, left + 8], along: [0, 10], colour: [colour; 3], filled: 80 };
        Bar { piece, from: 10.0, to: 0.0, level }
    }

    #[test]
    fn a_bar_that_is_not_seen_leaves_a_gap() {
        let bars = [bar(0, 9, 0), bar(20, 9, 0), bar(60, 9, 0)];
        let slots = single(&bars, &[false, false, true, false]).unwrap();
        assert_eq!(slots.bars[0].iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, false, true]);
        assert_eq!(slots.centres, [4.0, 24.0, 44.0, 64.0]);
        assert_eq!(single(&bars, &[false, true, false, false]).unwrap_err(), Misfit::Unclear, "the gap is elsewhere");
        assert_eq!(single(&bars[..2], &[false, false, false]).unwrap_err(), Misfit::Count(2));
    }

    #[test]
    fn groups_have_a_bar_of_each_colour() {
        let bars = [bar(0, 9, 0), bar(8, 99, 0), bar(40, 9, 0), bar(48, 99, 0)];
        let slots = several(&bars, 2, 2).unwrap();
        assert_eq!((slots.centres, slots.stacked), (vec![8.0, 48.0], false));
        assert_eq!(single(&bars, &[false, false]).unwrap_err(), Misfit::MoreSeries);
        assert!(several(&[bar(0, 9, 0), bar(0, 99, 1)], 2, 1).unwrap().stacked);
    }
}
