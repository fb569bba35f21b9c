//! Turns items into a batch: pixels are augmented, mixed and normalized on the host, then moved to
//! the device.

pub mod clock;
pub mod fer;
pub mod loader;
pub mod targets;

use std::borrow::Cow;

use burn::tensor::{Device, Int, Tensor, TensorData};
use rand::RngCore as _;

use self::targets::{Target, Targets};
use super::augment::degrade::degrade;
use super::augment::mixing::MixingConfig;
use super::augment::{AugmentConfig, RngStream, outline, random_stream};
use super::item::FerItem;
use crate::nn::input::from_planes;
use crate::spec::heads::LOGITS_OF_BOTH;
use crate::spec::input::InputSpec;
use crate::vision::FaceCrop;

/// A batch of faces on a device.
#[derive(Clone, Debug)]
pub struct FerBatch {
    /// Images `[batch, channels, size, size]`, normalized by [`InputSpec`].
    pub images: Tensor<4>,
    /// Targets of the loss `[batch, 16]`, for the logits of both heads; see [`Targets`].
    pub targets: Tensor<2>,
    /// Labels `[batch]`, 0 to 6; a mixed image keeps its own label.
    pub labels: Tensor<1, Int>,
    /// Index of each face's data source `[batch]`, see [`sources`](super::sources); a mixed image
    /// keeps its own.
    pub sources: Tensor<1, Int>,
    /// Seed of the network's random draws (dropout, drop-path) in this step.
    pub network_seed: u64,
}

/// A batch in host memory.
#[derive(Clone, Debug, PartialEq)]
pub struct HostBatch {
    /// Network input that the planes were prepared for.
    pub input: InputSpec,
    /// Normalized pixels, `batch * size * size` values, image by image.
    pub planes: Vec<f32>,
    /// Target of each image.
    pub targets: Vec<Target>,
    /// Label of each image, 0 to 6.
    pub labels: Vec<i64>,
    /// Index of each image's data source.
    pub sources: Vec<i64>,
    /// See [`FerBatch::network_seed`].
    pub network_seed: u64,
}

/// How images and labels vary during training, as a function of (seed, epoch, row).
#[derive(Clone, Debug)]
pub struct Variation {
    /// Augmentation of single faces.
    pub augment: AugmentConfig,
    /// Mixing of pairs of faces.
    pub mixing: MixingConfig,
    /// Conversion of labels to targets.
    pub targets: Targets,
    /// For each source, whether its faces are cut out along their outline, with black around them.
    /// Sources past the end are not.
    pub cut_out: Vec<bool>,
    /// Seed of all random draws.
    pub seed: u64,
}

impl Variation {
    /// No variation: faces and labels are left unchanged.
    pub const NONE: Self = Self {
        augment: AugmentConfig::NONE,
        mixing: MixingConfig::NONE,
        targets: Targets::HARD,
        cut_out: vec![],
        seed: 0,
    };
}

/// Prepares the batches of one epoch.
#[derive(Clone, Debug)]
pub struct Batcher {
    /// Network input to prepare images for.
    pub input: InputSpec,
    /// How images and labels vary.
    pub variation: Variation,
    /// Number of the epoch, from 0.
    pub epoch: u64,
}

