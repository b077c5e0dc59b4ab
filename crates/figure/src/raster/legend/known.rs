//! Entries that bear a claimed name letter by letter: most legends do, and even small letters tell as a whole which name they are.

use crate::assignment::assign;
use crate::names::forms;
use crate::reading::Frame;
use crate::text;
use mlgrade_picture::Picture;

/// The share of an entry's ink that its name explains at least.
const EXPLAINED: f64 = 0.8;

/// By how much more a name explains its entry than any other name does, summed over both entries where the other name has one too.
const SURER: f64 = 0.09;

/// By how much more a name explains its entry than it does one that has no name.
const BETTER: f64 = 0.05;

/// Forms of names, times entries, that are tried at most, and forms of one name at least.
const TRIED: usize = 600;

/// For each entry, by the box of its text, which of `names` stands there, where that is sure.
pub(super) fn known(picture: &Picture, areas: &[Frame], names: &[&str], hint: text::Hint) -> Vec<Option<usize>> {
    let most = (TRIED / (areas.len() * names.len()).max(1)).max(2);
    let forms: Vec<Vec<String>> = names.iter().map(|name| forms(name).into_iter().take(most).collect()).collect();
    let Some(explained) = text::explained(picture, areas, &forms, hint) else { return vec![None; areas.len()] };
    sure(&explained.into_iter().map(|row| row.into_iter().map(f64::from).collect()).collect::<Vec<_>>(), names.len())
}

/// For each row of `shares` the column that is surely its own, of `count`.
fn sure(shares: &[Vec<f64>], count: usize) -> Vec<Option<usize>> {
    // A name may have no entry: those beyond the last are as good as none.
    let entry = |entry: usize, name: usize| shares.get(entry).map_or(text::NOTHING.into(), |row| row[name]);
    let cost: Vec<Vec<f64>> = (0..count).map(|name| (0..shares.len().max(count)).map(|at| -entry(at, name)).collect()).collect();
    let entries = assign(&cost);
    let owner = |at: usize| entries.iter().position(|own| *own == at);
    let is_sure = |name: usize| {
        let own = entry(entries[name], name);
        let than_names = (0..count).filter(|other| *other != name).all(|other| {
            let exchanged = entry(entries[other], other) - entry(entries[other], name);
            own - entry(entries[name], other) + exchanged.max(0.0) > SURER
        });
        let than_entries = (0..shares.len()).filter(|at| owner(*at).is_none()).all(|at| own - entry(at, name) > BETTER);
        own > EXPLAINED && than_names && than_entries
    };
    (0..shares.len()).map(|at| owner(at).filter(|name| is_sure(*name))).collect()
}

#[cfg(test)]
mod tests {
    use super::sure;

    #[test]
    fn an_entry_has_the_name_that_explains_it_and_no_other_as_well() {
        assert_eq!(sure(&[vec![0.3, 0.9], vec![0.92, 0.2]], 2), [Some(1), Some(0)]);
        assert_eq!(sure(&[vec![0.9, 0.9], vec![0.9, 0.9]], 2), [None, None], "either");
        assert_eq!(sure(&[vec![0.97, 0.89], vec![0.87, 0.96]], 2), [Some(0), Some(1)], "one letter");
        assert_eq!(sure(&[vec![0.5, -0.5], vec![-0.5, 0.9]], 2), [None, Some(1)], "the first says something else");
        assert_eq!(sure(&[vec![0.9], vec![0.95]], 1), [None, None], "one name, two entries that are like it");
        assert_eq!(sure(&[vec![0.9, 0.3]], 2), [Some(0)], "fewer entries than names");
    }
}
