//! Large buffers, kept from step to step: fresh ones cost a page fault every 4 KiB.

use std::sync::Mutex;

/// The most bytes that are kept.
const MOST_BYTES: usize = 3 << 30;
/// Shorter buffers come from the allocator.
const LEAST: usize = 1 << 10;

struct Pool {
    free: Vec<Vec<f32>>,
    bytes: usize,
}

static POOL: Mutex<Pool> = Mutex::new(Pool {
    free: Vec::new(),
    bytes: 0,
});

/// Returns `length` numbers of unspecified values.
pub fn take(length: usize) -> Vec<f32> {
    if length >= LEAST
        && let Ok(mut pool) = POOL.lock()
    {
        // The smallest buffer that is large enough, and not much larger.
        let fits = |buffer: &Vec<f32>| (length..=length + length / 4).contains(&buffer.len());
        let best = (0..pool.free.len())
            .filter(|&at| fits(&pool.free[at]))
            .min_by_key(|&at| pool.free[at].len());
        if let Some(at) = best {
            let mut buffer = pool.free.swap_remove(at);
            pool.bytes -= buffer.capacity() * size_of::<f32>();
            drop(pool);
            buffer.truncate(length);
            return buffer;
        }
    }
    vec![0.0; length]
}

/// Takes a buffer back for reuse.
pub fn give(mut buffer: Vec<f32>) {
    if buffer.capacity() < LEAST {
        return;
    }
    let bytes = buffer.capacity() * size_of::<f32>();
    if let Ok(mut pool) = POOL.lock()
        && pool.bytes + bytes <= MOST_BYTES
    {
        buffer.resize(buffer.capacity(), 0.0);
        pool.bytes += bytes;
        pool.free.push(buffer);
    }
}
