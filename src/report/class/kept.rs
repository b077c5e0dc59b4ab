//! Lists that stay short, however many come.

use std::ops::Range;

/// The first `LIMIT` of those that come. Where they have ranks, those of a lower rank go before those of a higher one.
#[derive(Debug, Clone)]
pub(in crate::report) struct Kept<T, const LIMIT: usize, const RANKS: usize = 1> {
    /// Those that are kept, by rank, each with its place among all.
    ranks: [Vec<(usize, T)>; RANKS],
    /// How many came, by rank.
    came: [usize; RANKS],
}

impl<T, const LIMIT: usize, const RANKS: usize> Default for Kept<T, LIMIT, RANKS> {
    fn default() -> Self {
        Self { ranks: std::array::from_fn(|_| Vec::new()), came: [0; RANKS] }
    }
}

impl<T, const LIMIT: usize, const RANKS: usize> Kept<T, LIMIT, RANKS> {
    /// Counts one more, and keeps what `make` makes of it if it belongs to the first.
    pub(in crate::report) fn add(&mut self, rank: usize, make: impl FnOnce() -> T) {
        let place = self.all();
        self.came[rank] += 1;
        if self.kept() >= LIMIT {
            let Some(last) = (rank + 1..RANKS).rev().find(|rank| !self.ranks[*rank].is_empty()) else { return };
            self.ranks[last].pop();
        }
        self.ranks[rank].push((place, make()));
    }

    /// How many came.
    pub(in crate::report) fn all(&self) -> usize {
        self.came.iter().sum()
    }

    /// How many of these `ranks` came.
    pub(in crate::report) fn came(&self, ranks: Range<usize>) -> usize {
        self.came[ranks].iter().sum()
    }

    fn kept(&self) -> usize {
        self.ranks.iter().map(Vec::len).sum()
    }

    /// How many are not kept.
    pub(in crate::report) fn left_out(&self) -> usize {
        self.all() - self.kept()
    }

    /// Those of these `ranks` that are kept, rank by rank.
    pub(in crate::report) fn of(&self, ranks: Range<usize>) -> impl Iterator<Item = &T> {
        self.ranks[ranks].iter().flatten().map(|(_, one)| one)
    }

    /// All that are kept: as they came if none is left out, and rank by rank otherwise.
    pub(in crate::report) fn in_order(&self) -> Vec<&T> {
        let mut all: Vec<&(usize, T)> = self.ranks.iter().flatten().collect();
        if self.left_out() == 0 {
            all.sort_by_key(|(place, _)| *place);
        }
        all.into_iter().map(|(_, one)| one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_the_lowest_ranks_are_kept() {
        let mut kept = Kept::<usize, 3, 2>::default();
        for (one, rank) in [1, 0, 1].into_iter().enumerate() {
            kept.add(rank, || one);
        }
        assert_eq!((kept.in_order(), kept.left_out()), (vec![&0, &1, &2], 0), "as they came");
        kept.add(1, || 3);
        assert_eq!((kept.in_order(), kept.left_out()), (vec![&1, &0, &2], 1));
        kept.add(0, || 4);
        assert_eq!((kept.in_order(), kept.left_out()), (vec![&1, &4, &0], 2));
        kept.add(0, || 5);
        kept.add(0, || 6);
        assert_eq!(kept.in_order(), [&1, &4, &5]);
        assert_eq!((kept.all(), kept.came(0..1), kept.of(1..2).count()), (7, 4, 0));
    }
}
