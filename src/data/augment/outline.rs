//! Augmentation for faces that are cut out along their outline: the black around them is replaced,
//! and some other faces are cut out in the same way.

use std::borrow::Cow;

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::vision::warp::{to_byte, warp_affine};
use crate::vision::{Affine, FaceCrop};

/// Probability that the black around a cut-out face is replaced.
const REPLACED: f32 = 0.75;
/// Probability that another face is cut out.
const CUT: f32 = 0.1;
/// Brightest pixel value that counts as black; compression does not leave it at exactly 0.
const BLACK: u8 = 12;
/// Largest number of background spots along a side: one is an even gray, two are a gradient.
const SPOTS: usize = 6;

/// Randomly changes the surroundings of a face: if it `is_cut_out`, the black around it is mostly
/// replaced; otherwise its surroundings are sometimes blackened.
pub fn vary_surroundings<'a>(
    crop: &'a FaceCrop,
    is_cut_out: bool,
    rng: &mut ChaCha8Rng,
) -> Cow<'a, FaceCrop> {
    let draw = rng.random::<f32>();
    match is_cut_out {
        true if draw < REPLACED => Cow::Owned(surrounded(crop, rng)),
        false if draw < CUT => Cow::Owned(cut_out(crop, rng)),
        _ => Cow::Borrowed(crop),
    }
}

/// Replaces the black connected to the crop's edge with blurred spots.
fn surrounded(crop: &FaceCrop, rng: &mut ChaCha8Rng) -> FaceCrop {
    let spots = rng.random_range(1..=SPOTS);
    let grays = (0..spots * spots).map(|_| rng.random()).collect();
    let Some(spots_crop) = FaceCrop::square(grays, spots) else {
        return crop.clone();
    };
    let side = crop.side();
    let spots_from_crop = Affine::scale(spots as f32 / side as f32);
    let background = warp_affine(spots_crop.view(), &spots_from_crop, side);
    let mut pixels = crop.pixels().to_vec();
    for at in black_around(crop) {
        pixels[at] = to_byte(background[at]);
    }
    FaceCrop::square(pixels, side).unwrap_or_else(|| crop.clone())
}

/// Returns the indices of the black pixels that are connected to the crop's edge.
fn black_around(crop: &FaceCrop) -> Vec<usize> {
    let (side, pixels) = (crop.side(), crop.pixels());
    let mut seen = vec![false; pixels.len()];
    let mut found = vec![];
    let edge =
        (0..side).flat_map(|at| [at, (side - 1) * side + at, at * side, at * side + side - 1]);
    let mut waiting: Vec<usize> = edge.collect();
    while let Some(at) = waiting.pop() {
        if seen[at] || pixels[at] > BLACK {
            continue;
        }
        seen[at] = true;
        found.push(at);
        let (x, y) = (at % side, at / side);
        let neighbours = [
            (x > 0).then(|| at - 1),
            (x + 1 < side).then_some(at + 1),
            (y > 0).then(|| at.saturating_sub(side)),
            (y + 1 < side).then_some(at + side),
        ];
        waiting.extend(neighbours.into_iter().flatten());
    }
    found
}

/// Returns the crop with black outside a random ellipse around the face.
fn cut_out(crop: &FaceCrop, rng: &mut ChaCha8Rng) -> FaceCrop {
    let side = crop.side();
    let mut part = |from: f32, to: f32| rng.random_range(from..to) * side as f32;
    let (middle_x, middle_y) = (part(0.47, 0.53), part(0.48, 0.56));
    let (across, down) = (part(0.36, 0.46), part(0.42, 0.5));
    let pixels = crop.pixels().iter().enumerate().map(|(at, pixel)| {
        let x = ((at % side) as f32 + 0.5 - middle_x) / across;
        let y = ((at / side) as f32 + 0.5 - middle_y) / down;
        if x * x + y * y <= 1.0 { *pixel } else { 0 }
    });
    FaceCrop::square(pixels.collect(), side).unwrap_or_else(|| crop.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::augment::{RngStream, random_stream};

    fn stream(row: usize) -> ChaCha8Rng {
        random_stream(1, 0, RngStream::Surround { row })
    }

    /// A gray square with a black pupil, black around it.
    fn face() -> FaceCrop {
        let pixels = (0..48 * 48).map(|at| {
            let (x, y) = (at % 48, at / 48);
            match (x, y) {
                (24, 24) => 0,
                (10..38, 6..42) => 100,
                _ => 3,
            }
        });
        FaceCrop::square(pixels.collect(), 48).unwrap()
    }

    #[test]
    fn the_black_around_is_replaced_and_the_black_within_is_not() {
        let face = face();
        for row in 0..20 {
            let other = surrounded(&face, &mut stream(row));
            assert_eq!(other.pixels()[24 * 48 + 24], 0);
            assert_eq!(other.pixels()[20 * 48 + 20], 100);
            assert_ne!(other, face);
        }
    }

    #[test]
    fn a_cut_out_face_keeps_its_middle() {
        let face = FaceCrop::new([90; FaceCrop::AREA]);
        let cut = cut_out(&face, &mut stream(1));
        assert_eq!((cut.pixels()[0], cut.pixels()[24 * 48 + 24]), (0, 90));
        let black = black_around(&cut).len() as f32 / FaceCrop::AREA as f32;
        assert!((0.2..0.55).contains(&black), "{black}");
    }

    #[test]
    fn cut_out_faces_are_mostly_filled_and_others_seldom_cut() {
        let face = face();
        let changed = |is_cut_out: bool| {
            let varied = |row| {
                vary_surroundings(&face, is_cut_out, &mut stream(row)) != Cow::Borrowed(&face)
            };
            (0..400).filter(|row| varied(*row)).count()
        };
        let (filled, cut) = (changed(true), changed(false));
        assert!(
            (260..340).contains(&filled) && (15..70).contains(&cut),
            "{filled} {cut}"
        );
    }
}
