//! The square gray crop that every front and the training data share.

use super::gray::GrayView;
use super::rect::Rect;
use super::warp::{resample, to_byte};

/// A face cut out as FER2013 cuts it: a square of gray pixels, row by row. Training items and crops
/// from photographs are the same type, so that they can only reach the network the same way.
///
/// Maps to and from a crop ([`Affine`](super::Affine)) are in 48ths of its side, whatever its
/// sharpness: FER2013's pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaceCrop {
    pixels: Box<[u8]>,
    side: usize,
}

impl FaceCrop {
    /// Pixels along a side of FER2013's faces.
    pub const SIDE: usize = 48;
    /// Number of pixels of such a face.
    pub const AREA: usize = Self::SIDE * Self::SIDE;
    /// Pixels along a side of the faces that are cut out of pictures: the input of the preset
    /// `moue`.
    pub const CUT_SIDE: usize = 96;

    /// Creates a crop of [`FaceCrop::SIDE`] from its pixels, row by row from the top left.
    pub fn new(pixels: [u8; Self::AREA]) -> Self {
        Self {
            pixels: Box::new(pixels),
            side: Self::SIDE,
        }
    }

    /// Creates a crop of any `side` from 1 on; `None` if the number of pixels is not its square.
    pub fn square(pixels: Vec<u8>, side: usize) -> Option<Self> {
        let fits = side > 0 && side.checked_mul(side) == Some(pixels.len());
        fits.then(|| Self::trusted(pixels, side))
    }

    /// As [`FaceCrop::square`], for callers that have just made `side`² pixels.
    pub(super) fn trusted(pixels: Vec<u8>, side: usize) -> Self {
        debug_assert_eq!(pixels.len(), side * side);
        Self {
            pixels: pixels.into(),
            side,
        }
    }

    /// Returns pixels along a side.
    pub fn side(&self) -> usize {
        self.side
    }

    /// Returns the pixels, row by row from the top left, 0 (black) to 255 (white).
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Returns the face with `side` pixels along a side, at least 1: each the mean of the area that
    /// it covers, or, where `side` is larger, interpolated.
    #[must_use]
    pub fn resized(&self, side: usize) -> Self {
        let side = side.max(1);
        let whole = Rect::new(0.0, 0.0, self.side as f32, self.side as f32);
        let values = resample(self.view(), whole, side, side);
        Self::trusted(values.into_iter().map(to_byte).collect(), side)
    }

    /// Returns a view for [`warp`](super::warp).
    pub fn view(&self) -> GrayView<'_> {
        GrayView::trusted(&self.pixels, self.side as u32, self.side as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shrinking_averages_and_enlarging_interpolates() {
        let crop = FaceCrop::square(vec![0, 40, 80, 120], 2).unwrap();
        assert_eq!(crop.resized(1).pixels(), [60]);
        assert_eq!(crop.resized(2), crop);
        assert_eq!(crop.resized(4).pixels()[..4], [0, 10, 30, 40]);
        assert_eq!(crop.resized(0).side(), 1);
    }
}
