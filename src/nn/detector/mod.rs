//! The detector's layers.

mod blocks;

use burn::module::{Module, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::tensor::module::interpolate;
use burn::tensor::ops::{InterpolateMode, InterpolateOptions};
use burn::tensor::{Device, Tensor};

use self::blocks::{DetectorStage, SeparableBlock};
use super::fold::fold_conv;
use super::layers::conv_norm::ConvNorm;
use crate::kernels::FeatureMap;
use crate::spec::detector::output::{CHANNELS, SCORE, STRIDES};
use crate::spec::detector::{DetectorConfig, Separable};
use crate::spec::style::ConvStyle;

/// Probability of a face that an untrained detector predicts everywhere: small, as most places show
/// none, or the first steps would be spent on nothing else (<https://arxiv.org/abs/1708.02002>,
/// section 4.1).
const PRIOR: f32 = 0.01;

/// A network from a gray picture to predictions at every place of three maps.
#[derive(Module, Debug)]
pub struct FaceDetectorNet {
    /// From pixels to the map of stride 2.
    pub stem: ConvNorm,
    /// From stride 2 to 4.
    pub to_stride4: DetectorStage,
    /// From stride 4 to 8.
    pub to_stride8: DetectorStage,
    /// From stride 8 to 16.
    pub to_stride16: DetectorStage,
    /// From stride 16 to 32.
    pub to_stride32: DetectorStage,
    /// Brings the map of stride 16 to the channels of the joined maps, if it has others.
    pub lateral16: Option<ConvNorm>,
    /// As `lateral16`, of the map of stride 32.
    pub lateral32: Option<ConvNorm>,
    /// Applied to the map of stride 16 plus the enlarged one of stride 32.
    pub join16: SeparableBlock,
    /// Applied to the map of stride 8 plus the enlarged output of `join16`.
    pub join8: SeparableBlock,
    /// One head for each of [`STRIDES`].
    pub heads: Vec<DetectorHead>,
}

impl FaceDetectorNet {
    /// Creates the layers with random weights.
    pub fn new(config: &DetectorConfig, device: &Device) -> Self {
        let style = &config.style();
        let stem = ConvNorm::new(&config.stem(), style, device);
        let [to_stride4, to_stride8, to_stride16, to_stride32] = config
            .stages()
            .map(|blocks| DetectorStage::new(&blocks, style, device));
        let join_block = config.join_block();
        let block = || SeparableBlock::new(&join_block, style, device);
        let [lateral16, lateral32] = config
            .laterals()
            .map(|lateral| lateral.map(|conv| ConvNorm::new(&conv, style, device)));
        Self {
            stem,
            to_stride4,
            to_stride8,
            to_stride16,
            to_stride32,
            lateral16,
            lateral32,
            join16: block(),
            join8: block(),
            heads: STRIDES
                .iter()
                .map(|_| DetectorHead::new(&join_block, style, device))
                .collect(),
        }
    }

    /// Computes the predictions. Places are ordered by map, as [`STRIDES`], then row by row.
    ///
    /// # Shapes
    /// - `images`: `[batch, 1, height, width]`, sides divisible by 32
    /// - output: `[batch, places, CHANNELS]`, see [`crate::spec::detector::output`]
    pub fn forward(&self, images: Tensor<4>) -> Tensor<3> {
        let stride4 = self.to_stride4.forward(self.stem.forward(images));
        let stride8 = self.to_stride8.forward(stride4);
        let stride16 = self.to_stride16.forward(stride8.clone());
        let stride32 = self.to_stride32.forward(stride16.clone());
        let lateral = |layer: &Option<ConvNorm>, map: FeatureMap| match layer {
            Some(layer) => layer.forward(map),
            None => map,
        };
        let stride16 = lateral(&self.lateral16, stride16);
        let stride32 = lateral(&self.lateral32, stride32);
        let stride16 = self
            .join16
            .forward(stride16.add(enlarged(stride32.clone()), None));
        let stride8 = self
            .join8
            .forward(stride8.add(enlarged(stride16.clone()), None));
        let predictions = [stride8, stride16, stride32]
            .into_iter()
            .zip(&self.heads)
            .map(|(map, head)| head.forward(map))
            .collect();
        Tensor::cat(predictions, 1)
    }

    /// Returns the same function without batch normalization, for [`DetectorConfig::folded`].
    #[must_use]
    pub fn folded(self) -> Self {
        Self {
            stem: fold_conv(self.stem),
            to_stride4: self.to_stride4.folded(),
            to_stride8: self.to_stride8.folded(),
            to_stride16: self.to_stride16.folded(),
            to_stride32: self.to_stride32.folded(),
            lateral16: self.lateral16.map(fold_conv),
            lateral32: self.lateral32.map(fold_conv),
            join16: self.join16.folded(),
            join8: self.join8.folded(),
            heads: self.heads.into_iter().map(DetectorHead::folded).collect(),
        }
    }
}

/// Doubles each pixel both ways: `[batch, channels, 2 · height, 2 · width]`.
fn enlarged(map: FeatureMap) -> FeatureMap {
    let [_, _, height, width] = map.dims();
    let options = InterpolateOptions::new(InterpolateMode::Nearest)
        .with_align_corners(false)
        .with_output_size([2 * height, 2 * width]);
    interpolate(map.into_tensor(), options).into()
}

/// One block, then a convolution to the numbers of [`crate::spec::detector::output`].
#[derive(Module, Debug)]
pub struct DetectorHead {
    /// Computes the map's last features.
    pub block: SeparableBlock,
    /// 1×1 convolution from features to numbers.
    pub guess: Conv2d,
}

impl DetectorHead {
    fn new(block: &Separable, style: &ConvStyle, device: &Device) -> Self {
        let channels = block.pointwise.channels_out;
        let mut guess = Conv2dConfig::new([channels, CHANNELS], [1, 1]).init(device);
        let mut bias = [0.0; CHANNELS];
        bias[SCORE] = (PRIOR / (1.0 - PRIOR)).ln();
        guess.bias = Some(Param::from_tensor(Tensor::from_floats(bias, device)));
        Self {
            block: SeparableBlock::new(block, style, device),
            guess,
        }
    }

    /// # Shapes
    /// - `map`: `[batch, channels, height, width]`
    /// - output: `[batch, height · width, CHANNELS]`
    fn forward(&self, map: FeatureMap) -> Tensor<3> {
        let guess = self.guess.forward(self.block.forward(map).into_tensor()); // [batch, CHANNELS, height, width]
        guess.flatten::<3>(2, 3).swap_dims(1, 2)
    }

    fn folded(self) -> Self {
        Self {
            block: self.block.folded(),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use burn::tensor::{Distribution, Tolerance};

    use super::super::fold::tests::with_statistics;
    use super::*;
    use crate::nn::tensors::{apply, collect};
    use crate::spec::detector::output::places;

    fn tiny() -> DetectorConfig {
        DetectorConfig {
            channels: [2, 4, 6, 6, 8],
            blocks: [1, 2, 1, 1],
            folded: false,
        }
    }

    fn noise(height: usize, width: usize) -> Tensor<4> {
        let device = Device::flex();
        Tensor::random(
            [2, 1, height, width],
            Distribution::Uniform(-1.0, 1.0),
            &device,
        )
    }

    #[test]
    fn what_ships_is_small() {
        let network = FaceDetectorNet::new(&DetectorConfig::shipped(), &Device::flex());
        let parameters = network.num_params();
        assert!(parameters <= 250_000, "{parameters}");
    }

    #[test]
    fn there_is_a_guess_for_every_place_and_at_first_none_claims_a_face() {
        let network = FaceDetectorNet::new(&DetectorConfig::shipped(), &Device::flex());
        for (height, width) in [(96, 160), (32, 32), (160, 160)] {
            let predictions = network.forward(noise(height, width));
            let count = places(width, height).count();
            assert_eq!(predictions.dims(), [2, count, CHANNELS]);
            let values: Vec<f32> = predictions.into_data().try_to_vec().unwrap();
            let (rows, _) = values.as_chunks::<CHANNELS>();
            let mean = rows.iter().map(|row| row[SCORE]).sum::<f32>() / rows.len() as f32;
            assert!(mean < -2.0, "{mean}");
        }
    }

    /// Places are ordered map by map and row by row: a change in one corner of the picture changes
    /// the predictions of that corner most.
    #[test]
    fn predictions_stand_where_their_places_are() {
        let network = FaceDetectorNet::new(&DetectorConfig::shipped(), &Device::flex());
        let images = Tensor::<4>::zeros([1, 1, 160, 160], &Device::flex());
        let marked = images.clone().slice_assign(
            [0..1, 0..1, 0..16, 128..160],
            Tensor::ones([1, 1, 16, 32], &Device::flex()),
        );
        let change = (network.forward(marked) - network.forward(images)).abs();
        let values: Vec<f32> = change.sum_dim(2).into_data().try_to_vec().unwrap();
        for stride in STRIDES {
            let rows = places(160, 160).zip(&values);
            let most = rows
                .filter(|((_, _, of), _)| *of == stride as f32)
                .max_by(|(_, a), (_, b)| a.total_cmp(b))
                .map(|(place, _)| place)
                .unwrap();
            assert!(most.0 >= 80.0 && most.1 <= 80.0, "{stride}: {most:?}");
        }
    }

    #[test]
    fn folding_changes_nothing() {
        let device = Device::flex();
        let config = tiny();
        let network = with_statistics(FaceDetectorNet::new(&config, &device));
        let images = noise(64, 96);
        let expected = network.forward(images.clone()).into_data();
        let folded = network.folded();
        let found = folded.forward(images).into_data();
        expected.assert_approx_eq::<f32>(&found, Tolerance::rel_abs(1e-3, 1e-4));
        apply(
            FaceDetectorNet::new(&config.folded(), &device),
            collect(&folded).unwrap(),
        )
        .expect("the folded configuration has these tensors");
    }

    #[test]
    #[ignore = "a measurement"]
    fn how_fast_is_inference() {
        let config = DetectorConfig::shipped();
        let device = Device::flex();
        let network = FaceDetectorNet::new(&config, &device).folded();
        for [height, width] in [[96, 160], [128, 160], [256, 320]] {
            let images = Tensor::<4>::zeros([1, 1, height, width], &device);
            network.forward(images.clone()).into_data();
            let start = Instant::now();
            for _ in 0..50 {
                network.forward(images.clone()).into_data();
            }
            println!("{height}×{width}: {:?}", start.elapsed() / 50);
        }
    }
}
