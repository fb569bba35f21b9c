//! Measures how much of an epoch's time is spent waiting for batches.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Time that an epoch took, and how much of it was spent waiting for batches.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LoadTimes {
    /// Time that the network waited for batches.
    pub waited: Duration,
    /// Time from the start of the epoch's iterator until it is dropped.
    pub total: Duration,
}

/// Sums of [`LoadTimes`] in nanoseconds over the parts of an epoch, one part for each device.
#[derive(Debug, Default)]
pub struct LoadClock {
    waited: AtomicU64,
    total: AtomicU64,
    parts: AtomicU64,
}

impl LoadClock {
    /// Returns the mean times of the parts that ended since the last call, and resets the sums. The
    /// mean is taken because devices work in parallel.
    pub fn take(&self) -> LoadTimes {
        let parts = self.parts.swap(0, Ordering::Relaxed).max(1);
        let mean = |sum: &AtomicU64| Duration::from_nanos(sum.swap(0, Ordering::Relaxed) / parts);
        LoadTimes {
            waited: mean(&self.waited),
            total: mean(&self.total),
        }
    }

    /// Records the arrival of a batch that was requested at `since`.
    pub(super) fn add_wait(&self, since: Instant) {
        Self::add(&self.waited, since);
    }

    /// Records the end of a part of an epoch that began at `since`.
    pub(super) fn end_part(&self, since: Instant) {
        Self::add(&self.total, since);
        self.parts.fetch_add(1, Ordering::Relaxed);
    }

    fn add(sum: &AtomicU64, since: Instant) {
        let nanos = u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX);
        sum.fetch_add(nanos, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_side_by_side_take_no_longer_than_the_wall_clock() {
        let clock = LoadClock::default();
        let start = Instant::now();
        std::thread::sleep(Duration::from_millis(20));
        clock.end_part(start);
        clock.end_part(start);
        let total = clock.take().total;
        assert!(total >= Duration::from_millis(20) && total <= start.elapsed());
        assert_eq!(clock.take(), LoadTimes::default());
    }
}
