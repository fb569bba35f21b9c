//! Detects what a file is from its first bytes: names and extensions are not trusted, and in the
//! browser often absent.

use image::ImageFormat;

/// The format that the bytes claim to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A format that [`decode`](super::decode) reads.
    Readable(ImageFormat),
    /// A format that is known by name only.
    Named(&'static str),
    /// An unknown format.
    Unknown,
}

/// Signatures at fixed offsets, most specific first.
const SIGNATURES: &[(usize, &[u8], Kind)] = &[
    (0, b"\x89PNG\r\n\x1a\n", Kind::Readable(ImageFormat::Png)),
    (0, b"\xff\xd8\xff", Kind::Readable(ImageFormat::Jpeg)),
    (0, b"GIF87a", Kind::Readable(ImageFormat::Gif)),
    (0, b"GIF89a", Kind::Readable(ImageFormat::Gif)),
    (0, b"II*\0", Kind::Named("TIFF or camera raw")),
    (0, b"MM\0*", Kind::Named("TIFF or camera raw")),
    (0, b"II+\0", Kind::Named("TIFF")),
    (0, b"MM\0+", Kind::Named("TIFF")),
    (0, b"IIRO", Kind::Named("camera raw")),
    (0, b"IIRS", Kind::Named("camera raw")),
    (0, b"IIU\0", Kind::Named("camera raw")),
    (0, b"FUJIFILMCCD-RAW", Kind::Named("camera raw")),
    (0, b"II\xbc\x01", Kind::Named("JPEG XR")),
    (0, b"%PDF-", Kind::Named("PDF")),
    (0, b"8BPS", Kind::Named("Photoshop")),
    (0, b"\0\0\0\x0cJXL \r\n\x87\n", Kind::Named("JPEG XL")),
    (0, b"\xff\x0a", Kind::Named("JPEG XL")),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", Kind::Named("JPEG 2000")),
    (0, b"\xff\x4f\xff\x51", Kind::Named("JPEG 2000")),
    (0, b"\0\0\x01\0", Kind::Named("icon (ICO)")),
    (
        0,
        b"\x1a\x45\xdf\xa3",
        Kind::Named("video (WebM or Matroska)"),
    ),
    (0, b"qoif", Kind::Named("QOI")),
    (0, b"P5\n", Kind::Named("PGM")),
    (0, b"P6\n", Kind::Named("PPM")),
    (4, b"ftypavif", Kind::Named("AVIF")),
    (4, b"ftypavis", Kind::Named("AVIF")),
    (4, b"ftyphei", Kind::Named("HEIC")),
    (4, b"ftyphev", Kind::Named("HEIC")),
    (4, b"ftypmif1", Kind::Named("HEIC or AVIF")),
    (4, b"ftypmsf1", Kind::Named("HEIC or AVIF")),
    (4, b"ftypcrx", Kind::Named("camera raw")),
    (4, b"ftyp", Kind::Named("video (MP4 or MOV)")),
];

/// Sizes of the header that follows a BMP's first 14 bytes. Many texts begin with `BM`, too.
const BMP_HEADERS: [u32; 8] = [12, 16, 40, 52, 56, 64, 108, 124];

/// Bytes of a text in which `<svg` is looked for.
const SVG_WINDOW: usize = 1024;

pub(super) fn sniff(bytes: &[u8]) -> Kind {
    for &(offset, signature, kind) in SIGNATURES {
        if bytes
            .get(offset..)
            .is_some_and(|rest| rest.starts_with(signature))
        {
            return kind;
        }
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Kind::Readable(ImageFormat::WebP);
    }
    if bytes.starts_with(b"BM")
        && let Some(&size) = bytes.get(14..).and_then(|rest| rest.first_chunk::<4>())
        && BMP_HEADERS.contains(&u32::from_le_bytes(size))
    {
        return Kind::Readable(ImageFormat::Bmp);
    }
    if is_svg(bytes) {
        return Kind::Named("SVG");
    }
    Kind::Unknown
}

fn is_svg(bytes: &[u8]) -> bool {
    let start = bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(bytes)
        .trim_ascii_start();
    let window = &start[..start.len().min(SVG_WINDOW)];
    window.starts_with(b"<")
        && window
            .windows(4)
            .any(|four| four.eq_ignore_ascii_case(b"<svg"))
}

