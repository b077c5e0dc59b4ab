//! Sums of products as an equation of indices says (Einstein 1916), two arrays at a time.

use std::collections::BTreeMap;

use super::Inputs;
use super::along::reduce;
use super::product::matmul;
use super::shape::{Places, reshape};
use crate::operator::Reduction;
use crate::tensor::{Budget, Outcome, Tensor, refuse};

/// An index of an equation: a letter, or the place of an axis that dots stand for, counted from the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Index {
    Letter(char),
    Dots(usize),
}

/// An array and the index of each of its axes; none stands twice.
struct Term {
    tensor: Tensor,
    indices: Vec<Index>,
}

pub(super) fn einsum(equation: &str, inputs: Inputs<'_>, budget: &mut Budget) -> Outcome<Tensor> {
    let equation: String = equation.chars().filter(|c| !c.is_whitespace()).collect();
    let (left, right) = equation.split_once("->").map_or((equation.as_str(), None), |(left, right)| (left, Some(right)));
    let parts: Vec<&str> = left.split(',').collect();
    if parts.len() != inputs.0.len() {
        return Err(refuse(format!("an Einsum of {} terms takes in {} arrays", parts.len(), inputs.0.len())));
    }
    let mut named = Vec::with_capacity(parts.len());
    let mut sides: BTreeMap<Index, usize> = BTreeMap::new();
    let mut dots = 0;
    for (i, part) in parts.iter().enumerate() {
        let tensor = inputs.get(i)?;
        let indices = indices(part, tensor.shape().len(), None)?;
        for (index, &side) in indices.iter().zip(tensor.shape()) {
            let known = sides.entry(*index).or_insert(side);
            *known = if *known == 1 { side } else { *known };
            if side != *known && side != 1 {
                return Err(refuse("an index of an Einsum has two lengths"));
            }
            dots = dots.max(if let Index::Dots(place) = index { place + 1 } else { 0 });
        }
        named.push((tensor, indices));
    }
    let wanted = match right {
        Some(right) => indices(right, right.chars().filter(char::is_ascii_alphabetic).count() + dots, Some(dots))?,
        None => implied(&named, dots),
    };
    if wanted.iter().enumerate().any(|(i, index)| !sides.contains_key(index) || wanted[..i].contains(index)) {
        return Err(refuse("the result of an Einsum has an index twice, or one that no term has"));
    }
    let mut terms = Vec::with_capacity(named.len());
    for (tensor, indices) in named {
        terms.push(diagonal(tensor, &indices, &sides, budget)?);
    }
    let mut terms = terms.into_iter();
    let mut result = terms.next().ok_or_else(|| refuse("an Einsum has no term"))?;
    while let Some(next) = terms.next() {
        let needed = |index: &Index| wanted.contains(index) || terms.as_slice().iter().any(|term| term.indices.contains(index));
        result = product(result, next, needed, budget)?;
    }
    let result = summed(result, |index| wanted.contains(index), budget)?;
    // An index that stands only where it has the length 1 was left out.
    let here: Vec<Index> = wanted.iter().copied().filter(|index| result.indices.contains(index)).collect();
    let arranged = arranged(&result, &here, budget)?;
    let shape: Vec<i64> = wanted.iter().map(|index| i64::try_from(sides.get(index).copied().unwrap_or(1)).unwrap_or(i64::MAX)).collect();
    reshape(&arranged, &shape, true, budget)
}

/// The indices of one term of `rank` axes; dots stand for those that are left, or for `dots` of them.
fn indices(term: &str, rank: usize, dots: Option<usize>) -> Outcome<Vec<Index>> {
    let fault = || refuse("the equation of an Einsum does not fit its arrays");
    let letters = term.chars().filter(char::is_ascii_alphabetic).count();
    let has_dots = term.contains("...");
    let hidden = if has_dots { dots.or(rank.checked_sub(letters)).ok_or_else(fault)? } else { 0 };
    if !term.replacen("...", "", 1).chars().all(|c| c.is_ascii_alphabetic()) || rank > 64 || (letters + hidden != rank && dots.is_none()) {
        return Err(fault());
    }
    let mut out = Vec::with_capacity(rank);
    let before = term.split("...").next().unwrap_or_default();
    out.extend(before.chars().map(Index::Letter));
    out.extend((0..hidden).rev().map(Index::Dots));
    out.extend(term.chars().skip(before.len() + 3).filter(|_| has_dots).map(Index::Letter));
    Ok(out)
}

