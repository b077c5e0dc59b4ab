//! How examples go into a network's input: with which border, in which order, how many at once.

use super::Network;
use super::presentation::Place;
use super::tensor::{Outcome, count, refuse, shown, too_large};
use mlgrade_domain::examples::{Examples, Numbers};
use mlgrade_domain::limits;

/// The widest border that is put around images to make them as large as an input.
const WIDEST_BORDER: usize = 8;

/// What to do about a network that takes a fixed number of examples.
pub(super) const ANY_NUMBER: &str = "export it for any number of examples, or for one: `torch.onnx.export(model, x[:1], …, dynamic_axes={\"x\": {0: \"n\"}})`";

/// How examples go in.
#[derive(Debug)]
pub(super) struct Placed {
    /// How many at once, if the file says so.
    pub(super) fixed: Option<usize>,
    /// The shape of one of them.
    pub(super) shape: Vec<usize>,
    /// How an image is put into it.
    pub(super) place: Place,
}

impl Network {
    /// How the examples go in: as they are, or with the border that is stated or that makes them as large as the input.
    pub(super) fn placed(&self, examples: &Examples<'_>) -> Outcome<Placed> {
        let own = examples.shape();
        if let (&[height, width, channels], Numbers::Pixels(_)) = (own, examples.values()) {
            return self.placed_in_colour([height, width, channels]);
        }
        let images = matches!(examples.values(), Numbers::Pixels(_)) && own.len() == 2;
        let with = |border: usize| {
            let sides: Vec<usize> = own.iter().map(|side| side + 2 * border).collect();
            let place = Place { border, channels_first: false };
            self.example_shape(&sides).map(|(fixed, shape)| Placed { fixed, shape, place })
        };
        match self.border {
            Some(border) if border > 0 && !images => Err(refuse("a border is stated for examples that are no images")),
            Some(border) => with(border),
            None => with(0).or_else(|misfit| {
                let border = (1..=WIDEST_BORDER).find(|border| images && self.takes_exactly(&own.iter().map(|side| side + 2 * border).collect::<Vec<_>>()));
                border.map_or(Err(misfit), with)
            }),
        }
    }

    /// How colour images of this height, width and number of channels go in: the input has to say which of its axes are which.
    fn placed_in_colour(&self, [height, width, channels]: [usize; 3]) -> Outcome<Placed> {
        let bordered = |border: usize| {
            let (height, width) = (height + 2 * border, width + 2 * border);
            let orders = [(true, [channels, height, width]), (false, [height, width, channels])];
            // With an axis for the examples, and without one.
            let inputs = [(self.shape.first().copied().flatten(), self.shape.get(1..).unwrap_or_default()), (Some(1), self.shape.as_slice())];
            let placed = |(fixed, sides): (Option<usize>, &[Option<usize>])| {
                let mut fitting = orders.iter().filter(|(channels_first, wanted)| {
                    let stated = if *channels_first { sides.first() } else { sides.last() };
                    stated.copied().flatten() == Some(channels)
                        && sides.len() == 3
                        && sides.iter().zip(wanted).all(|(side, wanted)| side.is_none_or(|side| side == *wanted))
                });
                let first = fitting.next()?;
                // In images of 3×3 pixels any axis may be that of the colours.
                fitting.next().is_none().then(|| Placed { fixed, shape: first.1.to_vec(), place: Place { border, channels_first: first.0 } })
            };
            inputs.into_iter().find_map(placed)
        };
        let placed = match self.border {
            Some(border) => bordered(border),
            None => (0..=WIDEST_BORDER).find_map(bordered),
        };
        let sides = [channels, height, width];
        let misfit = || {
            let message = format!("the network takes an input of {}, an example is {}×{}×{} in colour", self.input_shape(), height, width, channels);
            let help = "flatten inside of the network, so that the order of the colours is known; a list of layers states it with";
            refuse(message).help(format!("export it with an input of n×{}; {help} `shape = {sides:?}`", shown(&sides)))
        };
        match placed {
            Some(Placed { fixed: Some(batch), .. }) if batch > limits::NETWORK_BATCH => {
                Err(too_large(format!("it was exported for {batch} examples at once, more than {}", limits::NETWORK_BATCH)).help(ANY_NUMBER))
            }
            placed => placed.ok_or_else(misfit),
        }
    }

    /// Whether the input is stated to be images of these sides, or rows of all their pixels.
    fn takes_exactly(&self, sides: &[usize]) -> bool {
        let Some(own) = self.shape.get(1..).and_then(|own| own.iter().copied().collect::<Option<Vec<usize>>>()) else { return false };
        let own: Vec<usize> = own.into_iter().filter(|&side| side > 1).collect();
        own == sides || own.first().copied() == count(sides).filter(|_| own.len() == 1)
    }

