//! Recurrent operators: LSTM, GRU and RNN.

use super::{Attribute, Reader};
use crate::tensor::{Outcome, refuse};

/// Which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell {
    /// `reset_after`: the state is multiplied by its weights before it is reset, as PyTorch and Keras do.
    Gru {
        reset_after: bool,
    },
    Lstm,
    Rnn,
}

/// What a gate or a state goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Squash {
    HardSigmoid,
    Relu,
    Sigmoid,
    Tanh,
}

/// In which order the steps are gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Backward,
    Both,
    Forward,
}

/// A recurrent operator with its settings.
#[derive(Debug, Clone)]
pub(crate) struct Recurrent {
    pub(crate) cell: Cell,
    pub(crate) direction: Direction,
    pub(crate) hidden: usize,
    /// Of each direction as many as the cell has.
    pub(crate) squashes: Vec<Squash>,
    /// Whether the examples are the first axis, not the steps.
    pub(crate) batch_first: bool,
}

impl Cell {
    /// How many gates its weights hold.
    pub(crate) fn gates(self) -> usize {
        match self {
            Self::Gru { .. } => 3,
            Self::Lstm => 4,
            Self::Rnn => 1,
        }
    }

    fn usual(self) -> &'static [Squash] {
        match self {
            Self::Gru { .. } => &[Squash::Sigmoid, Squash::Tanh],
            Self::Lstm => &[Squash::Sigmoid, Squash::Tanh, Squash::Tanh],
            Self::Rnn => &[Squash::Tanh],
        }
    }
}

impl Recurrent {
    pub(super) fn read(name: &str, all: Reader<'_>) -> Outcome<Self> {
        let cell = match name {
            "GRU" => Cell::Gru { reset_after: all.flag("linear_before_reset", false) },
            "LSTM" => Cell::Lstm,
            _ => Cell::Rnn,
        };
        let direction = match all.text("direction") {
            None | Some("forward") => Direction::Forward,
            Some("reverse") => Direction::Backward,
            Some("bidirectional") => Direction::Both,
            Some(_) => return Err(refuse("its direction is neither forward, reverse nor bidirectional")),
        };
        let directions = 1 + usize::from(direction == Direction::Both);
        if all.has("clip") || all.flag("input_forget", false) {
            return Err(refuse("a recurrent layer with `clip` or `input_forget` is not run").help("hand in its predictions instead"));
        }
        let squashes = match all.texts("activations") {
            [] => cell.usual().repeat(directions),
            named => named.iter().map(|name| squash(name, all)).collect::<Outcome<Vec<Squash>>>()?,
        };
        if squashes.len() != directions * cell.usual().len() {
            return Err(refuse(format!("it names {} activations, {} are needed", squashes.len(), directions * cell.usual().len())));
        }
        let hidden = all.size("hidden_size", 0)?;
        if hidden == 0 {
            return Err(refuse("it does not say its `hidden_size`"));
        }
        Ok(Self { cell, direction, hidden, squashes, batch_first: all.flag("layout", false) })
    }
}

fn squash(name: &str, all: Reader<'_>) -> Outcome<Squash> {
    let plain = !matches!(all.0.get("activation_alpha"), Some(Attribute::Floats(list)) if !list.is_empty());
    match name {
        "HardSigmoid" if plain => Ok(Squash::HardSigmoid),
        "Relu" => Ok(Squash::Relu),
        "Sigmoid" => Ok(Squash::Sigmoid),
        "Tanh" => Ok(Squash::Tanh),
        other => {
            let other: String = other.chars().filter(|c| !c.is_control()).take(40).collect();
            Err(refuse(format!("a recurrent layer with the activation `{other}` is not run")).help("hand in its predictions instead"))
        }
    }
}
