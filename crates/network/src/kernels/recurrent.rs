//! LSTM (Hochreiter and Schmidhuber 1997), GRU (Cho et al. 2014) and the plain recurrent layer, step by step as ONNX defines them.

use super::Inputs;
use super::product::{Factor, multiply};
use crate::operator::recurrent::{Cell, Direction, Recurrent, Squash};
use crate::tensor::{Budget, Outcome, Tensor, refuse, shown};

/// Steps, examples, directions.
#[derive(Debug, Clone, Copy)]
struct Sides {
    steps: usize,
    batch: usize,
    inputs: usize,
}

/// The weights of one direction.
#[derive(Debug, Clone, Copy)]
struct Weights<'t> {
    of_input: &'t [f32],
    of_state: &'t [f32],
    /// Those of the input, then those of the state.
    biases: Option<&'t [f32]>,
    /// From the cell to the input, output and forget gates.
    peepholes: Option<&'t [f32]>,
}

/// States of all steps, and the last of them: of the layer, and of an LSTM's cell.
pub(super) fn apply(spec: &Recurrent, inputs: Inputs<'_>, budget: &mut Budget) -> Outcome<Vec<Tensor>> {
    if spec.batch_first {
        return Err(refuse("a recurrent layer with `layout = 1` is not run").help("export it with the steps first"));
    }
    let x = inputs.get(0)?;
    let &[steps, batch, width] = x.shape() else {
        return Err(refuse(format!("an array {} stands where steps of examples belong", shown(x.shape()))));
    };
    let sides = Sides { steps, batch, inputs: width };
    let directions = 1 + usize::from(spec.direction == Direction::Both);
    let (hidden, gates) = (spec.hidden, spec.cell.gates());
    let all_steps = |lengths: &Tensor| lengths.as_ints().map(|lengths| lengths.iter().all(|&length| usize::try_from(length) == Ok(steps)));
    if !inputs.optional(4).map_or(Ok(true), all_steps)? {
        return Err(refuse("a recurrent layer over sequences of different lengths is not run").help("hand in its predictions instead"));
    }
    let of = |i: usize, shape: &[usize]| -> Outcome<Option<&[f32]>> {
        let Some(tensor) = inputs.optional(i) else { return Ok(None) };
        if tensor.shape() == shape {
            tensor.as_floats().map(Some)
        } else {
            Err(refuse(format!("its input {} is {}, expected {}", i + 1, shown(tensor.shape()), shown(shape))))
        }
    };
    let needed = |i: usize, shape: &[usize]| of(i, shape)?.ok_or_else(|| refuse(format!("its input {} is missing", i + 1)));
    let rows = gates.saturating_mul(hidden);
    let (of_input, of_state) = (needed(1, &[directions, rows, width])?, needed(2, &[directions, rows, hidden])?);
    let (biases, start) = (of(3, &[directions, 2 * rows])?, of(5, &[directions, batch, hidden])?);
    let is_lstm = spec.cell == Cell::Lstm;
    let (cell_start, peepholes) = if is_lstm { (of(6, &[directions, batch, hidden])?, of(7, &[directions, 3 * hidden])?) } else { (None, None) };

    let mut out = vec![0.0; budget.claim(&[steps, directions, batch, hidden])?];
    let mut last = Vec::with_capacity(budget.claim(&[directions, batch, hidden])?);
    let mut last_cell = Vec::with_capacity(budget.claim(&[directions, batch, hidden])?);
    for direction in 0..directions {
        let weights = Weights {
            of_input: part(of_input, direction, rows * width),
            of_state: part(of_state, direction, rows * hidden),
            biases: biases.map(|all| part(all, direction, 2 * rows)),
            peepholes: peepholes.map(|all| part(all, direction, 3 * hidden)),
        };
        let length = batch * hidden;
        budget.claim(&[2, batch, hidden])?;
        let zeros = || vec![0.0; length];
        let mut state = start.map_or_else(zeros, |all| part(all, direction, length).to_vec());
        let mut cell = cell_start.map_or_else(zeros, |all| part(all, direction, length).to_vec());
        let each = spec.squashes.len() / directions;
        let layer = Layer { spec, weights, sides, squashes: &spec.squashes[direction * each..(direction + 1) * each] };
        let seen = layer.of_inputs(x.as_floats()?, budget)?;
        let backward = spec.direction == Direction::Backward || direction == 1;
        let mut made = vec![0.0; budget.claim(&[batch, rows])?];
        for i in 0..steps {
            let step = if backward { steps - 1 - i } else { i };
            layer.step(&seen[step * batch * rows..(step + 1) * batch * rows], [&mut state, &mut cell, &mut made], budget)?;
            out[(step * directions + direction) * length..][..length].copy_from_slice(&state);
        }
        last.extend(state);
        last_cell.extend(cell);
    }
    let mut outputs = vec![Tensor::floats(vec![steps, directions, batch, hidden], out)?, Tensor::floats(vec![directions, batch, hidden], last)?];
    if is_lstm {
        outputs.push(Tensor::floats(vec![directions, batch, hidden], last_cell)?);
    }
    Ok(outputs)
}

/// What belongs to one direction.
fn part(all: &[f32], direction: usize, length: usize) -> &[f32] {
    &all[direction * length..(direction + 1) * length]
}

/// One direction.
struct Layer<'t> {
    spec: &'t Recurrent,
    weights: Weights<'t>,
    sides: Sides,
    squashes: &'t [Squash],
}

