//! Reads `fer2013.csv`, plain or compressed, line by line.
//!
//! The columns `emotion`, `pixels` and `Usage` are found by name, so that the challenge's second
//! spelling of the same table (`emotion, Usage, pixels`) loads too. Fields may be quoted, lines
//! may end in CRLF, and memory stays bounded by the items kept and one line.

use std::io::{self, BufRead, Read};
use std::path::Path;

use super::archive::{Archive, Format};
use super::error::DataError;
use super::item::{Fer2013, FerItem, Form, Split};
use super::{LoadOptions, counts};
use crate::emotion::Emotion;
use crate::vision::FaceCrop;

/// A row has at most 2304 three-digit numbers with blanks between them; this leaves room for an
/// image several times too large to be counted in the error.
const LINE_LIMIT: usize = 1 << 16;
const ROWS_PER_PROGRESS: usize = 256;
const FOUND_LIMIT: usize = 40;

/// Loads the table at `path`.
///
/// # Errors
/// A [`DataError`] that names the line.
pub(super) fn load(path: &Path, options: &mut LoadOptions<'_>) -> Result<Fer2013, DataError> {
    let mut archive = Archive::open(path)?;
    let mut lines = Lines {
        path,
        line: 0,
        format: archive.format,
        text: Vec::new(),
    };
    if !lines.advance(&mut archive.bytes)? {
        return Err(DataError::Empty {
            path: path.to_owned(),
        });
    }
    let columns = Columns::find(path, &lines.text)?;
    let mut fer = Fer2013 {
        form: Form::Table,
        training: Vec::new(),
        public_test: Vec::new(),
        private_test: Vec::new(),
    };
    let mut row = 0;
    while lines.advance(&mut archive.bytes)? {
        if lines.text.is_empty() {
            continue;
        }
        let (split, item) = columns
            .parse(row, &lines.text)
            .map_err(|fault| fault.locate(path, lines.line, &lines.text))?;
        match split {
            Split::Training => fer.training.push(item),
            Split::PublicTest => fer.public_test.push(item),
            Split::PrivateTest => fer.private_test.push(item),
        }
        row += 1;
        if row % ROWS_PER_PROGRESS == 0 {
            options.report(archive.bytes_read(), archive.bytes_total);
        }
    }
    options.report(archive.bytes_total, archive.bytes_total);
    if fer.is_empty() {
        return Err(DataError::Empty {
            path: path.to_owned(),
        });
    }
    if !options.any_size {
        for split in Split::ALL {
            counts::check(
                path,
                split.usage(),
                fer.split(split),
                counts::expected(split),
            )?;
        }
    }
    Ok(fer)
}

/// Lines of bounded length, without their ends.
struct Lines<'a> {
    path: &'a Path,
    /// The line in `text`, from 1.
    line: u64,
    format: Format,
    text: Vec<u8>,
}

impl Lines<'_> {
    /// Reads the next line into `text`; false at the end.
    fn advance(&mut self, bytes: &mut Box<dyn BufRead>) -> Result<bool, DataError> {
        self.text.clear();
        self.line += 1;
        let mut limited = bytes.take(LINE_LIMIT as u64 + 1);
        let count = limited
            .read_until(b'\n', &mut self.text)
            .map_err(|e| self.unreadable(e))?;
        if count > LINE_LIMIT {
            let (path, line) = (self.path.to_owned(), self.line);
            return Err(DataError::LineTooLong {
                path,
                line,
                limit: LINE_LIMIT,
            });
        }
        let length = self.text.trim_ascii_end().len();
        self.text.truncate(length);
        Ok(count > 0)
    }

    fn unreadable(&self, source: io::Error) -> DataError {
        let (path, line, format) = (self.path.to_owned(), self.line, self.format.name());
        match (self.format, source.kind()) {
            (Format::Plain, _) => DataError::Read { path, source },
            (_, io::ErrorKind::UnexpectedEof) => DataError::Truncated { path, line, format },
            _ => DataError::Damaged {
                path,
                line,
                format,
                source,
            },
        }
    }
}

/// Which field holds what.
struct Columns {
    emotion: usize,
    pixels: usize,
    usage: usize,
}

impl Columns {
    const COUNT: usize = 3;

