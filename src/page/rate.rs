//! Event rates and mean durations, smoothed so that the displayed figures can be read.

use std::collections::VecDeque;

/// Length of the window over which rates are counted, in milliseconds.
const WINDOW_MILLIS: f64 = 2000.0;
/// Maximum number of stored moments; 240 events a second fill the window.
const MOST_MOMENTS: usize = 480;
/// Weight of the newest duration in a mean: about the last ten durations count.
const NEWEST: f64 = 0.1;

/// Counts events per second.
#[derive(Clone, Debug, Default)]
pub struct RateCounter {
    moments: VecDeque<f64>,
}

impl RateCounter {
    /// Records an event at `now_millis`. Calls must be in the order of time.
    pub fn tick(&mut self, now_millis: f64) {
        if self.moments.len() == MOST_MOMENTS {
            self.moments.pop_front();
        }
        self.moments.push_back(now_millis);
    }

    /// Returns the rate per second: the events of the last two seconds divided by the time that
    /// they span. `None` if there are fewer than two.
    pub fn per_second(&mut self, now_millis: f64) -> Option<f64> {
        while let Some(oldest) = self.moments.front()
            && now_millis - oldest > WINDOW_MILLIS
        {
            self.moments.pop_front();
        }
        let (first, last) = (self.moments.front()?, self.moments.back()?);
        let seconds = (last - first) / 1000.0;
        (seconds > 0.0).then(|| (self.moments.len() - 1) as f64 / seconds)
    }
}

/// An exponential moving average of durations.
#[derive(Clone, Copy, Debug, Default)]
pub struct MovingAverage {
    millis: Option<f64>,
}

impl MovingAverage {
    /// Adds a duration; one that is not finite is ignored.
    pub fn take(&mut self, millis: f64) {
        if millis.is_finite() {
            let before = self.millis.unwrap_or(millis);
            self.millis = Some(before + NEWEST * (millis - before));
        }
    }

    /// Returns the mean in milliseconds; `None` before the first duration.
    pub fn millis(self) -> Option<f64> {
        self.millis
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_those_of_the_last_two_seconds() {
        let mut counter = RateCounter::default();
        assert_eq!(counter.per_second(0.0), None);
        counter.tick(0.0);
        assert_eq!(counter.per_second(1.0), None, "one event is no rate");
        for frame in 1..=180 {
            counter.tick(f64::from(frame) * 1000.0 / 60.0);
        }
        let rate = counter.per_second(3000.0).unwrap();
        assert!((rate - 60.0).abs() < 0.1, "{rate}");
        for reading in 1..=20 {
            counter.tick(3000.0 + f64::from(reading) * 100.0);
        }
        let rate = counter.per_second(5000.0).unwrap();
        assert!(
            (rate - 10.0).abs() < 0.1,
            "the old rate is forgotten: {rate}"
        );
        assert_eq!(counter.per_second(9000.0), None, "nothing happens any more");
    }

    #[test]
    fn memory_is_bounded() {
        let mut counter = RateCounter::default();
        for event in 0..10_000 {
            counter.tick(f64::from(event) * 0.001);
        }
        assert_eq!(counter.moments.len(), MOST_MOMENTS);
    }

    #[test]
    fn means_settle_and_skip_what_is_no_number() {
        let mut mean = MovingAverage::default();
        assert_eq!(mean.millis(), None);
        mean.take(f64::NAN);
        assert_eq!(mean.millis(), None);
        mean.take(40.0);
        assert_eq!(mean.millis(), Some(40.0));
        for _ in 0..100 {
            mean.take(10.0);
        }
        assert!((mean.millis().unwrap() - 10.0).abs() < 0.01);
    }
}