/// Returns whether a JPEG has its end marker: after the last scan, not inside a segment, as in the
/// thumbnail of EXIF.
pub(super) fn jpeg_has_end(bytes: &[u8]) -> bool {
    const START_OF_SCAN: u8 = 0xda;
    const END: u8 = 0xd9;
    // After the marker that opens the file.
    let mut at = 2;
    while let (Some(0xff), Some(&marker)) = (bytes.get(at), bytes.get(at + 1)) {
        match marker {
            END => return true,
            // A fill byte, and markers without a length.
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            _ => {
                let Some(&length) = bytes.get(at + 2..).and_then(|rest| rest.first_chunk::<2>())
                else {
                    return false;
                };
                at += 2 + usize::from(u16::from_be_bytes(length));
                if marker == START_OF_SCAN {
                    at += bytes.get(at..).map_or(0, scan_length);
                }
            }
        }
    }
    // Past the end, or not a marker where one must be: the latter is for the decoder to judge.
    at + 1 < bytes.len()
}

/// Returns the length of a scan's data, in which `FF 00` is a byte and `FF D0` to `FF D7` restart it.
fn scan_length(bytes: &[u8]) -> usize {
    let ends = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7);
    bytes.windows(2).position(ends).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_known_by_their_first_bytes() {
        let cases: [(&[u8], Kind); 20] = [
            (b"\x89PNG\r\n\x1a\n....", Kind::Readable(ImageFormat::Png)),
            (b"\xff\xd8\xff\xe0", Kind::Readable(ImageFormat::Jpeg)),
            (b"RIFF....WEBPVP8 ", Kind::Readable(ImageFormat::WebP)),
            (b"RIFF....WAVEfmt ", Kind::Unknown),
            (
                b"BM............\x28\0\0\0",
                Kind::Readable(ImageFormat::Bmp),
            ),
            (b"BMW is a maker of cars, and this is a text", Kind::Unknown),
            (b"\0\0\0\x18ftypheic", Kind::Named("HEIC")),
            (b"\0\0\0\x1cftypavif", Kind::Named("AVIF")),
            (b"\0\0\0\x20ftypisom", Kind::Named("video (MP4 or MOV)")),
            (b"\0\0\0\x18ftypcrx ", Kind::Named("camera raw")),
            (b"\xff\x0a\xfa\x1f", Kind::Named("JPEG XL")),
            (b"II*\0\x08\0\0\0", Kind::Named("TIFF or camera raw")),
            (b"P6\n2 2\n255\n", Kind::Named("PPM")),
            (b"%PDF-1.7", Kind::Named("PDF")),
            (
                b"<svg xmlns='http://www.w3.org/2000/svg'/>",
                Kind::Named("SVG"),
            ),
            (
                b"\xef\xbb\xbf \n<?xml version='1.0'?><!-- a --><SVG/>",
                Kind::Named("SVG"),
            ),
            (b"<!doctype html><title>404</title>", Kind::Unknown),
            (b"", Kind::Unknown),
            (b"B", Kind::Unknown),
            (b"ftyp", Kind::Unknown),
        ];
        for (bytes, kind) in cases {
            assert_eq!(sniff(bytes), kind, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn the_end_marker_of_a_thumbnail_does_not_count() {
        let thumbnail = [0xff, 0xe1, 0, 6, 0xff, 0xd8, 0xff, 0xd9];
        let scan = [0xff, 0xda, 0, 2, 1, 2, 3];
        let cut = [&[0xff, 0xd8], &thumbnail[..], &scan[..]].concat();
        assert!(!jpeg_has_end(&cut));
        assert!(jpeg_has_end(&[&cut[..], &[0xff, 0xd9]].concat()));
        for length in 0..cut.len() {
            assert!(!jpeg_has_end(&cut[..length]), "{length}");
        }
        let between_scans = [&cut[..], &[0xff, 0xc4, 0, 6, 0xff, 0xd9, 0, 0], &scan[..]].concat();
        assert!(!jpeg_has_end(&between_scans));
        assert!(jpeg_has_end(
            &[&between_scans[..], &[0xff, 0x00, 0xff, 0xd0, 0xff, 0xd9]].concat()
        ));
    }
}
