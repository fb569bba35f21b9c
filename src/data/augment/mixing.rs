//! Mixup and CutMix: pairs of images of a batch are mixed, and their targets with them.
//!
//! Mixup (<https://arxiv.org/abs/1710.09412>) sums two images with the weights λ and 1 − λ; CutMix
//! (<https://arxiv.org/abs/1905.04899>) pastes a rectangle of one into the other. λ is drawn from
//! Beta(α, α) for each image. Its partner is the next image of the batch, whose order is random.

use std::ops::Range;

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::data::batch::targets::Target;

/// How often and how strongly images are mixed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MixingConfig {
    /// The α of Mixup's Beta distribution, at most 1: 0 is off, 0.2 mixes little, 1 is uniform.
    pub mixup_alpha: f64,
    /// The α of CutMix's Beta distribution; 0 is no CutMix. If both are above 0, one of the two is
    /// drawn for each image.
    pub cutmix_alpha: f64,
    /// Probability that an image is mixed, 0 to 1.
    pub probability: f64,
}

impl MixingConfig {
    /// No mixing.
    pub const NONE: Self = Self {
        mixup_alpha: 0.0,
        cutmix_alpha: 0.0,
        probability: 0.0,
    };

    /// Returns whether any image is ever mixed.
    pub fn mixes(&self) -> bool {
        self.probability > 0.0 && (self.mixup_alpha > 0.0 || self.cutmix_alpha > 0.0)
    }

    /// Draws how one image of `size × size` pixels is mixed.
    pub fn draw(&self, size: usize, rng: &mut ChaCha8Rng) -> Mix {
        let (mixup, cutmix) = (self.mixup_alpha > 0.0, self.cutmix_alpha > 0.0);
        if !(mixup || cutmix) || rng.random::<f64>() >= self.probability {
            return Mix::None;
        }
        let cuts = cutmix && (!mixup || rng.random::<bool>());
        let alpha = if cuts {
            self.cutmix_alpha
        } else {
            self.mixup_alpha
        };
        let share = beta(alpha, rng) as f32;
        if !cuts {
            return Mix::Blend { share };
        }
        // The rectangle has the image's shape and 1 − λ of its area, centred on any pixel. It is
        // clipped to the image, so `apply` computes the share from the clipped rectangle.
        let half = (1.0 - share).sqrt() * size as f32 / 2.0;
        let mut range = || {
            let centre = rng.random::<f32>() * size as f32;
            let from = (centre - half).round().max(0.0) as usize;
            let to = ((centre + half).round() as usize).min(size);
            from.min(to)..to
        };
        let (rows, columns) = (range(), range());
        Mix::Cut { rows, columns }
    }
}

/// Draws from Beta(`alpha`, `alpha`) by Jöhnk's method (1964), exact for every α and fast up to
/// α = 1, where half the tries are accepted.
fn beta(alpha: f64, rng: &mut ChaCha8Rng) -> f64 {
    let mut power = || rng.random::<f64>().powf(1.0 / alpha);
    loop {
        let (x, y) = (power(), power());
        // With a small α, both can underflow to 0.
        if x + y > 0.0 && x + y <= 1.0 {
            return x / (x + y);
        }
    }
}

/// How an image is mixed with its partner.
#[derive(Clone, Debug, PartialEq)]
pub enum Mix {
    /// The image is left unchanged.
    None,
    /// Mixup: the weighted sum of the image and its partner.
    Blend {
        /// Weight λ of the image, 0 to 1; the partner has 1 − λ.
        share: f32,
    },
    /// CutMix: a rectangle of the image is replaced with the partner's pixels.
    Cut {
        /// Rows of the rectangle, from the top.
        rows: Range<usize>,
        /// Columns of the rectangle, from the left.
        columns: Range<usize>,
    },
}