impl Batcher {
    /// Prepares a batch on the host. The result depends on the items and their order, the seed and
    /// the epoch only.
    pub fn prepare<'a>(
        &self,
        items: impl ExactSizeIterator<Item = &'a FerItem> + Clone,
    ) -> HostBatch {
        let stream = |purpose| random_stream(self.variation.seed, self.epoch, purpose);
        let mut planes = Vec::with_capacity(items.len() * self.input.area());
        let mut targets = Vec::with_capacity(items.len());
        let mut labels = Vec::with_capacity(items.len());
        let mut sources = Vec::with_capacity(items.len());
        for item in items.clone() {
            let row = item.row;
            let augment = &self.variation.augment;
            let crop_from_augmented = augment.draw(&mut stream(RngStream::Augment { row }));
            let crop_from_input = self.input.crop_from_input().then(&crop_from_augmented);
            let mut plane = self.input.plane(&self.picture(item), &crop_from_input);
            augment.erase(
                &mut plane,
                self.input.size,
                &mut stream(RngStream::Erase { row }),
            );
            planes.extend(plane);
            targets.push(self.variation.targets.of(item));
            labels.push(item.emotion.index() as i64);
            sources.push(item.source as i64);
        }
        let first = items.clone().next().map_or(0, |item| item.row);
        let mut batch = HostBatch {
            input: self.input,
            planes,
            targets,
            labels,
            sources,
            network_seed: stream(RngStream::Network { row: first }).next_u64(),
        };
        self.mix(&mut batch, items.map(|item| item.row));
        batch
    }

    /// Returns the face of an item with its surroundings varied and its quality degraded.
    fn picture<'a>(&self, item: &'a FerItem) -> Cow<'a, FaceCrop> {
        let Variation {
            augment, cut_out, ..
        } = &self.variation;
        let (row, seed) = (item.row, self.variation.seed);
        let stream = |purpose| random_stream(seed, self.epoch, purpose);
        let mut crop = Cow::Borrowed(&item.crop);
        if cut_out.contains(&true) {
            let is_cut_out = cut_out.get(item.source) == Some(&true);
            let mut rng = stream(RngStream::Surround { row });
            crop = outline::vary_surroundings(&item.crop, is_cut_out, &mut rng);
        }
        if augment.degrade_probability > 0.0 {
            let mut rng = stream(RngStream::Degrade { row });
            let degraded = degrade(crop.into_owned(), augment.degrade_probability, &mut rng);
            crop = Cow::Owned(degraded);
        }
        crop
    }

    /// Mixes each image with the original of the next one, and the last with the first.
    fn mix(&self, batch: &mut HostBatch, rows: impl Iterator<Item = usize>) {
        let (mixing, size) = (&self.variation.mixing, self.input.size);
        if *mixing == MixingConfig::NONE || batch.targets.len() < 2 {
            return;
        }
        let area = self.input.area();
        // Each image is mixed before its partner changes; only the first one needs a copy.
        let first = (batch.planes[..area].to_vec(), batch.targets[0]);
        for (index, row) in rows.enumerate() {
            let purpose = RngStream::Mix { row };
            let mut rng = random_stream(self.variation.seed, self.epoch, purpose);
            let (planes, after) = batch.planes.split_at_mut((index + 1) * area);
            let partner = after.get(..area).unwrap_or(&first.0);
            let partner_target = *batch.targets.get(index + 1).unwrap_or(&first.1);
            let image = (&mut planes[index * area..], &mut batch.targets[index]);
            let mix = mixing.draw(size, &mut rng);
            mix.apply(size, image, (partner, &partner_target));
        }
    }
}

impl HostBatch {
    /// Moves the batch to `device`.
    pub fn upload(self, device: &Device) -> FerBatch {
        let count = self.labels.len();
        let targets = TensorData::new(self.targets.concat(), [count, LOGITS_OF_BOTH]);
        FerBatch {
            images: from_planes(&self.input, self.planes, device),
            targets: Tensor::from_data(targets, device),
            labels: Tensor::from_data(TensorData::new(self.labels, [count]), device),
            sources: Tensor::from_data(TensorData::new(self.sources, [count]), device),
            network_seed: self.network_seed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emotion::Emotion;

    fn item(row: usize, value: u8) -> FerItem {
        FerItem {
            crop: FaceCrop::new([value; FaceCrop::AREA]),
            emotion: Emotion::ALL[row % Emotion::COUNT],
            row,
            votes: None,
            source: 0,
        }
    }

    #[test]
    fn each_image_is_mixed_with_the_unmixed_next_one() {
        let items = [item(0, 0), item(1, 127), item(2, 255)];
        let batcher = Batcher {
            input: InputSpec::new(48, 1),
            variation: Variation {
                mixing: MixingConfig {
                    mixup_alpha: 1.0,
                    cutmix_alpha: 0.0,
                    probability: 1.0,
                },
                ..Variation::NONE
            },
            epoch: 0,
        };
        let batch = batcher.prepare(items.iter());
        let plain = [-127.0 / 128.0, 0.0, 1.0];
        for (image, (plane, target)) in batch.planes.chunks(48 * 48).zip(&batch.targets).enumerate()
        {
            let partner = (image + 1) % 3;
            let (own, other) = (target[image], target[partner]);
            assert!((own + other - 1.0).abs() < 1e-6, "{target:?}");
            assert!(other > 0.0 && other < 1.0, "{target:?}");
            let expected = own * plain[image] + other * plain[partner];
            assert!((plane[0] - expected).abs() < 1e-5);
            assert_eq!(batch.labels[image], image as i64);
        }
    }

    #[test]
    fn the_network_draws_anew_in_each_batch_and_epoch() {
        let seed = |epoch, row| {
            let batcher = Batcher {
                input: InputSpec::new(48, 1),
                variation: Variation::NONE,
                epoch,
            };
            batcher.prepare([item(row, 0)].iter()).network_seed
        };
        assert_eq!(seed(0, 0), seed(0, 0));
        assert_ne!(seed(0, 0), seed(0, 1));
        assert_ne!(seed(0, 0), seed(1, 0));
    }
}
