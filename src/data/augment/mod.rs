//! Seeded augmentation: random rotation, zoom, shift and flip as one affine map, and the erasing of
//! a random rectangle.
//!
//! A draw depends on (seed, epoch, row) only, so batch order, thread count and resuming a run do
//! not change it. The map is composed with the enlargement to the network's input, so that a face
//! is interpolated only once.

pub mod degrade;
pub mod mixing;
pub(super) mod outline;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::vision::FaceCrop;
use crate::vision::affine::Affine;

/// How far a face may be moved. Each range is a maximum; draws are uniform in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AugmentConfig {
    /// Largest rotation in degrees, in either direction.
    pub rotation_degrees: f32,
    /// Largest zoom as a share: 0.1 means a factor from 1/1.1 to 1.1.
    pub zoom: f32,
    /// Largest shift along each axis, as a share of the side.
    pub shift: f32,
    /// Probability of a horizontal flip, 0 to 1. Expressions do not depend on left and right.
    pub flip_probability: f32,
    /// Probability that a rectangle is filled with mid-gray, 0 to 1
    /// (<https://arxiv.org/abs/1708.04896>), as hands and hair cover parts of faces.
    pub erase_probability: f32,
    /// Largest share of the face's area that is erased, 0 to 1; the smallest is a tenth of it.
    pub erase_area: f32,
    /// Probability of each of five independent degradations, 0 to 1; see [`degrade`].
    #[serde(default)]
    pub degrade_probability: f32,
}

impl Default for AugmentConfig {
    /// Returns a mild augmentation: FER2013's faces are roughly aligned and mostly fill the crop.
    fn default() -> Self {
        Self {
            rotation_degrees: 10.0,
            zoom: 0.1,
            shift: 0.06,
            flip_probability: 0.5,
            erase_probability: 0.0,
            erase_area: 0.2,
            degrade_probability: 0.0,
        }
    }
}

impl AugmentConfig {
    /// No augmentation.
    pub const NONE: Self = Self {
        rotation_degrees: 0.0,
        zoom: 0.0,
        shift: 0.0,
        flip_probability: 0.0,
        erase_probability: 0.0,
        erase_area: 0.0,
        degrade_probability: 0.0,
    };

    /// Draws an affine map from the augmented face to the stored one, both in pixels of a
    /// [`FaceCrop`]. It always takes the same number of values from `rng`.
    pub fn draw(&self, rng: &mut ChaCha8Rng) -> Affine {
        let mut either_way = || rng.random::<f32>() * 2.0 - 1.0;
        let side = FaceCrop::SIDE as f32;
        let radians = either_way() * self.rotation_degrees.to_radians();
        let zoom = (either_way() * (1.0 + self.zoom).ln()).exp();
        let shift_x = either_way() * self.shift * side;
        let shift_y = either_way() * self.shift * side;
        let flips = rng.random::<f32>() < self.flip_probability;
        crop_from_augmented(radians, zoom, (shift_x, shift_y), flips)
    }

    /// With [`Self::erase_probability`], sets a rectangle of a normalized `plane` (`size × size`
    /// values) to 0, which is mid-gray. The ratio of its sides is at most 1 to 3.
    pub fn erase(&self, plane: &mut [f32], size: usize, rng: &mut ChaCha8Rng) {
        if rng.random::<f32>() >= self.erase_probability {
            return;
        }
        let area = self.erase_area * rng.random_range(0.1..=1.0) * (size * size) as f32;
        let ratio = 3.0f32.powf(rng.random::<f32>() * 2.0 - 1.0);
        let side = |length: f32| (length.round() as usize).clamp(1, size.max(1));
        let (height, width) = (side((area * ratio).sqrt()), side((area / ratio).sqrt()));
        let top = rng.random_range(0..=size.saturating_sub(height));
        let left = rng.random_range(0..=size.saturating_sub(width));
        for row in plane.chunks_mut(size.max(1)).skip(top).take(height) {
            row.iter_mut()
                .skip(left)
                .take(width)
                .for_each(|value| *value = 0.0);
        }
    }
}

