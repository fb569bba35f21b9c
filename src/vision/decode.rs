//! From the bytes of a file to pixels, with an error for each way in which that fails.
//!
//! The page and the command line both decode here, so that they see the same pixels and report the
//! same errors. Nothing is allocated for pixels before the header's size has been checked.

use std::error::Error as _;
use std::io::{self, Cursor};

use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits};
use thiserror::Error;

use super::frame::{Frame, FrameError};
use super::sniff::{Kind, jpeg_has_end, sniff};

/// The longest side that is decoded, in pixels.
pub const MAX_SIDE: u32 = 16_384;
/// The most pixels that are decoded: 2²⁶, which a 64-megapixel telephone (9248×6944) stays below.
/// As RGBA they take 256 MiB.
pub const MAX_PIXELS: u64 = 1 << 26;
/// Memory for the decoders besides: 16-bit RGBA of [`MAX_PIXELS`] and as much again.
const MAX_ALLOC: u64 = MAX_PIXELS * 16;

/// Why a file did not become a picture. Each says what to do; [`code`](Self::code) names it for
/// programs.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// No bytes at all.
    #[error("the file is empty (0 bytes): choose it again, or fetch it once more")]
    Empty,
    /// Not recognized as any picture.
    #[error("this is not a picture that can be read: choose a PNG, JPEG, WebP, GIF or BMP file")]
    NotAnImage,
    /// Recognized, but of a format without a decoder here.
    #[error("{name} files cannot be read here: save the picture as PNG or JPEG and choose that")]
    UnsupportedFormat {
        /// The format's common name.
        name: String,
    },
    /// Larger than [`MAX_SIDE`] or [`MAX_PIXELS`], by the file's own header.
    #[error(
        "the picture is too large ({width}×{height} pixels): scale it down to at most \
         {MAX_SIDE} pixels a side and {} megapixels",
        MAX_PIXELS / 1_000_000
    )]
    TooLarge {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// The file ends before its picture does.
    #[error("the {format} file ends too early, part of it is missing: copy or download it again")]
    Truncated {
        /// The format's name.
        format: String,
    },
    /// The file contradicts its own format.
    #[error(
        "the {format} file is damaged ({reason}): open it in a picture editor and save it anew, \
         or download it again"
    )]
    Damaged {
        /// The format's name.
        format: String,
        /// What the decoder found.
        reason: String,
    },
}

impl DecodeError {
    /// A name that stays the same across versions and languages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty-file",
            Self::NotAnImage => "not-an-image",
            Self::UnsupportedFormat { .. } => "unsupported-format",
            Self::TooLarge { .. } => "picture-too-large",
            Self::Truncated { .. } => "truncated-file",
            Self::Damaged { .. } => "damaged-file",
        }
    }
}

/// A decoded picture, upright.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Four bytes a pixel, row by row from the top left; alpha is not premultiplied.
    pub rgba: Vec<u8>,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl Picture {
    /// The pixels as everything else reads them.
    ///
    /// # Errors
    /// [`FrameError`] when the public fields were changed so that they no longer agree; what
    /// [`decode`] returns always does.
    pub fn frame(&self) -> Result<Frame<'_>, FrameError> {
        Frame::new(&self.rgba, self.width, self.height)
    }
}

/// Decodes PNG, JPEG, WebP, GIF (its first frame) and BMP, told apart by their first bytes, and
/// turns the picture upright as its EXIF orientation asks. 16-bit channels are rounded to 8, CMYK
/// becomes RGB; colour profiles are not applied.
///
/// # Errors
/// Every [`DecodeError`].
pub fn decode(bytes: &[u8]) -> Result<Picture, DecodeError> {
    if bytes.is_empty() {
        return Err(DecodeError::Empty);
    }
    let format = match sniff(bytes) {
        Kind::Readable(format) => format,
        Kind::Named(name) => {
            return Err(DecodeError::UnsupportedFormat {
                name: name.to_owned(),
            });
        }
        Kind::Unknown => return Err(DecodeError::NotAnImage),
    };
    let name = format_name(format);
    let judge = |error: ImageError| judge(error, name);

    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    // Sides are checked below, where the error can say them.
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_ALLOC);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(judge)?;
    let (width, height) = decoder.dimensions();
    if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(DecodeError::TooLarge { width, height });
    }
    if width == 0 || height == 0 {
        return Err(damaged(name, "it has no pixels"));
    }
    if format == image::ImageFormat::Jpeg && !jpeg_has_end(bytes) {
        return Err(DecodeError::Truncated {
            format: name.to_owned(),
        });
    }
    // Without a readable orientation the picture is taken as it lies.
    let orientation = decoder.orientation().ok();
    let mut image = DynamicImage::from_decoder(decoder).map_err(judge)?;
    if let Some(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    let rgba = image.into_rgba8();
    let (width, height) = rgba.dimensions();
    Ok(Picture {
        rgba: rgba.into_raw(),
        width,
        height,
    })
}

fn format_name(format: image::ImageFormat) -> &'static str {
    match format {
        image::ImageFormat::Png => "PNG",
        image::ImageFormat::Jpeg => "JPEG",
        image::ImageFormat::WebP => "WebP",
        image::ImageFormat::Gif => "GIF",
        image::ImageFormat::Bmp => "BMP",
        _ => "picture",
    }
}

fn damaged(format: &str, reason: impl ToString) -> DecodeError {
    DecodeError::Damaged {
        format: format.to_owned(),
        reason: reason.to_string(),
    }
}

fn judge(error: ImageError, format: &str) -> DecodeError {
    match error {
        ImageError::IoError(_) | ImageError::Decoding(_) | ImageError::Parameter(_)
            if ends_early(&error) =>
        {
            DecodeError::Truncated {
                format: format.to_owned(),
            }
        }
        ImageError::Unsupported(unsupported) => DecodeError::UnsupportedFormat {
            name: format!("{format} ({unsupported})"),
        },
        // The picture's size has been checked, so this is a chunk that claims more than there is.
        ImageError::Limits(_) => damaged(format, "it asks for more memory than its picture needs"),
        error => damaged(format, error),
    }
}

/// Whether the end of the data is anywhere among an error's causes.
fn ends_early(error: &ImageError) -> bool {
    if let ImageError::IoError(error) = error {
        return error.kind() == io::ErrorKind::UnexpectedEof;
    }
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<io::Error>()
            && io.kind() == io::ErrorKind::UnexpectedEof
        {
            return true;
        }
        cause = error.source();
    }
    false
}
