//! How pure some rows are, in sums that a row joins or leaves at once.
//!
//! What is called purity here is n × (c - impurity) for n rows and a constant c: the split that makes the sum of both sides' purities
//! greatest is the one that leaves the least impurity.

/// Rows of one class that are added together.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cell {
    /// How many rows, a row drawn twice counted twice.
    pub(super) weight: f64,
    /// The sum of their targets, where targets are numbers.
    pub(super) sum: f64,
}

impl std::ops::AddAssign for Cell {
    fn add_assign(&mut self, other: Self) {
        self.weight += other.weight;
        self.sum += other.sum;
    }
}

impl std::ops::Neg for Cell {
    type Output = Self;
    fn neg(self) -> Self {
        Self { weight: -self.weight, sum: -self.sum }
    }
}

/// The sums over some rows.
pub(crate) trait Sums: Clone {
    /// Adds rows of `class`; a negative cell takes them away.
    fn add(&mut self, class: usize, cell: Cell);
    /// The purity of the rows.
    fn purity(&self) -> f64;
    /// How many rows there are.
    fn rows(&self) -> f64;
    /// Forgets all rows.
    fn clear(&mut self);
}

/// Squared error: the purity is (Σ y)² / n.
#[derive(Debug, Clone, Default)]
pub(crate) struct Squares(Cell);

impl Sums for Squares {
    fn add(&mut self, _: usize, cell: Cell) {
        self.0 += cell;
    }

    fn purity(&self) -> f64 {
        self.0.sum * self.0.sum / self.0.weight
    }

    fn rows(&self) -> f64 {
        self.0.weight
    }

    fn clear(&mut self) {
        self.0 = Cell::default();
    }
}

/// Gini impurity, 1 - Σ p²: the purity is Σ `n_c`² / n over the classes c.
#[derive(Debug, Clone)]
pub(crate) struct Gini {
    counts: Vec<f64>,
    rows: f64,
    squares: f64,
}

impl Gini {
    /// No rows of any of `classes`.
    pub(super) fn none(classes: usize) -> Self {
        Self { counts: vec![0.0; classes], rows: 0.0, squares: 0.0 }
    }
}

impl Sums for Gini {
    fn add(&mut self, class: usize, cell: Cell) {
        let count = &mut self.counts[class];
        self.rows += cell.weight;
        self.squares += cell.weight * (2.0 * *count + cell.weight);
        *count += cell.weight;
    }

    fn purity(&self) -> f64 {
        self.squares / self.rows
    }

    fn rows(&self) -> f64 {
        self.rows
    }

    fn clear(&mut self) {
        (self.rows, self.squares) = (0.0, 0.0);
        self.counts.fill(0.0);
    }
}

/// Entropy, -Σ p ln p (Quinlan 1986): the purity is Σ `n_c` ln `n_c` - n ln n over the classes c.
#[derive(Debug, Clone)]
pub(crate) struct Entropy(Gini);

impl Entropy {
    /// No rows of any of `classes`.
    pub(super) fn none(classes: usize) -> Self {
        Self(Gini::none(classes))
    }
}

impl Sums for Entropy {
    fn add(&mut self, class: usize, cell: Cell) {
        self.0.add(class, cell);
    }

    fn purity(&self) -> f64 {
        let share = |count: f64| if count > 0.0 { count * count.ln() } else { 0.0 };
        self.0.counts.iter().map(|&count| share(count)).sum::<f64>() - share(self.0.rows)
    }

    fn rows(&self) -> f64 {
        self.0.rows
    }

    fn clear(&mut self) {
        self.0.clear();
    }
}
