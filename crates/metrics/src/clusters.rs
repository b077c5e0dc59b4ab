//! Metrics of clusters, whose names mean nothing: against classes that are known, and by the points alone.

use std::collections::BTreeMap;

use crate::fault::{Fault, Value, finite, paired};
use crate::rows::Rows;

/// How often each class met each cluster.
struct Contingency {
    cells: BTreeMap<(usize, usize), f64>,
    classes: BTreeMap<usize, f64>,
    clusters: BTreeMap<usize, f64>,
    total: f64,
}

impl Contingency {
    fn of(right: &[usize], clusters: &[usize]) -> Result<Self, Fault> {
        paired(right.len(), clusters.len())?;
        let mut table = Self { cells: BTreeMap::new(), classes: BTreeMap::new(), clusters: BTreeMap::new(), total: right.len() as f64 };
        for (&class, &cluster) in right.iter().zip(clusters) {
            *table.cells.entry((class, cluster)).or_default() += 1.0;
            *table.classes.entry(class).or_default() += 1.0;
            *table.clusters.entry(cluster).or_default() += 1.0;
        }
        Ok(table)
    }
}

/// The share of pairs of rows that both put together or apart, beyond chance: `adjusted_rand_score`.
pub fn ari(right: &[usize], clusters: &[usize]) -> Value {
    let table = Contingency::of(right, clusters)?;
    let squares = |counts: &mut dyn Iterator<Item = &f64>| counts.map(|count| count * count).sum::<f64>();
    let (both, of_classes, of_clusters) = (squares(&mut table.cells.values()), squares(&mut table.classes.values()), squares(&mut table.clusters.values()));
    let (together, only_class, only_cluster) = (both - table.total, of_classes - both, of_clusters - both);
    let apart = table.total * table.total - both - only_class - only_cluster;
    if only_class <= 0.0 && only_cluster <= 0.0 {
        return Ok(1.0);
    }
    let chance = (together + only_class) * (only_class + apart) + (together + only_cluster) * (only_cluster + apart);
    finite(2.0 * (together * apart - only_class * only_cluster) / chance)
}

/// What classes and clusters tell of each other over the mean of what each has to tell: `normalized_mutual_info_score`.
pub fn nmi(right: &[usize], clusters: &[usize]) -> Value {
    let table = Contingency::of(right, clusters)?;
    if table.classes.len() == 1 && table.clusters.len() == 1 {
        return Ok(1.0);
    }
    let total = table.total;
    let information: f64 = table
        .cells
        .iter()
        .map(|(&(class, cluster), &both)| {
            let [class, cluster] = [table.classes.get(&class), table.clusters.get(&cluster)].map(|count| count.copied().unwrap_or(1.0));
            both / total * ((both * total) / (class * cluster)).ln()
        })
        .sum();
    if information <= f64::EPSILON {
        return Ok(0.0);
    }
    let entropy = |counts: &BTreeMap<usize, f64>| -counts.values().map(|count| count / total * (count / total).ln()).sum::<f64>();
    finite(information / f64::midpoint(entropy(&table.classes), entropy(&table.clusters)))
}

/// The share of rows that are of the class that most of their cluster are of: `contingency_matrix(right, clusters).max(0).sum() / rows`.
pub fn purity(right: &[usize], clusters: &[usize]) -> Value {
    let table = Contingency::of(right, clusters)?;
    let mut most = BTreeMap::<usize, f64>::new();
    for (&(_, cluster), &count) in &table.cells {
        let known = most.entry(cluster).or_default();
        *known = known.max(count);
    }
    finite(most.values().sum::<f64>() / table.total)
}

/// The most rows of which [`silhouette`] compares each with all others.
pub const MOST_COMPARED: usize = 10_000;

