//! What `save_model(…, format="json")` of `CatBoost` writes (catboost/docs/en/concepts/json.md of its repository), of numeric features.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::bounded::{AtMost, Values};
use super::forest::{Forest, Link, single};
use super::{parsed, tidy};
use crate::Decoded;
use crate::operator::classical::named;
use crate::operator::trees::{Aggregate, Branch, TreeNode};
use crate::tensor::{Outcome, refuse, too_large};
use mlgrade_domain::limits;

/// One tree as text, in bytes: what it holds takes several times as much memory while it is read.
const TREE_BYTES: usize = 16 << 20;

#[derive(Deserialize)]
pub(super) struct File<'t> {
    features_info: Features,
    model_info: Info,
    oblivious_trees: Option<Vec<Oblivious>>,
    /// Trees of any other form, each of which is read on its own.
    #[serde(borrow)]
    trees: Option<AtMost<&'t RawValue, { limits::NETWORK_NODES }>>,
    scale_and_bias: Option<(f64, Values)>,
}

#[derive(Deserialize)]
struct Features {
    #[serde(rename = "float_features")]
    float: Option<Vec<Feature>>,
    #[serde(rename = "categorical_features")]
    categorical: Option<Vec<IgnoredAny>>,
    #[serde(rename = "text_features")]
    text: Option<Vec<IgnoredAny>>,
    #[serde(rename = "embedding_features")]
    embedding: Option<Vec<IgnoredAny>>,
}

#[derive(Deserialize)]
struct Feature {
    flat_feature_index: usize,
    nan_value_treatment: Option<Nan>,
}

/// What a missing number counts as.
#[derive(Clone, Copy, Deserialize, PartialEq)]
enum Nan {
    AsTrue,
    #[serde(other)]
    AsFalse,
}

#[derive(Deserialize)]
struct Info {
    class_params: Option<Classes>,
    params: Option<Params>,
}

#[derive(Deserialize)]
struct Classes {
    class_names: Option<AtMost<Class, { limits::NETWORK_NODES }>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Class {
    Whole(i64),
    Number(f64),
    Text(String),
    Flag(bool),
}

#[derive(Deserialize)]
struct Params {
    loss_function: Option<Loss>,
}

#[derive(Deserialize)]
struct Loss {
    #[serde(rename = "type")]
    name: String,
}

/// A tree that asks one question on each level.
#[derive(Deserialize)]
struct Oblivious {
    leaf_values: Vec<f64>,
    splits: Option<Vec<Split>>,
}

#[derive(Clone, Copy, Deserialize)]
struct Split {
    #[serde(default)]
    border: f64,
    #[serde(default)]
    float_feature_index: usize,
    #[serde(rename = "split_type")]
    kind: SplitType,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
enum SplitType {
    FloatFeature,
    #[serde(other)]
    Other,
}

/// A node of a tree of any form. `serde_json` reads no more than 128 of them within each other; `CatBoost` makes sixteen.
#[derive(Deserialize)]
struct Nested {
    left: Option<Box<Nested>>,
    right: Option<Box<Nested>>,
    split: Option<Split>,
    value: Option<Values>,
}

/// The network that a file holds.
pub(super) fn decode(file: File<'_>) -> Outcome<Decoded> {
    let info = &file.features_info;
    if [&info.categorical, &info.text, &info.embedding].iter().any(|list| list.as_ref().is_some_and(|list| !list.is_empty())) {
        let help = "encode them as numbers before training, or hand in predictions instead";
        return Err(refuse("it takes features that are no numbers, which are not read").help(help));
    }
    let features = info.float.as_deref().unwrap_or_default();
    let loss = file.model_info.params.and_then(|params| params.loss_function).map(|loss| loss.name).unwrap_or_default();
    let link = meaning(&loss)?;
    let (scale, bias) = file.scale_and_bias.unwrap_or((1.0, Values::One(0.0)));
    let classes = file.model_info.class_params.and_then(|classes| classes.class_names).map(|names| names.0).filter(|classes| !classes.is_empty());
    let sums = if link.has_many() { classes.as_ref().map_or(bias.listed().len(), Vec::len) } else { 1 };
    let bias = match bias.listed() {
        [one] => vec![*one; sums],
        many if many.len() == sums => many.to_vec(),
        many => return Err(refuse(format!("it has {} biases for {sums} numbers an example", many.len()))),
    };
    let columns = features.iter().map(|feature| feature.flat_feature_index).max().map_or(0, |last| last.saturating_add(1));
    let mut grower = Grower { forest: Forest::new(columns, sums, link)?, features, scale };
    grower.forest.base(&bias)?;
    for tree in file.oblivious_trees.iter().flatten() {
        grower.oblivious(tree)?;
    }
    for tree in file.trees.iter().flat_map(|trees| &trees.0) {
        grower.any(tree.get())?;
    }
    let texts = classes.map(|classes| classes.into_iter().map(text).collect::<Vec<String>>());
    grower.forest.network("CatBoost", Aggregate::Sum, texts.and_then(|texts| named(&texts)))
}

fn meaning(loss: &str) -> Outcome<Link> {
    Ok(match loss {
        "Logloss" | "CrossEntropy" => Link::TwoClasses,
        "MultiClass" => Link::Softmax,
        "MultiClassOneVsAll" => Link::EachSigmoid,
        "RMSE" | "MAE" | "MAPE" | "Quantile" | "Huber" | "LogCosh" | "Lq" | "Expectile" => Link::Identity,
        "Poisson" | "Tweedie" => Link::Exp,
        "" => return Err(refuse("it does not state the loss that it was trained with").help("save it anew with format=\"json\"")),
        other => return Err(refuse(format!("the loss `{}` is not read", tidy(other))).help("hand in predictions instead")),
    })
}

/// The name of a class; a whole number is one however it is written.
fn text(class: Class) -> String {
    match class {
        Class::Whole(number) => number.to_string(),
        Class::Number(number) => number.to_string(),
        Class::Text(text) => text,
        Class::Flag(flag) => u8::from(flag).to_string(),
    }
}

struct Grower<'f> {
    forest: Forest,
    features: &'f [Feature],
    scale: f64,
}

impl Grower<'_> {
    /// A tree that asks `splits[level]` of all rows: what is true adds 2^level to the number of the leaf.
    fn oblivious(&mut self, tree: &Oblivious) -> Outcome<()> {
        let splits = tree.splits.as_deref().unwrap_or_default();
        let leaves = u32::try_from(splits.len()).ok().and_then(|depth| 1_usize.checked_shl(depth)).filter(|&leaves| leaves <= tree.leaf_values.len());
        let each = leaves.map_or(0, |leaves| tree.leaf_values.len() / leaves);
        let Some(leaves) = leaves.filter(|leaves| leaves * each == tree.leaf_values.len()) else {
            return Err(refuse(format!("a tree of {} levels has {} numbers in its leaves", splits.len(), tree.leaf_values.len())));
        };
        let (features, scale) = (self.features, self.scale);
        // Place 2^level - 1 + n is where the levels before were answered with the bits of n.
        self.forest.grow(2 * leaves - 1, |place| {
            let level = (place + 1).ilog2();
            let first = 1_usize << level;
            let answered = place + 1 - first;
            match splits.get(level as usize) {
                Some(split) => branch(features, *split, [2 * first - 1 + answered + first, 2 * first - 1 + answered]),
                None => Ok(leaf(&tree.leaf_values[answered * each..(answered + 1) * each], scale)),
            }
        })
    }