    /// How many examples the input takes at once, if that is fixed, and the shape of one of them, which has the sides `own`.
    fn example_shape(&self, own: &[usize]) -> Outcome<(Option<usize>, Vec<usize>)> {
        let size = count(own).unwrap_or(0);
        let misfit = || {
            let message = format!("the network takes an input of {}, an example is {}", self.input_shape(), shown(own));
            refuse(message).help(format!("export it with an input of n×{}", shown(own)))
        };
        let fill = |sides: &[Option<usize>]| -> Option<Vec<usize>> {
            let open = sides.iter().filter(|side| side.is_none()).count();
            let known = count(&sides.iter().map(|side| side.unwrap_or(1)).collect::<Vec<_>>())?;
            let shape: Vec<usize> = match open {
                0 => sides.iter().flatten().copied().collect(),
                1 if known > 0 && size.is_multiple_of(known) => sides.iter().map(|side| side.unwrap_or(size / known)).collect(),
                // Height and width are left open: those of the example fit.
                2 if known == 1 && sides.len() == 3 && own.len() == 2 => {
                    let mut own = own.iter();
                    sides.iter().map(|side| side.or_else(|| own.next().copied()).unwrap_or(1)).collect()
                }
                _ => return None,
            };
            (count(&shape) == Some(size)).then_some(shape)
        };
        match self.shape.as_slice() {
            // Nothing is stated: flat rows are what most networks take.
            [] => Ok((None, vec![size])),
            // Without an axis for the examples.
            [only] if only.is_none_or(|side| side == size) && size > 1 => Ok((Some(1), vec![size])),
            [batch, rest @ ..] => match fill(rest) {
                Some(shape) => match batch {
                    Some(batch) if *batch > limits::NETWORK_BATCH => {
                        Err(too_large(format!("it was exported for {batch} examples at once, more than {}", limits::NETWORK_BATCH)).help(ANY_NUMBER))
                    }
                    batch => Ok((*batch, shape)),
                },
                // Without an axis for the examples.
                None if batch.is_some() => fill(&self.shape).map(|shape| (Some(1), shape)).ok_or_else(misfit),
                None => Err(misfit()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Graph;
    use std::collections::BTreeMap;

    /// A network with an input of this shape, of which nothing else matters.
    fn network(shape: &[Option<usize>]) -> Network {
        let graph = Graph { input: 0, output: 0, labels: None, constants: BTreeMap::new(), nodes: Vec::new(), operators: Vec::new(), parameters: 0 };
        let interpretation = crate::Interpretation::default();
        Network { path: "networks/cnn.onnx".to_owned(), graph, shape: shape.to_vec(), interpretation, presentation: None, border: None }
    }

    /// Where colour images of 4×5 pixels go: how many at once, the shape, border and whether channels are first.
    fn placed(shape: &[Option<usize>]) -> Result<(Option<usize>, Vec<usize>, usize, bool), String> {
        let pixels = [0; 60];
        let examples = Examples::new(vec![4, 5, 3], Numbers::Pixels(&pixels), Numbers::Pixels(&pixels));
        let found = network(shape).placed(&examples);
        found.map(|placed| (placed.fixed, placed.shape, placed.place.border, placed.place.channels_first)).map_err(|refusal| refusal.message)
    }

    #[test]
    fn the_input_tells_where_its_channels_are() {
        let side = Some;
        assert_eq!(placed(&[None, side(3), side(4), side(5)]), Ok((None, vec![3, 4, 5], 0, true)));
        assert_eq!(placed(&[None, side(4), side(5), side(3)]), Ok((None, vec![4, 5, 3], 0, false)));
        assert_eq!(placed(&[None, side(3), None, None]), Ok((None, vec![3, 4, 5], 0, true)));
        assert_eq!(placed(&[side(10), None, None, side(3)]), Ok((side(10), vec![4, 5, 3], 0, false)));
        assert_eq!(placed(&[side(3), side(4), side(5)]), Ok((side(1), vec![3, 4, 5], 0, true)));
        assert_eq!(placed(&[None, side(3), side(8), side(9)]), Ok((None, vec![3, 8, 9], 2, true)));
    }

    #[test]
    fn flat_and_open_inputs_do_not_tell() {
        for shape in [&[][..], &[None, Some(60)], &[None; 4], &[None, Some(1), Some(4), Some(5)]] {
            assert!(placed(shape).unwrap_err().ends_with("an example is 4×5×3 in colour"), "{shape:?}");
        }
        let square = Examples::new(vec![3, 3, 3], Numbers::Pixels(&[0; 27]), Numbers::Pixels(&[]));
        assert!(network(&[None, Some(3), Some(3), Some(3)]).placed(&square).is_err());
    }
}
