//! What spoils a training picture: covered faces, light, blur and noise.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::augment::{FaceAugmentConfig, Scene, log_uniform};
use crate::vision::warp::to_byte;

impl FaceAugmentConfig {
    /// Paints patches over parts of faces, in place of hands, masks, hair and dark glasses.
    pub(super) fn cover(&self, scene: &mut Scene, rng: &mut ChaCha8Rng) {
        for index in 0..scene.faces.len() {
            if rng.random::<f32>() >= self.cover_probability {
                continue;
            }
            let rect = scene.faces[index].rect;
            let (width, height) = (
                rect.width * rng.random_range(0.25..0.9),
                rect.height * rng.random_range(0.15..0.4),
            );
            let x = rect.x + rng.random_range(-0.15..0.85) * rect.width;
            let y = rect.y + rng.random_range(-0.1..0.85) * rect.height;
            let shade = rng.random_range(0.0..255.0f32);
            let grain = rng.random_range(0.0..50.0f32);
            let rounded = rng.random::<bool>();
            let clamp = |value: f32| (value.max(0.0) as usize).min(scene.side);
            for row in clamp(y)..clamp(y + height) {
                for column in clamp(x)..clamp(x + width) {
                    let across = (column as f32 + 0.5 - x) / width * 2.0 - 1.0;
                    let down = (row as f32 + 0.5 - y) / height * 2.0 - 1.0;
                    if !rounded || across * across + down * down <= 1.0 {
                        scene.values[row * scene.side + column] =
                            shade + grain * (rng.random::<f32>() - 0.5);
                    }
                }
            }
        }
    }

    pub(super) fn light(&self, values: &mut [f32], side: usize, rng: &mut ChaCha8Rng) {
        if rng.random::<f32>() >= self.light_probability {
            return;
        }
        let gamma = log_uniform(0.55, 1.8, rng);
        let contrast = log_uniform(0.5, 1.5, rng);
        let offset = rng.random_range(-30.0..30.0f32);
        // Light from one side.
        let slope = match rng.random::<f32>() < 0.3 {
            true => rng.random_range(0.0..0.8f32),
            false => 0.0,
        };
        let (sin, cos) = rng.random_range(0.0..std::f32::consts::TAU).sin_cos();
        let curve: Vec<f32> = (0..=255)
            .map(|value| {
                let bent = 255.0 * (value as f32 / 255.0).powf(gamma);
                (bent - 127.0) * contrast + 127.0 + offset
            })
            .collect();
        for (index, value) in values.iter_mut().enumerate() {
            let across = (index % side) as f32 / side as f32 - 0.5;
            let down = (index / side) as f32 / side as f32 - 0.5;
            let shade = 1.0 + slope * (across * cos + down * sin);
            *value = curve[usize::from(to_byte(*value))] * shade;
        }
    }

    pub(super) fn blur(&self, scene: &mut Scene, rng: &mut ChaCha8Rng) {
        if rng.random::<f32>() >= self.blur_probability {
            return;
        }
        let radius = if rng.random::<f32>() < 0.7 { 1 } else { 2 };
        // Along one axis only it is motion blur.
        let axes = match rng.random_range(0..4) {
            0 => [true, false],
            1 => [false, true],
            _ => [true, true],
        };
        let side = scene.side;
        for (axis, step) in [(0, 1), (1, side)] {
            if !axes[axis] {
                continue;
            }
            let before = scene.values.clone();
            for (index, value) in scene.values.iter_mut().enumerate() {
                let place = if axis == 0 {
                    index % side
                } else {
                    index / side
                };
                let from = place.saturating_sub(radius);
                let to = (place + radius).min(side - 1);
                let first = index - (place - from) * step;
                let sum: f32 = (0..=to - from).map(|at| before[first + at * step]).sum();
                *value = sum / (to - from + 1) as f32;
            }
        }
    }

    pub(super) fn noise(&self, values: &mut [f32], rng: &mut ChaCha8Rng) {
        if rng.random::<f32>() >= self.noise_probability {
            return;
        }
        let strength = rng.random_range(2.0..30.0f32);
        for value in values {
            // The sum of two is triangular, close enough to sensor noise.
            *value += strength * (rng.random::<f32>() + rng.random::<f32>() - 1.0);
        }
    }
}
