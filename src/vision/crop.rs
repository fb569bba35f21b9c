//! The square gray crop that every front and the training data share.

use super::gray::GrayView;

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
