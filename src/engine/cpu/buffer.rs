//! Memory that vectors read without crossing cache lines.

use std::ops::{Deref, DerefMut};

use crate::platform::simd::MOST_LANES;

/// Bytes of a cache line.
const LINE: usize = 64;

/// A vector of `f32` that is aligned to cache lines. Its contents are unspecified after it grows.
#[derive(Debug, Default)]
pub struct Buffer {
    numbers: Vec<f32>,
    start: usize,
    length: usize,
}

impl Buffer {
    /// Creates a buffer of rows of `width` numbers, each followed by zeros as [`padded`] asks for.
    pub fn with_rows(rows: impl ExactSizeIterator<Item = f32>, width: usize) -> Self {
        let mut buffer = Self::default();
        let stride = padded(width);
        buffer.resize((rows.len() / width.max(1)) * stride);
        buffer.fill(0.0);
        for (index, number) in rows.enumerate() {
            buffer[index / width * stride + index % width] = number;
        }
        buffer
    }

    /// Sets the length to `length` numbers. The allocation only ever grows.
    pub fn resize(&mut self, length: usize) {
        let slack = LINE / size_of::<f32>();
        if self.numbers.len() < length + slack {
            self.numbers.resize(length + slack, 0.0);
            // If the platform cannot align it, vectors are slower but as correct.
            self.start = self.numbers.as_ptr().align_offset(LINE).min(slack);
        }
        self.length = length;
    }
}

impl Deref for Buffer {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.numbers[self.start..self.start + self.length]
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.numbers[self.start..self.start + self.length]
    }
}

/// Returns the number of channels with padding that nothing reads, so that every vector is whole.
pub fn padded(channels: usize) -> usize {
    channels.next_multiple_of(MOST_LANES)
}
