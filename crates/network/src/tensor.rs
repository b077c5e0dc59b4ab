//! Arrays of numbers with a shape, and the budget that every one of them is taken from.

use mlgrade_domain::limits;

/// Why a network is not run, in one sentence without a full stop, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    /// It is a matter of size, not of form.
    pub(crate) too_large: bool,
}

impl Refusal {
    /// With what to do.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// At a place within the file.
    pub(super) fn at(mut self, place: &str) -> Self {
        self.message = format!("{place}: {}", self.message);
        self
    }
}

impl From<mlgrade_protobuf::Fault> for Refusal {
    fn from(fault: mlgrade_protobuf::Fault) -> Self {
        let refusal = refuse(fault.to_string());
        if fault == mlgrade_protobuf::Fault::Damaged { refusal.help("export it anew") } else { refusal }
    }
}

/// A refusal for what the file says.
pub(super) fn refuse(message: impl Into<String>) -> Refusal {
    Refusal { message: message.into(), help: None, too_large: false }
}

/// A refusal for its size.
pub(super) fn too_large(message: impl Into<String>) -> Refusal {
    Refusal { too_large: true, ..refuse(message) }
}

/// Something, or why not.
pub(super) type Outcome<T> = Result<T, Refusal>;

/// Numbers, row by row. Whatever a file calls float16, float64, bool or int32 is one of these two.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Values {
    Float(Vec<f32>),
    Int(Vec<i64>),
}

/// Numbers with a shape, as many as it says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tensor {
    shape: Vec<usize>,
    values: Values,
}

impl Values {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Float(values) => values.len(),
            Self::Int(values) => values.len(),
        }
    }
}

impl Tensor {
    /// `values` in `shape`, which must agree.
    /// An array of several dimensions has at least one number.
    pub(super) fn new(shape: Vec<usize>, values: Values) -> Outcome<Self> {
        if shape.len() > 1 && shape.contains(&0) {
            return Err(refuse(format!("an array of {} holds nothing", shown(&shape))));
        }
        if shape.len() > 64 {
            return Err(refuse("an array has more than 64 dimensions"));
        }
        if count(&shape) == Some(values.len()) {
            Ok(Self { shape, values })
        } else {
            Err(refuse(format!("{} numbers are no array of the shape {}", values.len(), shown(&shape))))
        }
    }

    pub(super) fn floats(shape: Vec<usize>, values: Vec<f32>) -> Outcome<Self> {
        Self::new(shape, Values::Float(values))
    }

    pub(super) fn ints(shape: Vec<usize>, values: Vec<i64>) -> Outcome<Self> {
        Self::new(shape, Values::Int(values))
    }

    pub(super) fn shape(&self) -> &[usize] {
        &self.shape
    }

    pub(super) fn values(&self) -> &Values {
        &self.values
    }

    /// Its shape and numbers, to be changed.
    pub(super) fn into_parts(self) -> (Vec<usize>, Values) {
        (self.shape, self.values)
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// The numbers, which have to be floating-point ones.
    pub(super) fn as_floats(&self) -> Outcome<&[f32]> {
        match &self.values {
            Values::Float(values) => Ok(values),
            Values::Int(_) => Err(refuse("whole numbers stand where floating-point ones belong")),
        }
    }

    /// The numbers, which have to be whole.
    pub(super) fn as_ints(&self) -> Outcome<&[i64]> {
        match &self.values {
            Values::Int(values) => Ok(values),
            Values::Float(_) => Err(refuse("floating-point numbers stand where whole ones belong")),
        }
    }

    /// The same numbers in another shape.
    pub(super) fn reshaped(&self, shape: Vec<usize>) -> Outcome<Self> {
        Self::new(shape, self.values.clone())
    }

    /// `len` numbers from each `start` on, in `shape`.
    pub(super) fn gathered(&self, shape: Vec<usize>, starts: impl Iterator<Item = usize> + Clone, len: usize) -> Outcome<Self> {
        fn runs<T: Copy>(values: &[T], starts: impl Iterator<Item = usize>, len: usize, total: usize) -> Outcome<Vec<T>> {
            let mut out = Vec::with_capacity(total);
            for start in starts {
                let run = start.checked_add(len).and_then(|end| values.get(start..end));
                out.extend_from_slice(run.ok_or_else(|| refuse("an index lies outside its array"))?);
            }
            Ok(out)
        }
        let total = count(&shape).unwrap_or(0);
        let values = match &self.values {
            Values::Float(values) => Values::Float(runs(values, starts, len, total)?),
            Values::Int(values) => Values::Int(runs(values, starts, len, total)?),
        };
        Self::new(shape, values)
    }
}

/// How many numbers an array of `shape` has, unless that is beyond counting.
pub(super) fn count(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1_usize, |product, &side| product.checked_mul(side))
}

/// A shape in words: `1×28×28`.
pub(super) fn shown(shape: &[usize]) -> String {
    if shape.is_empty() { "of a single number".to_owned() } else { shape.iter().map(ToString::to_string).collect::<Vec<_>>().join("×") }
}

/// The position of `axis`, which may count from the end, among `rank` of them.
pub(super) fn axis_of(axis: i64, rank: usize) -> Outcome<usize> {
    let rank_signed = i64::try_from(rank).unwrap_or(i64::MAX);
    let counted = if axis < 0 { axis.checked_add(rank_signed) } else { Some(axis) };
    let found = counted.and_then(|axis| usize::try_from(axis).ok()).filter(|&axis| axis < rank);
    found.ok_or_else(|| refuse(format!("there is no axis {axis} in an array of {rank} dimensions")))
}

/// What a run may still cost. It is counted in numbers and operations, never in seconds, so that the same file is refused everywhere
/// or nowhere.
#[derive(Debug)]
pub(super) struct Budget {
    live: usize,
    work: u64,
    limit: u64,
}

impl Budget {
    /// A budget of this many multiply-adds.
    pub(super) fn new(limit: u64) -> Self {
        Self { live: 0, work: 0, limit }
    }

    /// The operations so far.
    pub(super) fn work(&self) -> u64 {
        self.work
    }

    /// The numbers that are held now.
    pub(super) fn live(&self) -> usize {
        self.live
    }

    /// Room for an array of `shape`; how many numbers that is. Every array is asked for here before it is made.
    pub(super) fn claim(&mut self, shape: &[usize]) -> Outcome<usize> {
        let live = count(shape).and_then(|count| count.checked_add(self.live)).filter(|&live| live <= limits::NETWORK_LIVE);
        let Some(live) = live else {
            let message = format!("an array of {} numbers does not fit beside what is there; at most {} are held at once", shown(shape), limits::NETWORK_LIVE);
            return Err(too_large(message).help("hand in a smaller network"));
        };
        let claimed = live - self.live;
        self.live = live;
        // To fill an array takes as long as some multiply-adds of a product.
        self.spend(8 * claimed as u64)?;
        Ok(claimed)
    }

    /// What is live now, after some of it was let go.
    pub(super) fn settle(&mut self, live: usize) {
        self.live = live;
    }

    /// Takes this many operations from the budget.
    pub(super) fn spend(&mut self, work: u64) -> Outcome<()> {
        self.work = self.work.saturating_add(work);
        if self.work <= self.limit {
            return Ok(());
        }
        let message = format!("running it takes more than {} billion operations for the whole validation set", limits::NETWORK_WORK / 1_000_000_000);
        Err(too_large(message).help("hand in a smaller network"))
    }
}

/// a × b × c without overflow.
pub(super) fn product(factors: &[usize]) -> u64 {
    factors.iter().fold(1_u64, |product, &factor| product.saturating_mul(factor as u64))
}
