//! The square gray crop that every front and the training data share.

use super::gray::GrayView;

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
    /// Pixels along a side of FER2013's faces, and of those that the page cuts.
    pub const SIDE: usize = 48;
    /// Pixels of these in all.
    pub const AREA: usize = Self::SIDE * Self::SIDE;

    /// Takes the pixels of a face of [`FaceCrop::SIDE`], row by row from the top left.
    pub fn new(pixels: [u8; Self::AREA]) -> Self {
        Self {
            pixels: Box::new(pixels),
            side: Self::SIDE,
        }
    }

    /// Takes the pixels of a face of any `side` from 1 on; `None` where they are not its square.
    pub fn square(pixels: Vec<u8>, side: usize) -> Option<Self> {
        let fits = side > 0 && side.checked_mul(side) == Some(pixels.len());
        fits.then(|| Self {
            pixels: pixels.into(),
            side,
        })
    }

    /// Pixels along a side.
    pub fn side(&self) -> usize {
        self.side
    }

    /// The pixels, row by row from the top left, 0 (black) to 255 (white).
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// What [`warp`](super::warp) reads.
    pub fn view(&self) -> GrayView<'_> {
        GrayView::trusted(&self.pixels, self.side as u32, self.side as u32)
    }
}