/// Returns the map from the augmented face to the stored one, both in pixels of a [`FaceCrop`]. The
/// stored face is flipped if `flips`, then rotated by `radians` (clockwise on the screen) and
/// enlarged `zoom` times about its centre, then shifted by `shift` pixels.
pub fn crop_from_augmented(radians: f32, zoom: f32, shift: (f32, f32), flips: bool) -> Affine {
    let side = FaceCrop::SIDE as f32;
    let centre = side / 2.0;
    let unshift = Affine::shift(-shift.0, -shift.1);
    let unturn = Affine::rotation(-radians)
        .then(&Affine::scale(1.0 / zoom))
        .about(centre, centre);
    let placed = unshift.then(&unturn);
    if flips {
        placed.then(&Affine::flip(side))
    } else {
        placed
    }
}

/// Purpose of random numbers; each purpose has its own stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RngStream {
    /// The order of the items in an epoch.
    Order,
    /// The augmentation of the item in this row.
    Augment {
        /// [`FerItem::row`](super::FerItem::row).
        row: usize,
    },
    /// The erasing of the item in this row.
    Erase {
        /// [`FerItem::row`](super::FerItem::row).
        row: usize,
    },
    /// The mixing of the item in this row with another.
    Mix {
        /// [`FerItem::row`](super::FerItem::row).
        row: usize,
    },
    /// The replacement of the surroundings of the item in this row.
    Surround {
        /// [`FerItem::row`](super::FerItem::row).
        row: usize,
    },
    /// The degradation of the item in this row.
    Degrade {
        /// [`FerItem::row`](super::FerItem::row).
        row: usize,
    },
    /// The network's own draws (dropout and drop-path) in the batch that begins with this row.
    Network {
        /// [`FerItem::row`](super::FerItem::row).
        row: usize,
    },
}

