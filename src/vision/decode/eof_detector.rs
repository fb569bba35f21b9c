//! A reader over bytes that remembers whether more was read than there was: the one sign of a
//! truncated file that every format's decoder gives.

use std::cell::Cell;
use std::io::{self, BufRead, Cursor, Read, Seek, SeekFrom};
use std::rc::Rc;

/// The reader of this module. Clones of [`ran_out`](Self::ran_out) outlive the decoder that has it.
pub(super) struct EofDetector<'a> {
    bytes: Cursor<&'a [u8]>,
    ran_out: Rc<Cell<bool>>,
}

impl<'a> EofDetector<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes: Cursor::new(bytes),
            ran_out: Rc::default(),
        }
    }

    /// Returns a flag that becomes true when a read finds nothing left.
    pub(super) fn ran_out(&self) -> Rc<Cell<bool>> {
        Rc::clone(&self.ran_out)
    }
}

impl Read for EofDetector<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        if count == 0 && !buffer.is_empty() {
            self.ran_out.set(true);
        }
        Ok(count)
    }
}

impl BufRead for EofDetector<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let buffer = self.bytes.fill_buf()?;
        if buffer.is_empty() {
            self.ran_out.set(true);
        }
        Ok(buffer)
    }

    fn consume(&mut self, amount: usize) {
        self.bytes.consume(amount);
    }
}

impl Seek for EofDetector<'_> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.bytes.seek(position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_asking_for_more_than_there_is_counts() {
        let mut reader = EofDetector::new(b"abcd");
        let ran_out = reader.ran_out();
        let mut buffer = [0; 4];
        reader.read_exact(&mut buffer).unwrap();
        assert_eq!(&buffer, b"abcd");
        assert_eq!(reader.read(&mut []).unwrap(), 0);
        assert!(!ran_out.get());
        reader.seek(SeekFrom::Start(2)).unwrap();
        assert_eq!(reader.fill_buf().unwrap(), b"cd");
        assert!(!ran_out.get());
        assert!(reader.read_exact(&mut buffer).is_err());
        assert!(ran_out.get());
    }
}
