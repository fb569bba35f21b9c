//! A checked view of a picture's pixels.

use thiserror::Error;

/// Why bytes are not a frame.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FrameError {
    /// The caller's byte count and dimensions disagree.
    #[error("{width}×{height} RGBA pixels need {expected} bytes, got {found}")]
    WrongLength {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// Expected number of bytes: `width * height * 4`.
        expected: u64,
        /// Number of bytes.
        found: u64,
    },
    /// The picture has no pixels.
    #[error("the picture has no pixels ({width}×{height})")]
    Empty {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
}

/// RGBA pixels, 8 bits per channel, row by row from the top left.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    rgba: &'a [u8],
    width: u32,
    height: u32,
}

impl<'a> Frame<'a> {
    /// Checks that `rgba` holds exactly `width * height` pixels, and at least one.
    ///
    /// # Errors
    /// [`FrameError::Empty`] and [`FrameError::WrongLength`].
    pub fn new(rgba: &'a [u8], width: u32, height: u32) -> Result<Self, FrameError> {
        if width == 0 || height == 0 {
            return Err(FrameError::Empty { width, height });
        }
        // Two u32 fit, the four bytes a pixel may not: a wrapped length must not match a short
        // buffer.
        let expected = (u64::from(width) * u64::from(height)).saturating_mul(4);
        let found = rgba.len() as u64;
        if expected != found {
            return Err(FrameError::WrongLength {
                width,
                height,
                expected,
                found,
            });
        }
        Ok(Self {
            rgba,
            width,
            height,
        })
    }

    /// Returns the bytes, four per pixel.
    pub fn rgba(&self) -> &'a [u8] {
        self.rgba
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
