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

/// FER2013's frame in units of the detector's box: its side.
const SIDE_OF_BOX: f32 = 1.0;
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
