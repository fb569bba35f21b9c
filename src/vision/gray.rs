//! Gray pictures, and the one formula that converts colour to gray.

use thiserror::Error;

use super::frame::Frame;

/// Why bytes are not a gray picture.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GrayError {
    /// The caller's byte count and dimensions disagree.
    #[error(
        "{width}×{height} gray pixels need {expected} bytes, got {found}; pass one byte a pixel"
    )]
    WrongLength {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// Expected number of bytes: `width * height`.
        expected: u64,
        /// Number of bytes.
        found: u64,
    },
    /// The picture has no pixels.
    #[error("the gray picture has no pixels ({width}×{height}); both sides must be at least 1")]
    Empty {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
}

/// A checked view of gray pixels, one byte per pixel, row by row from the top left, for
/// [`warp`](super::warp): those of a [`GrayImage`] or of a [`FaceCrop`](super::FaceCrop). At least
/// one pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrayView<'a> {
    pixels: &'a [u8],
    width: u32,
    height: u32,
}

impl<'a> GrayView<'a> {
    /// Checks that `pixels` holds exactly `width * height` pixels, and at least one.
    ///
    /// # Errors
    /// [`GrayError::Empty`] and [`GrayError::WrongLength`].
    pub fn new(pixels: &'a [u8], width: u32, height: u32) -> Result<Self, GrayError> {
        if width == 0 || height == 0 {
            return Err(GrayError::Empty { width, height });
        }
        let expected = u64::from(width) * u64::from(height);
        let found = pixels.len() as u64;
        if expected != found {
            return Err(GrayError::WrongLength {
                width,
                height,
                expected,
                found,
            });
        }
        Ok(Self {
            pixels,
            width,
            height,
        })
    }

    /// As [`GrayView::new`], for callers whose types already guarantee the length.
    pub(super) fn trusted(pixels: &'a [u8], width: u32, height: u32) -> Self {
        debug_assert_eq!(pixels.len() as u64, u64::from(width) * u64::from(height));
        Self {
            pixels,
            width,
            height,
        }
    }

    /// Returns the pixels, 0 (black) to 255 (white).
    pub fn pixels(&self) -> &'a [u8] {
        self.pixels
    }

    /// Returns the width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Returns the height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Returns one row of pixels; for rows past the last, the last.
    pub fn row(&self, y: usize) -> &'a [u8] {
        let width = self.width as usize;
        let start = y.min(self.height as usize - 1) * width;
        &self.pixels[start..start + width]
    }
}

/// Gray pixels, one byte each, row by row from the top left. At least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrayImage {
    pixels: Vec<u8>,
    width: u32,
    height: u32,
}

impl GrayImage {
    /// Checks that `pixels` holds exactly `width * height` pixels, and at least one.
    ///
    /// # Errors
    /// [`GrayError::Empty`] and [`GrayError::WrongLength`].
    pub fn new(pixels: Vec<u8>, width: u32, height: u32) -> Result<Self, GrayError> {
        GrayView::new(&pixels, width, height)?;
        Ok(Self {
            pixels,
            width,
            height,
        })
    }

    /// As [`GrayImage::new`], for callers in this room that have just computed the pixels.
    pub(super) fn trusted(pixels: Vec<u8>, width: u32, height: u32) -> Self {
        debug_assert_eq!(pixels.len() as u64, u64::from(width) * u64::from(height));
        Self {
            pixels,
            width,
            height,
        }
    }

    /// Converts a frame; see [`luma`].
    pub fn from_frame(frame: Frame<'_>) -> Self {
        let (pixels, _) = frame.rgba().as_chunks::<4>();
        let pixels = pixels.iter().map(|&rgba| luma(rgba)).collect();
        Self::trusted(pixels, frame.width(), frame.height())
    }

    /// Converts a picture in red, green and blue, three bytes per pixel; see [`luma`].
    ///
    /// # Errors
    /// As [`GrayImage::new`].
    pub fn from_rgb(rgb: &[u8], width: u32, height: u32) -> Result<Self, GrayError> {
        let (pixels, _) = rgb.as_chunks::<3>();
        let pixels = pixels.iter().map(|[r, g, b]| luma([*r, *g, *b, 255]));
        Self::new(pixels.collect(), width, height)
    }

    /// Returns a view for [`warp`](super::warp).
    pub fn view(&self) -> GrayView<'_> {
        GrayView {
            pixels: &self.pixels,
            width: self.width,
            height: self.height,
        }
    }

    /// Returns the pixels, 0 (black) to 255 (white).
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Returns the width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Returns the height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }
}

impl From<Frame<'_>> for GrayImage {
    fn from(frame: Frame<'_>) -> Self {
        Self::from_frame(frame)
    }
}

/// Computes the ITU-R BT.601 luma of one pixel laid over white: `0.299 R + 0.587 G + 0.114 B` in
/// 16-bit fixed point, rounded. It equals to the bit Pillow's mode "L", which made most gray copies
/// of FER2013's pictures that circulate.
pub fn luma([red, green, blue, alpha]: [u8; 4]) -> u8 {
    let over_white = |channel: u8| match alpha {
        255 => u32::from(channel),
        _ => {
            let alpha = u32::from(alpha);
            (u32::from(channel) * alpha + 255 * (255 - alpha) + 127) / 255
        }
    };
    // The weights sum to 65536, so the result never exceeds 255.
    let weighted =
        over_white(red) * 19_595 + over_white(green) * 38_470 + over_white(blue) * 7_471 + 0x8000;
    (weighted >> 16) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luma_is_pillows() {
        // Values that Pillow's `Image.new("RGB", (1, 1), colour).convert("L")` gives.
        for (colour, expected) in [
            ([0, 0, 0], 0),
            ([255, 255, 255], 255),
            ([255, 0, 0], 76),
            ([0, 255, 0], 150),
            ([0, 0, 255], 29),
            ([10, 100, 200], 84),
            ([128, 128, 128], 128),
        ] {
            let [red, green, blue] = colour;
            assert_eq!(luma([red, green, blue, 255]), expected, "{colour:?}");
        }
    }

    #[test]
    fn transparency_lies_on_white() {
        assert_eq!(luma([0, 0, 0, 0]), 255);
        assert_eq!(luma([0, 0, 0, 255]), 0);
        // Half black: (0 · 128 + 255 · 127 + 127) / 255 = 127.
        assert_eq!(luma([0, 0, 0, 128]), 127);
    }

    #[test]
    fn a_frame_turns_gray_pixel_by_pixel() {
        let rgba = [255, 0, 0, 255, 0, 255, 0, 255];
        let gray = GrayImage::from_frame(Frame::new(&rgba, 2, 1).unwrap());
        assert_eq!(
            (gray.pixels(), gray.width(), gray.height()),
            (&[76, 150][..], 2, 1)
        );
    }

    #[test]
    fn lengths_are_checked() {
        assert_eq!(
            GrayImage::new(vec![0; 5], 2, 3),
            Err(GrayError::WrongLength {
                width: 2,
                height: 3,
                expected: 6,
                found: 5
            })
        );
        assert_eq!(
            GrayImage::new(vec![], 0, 3),
            Err(GrayError::Empty {
                width: 0,
                height: 3
            })
        );
        assert!(GrayView::new(&[1, 2], u32::MAX, u32::MAX).is_err());
        let image = GrayImage::new(vec![1, 2, 3, 4], 2, 2).unwrap();
        assert_eq!(image.view().row(1), [3, 4]);
        assert_eq!(image.view().row(9), [3, 4]);
    }
}
