//! Opens a file that may be compressed, recognised by its first bytes and not by its name.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;
use liblzma::bufread::XzDecoder;
use liblzma::stream::{CONCATENATED, Stream};

use super::error::DataError;

/// Memory limit of the xz decoder in bytes: four times what its strongest preset needs.
const XZ_MEMORY: u64 = 1 << 28;

/// Compression format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Plain,
    Gzip,
    Xz,
}

impl Format {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Gzip => "gzip",
            Self::Xz => "xz",
        }
    }
}

/// Decompressed bytes of a file, with a count of the compressed bytes read so far.
pub(super) struct Archive {
    pub(super) format: Format,
    pub(super) bytes: Box<dyn BufRead>,
    pub(super) bytes_total: u64,
    bytes_read: Arc<AtomicU64>,
}

impl Archive {
    /// Opens `path` and detects its format from its first bytes.
    pub(super) fn open(path: &Path) -> Result<Self, DataError> {
        let read_error = |source| DataError::Read {
            path: path.to_owned(),
            source,
        };
        let file = File::open(path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => DataError::Missing {
                path: path.to_owned(),
            },
            _ => read_error(source),
        })?;
        let bytes_total = file.metadata().map_err(read_error)?.len();
        let bytes_read = Arc::new(AtomicU64::new(0));
        let counted = Counted {
            file,
            bytes_read: Arc::clone(&bytes_read),
        };
        let mut raw = BufReader::with_capacity(1 << 18, counted);
        let magic = raw.fill_buf().map_err(read_error)?;
        let (format, bytes): (_, Box<dyn BufRead>) = if magic.starts_with(b"\x1f\x8b") {
            (
                Format::Gzip,
                Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(raw))),
            )
        } else if magic.starts_with(b"\xfd7zXZ\0") {
            let stream = Stream::new_stream_decoder(XZ_MEMORY, CONCATENATED)
                .map_err(|error| read_error(error.into()))?;
            let decoder = XzDecoder::new_stream(raw, stream);
            (
                Format::Xz,
                Box::new(BufReader::with_capacity(1 << 16, decoder)),
            )
        } else if magic.starts_with(b"PK\x03\x04") {
            return Err(DataError::Packed {
                path: path.to_owned(),
                kind: "zip",
            });
        } else {
            (Format::Plain, Box::new(raw))
        };
        Ok(Self {
            format,
            bytes,
            bytes_total,
            bytes_read,
        })
    }

    /// Returns the bytes of the file read so far, out of [`Archive::bytes_total`].
    pub(super) fn bytes_read(&self) -> u64 {
        self.bytes_read.load(Ordering::Relaxed)
    }
}

struct Counted {
    file: File,
    bytes_read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.bytes_read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
