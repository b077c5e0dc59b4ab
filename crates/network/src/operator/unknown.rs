//! Operators that are not run, by what a student knows of them.

use crate::tensor::{Refusal, refuse};
use mlgrade_zip::printable;

/// The refusal of an operator that is not run.
pub(crate) fn unknown(name: &str) -> Refusal {
    let name = printable(name);
    let (what, help) = match known(&name) {
        Some(Kind::Draws) => (", which draws random numbers,", "call `model.eval()` before you export, or hand in its predictions"),
        Some(Kind::Fused) => (", which ONNX Runtime puts in place of others,", "hand in the network as it was before it was optimised"),
        Some(Kind::List) => (", a list of arrays,", "export a network without lists in its `forward`; or hand in its predictions"),
        Some(Kind::QuantisedRecurrent) => (", an LSTM of whole numbers,", "hand in the network as it was before it was quantised"),
        Some(Kind::Text) => (", which encodes texts,", "export the model without the encoding of its inputs, or hand in its predictions"),
        None => ("", "docs/networks.md lists the operators that are run; hand in predictions instead"),
    };
    refuse(format!("the operator `{name}`{what} is not run")).help(help)
}

/// Whether an operator that is not run tells what kind of network it is.
pub(crate) fn is_telling(name: &str) -> bool {
    known(name).is_some_and(|kind| kind != Kind::Text)
}

/// What an operator is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Draws,
    Fused,
    List,
    QuantisedRecurrent,
    Text,
}

fn known(name: &str) -> Option<Kind> {
    Some(match name {
        "Bernoulli" | "Multinomial" | "RandomNormal" | "RandomNormalLike" | "RandomUniform" | "RandomUniformLike" => Kind::Draws,
        "BiasGelu"
        | "EmbedLayerNormalization"
        | "FastGelu"
        | "FusedConv"
        | "FusedGemm"
        | "MultiHeadAttention"
        | "NhwcFusedConv"
        | "QAttention"
        | "SkipLayerNormalization" => Kind::Fused,
        "ConcatFromSequence" | "Optional" | "OptionalGetElement" | "OptionalHasElement" | "SequenceAt" | "SequenceConstruct" | "SequenceEmpty"
        | "SequenceErase" | "SequenceInsert" | "SequenceLength" | "SequenceMap" | "SplitToSequence" => Kind::List,
        "DynamicQuantizeLSTM" => Kind::QuantisedRecurrent,
        "CategoryMapper" | "DictVectorizer" | "LabelEncoder" | "OneHotEncoder" | "RegexFullMatch" | "StringConcat" | "StringNormalizer" | "StringSplit"
        | "TfIdfVectorizer" | "Tokenizer" => Kind::Text,
        _ => return None,
    })
}
