//! From the bytes of a file to pixels, with an error for each way in which that fails.
//!
//! The page and the command line both decode here, so that they see the same pixels and report the
//! same errors. Nothing is allocated for pixels before the header's size has been checked.

mod eof_detector;
mod sniff;
#[cfg(test)]
mod tests;

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use thiserror::Error;

use self::eof_detector::EofDetector;
use self::sniff::{Kind, jpeg_has_end, sniff};
use super::frame::{Frame, FrameError};

/// The longest side that is decoded, in pixels.
pub const MAX_SIDE: u32 = 16_384;
/// The most pixels that are decoded: 2²⁶, which a 64-megapixel telephone (9248×6944) stays below.
/// As RGBA they take 256 MiB.
pub const MAX_PIXELS: u64 = 1 << 26;
/// The most memory for the decoders besides: 16-bit RGBA of [`MAX_PIXELS`] and as much again.
const MAX_ALLOC: u64 = MAX_PIXELS * 16;

/// Why a file did not become a picture. Each says what to do; [`code`](Self::code) names it for
/// programs.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// The file has no bytes.
    #[error("the file is empty (0 bytes): choose it again, or fetch it once more")]
    Empty,
    /// The file is not recognized as a picture.
    #[error("this is not a picture that can be read: choose a PNG, JPEG, WebP, GIF or BMP file")]
    NotAnImage,
    /// The format is recognized, but there is no decoder for it here.
    #[error(
        "this format ({name}) cannot be read here: save the picture as PNG or JPEG and choose that"
    )]
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
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
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
    /// Returns a name that stays the same across versions and languages.
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
pub struct DecodedImage {
    /// Four bytes per pixel, row by row from the top left; alpha is not premultiplied.
    pub rgba: Vec<u8>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

impl DecodedImage {
    /// Returns the pixels as a frame.
    ///
    /// # Errors
    /// [`FrameError`] if the public fields were changed so that they do not agree; those of
    /// [`decode`]'s result always do.
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
pub fn decode(bytes: &[u8]) -> Result<DecodedImage, DecodeError> {
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
    if format == ImageFormat::Jpeg && !jpeg_has_end(bytes) {
        return decode_endless_jpeg(bytes);
    }
    decode_as(format, bytes)
}

/// Decodes a JPEG without its end marker, which some cameras and optimizers leave out.
///
/// The decoder fills what is missing with gray, into which a network would read an expression. A
/// picture with all its rows does not depend on what follows its data: it is decoded twice, with
/// different bytes there.
fn decode_endless_jpeg(bytes: &[u8]) -> Result<DecodedImage, DecodeError> {
    const END: &[u8] = &[0xff, 0xd9];
    let truncated = || DecodeError::Truncated {
        format: format_name(ImageFormat::Jpeg).to_owned(),
    };
    let with_tail = |tail: &[u8]| {
        let image = decode_as(ImageFormat::Jpeg, &[bytes, tail, END].concat());
        image.map_err(|error| match error {
            // One that is too large to look for its last rows may lack them.
            DecodeError::Damaged { .. } | DecodeError::TooLarge { .. } => truncated(),
            error => error,
        })
    };
    let image = with_tail(&[])?;
    // Multiples of an odd number: every bit varies. No byte of them begins a marker.
    let noise: Vec<u8> = (0..256u32).map(|at| (at * 151 % 255) as u8).collect();
    if with_tail(&noise)? != image {
        return Err(truncated());
    }
    Ok(image)
}

fn decode_as(format: ImageFormat, bytes: &[u8]) -> Result<DecodedImage, DecodeError> {
    let name = format_name(format);
    let bytes_read = EofDetector::new(bytes);
    let ran_out = bytes_read.ran_out();
    // The JPEG decoder reads all bytes before it looks at any.
    let tells_end = format != ImageFormat::Jpeg;
    let to_decode_error = |error: ImageError| match tells_end && ran_out.get() {
        true => DecodeError::Truncated {
            format: name.to_owned(),
        },
        false => decode_error_of(error, name),
    };

    let mut reader = ImageReader::with_format(bytes_read, format);
    // Sides are checked below, where the error can name them.
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_ALLOC);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(to_decode_error)?;
    let (width, height) = decoder.dimensions();
    if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(DecodeError::TooLarge { width, height });
    }
    if width == 0 || height == 0 {
        return Err(damaged(name, "it has no pixels"));
    }
    // Without a readable orientation the picture is taken as it lies.
    let orientation = decoder.orientation().ok();
    let mut image = DynamicImage::from_decoder(decoder).map_err(to_decode_error)?;
    if let Some(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    let rgba = image.into_rgba8();
    let (width, height) = rgba.dimensions();
    Ok(DecodedImage {
        rgba: rgba.into_raw(),
        width,
        height,
    })
}

fn format_name(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Png => "PNG",
        ImageFormat::Jpeg => "JPEG",
        ImageFormat::WebP => "WebP",
        ImageFormat::Gif => "GIF",
        ImageFormat::Bmp => "BMP",
        _ => "picture",
    }
}

fn damaged(format: &str, reason: impl ToString) -> DecodeError {
    DecodeError::Damaged {
        format: format.to_owned(),
        reason: reason.to_string(),
    }
}

fn decode_error_of(error: ImageError, format: &str) -> DecodeError {
    match error {
        ImageError::Unsupported(unsupported) => DecodeError::UnsupportedFormat {
            name: format!("{format} ({unsupported})"),
        },
        // The picture's size has been checked, so this is a chunk that claims more than there is.
        ImageError::Limits(_) => damaged(format, "it asks for more memory than its picture needs"),
        error => damaged(format, error),
    }
}
