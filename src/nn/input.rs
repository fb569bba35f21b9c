//! Normalized planes as tensors.

use burn::tensor::{Device, Tensor, TensorData};

use crate::spec::InputSpec;
use crate::vision::FaceCrop;

/// Joins planes of [`InputSpec::plane`] into a batch.
///
/// # Shapes
/// - `planes`: `batch * size * size` values
/// - output: `[batch, channels, size, size]`
pub fn from_planes(input: &InputSpec, planes: Vec<f32>, device: &Device) -> Tensor<4> {
    let batch = planes.len() / input.area().max(1);
    let gray = Tensor::<4>::from_data(
        TensorData::new(planes, [batch, 1, input.size, input.size]),
        device,
    );
    if input.channels == 1 {
        gray
    } else {
        gray.repeat_dim(1, input.channels)
    }
}

/// Joins `crops` as they are into a batch.
///
/// # Shapes
/// - output: `[crops.len(), channels, size, size]`
pub fn from_crops(input: &InputSpec, crops: &[FaceCrop], device: &Device) -> Tensor<4> {
    from_planes(input, input.planes(crops), device)
}
