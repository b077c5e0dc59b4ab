//! Weights in the safetensors format: a header of names, types and places, then the numbers (github.com/huggingface/safetensors).

use std::collections::BTreeMap;

use safetensors::{Dtype, SafeTensors};

use super::onnx::of_bytes;
use super::tensor::{Outcome, Tensor, refuse, too_large};
use mlgrade_domain::limits;

/// The arrays in `bytes` by name.
pub(super) fn read(bytes: &[u8]) -> Outcome<BTreeMap<String, Tensor>> {
    // The header is JSON, and takes a good many times its size when it is read.
    let header = bytes.first_chunk::<8>().map_or(0, |head| u64::from_le_bytes(*head));
    if header > limits::NETWORK_HEADER {
        return Err(too_large(format!("its header is larger than the {} KiB that are read", limits::NETWORK_HEADER >> 10)));
    }
    let file = SafeTensors::deserialize(bytes).map_err(|error| {
        refuse(format!("this is no safetensors file: {error}")).help("save it with `safetensors.torch.save_file(model.state_dict(), path)`")
    })?;
    let mut elements = 0_usize;
    let mut tensors = BTreeMap::new();
    for (name, view) in file.iter() {
        let count = view.shape().iter().try_fold(1_usize, |product, &side| product.checked_mul(side)).unwrap_or(usize::MAX);
        elements = elements.saturating_add(count);
        if elements > limits::NETWORK_ELEMENTS {
            return Err(too_large(format!("it holds more than {} numbers", limits::NETWORK_ELEMENTS)));
        }
        let element = match view.dtype() {
            Dtype::F32 => 1,
            Dtype::F64 => 11,
            Dtype::F16 => 10,
            Dtype::BF16 => 16,
            Dtype::I64 => 7,
            Dtype::I32 => 6,
            Dtype::U8 | Dtype::BOOL => 2,
            Dtype::I8 => 3,
            other => return Err(refuse(format!("`{name}` holds numbers of the type {other:?}, which are not read")).help("save them as float32")),
        };
        let values = of_bytes(view.data(), element, count).ok_or_else(|| refuse(format!("`{name}` is cut off")))?;
        tensors.insert(name.to_owned(), Tensor::new(view.shape().to_vec(), values)?);
    }
    Ok(tensors)
}
