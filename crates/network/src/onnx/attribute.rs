//! Attributes of nodes: `AttributeProto`.

use super::super::operator::Attribute;
use super::super::tensor::{Outcome, refuse, too_large};
use super::model::{Parts, RawGraph};
use super::tensors::RawTensor;
use mlgrade_domain::limits;
use mlgrade_protobuf::{Field, fields};

/// `AttributeProto`, not yet decoded but for the graph in it.
#[derive(Debug)]
pub(super) struct RawAttribute<'b> {
    pub(super) name: &'b str,
    /// The attribute of the function around it that it stands for.
    pub(super) reference: Option<&'b str>,
    pub(super) graph: Option<Box<RawGraph<'b>>>,
    bytes: &'b [u8],
}

impl<'b> RawAttribute<'b> {
    pub(super) fn read(bytes: &'b [u8], parts: &mut Parts) -> Outcome<Self> {
        let mut attribute = Self { name: "", reference: None, graph: None, bytes };
        for field in fields(bytes) {
            match field? {
                (1, field) => attribute.name = field.text()?,
                (6, field) if attribute.graph.is_none() => attribute.graph = Some(Box::new(RawGraph::read(field.bytes()?, parts)?)),
                (6 | 11, _) => return Err(refuse("an attribute holds several graphs")),
                (21, field) => attribute.reference = Some(field.text()?).filter(|name| !name.is_empty()),
                _ => {}
            }
        }
        Ok(attribute)
    }

    /// Its value; `elements` counts the numbers of the whole file.
    pub(super) fn value(&self, elements: &mut usize) -> Outcome<Attribute> {
        let mut kind = 0;
        let (mut ints, mut floats, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        let mut single = None;
        let text = |field: Field<'_>| field.bytes().map(|bytes| String::from_utf8_lossy(bytes).chars().take(200).collect::<String>());
        for field in fields(self.bytes) {
            match field? {
                (2, field) => single = Some(Attribute::Float(field.float()?)),
                (3, field) => single = Some(Attribute::Int(field.int()?)),
                (4, field) => single = Some(Attribute::Text(text(field)?)),
                (5, field) => single = Some(Attribute::Tensor(RawTensor::read(field.bytes()?)?.decode(elements)?)),
                (7, field) => field.floats(&mut floats, limits::NETWORK_LIST)?,
                (8, field) => field.ints(&mut ints, limits::NETWORK_LIST)?,
                (9, field) => {
                    // A text takes as much room as some numbers.
                    *elements += 8;
                    texts.push(text(field)?);
                    within(*elements)?;
                }
                (20, field) => kind = field.int()?,
                _ => {}
            }
        }
        *elements = elements.saturating_add(ints.len() + floats.len());
        within(*elements)?;
        // A writer may leave out zeros, and lists that are empty: then only the type tells.
        Ok(match (kind, single) {
            (6, _) => Attribute::Floats(floats),
            (7, _) => Attribute::Ints(ints),
            (8, _) => Attribute::Texts(texts),
            (_, Some(single)) => single,
            (1, None) => Attribute::Float(0.0),
            (2, None) => Attribute::Int(0),
            (3, None) => Attribute::Text(String::new()),
            (0, None) if !ints.is_empty() => Attribute::Ints(ints),
            (0, None) if !floats.is_empty() => Attribute::Floats(floats),
            _ => Attribute::Other,
        })
    }
}

/// Whether this many numbers are read.
fn within(elements: usize) -> Outcome<()> {
    if elements <= limits::NETWORK_ELEMENTS { Ok(()) } else { Err(too_large(format!("the network has more than {} numbers", limits::NETWORK_ELEMENTS))) }
}
