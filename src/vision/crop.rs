//! The square gray crop that every front and the training data share.

use super::gray::{GrayImage, GrayView};
use super::rect::Rect;
use super::warp::{resample, to_byte};

/// A face as FER2013 stores it: 48×48 gray pixels, row by row. Training items and crops from
/// photographs are the same type, so that they can only reach the network the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaceCrop {
    pixels: Box<[u8; FaceCrop::AREA]>,
}

impl FaceCrop {
    /// Pixels along a side.
    pub const SIDE: usize = 48;
    /// Pixels in all.
    pub const AREA: usize = Self::SIDE * Self::SIDE;

    /// Takes the pixels, row by row from the top left.
    pub fn new(pixels: [u8; Self::AREA]) -> Self {
        Self {
            pixels: Box::new(pixels),
        }
    }

    /// The pixels, row by row from the top left, 0 (black) to 255 (white).
    pub fn pixels(&self) -> &[u8; Self::AREA] {
        &self.pixels
    }

    /// What [`warp`](super::warp) reads.
    pub fn view(&self) -> GrayView<'_> {
        GrayView::trusted(self.pixels.as_slice(), Self::SIDE as u32, Self::SIDE as u32)
    }
}

// The relation between the detector's box and FER2013's frame, measured: every 17th picture of
// FER2013, continued by 24 repeated pixels a side and enlarged five times, given to the detector.
// Of 2000 it found a face in 1653 (83 %). The frame's side in box sides: median 1.10, quartiles
// 1.02 and 1.22. Its centre less the box's, in box sides: down 0.00 (-0.03, 0.03), right 0.00
// (-0.03, 0.04).

/// FER2013's frame in sides of the detector's box.
const SIDE_OF_BOX: f32 = 1.1;
/// How far below the box's centre FER2013's frame has its centre, in box heights.
const CENTRE_BELOW: f32 = 0.0;

/// The square that FER2013 would have cut around a face found at `rect_in_frame`.
pub fn crop_rect(rect_in_frame: Rect) -> Rect {
    let face = rect_in_frame.square();
    face.expand(SIDE_OF_BOX)
        .shift(0.0, CENTRE_BELOW * face.height)
}

/// Cuts the face found at `rect_in_frame` the way FER2013 frames faces: square, with a margin,
/// 48×48. The square may reach outside the picture, whose edge pixels are then repeated.
pub fn crop_face(frame: &GrayImage, rect_in_frame: Rect) -> FaceCrop {
    crop_exactly(frame, crop_rect(rect_in_frame))
}

/// Resamples exactly this rectangle to 48×48, without a margin.
pub fn crop_exactly(frame: &GrayImage, rect_in_frame: Rect) -> FaceCrop {
    let values = resample(frame.view(), rect_in_frame, FaceCrop::SIDE, FaceCrop::SIDE);
    let mut pixels = [0; FaceCrop::AREA];
    for (pixel, value) in pixels.iter_mut().zip(values) {
        *pixel = to_byte(value);
    }
    FaceCrop::new(pixels)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32, pixel: impl Fn(u32, u32) -> u8) -> GrayImage {
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let pixels = pixels.map(|(x, y)| pixel(x, y)).collect();
        GrayImage::new(pixels, width, height).unwrap()
    }

    #[test]
    fn an_exact_crop_of_48_pixels_is_a_copy() {
        let frame = picture(60, 70, |x, y| (x * 3 + y) as u8);
        let crop = crop_exactly(&frame, Rect::new(5.0, 9.0, 48.0, 48.0));
        for y in 0..48 {
            for x in 0..48 {
                let expected = ((x + 5) * 3 + y + 9) as u8;
                assert_eq!(crop.pixels()[(y * 48 + x) as usize], expected, "{x} {y}");
            }
        }
    }

    #[test]
    fn a_large_face_is_averaged() {
        // Blocks of 10×10 with one bright pixel: 200 / 100 = 2.
        let frame = picture(
            480,
            480,
            |x, y| if x % 10 == 3 && y % 10 == 7 { 200 } else { 0 },
        );
        let crop = crop_exactly(&frame, Rect::new(0.0, 0.0, 480.0, 480.0));
        assert!(crop.pixels().iter().all(|&pixel| pixel == 2));
    }

    #[test]
    fn a_face_at_the_edge_repeats_it() {
        let frame = picture(48, 48, |x, _| if x == 0 { 90 } else { 10 });
        let crop = crop_exactly(&frame, Rect::new(-24.0, 0.0, 48.0, 48.0));
        assert_eq!(
            &crop.pixels()[..26],
            &[[90u8; 25].as_slice(), &[10]].concat()[..]
        );
    }

    #[test]
    fn the_frame_is_a_square_about_the_face() {
        let face = Rect::new(100.0, 50.0, 40.0, 60.0);
        let rect = crop_rect(face);
        assert!((rect.width - 60.0 * SIDE_OF_BOX).abs() < 1e-3);
        assert_eq!(rect.width, rect.height);
        let (centre_x, centre_y) = rect.centre();
        assert!((centre_x - 120.0).abs() < 1e-3);
        assert!((centre_y - (80.0 + 60.0 * CENTRE_BELOW)).abs() < 1e-3);
    }

    #[test]
    fn no_rectangle_panics() {
        let frame = picture(3, 2, |x, y| (x + y) as u8);
        for rect in [
            Rect {
                x: f32::NAN,
                y: f32::INFINITY,
                width: -1.0,
                height: f32::MAX,
            },
            Rect {
                x: 0.0,
                y: 0.0,
                width: 0.0,
                height: 0.0,
            },
            Rect::new(-1e9, 1e9, 1e9, 1e9),
        ] {
            crop_face(&frame, rect);
        }
    }
}
