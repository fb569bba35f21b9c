//! Parses one row of `fer2013.csv`.

use std::path::Path;

use super::error::DataError;
use super::item::{FerItem, Split};
use super::lines::Lines;
use crate::emotion::Emotion;
use crate::vision::FaceCrop;

/// Largest number of characters of an invalid field that an error quotes.
const FOUND_LIMIT: usize = 40;

/// Positions of the fields in a row.
pub(super) struct Columns {
    emotion: usize,
    pixels: usize,
    usage: usize,
}

impl Columns {
    const COUNT: usize = 3;

    /// Reads the header, line 1 of `path`.
    pub(super) fn find(path: &Path, lines: &mut Lines<'_>) -> Result<Self, DataError> {
        let path = path.to_owned();
        let header = &lines.text;
        if std::str::from_utf8(header).is_err() {
            return Err(DataError::NotUtf8 { path, line: 1 });
        }
        // A tar archive starts with a file name padded with zeros and has this mark at byte 257.
        if header.get(257..262) == Some(b"ustar") {
            return Err(DataError::Packed { path, kind: "tar" });
        }
        let names = lines.fields();
        let position = |name: &str| names.iter().position(|found| *found == name.as_bytes());
        match (position("emotion"), position("pixels"), position("Usage")) {
            (Some(emotion), Some(pixels), Some(usage)) if names.len() == Self::COUNT => Ok(Self {
                emotion,
                pixels,
                usage,
            }),
            _ => Err(DataError::Header {
                path,
                found: shortened(&lines.text),
            }),
        }
    }

    /// Parses a row; `row` is its number, from 0.
    pub(super) fn parse(&self, row: usize, fields: &[&[u8]]) -> Result<(Split, FerItem), Fault> {
        if fields.len() != Self::COUNT {
            return Err(Fault::Fields(fields.len()));
        }
        let emotion = match fields[self.emotion] {
            [digit @ b'0'..=b'9'] => Emotion::from_index(usize::from(digit - b'0')),
            _ => None,
        };
        let emotion = emotion.ok_or_else(|| Fault::Label(shortened(fields[self.emotion])))?;
        let split = Split::from_usage(fields[self.usage])
            .ok_or_else(|| Fault::Usage(shortened(fields[self.usage])))?;
        let crop = FaceCrop::new(parse_pixels(fields[self.pixels])?);
        Ok((
            split,
            FerItem {
                crop,
                emotion,
                row,
                votes: None,
                source: 0,
            },
        ))
    }
}

/// What is wrong with a row.
pub(super) enum Fault {
    Fields(usize),
    Label(String),
    PixelCount(usize),
    Pixel { position: usize, found: String },
    Usage(String),
}

impl Fault {
    /// Adds the place of the line `text` to the error.
    pub(super) fn locate(self, path: &Path, line: u64, text: &[u8]) -> DataError {
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

/// Returns the beginning of a field, for an error message.
pub(super) fn shortened(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    if text.chars().count() <= FOUND_LIMIT {
        return text.into_owned();
    }
    text.chars().take(FOUND_LIMIT).chain(['…']).collect()
}