    fn find(path: &Path, header: &[u8]) -> Result<Self, DataError> {
        let path = path.to_owned();
        let header = header.strip_prefix(b"\xef\xbb\xbf").unwrap_or(header);
        if std::str::from_utf8(header).is_err() {
            return Err(DataError::NotUtf8 { path, line: 1 });
        }
        // A tar archive opens with a file name padded by zeros and has this mark at byte 257.
        if header.get(257..262) == Some(b"ustar") {
            return Err(DataError::Packed { path, kind: "tar" });
        }
        let names: Vec<&[u8]> = header.split(|byte| *byte == b',').map(unquoted).collect();
        let position = |name: &str| names.iter().position(|found| *found == name.as_bytes());
        match (position("emotion"), position("pixels"), position("Usage")) {
            (Some(emotion), Some(pixels), Some(usage)) if names.len() == Self::COUNT => Ok(Self {
                emotion,
                pixels,
                usage,
            }),
            _ => Err(DataError::Header {
                path,
                found: shortened(header),
            }),
        }
    }

    fn parse(&self, row: usize, line: &[u8]) -> Result<(Split, FerItem), Fault> {
        let mut fields = [&line[..0]; Self::COUNT];
        let mut found = 0;
        for field in line.split(|byte| *byte == b',') {
            if let Some(slot) = fields.get_mut(found) {
                *slot = unquoted(field);
            }
            found += 1;
        }
        if found != Self::COUNT {
            return Err(Fault::Fields(found));
        }
        let emotion = match fields[self.emotion] {
            [digit @ b'0'..=b'9'] => Emotion::from_index(usize::from(digit - b'0')),
            _ => None,
        };
        let emotion = emotion.ok_or_else(|| Fault::Label(shortened(fields[self.emotion])))?;
        let split = Split::from_usage(fields[self.usage])
            .ok_or_else(|| Fault::Usage(shortened(fields[self.usage])))?;
        let crop = FaceCrop::new(parse_pixels(fields[self.pixels])?);
        Ok((split, FerItem { crop, emotion, row }))
    }
}

/// What is wrong with a line.
enum Fault {
    Fields(usize),
    Label(String),
    PixelCount(usize),
    Pixel { position: usize, found: String },
    Usage(String),
}

impl Fault {
    fn locate(self, path: &Path, line: u64, text: &[u8]) -> DataError {
        let path = path.to_owned();
        if std::str::from_utf8(text).is_err() {
            return DataError::NotUtf8 { path, line };
        }
        match self {
            Self::Fields(found) => DataError::Fields { path, line, found },
            Self::Label(found) => DataError::Label { path, line, found },
            Self::PixelCount(found) => DataError::PixelCount { path, line, found },
            Self::Pixel { position, found } => DataError::Pixel {
                path,
                line,
                position,
                found,
            },
            Self::Usage(found) => DataError::Usage { path, line, found },
        }
    }
}

fn parse_pixels(field: &[u8]) -> Result<[u8; FaceCrop::AREA], Fault> {
    let mut pixels = [0; FaceCrop::AREA];
    let mut count = 0;
    for word in field
        .split(|byte| *byte == b' ')
        .filter(|word| !word.is_empty())
    {
        let value = match word {
            [a] if a.is_ascii_digit() => u32::from(a - b'0'),
            [a, b] if a.is_ascii_digit() && b.is_ascii_digit() => {
                u32::from(a - b'0') * 10 + u32::from(b - b'0')
            }
            [a, b, c] if word.iter().all(u8::is_ascii_digit) => {
                u32::from(a - b'0') * 100 + u32::from(b - b'0') * 10 + u32::from(c - b'0')
            }
            _ => u32::MAX,
        };
        let pixel = u8::try_from(value).map_err(|_| Fault::Pixel {
            position: count + 1,
            found: shortened(word),
        })?;
        if let Some(slot) = pixels.get_mut(count) {
            *slot = pixel;
        }
        count += 1;
    }
    if count == FaceCrop::AREA {
        Ok(pixels)
    } else {
        Err(Fault::PixelCount(count))
    }
}

fn unquoted(field: &[u8]) -> &[u8] {
    let field = field.trim_ascii();
    match field
        .strip_prefix(b"\"")
        .and_then(|field| field.strip_suffix(b"\""))
    {
        Some(inner) => inner.trim_ascii(),
        None => field,
    }
}

fn shortened(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    if text.chars().count() <= FOUND_LIMIT {
        return text.into_owned();
    }
    text.chars().take(FOUND_LIMIT).chain(['…']).collect()
}
