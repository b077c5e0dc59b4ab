//! What is in a file that holds weights only, for people to look at.

use std::fmt::Write;

use mlgrade_domain::diagnostic::Diagnostic;

use crate::layers::Draft;
use crate::{diagnostic, guarded, layers, self_contained, weights_in};

/// The arrays of a file.
#[derive(Debug)]
pub struct Weights {
    /// Their names and shapes, in alphabetical order.
    pub arrays: Vec<(String, Vec<usize>)>,
    draft: Option<Draft>,
}

impl Weights {
    /// Those in `bytes`; `None` if the file says by itself what is done with them, as ONNX and Keras do.
    ///
    /// # Errors
    /// What [`Network::decode`](crate::Network::decode) says of a file that is not read.
    pub fn read(path: &str, bytes: &[u8]) -> Result<Option<Self>, Diagnostic> {
        let read = || {
            if self_contained(bytes).is_some() {
                return Ok(None);
            }
            Ok(weights_in(path, bytes, None)?.map(|tensors| {
                let arrays = tensors.iter().map(|(name, tensor)| (name.clone(), tensor.shape().to_vec())).collect();
                Self { arrays, draft: layers::draft(&tensors) }
            }))
        };
        guarded(read).map_err(|refusal| diagnostic(path, refusal))
    }

    /// A list of layers as a file, if names and shapes leave one plain reading. Its author has to read it over: what the weights do not say
    /// is assumed.
    pub fn draft(&self) -> Option<String> {
        let draft = self.draft.as_ref()?;
        let mut text = "# Worked out from the names and shapes of the weights. Compare it with your model: activations, strides and the kind of\n\
                        # pooling are not in the file, so `relu`, strides of 1 and `max_pool` are assumed.\n\
                        draft = true  # delete this line when every layer is as in your model\n"
            .to_owned();
        if let Some(image) = draft.image {
            let _ = writeln!(text, "shape = {image:?}  # channels, height and width of an image");
        }
        text += "layers = [\n";
        for layer in &draft.layers {
            let _ = writeln!(text, "  {layer},");
        }
        text += "]\n# input = \"unit\"  # how pixels go in: \"unit\" is 0 to 1; left out, the usual ways are tried\n";
        Some(text)
    }
}
