//! Lines of bounded length from a table that may be compressed.

use std::io::{self, BufRead, Read};
use std::path::Path;

use csv::{ByteRecord, ReaderBuilder, Trim};

use super::archive::Format;
use super::error::DataError;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads line by line, so that memory stays bounded by one line.
pub(super) struct Lines<'a> {
    path: &'a Path,
    /// The line in `text`, from 1.
    pub(super) line: u64,
    format: Format,
    limit: usize,
    /// The line, without its end and blanks before that.
    pub(super) text: Vec<u8>,
}

impl<'a> Lines<'a> {
    /// Lines of at most `limit` bytes, their ends included, of the file at `path`.
    pub(super) fn new(path: &'a Path, format: Format, limit: usize) -> Self {
        Self {
            path,
            line: 0,
            format,
            limit,
            text: Vec::new(),
        }
    }

    /// Reads the next line into `text`; false at the end.
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

    /// The fields of the line.
    pub(super) fn fields(&self) -> ByteRecord {
        fields_of(&self.text)
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

/// The fields of a line, without blanks and quotes around them.
pub(super) fn fields_of(line: &[u8]) -> ByteRecord {
    let mut record = ByteRecord::new();
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(line);
    // Neither bytes in memory nor a record of any length can fail.
    let _ = reader.read_byte_record(&mut record);
    record
}
