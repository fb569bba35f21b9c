//! Random loss of image quality: resolution, sharpness, contrast, noise, JPEG compression. Sources
//! differ in sharpness and a network could tell them apart by it, so faces are degraded at random.
//!
//! Lengths are in 48ths of the face's side, as in all of the crate.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageFormat};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::vision::FaceCrop;
use crate::vision::warp::to_byte;

/// Side in pixels that a crop is reduced to.
const SIDES: std::ops::RangeInclusive<usize> = 32..=72;
/// JPEG quality, out of 100.
const QUALITIES: std::ops::RangeInclusive<u8> = 25..=90;
/// Standard deviation of the Gaussian blur, in 48ths of the side.
const SIGMAS: std::ops::RangeInclusive<f32> = 0.3..=1.2;
/// Largest standard deviation of the noise, in gray levels out of 255.
const NOISE: f32 = 12.0;
/// Largest gamma exponent; the smallest is its inverse.
const GAMMA: f32 = 1.7;

/// Degrades `crop` in five ways, each applied independently with `probability`: lower resolution,
/// blur, noise, gamma, JPEG compression.
pub fn degrade(crop: FaceCrop, probability: f32, rng: &mut ChaCha8Rng) -> FaceCrop {
    // All values are drawn first, so that none depends on which degradations are applied.
    let happens: [bool; 5] = std::array::from_fn(|_| rng.random::<f32>() < probability);
    let side = rng.random_range(SIDES);
    let sigma = rng.random_range(SIGMAS);
    let gamma = GAMMA.powf(rng.random::<f32>() * 2.0 - 1.0);
    let noise = rng.random::<f32>() * NOISE;
    let quality = rng.random_range(QUALITIES);
    let mut crop = crop;
    if happens[0] && side < crop.side() {
        crop = crop.resized(side);
    }
    if happens[1] {
        crop = blurred(&crop, sigma);
    }
    if happens[2] || happens[3] {
        let gamma = if happens[3] { gamma } else { 1.0 };
        let noise = if happens[2] { noise } else { 0.0 };
        let curve: [f32; 256] =
            std::array::from_fn(|value| 255.0 * (value as f32 / 255.0).powf(gamma));
        let pixels = crop.pixels().iter();
        let pixels = pixels.map(|pixel| {
            // The sum of three uniform numbers is nearly normal, here with a deviation of 1.
            let normal = 2.0 * (0..3).map(|_| rng.random::<f32>() - 0.5).sum::<f32>();
            to_byte(curve[usize::from(*pixel)] + noise * normal)
        });
        crop = with_pixels(&crop, pixels.collect());
    }
    if happens[4] {
        crop = compressed(crop, quality);
    }
    crop
}

fn with_pixels(crop: &FaceCrop, pixels: Vec<u8>) -> FaceCrop {
    FaceCrop::square(pixels, crop.side()).unwrap_or_else(|| crop.clone())
}

/// Returns `crop` blurred by a Gaussian of `sigma` 48ths of the side; edge pixels are repeated.
pub fn blurred(crop: &FaceCrop, sigma: f32) -> FaceCrop {
    let side = crop.side();
    let sigma = sigma * side as f32 / FaceCrop::SIDE as f32;
    let reach = (3.0 * sigma).ceil() as isize;
    let weights: Vec<f32> = (-reach..=reach)
        .map(|at| (-(at * at) as f32 / (2.0 * sigma * sigma)).exp())
        .collect();
    let sum: f32 = weights.iter().sum();
    let along = |values: &[f32], step: usize, other: usize| {
        let mut out = vec![0.0; values.len()];
        for line in 0..side {
            for at in 0..side {
                let mut total = 0.0;
                for (weight, offset) in weights.iter().zip(-reach..) {
                    let from = (at as isize + offset).clamp(0, side as isize - 1) as usize;
                    total += weight * values[line * other + from * step];
                }
                out[line * other + at * step] = total / sum;
            }
        }
        out
    };
    let values: Vec<f32> = crop.pixels().iter().copied().map(f32::from).collect();
    let values = along(&along(&values, 1, side), side, 1);
    with_pixels(crop, values.into_iter().map(to_byte).collect())
}

fn compressed(crop: FaceCrop, quality: u8) -> FaceCrop {
    let side = crop.side() as u32;
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    let written =
        image::ImageEncoder::write_image(encoder, crop.pixels(), side, side, ExtendedColorType::L8);
    let read = written.and_then(|()| image::load(Cursor::new(bytes), ImageFormat::Jpeg));
    match read {
        Ok(picture) => with_pixels(&crop, picture.into_luma8().into_raw()),
        // Cannot happen for what the encoder wrote; the face is kept unchanged rather than lost.
        Err(_) => crop,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::augment::{RngStream, random_stream};

    fn stripes(side: usize) -> FaceCrop {
        let pixels = (0..side * side).map(|at| [40, 210][at % side / 3 % 2]);
        FaceCrop::square(pixels.collect(), side).unwrap()
    }

    fn contrast(crop: &FaceCrop) -> u8 {
        let middle = &crop.pixels()[crop.side() * 20 + 12..crop.side() * 20 + 36];
        middle.iter().max().unwrap() - middle.iter().min().unwrap()
    }

    #[test]
    fn never_degraded_is_the_same_face() {
        let crop = stripes(96);
        let mut rng = random_stream(1, 0, RngStream::Degrade { row: 3 });
        assert_eq!(degrade(crop.clone(), 0.0, &mut rng), crop);
    }

    #[test]
    fn a_blur_of_the_same_share_of_the_side_takes_the_same_contrast() {
        let plain = contrast(&stripes(48));
        let [weak, strong] = [0.3, 2.0].map(|sigma| contrast(&blurred(&stripes(48), sigma)));
        assert!(plain == 170 && weak > 130 && strong < 80, "{weak} {strong}");
        let even = FaceCrop::new([77; FaceCrop::AREA]);
        assert_eq!(blurred(&even, 1.0), even);
    }

    #[test]
    fn each_loss_is_a_loss_and_none_changes_the_face_beyond_recognition() {
        let crop = stripes(96);
        let mean = |crop: &FaceCrop| {
            let sum: u32 = crop.pixels().iter().copied().map(u32::from).sum();
            sum as f32 / crop.pixels().len() as f32
        };
        let mut sides = std::collections::BTreeSet::new();
        for row in 0..100 {
            let mut rng = random_stream(1, 0, RngStream::Degrade { row });
            let spoiled = degrade(crop.clone(), 0.5, &mut rng);
            sides.insert(spoiled.side());
            assert!((mean(&spoiled) - mean(&crop)).abs() < 45.0);
        }
        assert!(sides.len() > 10 && sides.contains(&96), "{sides:?}");
        assert_eq!(*sides.first().unwrap() / 4, 8, "{sides:?}");
    }

    #[test]
    fn jpeg_keeps_size_and_brightness() {
        let crop = stripes(96);
        let poor = compressed(crop.clone(), 25);
        assert_eq!(poor.side(), 96);
        assert_ne!(poor, crop);
    }
}
