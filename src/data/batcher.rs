//! Items → a batch: pixels are augmented and normalized on the host, then moved to the device.

use burn::tensor::{Device, Int, Tensor, TensorData};

use super::augment::{AugmentConfig, Purpose, random_stream};
use super::item::FerItem;
use crate::model::input::InputSpec;

/// A batch of faces on a device.
#[derive(Clone, Debug)]
pub struct FerBatch {
    /// `[batch, channels, size, size]`, normalized by [`InputSpec`].
    pub images: Tensor<4>,
    /// `[batch]`, labels 0 to 6.
    pub targets: Tensor<1, Int>,
}

/// A batch before it is moved to a device.
#[derive(Clone, Debug, PartialEq)]
pub struct HostBatch {
    /// `batch * size * size` normalized values, image by image.
    pub planes: Vec<f32>,
    /// `batch` labels.
    pub targets: Vec<i64>,
}

/// How items become a batch.
#[derive(Clone, Copy, Debug)]
pub struct Batcher {
    /// The network's input.
    pub input: InputSpec,
    /// The augmentation; `None` gives the faces as they are.
    pub augment: Option<AugmentConfig>,
    /// Where the augmentation's randomness comes from.
    pub seed: u64,
}

impl Batcher {
    /// Prepares a batch on the host. The result depends on the items, the seed and the epoch.
    pub fn prepare<'a>(
        &self,
        items: impl ExactSizeIterator<Item = &'a FerItem>,
        epoch: u64,
    ) -> HostBatch {
        let mut planes = Vec::with_capacity(items.len() * self.input.area());
        let mut targets = Vec::with_capacity(items.len());
        for item in items {
            let mut crop_from_input = self.input.crop_from_input();
            if let Some(augment) = &self.augment {
                let purpose = Purpose::Augment { row: item.row };
                let mut rng = random_stream(self.seed, epoch, purpose);
                crop_from_input = crop_from_input.then(&augment.draw(&mut rng));
            }
            planes.extend(self.input.plane(&item.crop, &crop_from_input));
            targets.push(item.emotion.index() as i64);
        }
        HostBatch { planes, targets }
    }

    /// Moves a prepared batch to `device`.
    pub fn upload(&self, batch: HostBatch, device: &Device) -> FerBatch {
        let count = batch.targets.len();
        let targets = TensorData::new(batch.targets, [count]);
        FerBatch {
            images: self.input.join(batch.planes, device),
            targets: Tensor::from_data(targets, device),
        }
    }
}
