//! Tensor → faces: a one-stage detector without anchors.
//!
//! In spirit YuNet (Wu, Peng and Yu 2023, <https://doi.org/10.1007/s11633-023-1423-y>) and
//! BlazeFace (Bazarevsky et al. 2019, <https://arxiv.org/abs/1907.05047>): depthwise separable
//! blocks, three maps of stride 8, 16 and 32 joined from the coarsest down, and at every place of
//! every map one prediction: is a face's centre near, where is its box, where are its five points.

mod config;
pub mod file;
pub mod output;

use super::input::{MEAN, STD};

pub use self::config::{DetectorConfig, Separable};
pub use self::output::{CHANNELS, STRIDES};

/// Normalizes a pixel of 0 to 255 for the detector: to −1 to 1, where 0 stands beyond the picture.
pub fn normalize(pixel: f32) -> f32 {
    (pixel - MEAN) / STD
}