/// The mean over the rows of how much nearer the next cluster's rows are than those of the own: `silhouette_score` of Euclidean distances. A
/// row that is its own cluster counts 0.
pub fn silhouette(features: Rows<'_>, clusters: &[usize]) -> Value {
    paired(features.len(), clusters.len())?;
    if clusters.len() > MOST_COMPARED {
        return Err(Fault::TooMany { found: clusters.len(), most: MOST_COMPARED });
    }
    let sizes = sizes(clusters);
    if sizes.len() < 2 || sizes.len() >= clusters.len() {
        return Err(Fault::TooFew("two clusters or more, and fewer than rows"));
    }
    let places: BTreeMap<usize, usize> = sizes.keys().enumerate().map(|(place, &cluster)| (cluster, place)).collect();
    let (sizes, places): (Vec<f64>, Vec<usize>) =
        (sizes.values().copied().collect(), clusters.iter().filter_map(|cluster| places.get(cluster).copied()).collect());
    let rows: Vec<&[f64]> = features.iter().collect();
    let of_row = |(row, &own): (&&[f64], &usize)| {
        let mut sums = vec![0.0; sizes.len()];
        for (other, &place) in rows.iter().zip(&places) {
            if let Some(sum) = sums.get_mut(place) {
                *sum += squared_distance(row, other).sqrt();
            }
        }
        let (mut within, mut next) = (0.0, f64::INFINITY);
        for (place, (sum, size)) in sums.iter().zip(&sizes).enumerate() {
            if place != own {
                next = next.min(sum / size);
            } else if *size > 1.0 {
                within = sum / (size - 1.0);
            } else {
                return 0.0;
            }
        }
        let greater = within.max(next);
        if greater > 0.0 { (next - within) / greater } else { 0.0 }
    };
    finite(rows.iter().zip(&places).map(of_row).sum::<f64>() / rows.len() as f64)
}

/// The sum of the squared distances of the rows to the mean of their cluster: `KMeans.inertia_`.
pub fn inertia(features: Rows<'_>, clusters: &[usize]) -> Value {
    paired(features.len(), clusters.len())?;
    let mut means = BTreeMap::<usize, Vec<f64>>::new();
    for (row, &cluster) in features.iter().zip(clusters) {
        let sums = means.entry(cluster).or_insert_with(|| vec![0.0; features.columns()]);
        for (sum, value) in sums.iter_mut().zip(row) {
            *sum += value;
        }
    }
    for (cluster, size) in sizes(clusters) {
        for value in means.get_mut(&cluster).into_iter().flatten() {
            *value /= size;
        }
    }
    let distance = |(row, cluster): (&[f64], &usize)| means.get(cluster).map_or(0.0, |mean| squared_distance(row, mean));
    finite(features.iter().zip(clusters).map(distance).sum())
}

/// How many rows each cluster has.
fn sizes(clusters: &[usize]) -> BTreeMap<usize, f64> {
    let mut sizes = BTreeMap::<usize, f64>::new();
    for &cluster in clusters {
        *sizes.entry(cluster).or_default() += 1.0;
    }
    sizes
}

fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_clusters_mean_nothing() {
        let right = [0, 0, 1, 1, 2];
        let clusters = [9, 9, 4, 4, 0];
        assert_eq!((ari(&right, &clusters), purity(&right, &clusters)), (Ok(1.0), Ok(1.0)));
        assert!((nmi(&right, &clusters).unwrap() - 1.0).abs() < 1e-15);
        // scikit-learn: one cluster tells nothing of two classes, and all of one.
        assert_eq!((nmi(&[0, 1], &[3, 3]), nmi(&[0, 0], &[3, 3]), ari(&[0, 1], &[3, 3])), (Ok(0.0), Ok(1.0), Ok(0.0)));
    }

    #[test]
    fn a_row_of_its_own_counts_nothing() {
        // By hand: the two rows at 0 and 1 have 1 within; to 5 they have 5 and 4; the third is alone.
        let rows = Rows::new(&[0.0, 1.0, 5.0], 1).unwrap();
        let mean = (4.0 / 5.0 + 3.0 / 4.0) / 3.0;
        assert!((silhouette(rows, &[1, 1, 0]).unwrap() - mean).abs() < 1e-15);
        let fault = Err(Fault::TooFew("two clusters or more, and fewer than rows"));
        assert_eq!((silhouette(rows, &[1, 1, 1]), silhouette(rows, &[0, 1, 2])), (fault.clone(), fault));
        assert_eq!(inertia(rows, &[1, 1, 0]), Ok(0.5));
    }
}
