//! Tests of decoding.

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
            // The last bytes of PNG, GIF and WebP hold no pixels; those of JPEG its end marker and less
            // than a block.
            let tail = if format == ImageFormat::Jpeg { 6 } else { 13 };
            match decode(&bytes[..length]) {
                Ok(_) => assert!(bytes.len() - length <= tail, "{format:?} {length}"),
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
fn a_jpeg_without_its_end_marker_is_whole_if_its_rows_are() {
    let progressive = include_bytes!("../../../tests/fixtures/progressive.jpg");
    let baseline = include_bytes!("../../../tests/fixtures/happy.jpg");
    for bytes in [&progressive[..], &baseline[..]] {
        assert_eq!(decode(&bytes[..bytes.len() - 2]), decode(bytes));
        for share in 1..20 {
            let error = decode(&bytes[..bytes.len() * share / 20]).unwrap_err();
            assert_eq!(error.code(), "truncated-file", "{share} of 20: {error}");
        }
    }
    // An end marker's bytes in a segment between two scans do not end the file.
    let is_scan = |pair: &[u8]| pair == [0xff, 0xda];
    let first = progressive.windows(2).position(is_scan).unwrap();
    let is_table = |pair: &[u8]| pair == [0xff, 0xc4];
    let table = progressive[first..].windows(2).position(is_table).unwrap() + first;
    let comment = [0xff, 0xfe, 0, 4, 0xff, 0xd9];
    let (before, after) = progressive.split_at(table);
    let whole = [before, &comment, after].concat();
    assert_eq!(decode(&whole), decode(progressive));
    let error = decode(&whole[..whole.len() * 2 / 3]).unwrap_err();
    assert_eq!(error.code(), "truncated-file", "{error}");
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
