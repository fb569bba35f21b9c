//! Normalized planes as tensors.

use burn::tensor::{Device, Tensor, TensorData};

use crate::spec::InputSpec;
use crate::vision::FaceCrop;

impl InputSpec {
    /// Joins planes of [`InputSpec::plane`] into a batch.
    ///
    /// # Shapes
    /// - `planes`: `batch * size * size` values
    /// - output: `[batch, channels, size, size]`
    pub fn join(&self, planes: Vec<f32>, device: &Device) -> Tensor<4> {
        let batch = planes.len() / self.area().max(1);
        let gray = Tensor::<4>::from_data(
            TensorData::new(planes, [batch, 1, self.size, self.size]),
            device,
        );
        if self.channels == 1 {
            gray
        } else {
            gray.repeat_dim(1, self.channels)
        }
    }

    /// The batch of `crops` as they are.
    ///
    /// # Shapes
    /// - output: `[crops.len(), channels, size, size]`
    pub fn batch(&self, crops: &[FaceCrop], device: &Device) -> Tensor<4> {
        self.join(self.planes(crops), device)
    }
}
