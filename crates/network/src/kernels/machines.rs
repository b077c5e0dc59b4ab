//! What support-vector machines compute (Boser, Guyon and Vapnik 1992), as ONNX Runtime scores them.

use super::classical::{logistic, rows, transformed};
use super::product::{Factor, multiply};
use crate::operator::classical::Transform;
use crate::operator::machines::{Kernel, Machine, Task, Voting};
use crate::tensor::{Budget, Outcome, Tensor, product, refuse};

/// The labels and the scores of a classifier, or the numbers of a regressor.
pub(super) fn apply(machine: &Machine, x: &Tensor, budget: &mut Budget) -> Outcome<Vec<Tensor>> {
    let (count, features) = rows(x)?;
    if features != machine.features {
        return Err(refuse(format!("its support vectors have {} features, the rows have {features} of them", machine.features)));
    }
    let values = x.as_floats()?;
    match &machine.task {
        Task::Classes(voting) if voting.of_each.is_empty() => {
            let scores = linear(machine, values, [count, voting.classes.len()], budget)?;
            labelled(machine, voting, count, &scores, budget)
        }
        Task::Classes(voting) => {
            let alike = alike(machine, values, count, budget)?;
            let scores = of_pairs(machine, voting, &alike, count, budget)?;
            labelled(machine, voting, count, &scores, budget)
        }
        Task::Number { one_class } => {
            let mut scores = if machine.vectors.is_empty() {
                linear(machine, values, [count, 1], budget)?
            } else {
                let alike = alike(machine, values, count, budget)?;
                let mut scores = vec![0.0; budget.claim(&[count, 1])?];
                let by = Factor::new(&machine.coefficients, machine.count(), 1);
                multiply(1.0, &Factor::new(&alike, count, machine.count()), &by, &mut scores, budget)?;
                for score in &mut scores {
                    *score += machine.rho[0];
                }
                scores
            };
            if *one_class {
                for score in &mut scores {
                    *score = if *score > 0.0 { 1.0 } else { -1.0 };
                }
            }
            Ok(vec![Tensor::floats(vec![count, 1], scores)?])
        }
    }
}

/// x times each row of coefficients, and the first of rho.
fn linear(machine: &Machine, x: &[f32], [count, width]: [usize; 2], budget: &mut Budget) -> Outcome<Vec<f32>> {
    let mut scores = vec![0.0; budget.claim(&[count, width])?];
    let by = Factor { values: &machine.coefficients, rows: width, cols: machine.features, transposed: true };
    multiply(1.0, &Factor::new(x, count, machine.features), &by, &mut scores, budget)?;
    for score in &mut scores {
        *score += machine.rho[0];
    }
    Ok(scores)
}

/// How alike every row is to every support vector.
fn alike(machine: &Machine, x: &[f32], count: usize, budget: &mut Budget) -> Outcome<Vec<f32>> {
    let vectors = machine.count();
    let mut out = vec![0.0; budget.claim(&[count, vectors])?];
    budget.spend(16 * product(&[count, vectors]))?;
    let by = Factor { values: &machine.vectors, rows: vectors, cols: machine.features, transposed: true };
    multiply(1.0, &Factor::new(x, count, machine.features), &by, &mut out, budget)?;
    match machine.kernel {
        Kernel::Linear => {}
        Kernel::Polynomial { gamma, start, degree } => out.iter_mut().for_each(|dot| *dot = (gamma * *dot + start).powf(degree)),
        Kernel::Sigmoid { gamma, start } => out.iter_mut().for_each(|dot| *dot = (gamma * *dot + start).tanh()),
        Kernel::Radial { gamma } => {
            // |x − v|² is |x|² + |v|² − 2 x·v, which is one product of matrices.
            let square = |row: &[f32]| row.iter().map(|value| value * value).sum::<f32>();
            budget.claim(&[vectors])?;
            let sizes: Vec<f32> = machine.vectors.chunks_exact(machine.features).map(square).collect();
            for (row, out) in x.chunks_exact(machine.features).zip(out.chunks_exact_mut(vectors)) {
                let own = square(row);
                for (dot, size) in out.iter_mut().zip(&sizes) {
                    let apart = own + size - 2.0 * *dot;
                    *dot = (-gamma * if apart < 0.0 { 0.0 } else { apart }).exp();
                }
            }
        }
    }
    Ok(out)
}

/// The score of every two classes against each other, row by row.
fn of_pairs(machine: &Machine, voting: &Voting, alike: &[f32], count: usize, budget: &mut Budget) -> Outcome<Vec<f32>> {
    let (classes, vectors) = (voting.classes.len(), machine.count());
    let length = budget.claim(&[count, machine.rho.len()])?;
    budget.spend(4 * product(&[count, classes - 1, vectors]))?;
    let starts: Vec<usize> = voting.of_each.iter().scan(0, |at, length| Some(std::mem::replace(at, *at + length))).collect();
    let mut out = Vec::with_capacity(length);
    for row in alike.chunks_exact(vectors.max(1)) {
        // Coefficients have a row for each opponent; a class has none against itself.
        let against = |class: usize, opponent: usize| {
            let of = starts[class]..starts[class] + voting.of_each[class];
            let coefficients = &machine.coefficients[opponent * vectors..(opponent + 1) * vectors];
            coefficients[of.clone()].iter().zip(&row[of]).map(|(a, b)| f64::from(a * b)).sum::<f64>()
        };
        let pairs = (0..classes).flat_map(|i| (i + 1..classes).map(move |j| (i, j)));
        out.extend(pairs.zip(&machine.rho).map(|((i, j), rho)| single(against(i, j - 1) + against(j, i) + f64::from(*rho))));
    }
    Ok(out)
}

