//! Reads lines of bounded length from a table that may be compressed.

use std::io::{self, BufRead, Read};
use std::path::Path;

use super::archive::Format;
use super::error::DataError;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads line by line, so that only one line is held in memory.
pub(super) struct Lines<'a> {
    path: &'a Path,
    /// Number of the line in `text`, from 1.
    pub(super) line: u64,
    format: Format,
    limit: usize,
    /// The line, without its line end and trailing white space.
    pub(super) text: Vec<u8>,
    reader: FieldReader,
}

impl<'a> Lines<'a> {
    /// Creates a reader of lines of at most `limit` bytes, including their line ends. `path` and
    /// `format` are for errors.
    pub(super) fn new(path: &'a Path, format: Format, limit: usize) -> Self {
        Self {
            path,
            line: 0,
            format,
            limit,
            text: Vec::new(),
            reader: FieldReader::new(),
        }
    }

    /// Reads the next line into `text`; returns false at the end of the file.
    pub(super) fn advance(&mut self, bytes: &mut Box<dyn BufRead>) -> Result<bool, DataError> {
        self.text.clear();
        self.line += 1;
        let mut limited = bytes.take(self.limit as u64 + 1);
        let count = limited
            .read_until(b'\n', &mut self.text)
            .map_err(|e| self.unreadable(e))?;
        if count > self.limit {
            return Err(DataError::LineTooLong {
                path: self.path.to_owned(),
                line: self.line,
                limit: self.limit,
            });
        }
        let length = self.text.trim_ascii_end().len();
        self.text.truncate(length);
        if self.line == 1 && self.text.starts_with(BYTE_ORDER_MARK) {
            self.text.drain(..BYTE_ORDER_MARK.len());
        }
        Ok(count > 0)
    }

    /// Returns the fields of the line.
    pub(super) fn fields(&mut self) -> Vec<&[u8]> {
        self.reader.fields(&self.text)
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

/// Splits lines of CSV (RFC 4180) into fields. It is reused for a whole table, because creating one
/// takes longer than splitting a line.
pub(super) struct FieldReader {
    core: csv_core::Reader,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl FieldReader {
    pub(super) fn new() -> Self {
        Self {
            core: csv_core::Reader::new(),
            bytes: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// Returns the fields of a line, without surrounding white space and quotes.
    pub(super) fn fields(&mut self, line: &[u8]) -> Vec<&[u8]> {
        // Large enough for any line of this length, so that one call reads all of it.
        self.bytes.resize(self.bytes.len().max(line.len()), 0);
        self.ends.resize(self.ends.len().max(line.len() + 1), 0);
        self.core.reset();
        let (_, _, length, count) = self.core.read_record(line, &mut self.bytes, &mut self.ends);
        // An empty input marks the end of the record.
        let (_, _, _, last) =
            self.core
                .read_record(&[], &mut self.bytes[length..], &mut self.ends[count..]);
        let ends = &self.ends[..count + last];
        let starts = [0].into_iter().chain(ends.iter().copied());
        let fields = starts.zip(ends);
        fields
            .map(|(start, end)| unquoted(&self.bytes[start..*end]))
            .collect()
    }
}

/// Removes white space and quotes around a field. The CSV reader keeps quotes after a blank.
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