impl Layer<'_> {
    /// What all gates get from the inputs of all steps, with the biases.
    fn of_inputs(&self, x: &[f32], budget: &mut Budget) -> Outcome<Vec<f32>> {
        let Sides { steps, batch, inputs } = self.sides;
        let rows = self.spec.cell.gates() * self.spec.hidden;
        let mut seen = vec![0.0; budget.claim(&[steps, batch, rows])?];
        let by = Factor { values: self.weights.of_input, rows, cols: inputs, transposed: true };
        multiply(1.0, &Factor::new(x, steps * batch, inputs), &by, &mut seen, budget)?;
        if let Some(biases) = self.weights.biases {
            for row in seen.chunks_exact_mut(rows) {
                row.iter_mut().zip(biases).for_each(|(value, bias)| *value += bias);
            }
        }
        Ok(seen)
    }

    /// One step of all examples; `made` holds what the gates get from the state.
    fn step(&self, seen: &[f32], [state, cell, made]: [&mut Vec<f32>; 3], budget: &mut Budget) -> Outcome<()> {
        let (hidden, batch) = (self.spec.hidden, self.sides.batch);
        let rows = self.spec.cell.gates() * hidden;
        budget.spend(20 * (batch * rows) as u64)?;
        let by = Factor { values: self.weights.of_state, rows, cols: hidden, transposed: true };
        multiply(1.0, &Factor::new(state, batch, hidden), &by, made, budget)?;
        if let Some(biases) = self.weights.biases {
            for row in made.chunks_exact_mut(rows) {
                row.iter_mut().zip(&biases[rows..]).for_each(|(value, bias)| *value += bias);
            }
        }
        let examples = seen.chunks_exact(rows).zip(made.chunks_exact_mut(rows)).zip(state.chunks_exact_mut(hidden).zip(cell.chunks_exact_mut(hidden)));
        match self.spec.cell {
            Cell::Rnn => examples.for_each(|((seen, made), (state, _))| {
                for (i, state) in state.iter_mut().enumerate() {
                    *state = squash(self.squashes[0], seen[i] + made[i]);
                }
            }),
            Cell::Lstm => examples.for_each(|((seen, made), (state, cell))| self.lstm(seen, made, state, cell)),
            Cell::Gru { reset_after: true } => examples.for_each(|((seen, made), (state, _))| {
                for (i, state) in state.iter_mut().enumerate() {
                    let gate = |of: usize| seen[of * hidden + i] + made[of * hidden + i];
                    let (update, reset) = (squash(self.squashes[0], gate(0)), squash(self.squashes[0], gate(1)));
                    let new = squash(self.squashes[1], seen[2 * hidden + i] + reset * made[2 * hidden + i]);
                    *state = (1.0 - update) * new + update * *state;
                }
            }),
            Cell::Gru { reset_after: false } => self.reset_before(seen, state, made, budget)?,
        }
        Ok(())
    }

    /// Gates in the order input, output, forget, cell.
    fn lstm(&self, seen: &[f32], made: &[f32], state: &mut [f32], cell: &mut [f32]) {
        let hidden = self.spec.hidden;
        let [gate_by, cell_by, out_by] = [self.squashes[0], self.squashes[1], self.squashes[2]];
        for i in 0..hidden {
            let gate = |of: usize| seen[of * hidden + i] + made[of * hidden + i];
            let peep = |of: usize, cell: f32| self.weights.peepholes.map_or(0.0, |all| all[of * hidden + i] * cell);
            let input = squash(gate_by, gate(0) + peep(0, cell[i]));
            let forget = squash(gate_by, gate(2) + peep(2, cell[i]));
            cell[i] = forget * cell[i] + input * squash(cell_by, gate(3));
            state[i] = squash(gate_by, gate(1) + peep(1, cell[i])) * squash(out_by, cell[i]);
        }
    }

    /// A GRU whose state is reset before it is multiplied by its weights.
    fn reset_before(&self, seen: &[f32], state: &mut [f32], made: &[f32], budget: &mut Budget) -> Outcome<()> {
        let (hidden, batch) = (self.spec.hidden, self.sides.batch);
        let rows = 3 * hidden;
        let gate = |example: usize, of: usize, i: usize| seen[example * rows + of * hidden + i] + made[example * rows + of * hidden + i];
        budget.claim(&[2, batch, hidden])?;
        let reset: Vec<f32> = state.iter().enumerate().map(|(at, state)| squash(self.squashes[0], gate(at / hidden, 1, at % hidden)) * state).collect();
        let mut new = vec![0.0; batch * hidden];
        let by = Factor { values: &self.weights.of_state[2 * hidden * hidden..], rows: hidden, cols: hidden, transposed: true };
        multiply(1.0, &Factor::new(&reset, batch, hidden), &by, &mut new, budget)?;
        for (at, state) in state.iter_mut().enumerate() {
            let (example, i) = (at / hidden, at % hidden);
            let bias = self.weights.biases.map_or(0.0, |biases| biases[rows + 2 * hidden + i]);
            let update = squash(self.squashes[0], gate(example, 0, i));
            let new = squash(self.squashes[1], seen[example * rows + 2 * hidden + i] + new[at] + bias);
            *state = (1.0 - update) * new + update * *state;
        }
        Ok(())
    }
}

fn squash(by: Squash, x: f32) -> f32 {
    match by {
        Squash::HardSigmoid => (0.2 * x + 0.5).clamp(0.0, 1.0),
        Squash::Relu => {
            if x < 0.0 {
                0.0
            } else {
                x
            }
        }
        Squash::Sigmoid => 1.0 / (1.0 + (-x).exp()),
        Squash::Tanh => x.tanh(),
    }
}
