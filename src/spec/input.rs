//! The one normalization: from [`FaceCrop`]s to the network's input tensor.
//!
//! Training, evaluation, the command line and the browser all use it.

use serde::{Deserialize, Serialize};

use crate::vision::FaceCrop;
use crate::vision::affine::Affine;
use crate::vision::warp::warp_affine;

/// Subtracted from a pixel of 0 to 255.
pub const MEAN: f32 = 127.0;
/// Divides the difference.
pub const STD: f32 = 128.0;

/// What the network expects of its input, as written in the manifest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputSpec {
    /// Pixels along a side.
    pub size: usize,
    /// Number of channels: 1, or 3 where the gray image is repeated.
    pub channels: usize,
    /// Subtracted from a pixel of 0 to 255.
    pub mean: f32,
    /// Divides the difference.
    pub std: f32,
}

impl InputSpec {
    /// Returns EfficientNet-Lite's normalization, `(pixel − 127) / 128`.
    pub fn new(size: usize, channels: usize) -> Self {
        Self {
            size,
            channels,
            mean: MEAN,
            std: STD,
        }
    }

    /// Returns the number of values of one plane.
    pub fn area(&self) -> usize {
        self.size * self.size
    }

    /// Returns the map from the input's pixels to the crop's 48ths, which only enlarges.
    pub fn crop_from_input(&self) -> Affine {
        Affine::scale(FaceCrop::SIDE as f32 / self.size as f32)
    }

    /// Returns one normalized plane, `size × size` values row by row, of `crop` seen through
    /// `crop_from_input` ([`InputSpec::crop_from_input`] outside training). Enlarging and warping
    /// are one bilinear interpolation.
    pub fn plane(&self, crop: &FaceCrop, crop_from_input: &Affine) -> Vec<f32> {
        let sharpness = crop.side() as f32 / FaceCrop::SIDE as f32;
        let pixels_from_input = crop_from_input.then(&Affine::scale(sharpness));
        let mut plane = warp_affine(crop.view(), &pixels_from_input, self.size);
        for value in &mut plane {
            *value = (*value - self.mean) / self.std;
        }
        plane
    }

    /// Returns the input of `crops` as they are, `[crops.len(), size, size, channels]`.
    pub fn pixels(&self, crops: &[FaceCrop]) -> Vec<f32> {
        self.with_channels(self.planes(crops))
    }

    /// Repeats each value of `planes` for each channel: `[planes, size, size, channels]`.
    pub fn with_channels(&self, planes: Vec<f32>) -> Vec<f32> {
        if self.channels == 1 {
            return planes;
        }
        let repeat = |value| std::iter::repeat_n(value, self.channels);
        planes.into_iter().flat_map(repeat).collect()
    }

    /// Returns the planes of `crops` as they are, one after the other.
    pub fn planes(&self, crops: &[FaceCrop]) -> Vec<f32> {
        let crop_from_input = self.crop_from_input();
        crops
            .iter()
            .flat_map(|crop| self.plane(crop, &crop_from_input))
            .collect()
    }
}
