//! From the bytes of a file to pixels, with an error for each way in which that fails.
//!
//! The page and the command line both decode here, so that they see the same pixels and report the
//! same errors. Nothing is allocated for pixels before the header's size has been checked.

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use thiserror::Error;

use super::eof_detector::EofDetector;
use super::frame::{Frame, FrameError};
use super::sniff::{Kind, jpeg_has_end, sniff};

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
    let name = format_name(format);
    let bytes_read = EofDetector::new(bytes);
    let ran_out = bytes_read.ran_out();
    // The JPEG decoder reads all bytes before it looks at any, so its data is examined instead.
    let jpeg = format == ImageFormat::Jpeg;
    let cut_jpeg = jpeg && !jpeg_has_end(bytes);
    let truncated = || DecodeError::Truncated {
        format: name.to_owned(),
    };
    let to_decode_error = |error: ImageError| {
        if cut_jpeg || (!jpeg && ran_out.get()) {
            truncated()
        } else {
            decode_error_of(error, name)
        }
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
    if cut_jpeg {
        return Err(truncated());
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

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::time::{Duration, Instant};

    use image::{ImageBuffer, Rgb, Rgba, RgbaImage};

    use super::*;

    const READABLE: [ImageFormat; 5] = [
        ImageFormat::Png,
        ImageFormat::Jpeg,
        ImageFormat::WebP,
        ImageFormat::Gif,
        ImageFormat::Bmp,
    ];

    fn encode(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// Returns a file whose left half is dark and right half bright, 21 by 13 pixels.
    fn halves(format: ImageFormat) -> Vec<u8> {
        let pixel = |x, _| {
            if x < 10 {
                Rgb([20u8, 30, 40])
            } else {
                Rgb([220, 210, 200])
            }
        };
        encode(
            &DynamicImage::ImageRgb8(ImageBuffer::from_fn(21, 13, pixel)),
            format,
        )
    }

    fn red(picture: &DecodedImage, x: u32, y: u32) -> u8 {
        picture.rgba[((y * picture.width + x) * 4) as usize]
    }

    #[test]
    fn every_format_gives_its_pixels() {
        for format in READABLE {
            let picture = decode(&halves(format)).unwrap();
            assert_eq!((picture.width, picture.height), (21, 13), "{format:?}");
            assert_eq!(picture.frame().unwrap().rgba().len(), 21 * 13 * 4);
            // JPEG and the palette of GIF are near, the others exact.
            let slack = if matches!(format, ImageFormat::Jpeg | ImageFormat::Gif) {
                6
            } else {
                0
            };
            assert!(red(&picture, 1, 6).abs_diff(20) <= slack, "{format:?}");
            assert!(red(&picture, 19, 6).abs_diff(220) <= slack, "{format:?}");
            assert_eq!(picture.rgba[3], 255, "{format:?}");
        }
    }

    #[test]
    fn alpha_survives_and_sixteen_bits_are_rounded() {
        let transparent = RgbaImage::from_pixel(2, 2, Rgba([1, 2, 3, 4]));
        let picture = decode(&encode(
            &DynamicImage::ImageRgba8(transparent),
            ImageFormat::Png,
        ));
        assert_eq!(picture.unwrap().rgba[..4], [1, 2, 3, 4]);
        let deep = ImageBuffer::from_pixel(1, 1, Rgba([128 * 257u16, 65535, 0, 65535]));
        let picture = decode(&encode(&DynamicImage::ImageRgba16(deep), ImageFormat::Png)).unwrap();
        assert_eq!(picture.rgba, [128, 255, 0, 255]);
    }

    #[test]
    fn exif_orientation_turns_the_picture_upright() {
        let mut bytes = halves(ImageFormat::Jpeg);
        // One tag, 0x0112 (orientation), a short: 6, which is "turn a quarter clockwise".
        let exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        let length = (exif.len() as u16 + 2).to_be_bytes();
        let segment = [&[0xff, 0xe1], &length[..], &exif[..]].concat();
        bytes.splice(2..2, segment);
        let picture = decode(&bytes).unwrap();
        assert_eq!((picture.width, picture.height), (13, 21));
        assert!(
            red(&picture, 6, 2) < 60 && red(&picture, 6, 18) > 180,
            "dark was left, is above"
        );
    }

    #[test]
    fn nothing_and_other_things_are_named() {
        assert_eq!(decode(b""), Err(DecodeError::Empty));
        assert_eq!(decode(b"hello"), Err(DecodeError::NotAnImage));
        assert_eq!(decode(&[0; 4096]), Err(DecodeError::NotAnImage));
        let cases: [(&[u8], &str); 4] = [
            (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
            (b"\0\0\0\x1cftypavif\0\0\0\0", "AVIF"),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>", "SVG"),
            (b"%PDF-1.4\n", "PDF"),
        ];
        for (bytes, name) in cases {
            let error = decode(bytes).unwrap_err();
            assert_eq!(
                error,
                DecodeError::UnsupportedFormat {
                    name: name.to_owned()
                }
            );
            assert!(
                error
                    .to_string()
                    .contains("save the picture as PNG or JPEG"),
                "{error}"
            );
        }
    }

    #[test]
    fn codes_are_stable() {
        let text = String::new;
        for (error, code) in [
            (DecodeError::Empty, "empty-file"),
            (DecodeError::NotAnImage, "not-an-image"),
            (
                DecodeError::UnsupportedFormat { name: text() },
                "unsupported-format",
            ),
            (
                DecodeError::TooLarge {
                    width: 1,
                    height: 1,
                },
                "picture-too-large",
            ),
            (DecodeError::Truncated { format: text() }, "truncated-file"),
            (
                DecodeError::Damaged {
                    format: text(),
                    reason: text(),
                },
                "damaged-file",
            ),
        ] {
            assert_eq!(error.code(), code);
        }
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0u32, |crc, &byte| {
            (0..8).fold(crc ^ u32::from(byte), |crc, _| {
                if crc & 1 == 1 {
                    (crc >> 1) ^ 0xedb8_8320
                } else {
                    crc >> 1
                }
            })
        })
    }

    /// Returns a PNG with these sides in its header, whose pixel data is that of a tiny one.
    fn png_claiming(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = halves(ImageFormat::Png);
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        let crc = crc32(&bytes[12..29]).to_be_bytes();
        bytes[29..33].copy_from_slice(&crc);
        bytes
    }

    #[test]
    fn a_huge_picture_is_refused_by_its_header() {
        let png = png_claiming(20_000, 20_000);
        let mut bmp = halves(ImageFormat::Bmp);
        bmp[18..22].copy_from_slice(&20_000u32.to_le_bytes());
        bmp[22..26].copy_from_slice(&20_000u32.to_le_bytes());
        let mut gif = halves(ImageFormat::Gif);
        gif[6..10].copy_from_slice(&[0x20, 0x4e, 0x20, 0x4e]);
        let mut jpeg = halves(ImageFormat::Jpeg);
        let frame = jpeg
            .windows(2)
            .position(|pair| pair == [0xff, 0xc0])
            .unwrap();
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0x4e, 0x20, 0x4e, 0x20]);
        for bytes in [png, bmp, gif, jpeg] {
            let start = Instant::now();
            let error = decode(&bytes).unwrap_err();
            assert_eq!(
                error,
                DecodeError::TooLarge {
                    width: 20_000,
                    height: 20_000
                }
            );
            assert!(error.to_string().contains("20000×20000"), "{error}");
            assert!(start.elapsed() < Duration::from_millis(500));
        }
        // Each side within bounds, together not; and one side too long.
        for (width, height) in [(16_384, 4_097), (16_385, 1)] {
            let error = decode(&png_claiming(width, height)).unwrap_err();
            assert_eq!(error, DecodeError::TooLarge { width, height });
        }
        // Just within bounds: refused for its missing data and not for its size.
        let error = decode(&png_claiming(16_384, 2)).unwrap_err();
        assert_eq!(error.code(), "damaged-file", "{error}");
    }

    #[test]
    fn a_file_cut_anywhere_is_an_error() {
        for format in READABLE {
            let bytes = halves(format);
            for length in 0..bytes.len() {
                // The last bytes of PNG, GIF and WebP hold no pixels.
                let tail = bytes.len() - length <= 13;
                match decode(&bytes[..length]) {
                    Ok(_) => assert!(tail && format != ImageFormat::Jpeg, "{format:?} {length}"),
                    Err(error) if length >= 32 => {
                        assert_eq!(
                            error.code(),
                            "truncated-file",
                            "{format:?} {length} {error}"
                        );
                    }
                    Err(_) => {}
                }
            }
        }
    }

    #[test]
    fn flipped_bytes_in_a_png_are_damage() {
        let bytes = halves(ImageFormat::Png);
        let mut flipped = bytes.clone();
        let middle = bytes.len() / 2;
        flipped[middle] ^= 0x10;
        let error = decode(&flipped).unwrap_err();
        assert_eq!(error.code(), "damaged-file", "{error}");
        assert!(error.to_string().contains("download it again"), "{error}");
    }

    #[test]
    fn no_bytes_panic() {
        let mut state = 0x9e37_79b9_7f4a_7c15u64;
        let mut random = move |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % below.max(1) as u64) as usize
        };
        for format in READABLE {
            let original = halves(format);
            for _ in 0..1500 {
                let mut bytes = original.clone();
                for _ in 0..=random(6) {
                    let at = random(bytes.len());
                    match random(4) {
                        0 => bytes[at] = random(256) as u8,
                        1 => bytes[at] ^= 1 << random(8),
                        2 => bytes.truncate(at.max(8)),
                        _ => bytes.insert(at, random(256) as u8),
                    }
                }
                if let Ok(picture) = decode(&bytes) {
                    assert!(picture.frame().is_ok());
                }
            }
        }
        for _ in 0..2000 {
            let length = random(64);
            let bytes: Vec<u8> = (0..length).map(|_| random(256) as u8).collect();
            assert!(decode(&bytes).is_err());
        }
    }
}