impl Mix {
    /// Mixes `partner` into `image`, both `size × size` in row-major order, and `partner_target`
    /// into `target`.
    pub fn apply(
        &self,
        size: usize,
        (image, target): (&mut [f32], &mut Target),
        (partner, partner_target): (&[f32], &Target),
    ) {
        let share = match self {
            Self::None => return,
            Self::Blend { share } => {
                for (value, other) in image.iter_mut().zip(partner) {
                    *value = share * *value + (1.0 - share) * other;
                }
                *share
            }
            Self::Cut { rows, columns } => {
                for row in rows.clone() {
                    let cut = row * size + columns.start..row * size + columns.end;
                    if let (Some(values), Some(others)) =
                        (image.get_mut(cut.clone()), partner.get(cut))
                    {
                        values.copy_from_slice(others);
                    }
                }
                1.0 - (rows.len() * columns.len()) as f32 / (size * size).max(1) as f32
            }
        };
        for (value, other) in target.iter_mut().zip(partner_target) {
            *value = share * *value + (1.0 - share) * other;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::augment::{RngStream, random_stream};
    use crate::spec::heads::LOGITS_OF_BOTH;

    const SIZE: usize = 16;
    const ANGER: Target = class(0);
    const NEUTRAL: Target = class(6);

    const fn class(label: usize) -> Target {
        let mut target = [0.0; LOGITS_OF_BOTH];
        target[label] = 1.0;
        target
    }

    fn mixes(config: MixingConfig) -> Vec<Mix> {
        (0..400)
            .map(|row| config.draw(SIZE, &mut random_stream(1, 0, RngStream::Mix { row })))
            .collect()
    }

    /// Returns the mean of a black image mixed with a white one, and its target.
    fn mixed(mix: &Mix) -> (f32, Target) {
        let (mut image, mut target) = (vec![0.0; SIZE * SIZE], ANGER);
        let partner = vec![1.0; SIZE * SIZE];
        mix.apply(SIZE, (&mut image, &mut target), (&partner, &NEUTRAL));
        (image.iter().sum::<f32>() / image.len() as f32, target)
    }

    #[test]
    fn pixels_and_targets_are_mixed_in_the_same_shares() {
        let config = MixingConfig {
            mixup_alpha: 0.4,
            cutmix_alpha: 1.0,
            probability: 1.0,
        };
        let mut kinds = [0; 2];
        for mix in mixes(config) {
            let (mean, target) = mixed(&mix);
            assert!((mean - target[6]).abs() < 1e-5, "{mix:?}");
            assert!((target.iter().sum::<f32>() - 1.0).abs() < 1e-5, "{mix:?}");
            kinds[usize::from(matches!(mix, Mix::Cut { .. }))] += 1;
        }
        assert!(kinds.iter().all(|count| *count > 150), "{kinds:?}");
    }

    #[test]
    fn alpha_one_mixes_evenly_and_a_small_one_little() {
        let spread = |mixup_alpha| {
            let shares = mixes(MixingConfig {
                mixup_alpha,
                cutmix_alpha: 0.0,
                probability: 1.0,
            });
            let distance = |mix: &Mix| match mix {
                Mix::Blend { share } => (share - 0.5).abs(),
                _ => panic!("Mixup alone was asked for"),
            };
            shares.iter().map(distance).sum::<f32>() / shares.len() as f32
        };
        // Of a uniform λ the mean distance from a half is a quarter.
        assert!((spread(1.0) - 0.25).abs() < 0.03, "{}", spread(1.0));
        assert!(spread(0.1) > 0.4, "{}", spread(0.1));
    }

    #[test]
    fn the_probability_is_kept_and_none_is_none() {
        let config = MixingConfig {
            mixup_alpha: 0.2,
            cutmix_alpha: 0.0,
            probability: 0.3,
        };
        let mixed = mixes(config)
            .iter()
            .filter(|mix| **mix != Mix::None)
            .count();
        assert!((80..160).contains(&mixed), "{mixed} of 400");
        assert!(
            mixes(MixingConfig::NONE)
                .iter()
                .all(|mix| *mix == Mix::None)
        );
    }
}
