//! What an engine computed, brought back.

use burn::tensor::Tensor;
use thiserror::Error;

/// The engine failed while computing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the engine failed while computing ({reason}); reload the page, or choose the CPU engine")]
pub struct EngineError {
    /// What it said.
    pub reason: String,
}

/// A tensor's values, row-major, once the engine has computed them.
///
/// # Errors
/// [`EngineError`].
pub async fn read_back<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, EngineError> {
    let data = tensor
        .into_data_async()
        .await
        .map_err(|error| EngineError {
            reason: error.to_string(),
        })?;
    data.try_to_vec().map_err(|error| EngineError {
        reason: format!("{error:?}"),
    })
}