/// Returns the random stream for a purpose in an epoch; different arguments give independent ones.
pub fn random_stream(seed: u64, epoch: u64, purpose: RngStream) -> ChaCha8Rng {
    let (kind, row) = match purpose {
        RngStream::Order => (0, 0),
        RngStream::Augment { row } => (1, row as u64),
        RngStream::Erase { row } => (2, row as u64),
        RngStream::Mix { row } => (3, row as u64),
        RngStream::Network { row } => (4, row as u64),
        RngStream::Surround { row } => (5, row as u64),
        RngStream::Degrade { row } => (6, row as u64),
    };
    // The key holds all four numbers in full, so no two purposes can share one.
    let mut key = [0; 32];
    for (bytes, number) in key.chunks_exact_mut(8).zip([seed, epoch, kind, row]) {
        bytes.copy_from_slice(&number.to_le_bytes());
    }
    ChaCha8Rng::from_seed(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::input::InputSpec;

    fn ramp() -> FaceCrop {
        FaceCrop::new(std::array::from_fn(|index| (index * 7 % 251) as u8))
    }

    fn plane(size: usize, crop: &FaceCrop, augmentation: &Affine) -> Vec<f32> {
        let input = InputSpec::new(size, 1);
        input.plane(crop, &input.crop_from_input().then(augmentation))
    }

    fn drawn(config: &AugmentConfig, seed: u64, epoch: u64, row: usize) -> Affine {
        config.draw(&mut random_stream(seed, epoch, RngStream::Augment { row }))
    }

    #[test]
    fn the_empty_configuration_gives_exactly_the_plain_input() {
        for row in 0..20 {
            let augmentation = drawn(&AugmentConfig::NONE, 1, 2, row);
            for size in [48, 96] {
                let plain = plane(size, &ramp(), &Affine::IDENTITY);
                assert_eq!(plane(size, &ramp(), &augmentation), plain);
            }
        }
    }

    #[test]
    fn two_flips_are_none_and_one_flip_mirrors() {
        let flip = crop_from_augmented(0.0, 1.0, (0.0, 0.0), true);
        assert_eq!(flip.then(&flip), Affine::IDENTITY);
        let plain = plane(48, &ramp(), &Affine::IDENTITY);
        let mirrored = plane(48, &ramp(), &flip);
        assert_ne!(mirrored, plain);
        for (row, mirrored_row) in plain.chunks(48).zip(mirrored.chunks(48)) {
            assert!(row.iter().eq(mirrored_row.iter().rev()));
        }
    }

    #[test]
    fn a_quarter_turn_is_clockwise_on_the_screen() {
        let quarter = crop_from_augmented(std::f32::consts::FRAC_PI_2, 1.0, (0.0, 0.0), false);
        let plain = plane(48, &ramp(), &Affine::IDENTITY);
        let turned = plane(48, &ramp(), &quarter);
        for y in 0..48 {
            for x in 0..48 {
                // The left column, read upwards, becomes the top row.
                let difference = turned[y * 48 + x] - plain[(47 - x) * 48 + y];
                assert!(difference.abs() < 1e-3, "at {x},{y}: {difference}");
            }
        }
    }

    #[test]
    fn a_shift_moves_right_and_down_and_a_zoom_enlarges() {
        let shift = crop_from_augmented(0.0, 1.0, (3.0, 5.0), false);
        assert_eq!(shift.apply(13.0, 25.0), (10.0, 20.0));
        let zoom = crop_from_augmented(0.0, 2.0, (0.0, 0.0), false);
        assert_eq!(zoom.apply(24.0, 24.0), (24.0, 24.0));
        assert_eq!(zoom.apply(0.0, 48.0), (12.0, 36.0));
    }

    #[test]
    fn draws_depend_on_seed_epoch_and_row_alone() {
        let config = AugmentConfig::default();
        let reference = drawn(&config, 7, 3, 100);
        assert_eq!(drawn(&config, 7, 3, 100), reference);
        assert_ne!(drawn(&config, 8, 3, 100), reference);
        assert_ne!(drawn(&config, 7, 4, 100), reference);
        assert_ne!(drawn(&config, 7, 3, 101), reference);
    }

    #[test]
    fn erases_a_rectangle_of_the_right_size_as_often_as_asked() {
        const SIZE: usize = 40;
        let config = AugmentConfig {
            erase_probability: 0.25,
            erase_area: 0.2,
            ..AugmentConfig::NONE
        };
        let erased: Vec<f32> = (0..400)
            .map(|row| {
                let mut plane = vec![1.0; SIZE * SIZE];
                let mut rng = random_stream(1, 0, RngStream::Erase { row });
                config.erase(&mut plane, SIZE, &mut rng);
                1.0 - plane.iter().sum::<f32>() / plane.len() as f32
            })
            .filter(|share| *share > 0.0)
            .collect();
        assert!((70..130).contains(&erased.len()), "{} of 400", erased.len());
        // Sides are rounded to pixels.
        assert!(erased.iter().all(|share| (0.015..0.22).contains(share)));
        assert!(erased.iter().any(|share| *share > 0.15));
    }

    #[test]
    fn draws_stay_within_the_configuration_and_use_all_of_it() {
        let config = AugmentConfig {
            rotation_degrees: 10.0,
            ..AugmentConfig::NONE
        };
        let degrees: Vec<f32> = (0..500)
            .map(|row| drawn(&config, 1, 0, row))
            .map(|map| map.yx.atan2(map.xx).to_degrees())
            .collect();
        assert!(degrees.iter().all(|angle| angle.abs() <= 10.001));
        assert!(degrees.iter().any(|angle| *angle > 8.0));
        assert!(degrees.iter().any(|angle| *angle < -8.0));
        let config = AugmentConfig {
            flip_probability: 0.5,
            ..AugmentConfig::NONE
        };
        let flips = (0..500)
            .filter(|row| drawn(&config, 1, 0, *row).xx < 0.0)
            .count();
        assert!((200..300).contains(&flips), "{flips}");
    }
}
