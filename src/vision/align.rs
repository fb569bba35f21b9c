//! From a found face to the square that FER2013 would have cut around it.
//!
//! A square may turn with the line through the eyes. Whether it should was measured on the 7,178
//! test faces of FER2013 with a network that had learned from faces as they are stored, turned by
//! 12° at most (`moue evaluate --splits tests --turn 20 --crop eyes`), accuracy in percent:
//!
//! | faces turned by | as stored | by the box | by box and eyes |
//! |---|---|---|---|
//! | 0° | 67.39 | 65.63 | 63.26 |
//! | ±20° | 62.13 | 62.15 | 62.20 |
//!
//! Turning costs upright heads two points and gains tilted ones nothing, as long as the detector's
//! eyes are off by some degrees and the network has learned from no turned crops. So the page cuts
//! by the box, and [`FaceSquare::aligned`] waits for a network that is trained on what it cuts. A
//! face that lies on its side or stands on its head is cut turned by whole quarters, so that the
//! network sees it upright.

use std::f32::consts::FRAC_PI_2;

use super::affine::Affine;
use super::crop::FaceCrop;
use super::detect::Detection;
use super::gray::{GrayImage, GrayView};
use super::rect::Rect;
use super::warp::{resample, to_byte, warp_affine};

/// A square in a picture, in its pixels, that may be turned and may reach outside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaceSquare {
    /// Its centre.
    pub centre: (f32, f32),
    /// Length of a side.
    pub side: f32,
    /// The angle that it is turned by, in radians, clockwise as seen in the picture.
    pub radians: f32,
}

// Measured on every 14th picture of FER2013's Training split, enlarged and continued beyond its
// edges; of 2,051 the detector found a face in 1,914 (`data::recrop` holds the measurement). Median
// and quartiles: the frame's side in roots of the box's area 1.15 (1.09, 1.23), its centre below
// the box's -0.01 (-0.03, 0.03) and right of it 0.00 (-0.03, 0.03) of the same. Held against the
// distances between eyes and mouth the frame varies as much. A hundredth is half a pixel of the
// crop.

/// Side of FER2013's frame, in roots of the area of the detector's box.
const SIDE_OF_BOX: f32 = 1.15;
/// Distance of the frame's centre below the box's, in roots of the box's area.
const CENTRE_BELOW: f32 = -0.016;

impl FaceSquare {
    /// Returns the square around a face, turned with its eyes.
    pub fn aligned(face: &Detection) -> Self {
        Self::around(face.rect_in_frame, face.landmarks.roll())
    }

    /// Returns the square around a face's box, turned with the face by whole quarters.
    pub fn of(face: &Detection) -> Self {
        let turns = f32::from(face.landmarks.quarter_turns());
        Self::around(face.rect_in_frame, turns * FRAC_PI_2)
    }

    /// Returns the square around a face's box, turned by `radians`.
    pub fn around(rect: Rect, radians: f32) -> Self {
        let radians = if radians.is_finite() { radians } else { 0.0 };
        let size = rect.area().sqrt();
        let (x, y) = rect.centre();
        let (sin, cos) = radians.sin_cos();
        let below = CENTRE_BELOW * size;
        Self {
            centre: (x - sin * below, y + cos * below),
            side: SIDE_OF_BOX * size,
            radians,
        }
    }
}

/// Cuts a square out of a frame, with [`FaceCrop::CUT_SIDE`] pixels along a side. Beyond the
/// picture its edge repeats.
///
/// The frame is first shrunk or enlarged to the crop's scale, by area, and then turned, so that a
/// large face is averaged and not sampled.
pub fn crop_face(frame: &GrayImage, square: &FaceSquare) -> FaceCrop {
    const SIDE: usize = FaceCrop::CUT_SIDE;
    // Covers a turned square, with room to interpolate.
    const PATCH_SIDE: usize = SIDE + SIDE / 2;
    let extent = PATCH_SIDE as f32 * (square.side / SIDE as f32);
    let rect = Rect::from_centre(square.centre.0, square.centre.1, extent, extent);
    let values = resample(frame.view(), rect, PATCH_SIDE, PATCH_SIDE);
    let patch: Vec<u8> = values.into_iter().map(to_byte).collect();
    let (half, middle) = (SIDE as f32 / 2.0, PATCH_SIDE as f32 / 2.0);
    let patch_from_crop = Affine::shift(-half, -half)
        .then(&Affine::rotation(square.radians))
        .then(&Affine::shift(middle, middle));
    let view = GrayView::trusted(&patch, PATCH_SIDE as u32, PATCH_SIDE as u32);
    let pixels: Vec<u8> = warp_affine(view, &patch_from_crop, SIDE)
        .into_iter()
        .map(to_byte)
        .collect();
    FaceCrop::trusted(pixels, SIDE)
}

#[cfg(test)]
mod tests {
    use super::super::landmarks::Landmarks;
    use super::*;

    fn picture(width: u32, height: u32, pixel: impl Fn(u32, u32) -> u8) -> GrayImage {
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let pixels = pixels.map(|(x, y)| pixel(x, y)).collect();
        GrayImage::new(pixels, width, height).unwrap()
    }