/// The result where none is stated: what dots stand for, and the letters that stand once, in their order.
fn implied(named: &[(&Tensor, Vec<Index>)], dots: usize) -> Vec<Index> {
    let all: Vec<Index> = named.iter().flat_map(|(_, indices)| indices).copied().collect();
    let mut once: Vec<Index> =
        all.iter().copied().filter(|index| matches!(index, Index::Letter(_)) && all.iter().filter(|other| *other == index).count() == 1).collect();
    once.sort_unstable();
    (0..dots).rev().map(Index::Dots).chain(once).collect()
}

/// A term whose axes have an index each: of axes with the same one the diagonal is taken, and those that are stretched are left out.
fn diagonal(tensor: &Tensor, indices: &[Index], sides: &BTreeMap<Index, usize>, budget: &mut Budget) -> Outcome<Term> {
    let mut step = 1;
    let mut found: Vec<(Index, usize)> = Vec::new();
    for (index, &side) in indices.iter().zip(tensor.shape()).rev() {
        if side == sides.get(index).copied().unwrap_or(1) {
            match found.iter_mut().find(|(known, _)| known == index) {
                Some((_, steps)) => *steps += step,
                None => found.push((*index, step)),
            }
        }
        step *= side;
    }
    found.reverse();
    let shape: Vec<usize> = found.iter().map(|(index, _)| sides.get(index).copied().unwrap_or(1)).collect();
    budget.claim(&shape)?;
    let places = Places::new(shape.clone(), found.iter().map(|(_, step)| *step).collect());
    Ok(Term { tensor: tensor.gathered(shape, places, 1)?, indices: found.into_iter().map(|(index, _)| index).collect() })
}

/// A term summed over all indices that are not needed.
fn summed(term: Term, needed: impl Fn(&Index) -> bool, budget: &mut Budget) -> Outcome<Term> {
    let gone: Vec<i64> = term.indices.iter().enumerate().filter(|(_, index)| !needed(index)).filter_map(|(axis, _)| i64::try_from(axis).ok()).collect();
    if gone.is_empty() {
        return Ok(term);
    }
    let tensor = reduce(&term.tensor, Reduction::Sum, Some(&gone), false, budget)?;
    Ok(Term { tensor, indices: term.indices.into_iter().filter(needed).collect() })
}

/// The axes of a term in another order.
fn arranged(term: &Term, order: &[Index], budget: &mut Budget) -> Outcome<Tensor> {
    let axes = order.iter().map(|index| term.indices.iter().position(|own| own == index)).collect::<Option<Vec<usize>>>();
    let axes: Vec<i64> = axes.unwrap_or_default().into_iter().filter_map(|axis| i64::try_from(axis).ok()).collect();
    super::shape::transpose(&term.tensor, Some(&axes), budget)
}

/// The product of two terms, summed over what is not needed any more: a stack of products of matrices.
fn product(a: Term, b: Term, needed: impl Fn(&Index) -> bool, budget: &mut Budget) -> Outcome<Term> {
    let a = summed(a, |index| needed(index) || b.indices.contains(index), budget)?;
    let b = summed(b, |index| needed(index) || a.indices.contains(index), budget)?;
    let shared = |kept: bool| a.indices.iter().copied().filter(|index| b.indices.contains(index) && needed(index) == kept).collect::<Vec<Index>>();
    let (stack, inner) = (shared(true), shared(false));
    let rows: Vec<Index> = a.indices.iter().copied().filter(|index| !b.indices.contains(index)).collect();
    let cols: Vec<Index> = b.indices.iter().copied().filter(|index| !a.indices.contains(index)).collect();
    let side = |term: &Term, of: &[Index]| {
        let sides = of.iter().map(|index| term.indices.iter().position(|own| own == index).and_then(|axis| term.tensor.shape().get(axis)).copied());
        sides.map(|side| side.unwrap_or(1)).collect::<Vec<usize>>()
    };
    let length = |term: &Term, of: &[Index]| i64::try_from(side(term, of).iter().product::<usize>()).unwrap_or(i64::MAX);
    let (times, summed) = (length(&a, &stack), length(&a, &inner));
    let left = arranged(&a, &[stack.as_slice(), &rows, &inner].concat(), budget)?;
    let right = arranged(&b, &[stack.as_slice(), &inner, &cols].concat(), budget)?;
    let left = reshape(&left, &[times, length(&a, &rows), summed], true, budget)?;
    let right = reshape(&right, &[times, summed, length(&b, &cols)], true, budget)?;
    let made = matmul(&left, &right, budget)?;
    let shape: Vec<i64> =
        [side(&a, &stack), side(&a, &rows), side(&b, &cols)].concat().into_iter().map(|side| i64::try_from(side).unwrap_or(i64::MAX)).collect();
    Ok(Term { tensor: reshape(&made, &shape, true, budget)?, indices: [stack, rows, cols].concat() })
}