    /// A tree of any other form.
    fn any(&mut self, text: &str) -> Outcome<()> {
        if text.len() > TREE_BYTES {
            return Err(too_large(format!("one of its trees takes more than {} MiB", TREE_BYTES >> 20)).help("hand in predictions instead"));
        }
        let root: Nested = parsed(text.as_bytes())?;
        let (mut order, mut nodes) = (vec![&root], Vec::new());
        while let Some(&node) = order.get(nodes.len()) {
            nodes.push(match (&node.left, &node.right, node.split, &node.value) {
                (Some(left), Some(right), Some(split), _) => {
                    order.extend([&**left, &**right]);
                    branch(self.features, split, [order.len() - 1, order.len() - 2])?
                }
                (None, None, None, Some(value)) => leaf(value.listed(), self.scale),
                _ => return Err(refuse("one of its trees has a node that is neither a branch nor a leaf")),
            });
        }
        self.forest.grow(nodes.len(), |place| Ok(nodes[place].clone()))
    }
}

fn leaf(values: &[f64], scale: f64) -> TreeNode {
    TreeNode::Leaf(values.iter().map(|value| value * scale).enumerate().collect())
}

/// A branch that leads to the places `yes` and `no`.
fn branch(features: &[Feature], split: Split, [yes, no]: [usize; 2]) -> Outcome<TreeNode> {
    if split.kind != SplitType::FloatFeature {
        return Err(refuse("it splits by categories, which are not read").help("encode categories as numbers before training, or hand in predictions"));
    }
    let feature = features.get(split.float_feature_index).ok_or_else(|| refuse("a branch asks for a feature that there is not"))?;
    Ok(TreeNode::Branch {
        branch: Branch::Greater,
        feature: feature.flat_feature_index,
        threshold: single(split.border),
        missing_is_true: feature.nan_value_treatment == Some(Nan::AsTrue),
        zero_is_missing: false,
        yes,
        no,
    })
}