    fn square(centre: (f32, f32), side: f32, radians: f32) -> FaceSquare {
        FaceSquare {
            centre,
            side,
            radians,
        }
    }

    #[test]
    fn an_upright_crop_of_its_own_size_is_a_copy() {
        let frame = picture(108, 118, |x, y| (x * 3 + y) as u8);
        let crop = crop_face(&frame, &square((53.0, 57.0), 96.0, 0.0));
        for y in 0..96 {
            for x in 0..96 {
                let expected = ((x + 5) * 3 + y + 9) as u8;
                assert_eq!(crop.pixels()[(y * 96 + x) as usize], expected, "{x} {y}");
            }
        }
    }

    #[test]
    fn a_quarter_turn_moves_whole_pixels() {
        let frame = picture(96, 96, |x, y| (x * 2 + y / 2) as u8);
        let turned = square((48.0, 48.0), 96.0, FRAC_PI_2);
        let crop = crop_face(&frame, &turned);
        // The crop's top is the picture's right.
        assert_eq!(crop.pixels()[0], 95 * 2);
        assert_eq!(crop.pixels()[95], 95 * 2 + 47);
        assert_eq!(crop.pixels()[95 * 96], 0);
    }

    #[test]
    fn a_large_face_is_averaged() {
        // Blocks of 10×10 with one bright pixel: 200 / 100 = 2.
        let frame = picture(
            960,
            960,
            |x, y| if x % 10 == 3 && y % 10 == 7 { 200 } else { 0 },
        );
        let crop = crop_face(&frame, &square((480.0, 480.0), 960.0, 0.0));
        assert!(crop.pixels().iter().all(|&pixel| pixel == 2));
    }

    #[test]
    fn a_face_at_the_edge_repeats_it() {
        let frame = picture(96, 96, |x, _| if x == 0 { 90 } else { 10 });
        let crop = crop_face(&frame, &square((0.0, 48.0), 96.0, 0.0));
        assert_eq!(
            &crop.pixels()[..50],
            &[[90u8; 49].as_slice(), &[10]].concat()[..]
        );
    }

    #[test]
    fn the_square_turns_with_the_eyes_about_the_face() {
        let upright = Detection {
            rect_in_frame: Rect::from_centre(100.0, 80.0, 40.0, 60.0),
            score: 1.0,
            landmarks: Landmarks {
                points: [
                    [90.0, 70.0],
                    [110.0, 70.0],
                    [100.0, 80.0],
                    [92.0, 92.0],
                    [108.0, 92.0],
                ],
            },
        };
        let size = (40.0f32 * 60.0).sqrt();
        let found = FaceSquare::aligned(&upright);
        assert_eq!(found, FaceSquare::of(&upright));
        assert!((found.side - SIDE_OF_BOX * size).abs() < 1e-3);
        assert!((found.centre.1 - 80.0 - CENTRE_BELOW * size).abs() < 1e-3);

        let on_its_side = Affine::rotation(1.4).about(100.0, 80.0);
        let lying = Detection {
            landmarks: upright.landmarks.map(&on_its_side),
            ..upright
        };
        assert_eq!(FaceSquare::of(&lying).radians, FRAC_PI_2);
        assert!((lying.tilt_degrees() - (1.4f32.to_degrees() - 90.0)).abs() < 1e-3);

        let turn = Affine::rotation(0.4).about(100.0, 80.0);
        let turned = Detection {
            landmarks: upright.landmarks.map(&turn),
            ..upright
        };
        let found_turned = FaceSquare::aligned(&turned);
        assert!((found_turned.radians - 0.4).abs() < 1e-5);
        let (x, y) = turn.apply(found.centre.0, found.centre.1);
        assert!((found_turned.centre.0 - x).abs() < 1e-3);
        assert!((found_turned.centre.1 - y).abs() < 1e-3);
    }

    #[test]
    fn a_turned_face_gives_the_crop_of_the_upright_one() {
        let shade = |x: f32, y: f32| 128.0 + 60.0 * (x / 23.0).sin() + 60.0 * (y / 17.0).cos();
        let turn = Affine::rotation(0.5).about(120.0, 110.0);
        let back = Affine::rotation(-0.5).about(120.0, 110.0);
        let upright = picture(240, 220, |x, y| shade(x as f32 + 0.5, y as f32 + 0.5) as u8);
        let turned = picture(240, 220, |x, y| {
            let (x, y) = back.apply(x as f32 + 0.5, y as f32 + 0.5);
            shade(x, y) as u8
        });
        let (x, y) = turn.apply(110.0, 100.0);
        let expected = crop_face(&upright, &square((110.0, 100.0), 96.0, 0.0));
        let found = crop_face(&turned, &square((x, y), 96.0, 0.5));
        for (found, expected) in found.pixels().iter().zip(expected.pixels()) {
            assert!(found.abs_diff(*expected) <= 3, "{found} {expected}");
        }
    }

    #[test]
    fn no_square_panics() {
        let frame = picture(3, 2, |x, y| (x + y) as u8);
        let odd = [f32::NAN, f32::INFINITY, f32::MAX, -1e9, 0.0];
        for a in odd {
            for b in odd {
                crop_face(&frame, &square((a, b), b, a));
            }
        }
    }
}
