//! k-means (Lloyd 1982) from starts that lie apart (Arthur and Vassilvitskii 2007, k-means++).

use crate::draws::Draws;
use crate::matrix::{row, rows};
use mlgrade_data::Matrix;
use mlgrade_domain::seed::Seed;

/// The most rounds of one start.
const ROUNDS: usize = 300;

/// Clusters of rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Clusters {
    /// Their means, in ascending order of the first feature (of equal ones of the next).
    pub(super) centers: Vec<Vec<f64>>,
    /// The sum of squared distances to the mean of the own cluster.
    pub(super) inertia: f64,
}

impl Clusters {
    /// `count` clusters of the rows of `x`, the best of `starts` starts.
    pub(super) fn find(x: &Matrix, count: usize, starts: usize, seed: Seed) -> Self {
        let mut best: Option<Self> = None;
        for start in 0..starts {
            let found = Self::from_start(x, start_apart(x, count, &mut Draws::new(seed.derive(&start.to_string()))));
            if best.as_ref().is_none_or(|best| found.inertia < best.inertia) {
                best = Some(found);
            }
        }
        let mut best = best.unwrap_or(Self { centers: Vec::new(), inertia: 0.0 });
        let order = |a: &Vec<f64>, b: &Vec<f64>| a.iter().zip(b).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal);
        best.centers.sort_by(order);
        best
    }

    fn from_start(x: &Matrix, mut centers: Vec<Vec<f64>>) -> Self {
        let mut of = assigned(x, &centers);
        for _ in 0..ROUNDS {
            let mut counts = vec![0.0; centers.len()];
            let mut sums = vec![vec![0.0; x.cols]; centers.len()];
            for (row, &(cluster, _)) in rows(x).zip(&of) {
                counts[cluster] += 1.0;
                sums[cluster].iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
            }
            // An empty cluster takes the row that lies farthest from its own.
            let mut far: Vec<usize> = (0..of.len()).collect();
            far.sort_by(|&a, &b| of[b].1.total_cmp(&of[a].1));
            let mut far = far.into_iter();
            for ((center, sum), count) in centers.iter_mut().zip(sums).zip(counts) {
                if count > 0.0 {
                    *center = sum.into_iter().map(|sum| sum / count).collect();
                } else if let Some(place) = far.next() {
                    *center = row(x, place).to_vec();
                }
            }
            let next = assigned(x, &centers);
            let same = next.iter().zip(&of).all(|((a, _), (b, _))| a == b);
            of = next;
            if same {
                break;
            }
        }
        Self { inertia: of.iter().map(|(_, distance)| distance).sum(), centers }
    }

    /// The cluster of each row.
    pub(super) fn of(&self, x: &Matrix) -> Vec<usize> {
        assigned(x, &self.centers).into_iter().map(|(cluster, _)| cluster).collect()
    }
}

fn square(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// The nearest center of each row, the first of equals, and the squared distance to it.
fn assigned(x: &Matrix, centers: &[Vec<f64>]) -> Vec<(usize, f64)> {
    let nearest = |row: &[f64]| {
        let distances = centers.iter().map(|center| square(row, center)).enumerate();
        distances.reduce(|best, other| if other.1 < best.1 { other } else { best }).unwrap_or((0, 0.0))
    };
    rows(x).map(nearest).collect()
}

/// `count` rows, each drawn with a chance that grows with the square of its distance from those before it.
fn start_apart(x: &Matrix, count: usize, draws: &mut Draws) -> Vec<Vec<f64>> {
    let mut centers = vec![row(x, draws.below(x.rows)).to_vec()];
    let mut apart: Vec<f64> = rows(x).map(|other| square(other, &centers[0])).collect();
    while centers.len() < count {
        let mut left = draws.unit() * apart.iter().sum::<f64>();
        let place = apart.iter().position(|distance| {
            left -= distance;
            left < 0.0
        });
        let center = row(x, place.unwrap_or_else(|| draws.below(x.rows))).to_vec();
        apart.iter_mut().zip(rows(x)).for_each(|(apart, other)| *apart = apart.min(square(other, &center)));
        centers.push(center);
    }
    centers
}
