//! A network's answers on a split.

use burn::tensor::Device;
use thiserror::Error;

use crate::data::FerItem;
use crate::emotion::{Emotion, Probabilities};
use crate::model::{EmotionNet, InputSpec};
use crate::vision::FaceCrop;

/// Images a forward pass.
const BATCH: usize = 64;

/// Why there are no answers.
#[derive(Debug, Error)]
pub enum EvaluateError {
    /// The engine.
    #[error("the engine failed while computing ({reason}); try --device cpu")]
    Engine {
        /// What it said.
        reason: String,
    },
}

/// The probabilities of each item, one crop an image, nothing augmented.
///
/// # Errors
/// [`EvaluateError::Engine`].
pub fn predict(
    network: &EmotionNet,
    input: &InputSpec,
    items: &[FerItem],
    device: &Device,
    on_progress: &mut dyn FnMut(usize, usize),
) -> Result<Vec<Probabilities>, EvaluateError> {
    let mut answers = Vec::with_capacity(items.len());
    for chunk in items.chunks(BATCH) {
        let crops: Vec<FaceCrop> = chunk.iter().map(|item| item.crop.clone()).collect();
        let logits = network.forward(input.batch(&crops, device)).logits; // [chunk, 7]
        let values: Vec<f32> =
            logits
                .into_data()
                .try_to_vec()
                .map_err(|error| EvaluateError::Engine {
                    reason: format!("{error:?}"),
                })?;
        let (rows, _) = values.as_chunks::<{ Emotion::COUNT }>();
        answers.extend(rows.iter().map(|row| Probabilities::from_logits(*row)));
        on_progress(answers.len(), items.len());
    }
    Ok(answers)
}