#[expect(clippy::cast_possible_truncation, reason = "networks are run in single precision")]
fn single(x: f64) -> f32 {
    x as f32
}

/// Labels and scores, of the scores of pairs or of classes.
fn labelled(machine: &Machine, voting: &Voting, count: usize, scores: &[f32], budget: &mut Budget) -> Outcome<Vec<Tensor>> {
    let classes = voting.classes.len();
    let width = scores.len() / count.max(1);
    let by_votes = !voting.of_each.is_empty();
    let all_positive = machine.coefficients.iter().all(|&value| value >= 0.0);
    let wide = if voting.sigmoids.is_empty() { width.max(2) } else { classes };
    budget.claim(&[count, wide + 1])?;
    let mut labels = Vec::with_capacity(count);
    let mut out = Vec::with_capacity(count * wide);
    for row in scores.chunks_exact(width.max(1)) {
        let mut best = if by_votes { most_voted(row, classes) } else { greatest(row) };
        if classes == 2 && !by_votes && row[best] > if all_positive { 0.5 } else { 0.0 } {
            // ONNX Runtime takes the second of two classes then, whichever score it is.
            best = 1;
        }
        labels.push(voting.classes[best]);
        out.extend(finished(voting, row, budget)?);
    }
    Ok(vec![Tensor::ints(vec![count], labels)?, Tensor::floats(vec![count, wide], out)?])
}

fn greatest(row: &[f32]) -> usize {
    (0..row.len()).reduce(|best, i| if row[i] > row[best] { i } else { best }).unwrap_or(0)
}

/// The class that wins most of its pairs, the first of equals.
fn most_voted(pairs: &[f32], classes: usize) -> usize {
    let mut votes = vec![0_usize; classes];
    for ((i, j), score) in (0..classes).flat_map(|i| (i + 1..classes).map(move |j| (i, j))).zip(pairs) {
        votes[if *score > 0.0 { i } else { j }] += 1;
    }
    (0..classes).reduce(|best, i| if votes[i] > votes[best] { i } else { best }).unwrap_or(0)
}

/// The scores of one row as they are given out.
fn finished(voting: &Voting, row: &[f32], budget: &mut Budget) -> Outcome<Vec<f32>> {
    let mut scores = if voting.sigmoids.is_empty() { row.to_vec() } else { probabilities(voting, row, budget)? };
    if let [score] = *scores {
        return Ok(match voting.transform {
            Transform::None => vec![-score, score],
            Transform::Logistic => vec![logistic(-score), logistic(score)],
            _ => vec![1.0 - score, score],
        });
    }
    transformed(voting.transform, &mut scores);
    Ok(scores)
}

/// Probabilities of the classes out of those of pairs (Wu, Lin and Weng 2004, the second method), as LIBSVM finds them.
fn probabilities(voting: &Voting, pairs: &[f32], budget: &mut Budget) -> Outcome<Vec<f32>> {
    let classes = voting.classes.len();
    let size = budget.claim(&[classes, classes])?;
    budget.spend(100 * 4 * size as u64)?;
    let mut r = vec![0.0_f32; size];
    let places = (0..classes).flat_map(|i| (i + 1..classes).map(move |j| (i, j)));
    for (((i, j), score), (slope, start)) in places.zip(pairs).zip(&voting.sigmoids) {
        let chance = (1.0 - logistic(score * slope + start)).clamp(1e-7, 1.0 - 1e-7);
        (r[i * classes + j], r[j * classes + i]) = (chance, 1.0 - chance);
    }
    let mut q = vec![0.0_f32; size];
    for t in 0..classes {
        for j in (0..classes).filter(|&j| j != t) {
            q[t * classes + t] += r[j * classes + t] * r[j * classes + t];
            q[t * classes + j] = -r[j * classes + t] * r[t * classes + j];
        }
    }
    let mut p = vec![1.0 / classes as f32; classes];
    let near = 0.005 / classes as f32;
    for _ in 0..100 {
        let mut qp: Vec<f32> = q.chunks_exact(classes).map(|row| row.iter().zip(&p).map(|(q, p)| q * p).sum()).collect();
        let mut pqp: f32 = p.iter().zip(&qp).map(|(p, qp)| p * qp).sum();
        if qp.iter().all(|qp| (qp - pqp).abs() < near) {
            break;
        }
        for t in 0..classes {
            let own = q[t * classes + t];
            let step = (pqp - qp[t]) / own;
            p[t] += step;
            pqp = (pqp + step * (step * own + 2.0 * qp[t])) / (1.0 + step) / (1.0 + step);
            for j in 0..classes {
                qp[j] = (qp[j] + step * q[t * classes + j]) / (1.0 + step);
                p[j] /= 1.0 + step;
            }
        }
    }
    budget.settle(budget.live().saturating_sub(size));
    Ok(p)
}
