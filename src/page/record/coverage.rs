//! Tracks which seconds of a recording were already read, so that every moment counts once even if
//! a video is wound back and played again.

/// Maximum number of separate segments; beyond it the earliest two are merged.
const MOST_SEGMENTS: usize = 4096;

/// Disjoint intervals of seconds, in ascending order.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    segments: Vec<(f64, f64)>,
}

impl Coverage {
    /// Adds a moment. `step` is the time since the previous moment if this one follows it directly:
    /// the time between the two then counts as read as well. Returns false if the moment was
    /// already read.
    pub fn add(&mut self, seconds: f64, step: Option<f64>) -> bool {
        let from = step.map_or(seconds, |step| seconds - step);
        let after = self
            .segments
            .partition_point(|(start, _)| *start <= seconds);
        if after > 0 && seconds <= self.segments[after - 1].1 {
            return false;
        }
        // All segments that touch the one that starts at `from` are merged.
        let first = self.segments.partition_point(|(_, end)| *end < from);
        let start = match self.segments.get(first) {
            Some((start, _)) if first < after => start.min(from),
            _ => from,
        };
        self.segments
            .splice(first..after.max(first), [(start, seconds)]);
        if self.segments.len() > MOST_SEGMENTS {
            let (_, end) = self.segments.remove(1);
            self.segments[0].1 = end;
        }
        true
    }

    /// Returns the first and the last second; `None` if nothing was read.
    pub fn range(&self) -> Option<(f64, f64)> {
        Some((self.segments.first()?.0, self.segments.last()?.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_moment_counts_once_whatever_the_order() {
        let mut coverage = Coverage::default();
        assert_eq!(coverage.range(), None);
        assert!(coverage.add(10.0, None));
        assert!(coverage.add(11.0, Some(1.0)));
        assert!(!coverage.add(10.5, None), "between two that follow");
        assert!(!coverage.add(11.0, Some(1.0)), "the same again");
        assert!(coverage.add(20.0, None));
        // Wound back to a part that was skipped.
        assert!(coverage.add(15.0, None));
        assert!(coverage.add(16.0, Some(1.0)));
        assert!(!coverage.add(15.5, None));
        assert!(
            coverage.add(17.0, None),
            "a moment alone covers nothing beside it"
        );
        assert!(coverage.add(16.5, None));
        assert_eq!(coverage.range(), Some((10.0, 20.0)));
        assert!(coverage.add(1.0, None));
        assert_eq!(coverage.range(), Some((1.0, 20.0)));
    }

    #[test]
    fn a_step_over_a_segment_joins_it() {
        let mut coverage = Coverage::default();
        assert!(coverage.add(5.0, None));
        assert!(coverage.add(4.5, None));
        assert!(coverage.add(5.5, Some(1.0)));
        assert!(!coverage.add(5.2, None));
        assert!(!coverage.add(4.7, None));
        assert_eq!(coverage.range(), Some((4.5, 5.5)));
    }

    #[test]
    fn the_stretches_are_bounded() {
        let mut coverage = Coverage::default();
        for second in 0..3 * MOST_SEGMENTS {
            assert!(coverage.add(10.0 * second as f64, None));
        }
        assert_eq!(coverage.segments.len(), MOST_SEGMENTS);
    }
}
