//! Where the time of an epoch goes: into the network, or into waiting for batches.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Where the time of an epoch went.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LoadTimes {
    /// How long the network waited for batches.
    pub waited: Duration,
    /// From the first batch asked for to the last one done.
    pub total: Duration,
}

/// Adds up [`LoadTimes`] in nanoseconds, over the parts of an epoch that devices share out.
#[derive(Debug, Default)]
pub struct LoadClock {
    waited: AtomicU64,
    total: AtomicU64,
    parts: AtomicU64,
}

impl LoadClock {
    /// The times of the parts that ended since the last call: their mean, because devices work
    /// side by side.
    pub fn take(&self) -> LoadTimes {
        let parts = self.parts.swap(0, Ordering::Relaxed).max(1);
        let mean = |sum: &AtomicU64| Duration::from_nanos(sum.swap(0, Ordering::Relaxed) / parts);
        LoadTimes {
            waited: mean(&self.waited),
            total: mean(&self.total),
        }
    }

    /// A batch came that was asked for at `since`.
    pub(super) fn add_wait(&self, since: Instant) {
        Self::add(&self.waited, since);
    }

    /// A part of an epoch ended that began at `since`.
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
