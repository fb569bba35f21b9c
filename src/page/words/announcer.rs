//! Announcements for screen readers while a stream plays: only stable results, and not too often.

/// Minimum time between two announcements.
pub const INTERVAL_MILLIS: f64 = 3000.0;
/// Minimum time for which a result must be unchanged before it is announced.
pub const STABLE_MILLIS: f64 = 1000.0;

/// Chooses from the results of successive frames those to announce.
#[derive(Clone, Debug)]
pub struct Announcer<T> {
    said: Option<T>,
    said_millis: Option<f64>,
    /// The current result, and the time in milliseconds since which it is unchanged.
    seen: Option<(T, f64)>,
}

impl<T> Default for Announcer<T> {
    fn default() -> Self {
        Self {
            said: None,
            said_millis: None,
            seen: None,
        }
    }
}

impl<T: Clone + PartialEq> Announcer<T> {
    /// Takes the result of a frame at `now_millis` and returns it if it is to be announced.
    pub fn see(&mut self, now_millis: f64, what: T) -> Option<T> {
        let since = match &self.seen {
            Some((seen, since)) if *seen == what => *since,
            _ => now_millis,
        };
        let is_stable = now_millis - since >= STABLE_MILLIS;
        let is_due = self
            .said_millis
            .is_none_or(|said| now_millis - said >= INTERVAL_MILLIS);
        let is_new = self.said.as_ref() != Some(&what);
        self.seen = Some((what.clone(), since));
        if !(is_stable && is_due && is_new) {
            return None;
        }
        self.said = Some(what.clone());
        self.said_millis = Some(now_millis);
        Some(what)
    }

    /// Forgets the results so far, for the next picture or stream. The interval still applies.
    pub fn forget(&mut self) {
        self.said = None;
        self.seen = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows `what(second)` fifteen times a second and returns what is announced, with its second.
    fn said(seconds: u32, what: impl Fn(f64) -> &'static str) -> Vec<(f64, &'static str)> {
        let mut announcer = Announcer::default();
        let frames = (0..15 * seconds).map(|frame| f64::from(frame) / 15.0);
        frames
            .filter_map(|second| Some((second, announcer.see(1000.0 * second, what(second))?)))
            .collect()
    }

    #[test]
    fn what_stays_is_said_once_after_a_second() {
        assert_eq!(said(20, |_| "happy"), [(1.0, "happy")]);
    }

    #[test]
    fn what_flickers_is_not_said() {
        let flicker = |second: f64| {
            if ((second * 2.0) as u32).is_multiple_of(2) {
                "happy"
            } else {
                "sad"
            }
        };
        assert_eq!(said(20, flicker), []);
    }

    #[test]
    fn a_short_change_is_left_out() {
        let smile = |second: f64| match second {
            5.0..5.8 => "happy",
            _ => "neutral",
        };
        assert_eq!(said(20, smile), [(1.0, "neutral")]);
    }

    #[test]
    fn changes_come_at_most_every_three_seconds_and_the_last_one_is_said() {
        // Each lasts a second and a half, the last one until the end.
        let all = ["happy", "sad", "anger", "fear", "neutral"];
        let changing = |second: f64| all[((second / 1.5) as usize).min(all.len() - 1)];
        let heard = said(20, changing);
        assert!(heard.len() >= 2, "{heard:?}");
        for pair in heard.windows(2) {
            assert!(pair[1].0 - pair[0].0 >= 3.0, "{heard:?}");
        }
        assert_eq!(heard.last().map(|last| last.1), Some("neutral"));
    }

    #[test]
    fn what_is_forgotten_may_be_said_again_and_not_too_soon() {
        let mut announcer = Announcer::default();
        assert_eq!(announcer.see(0.0, "happy"), None);
        assert_eq!(announcer.see(1000.0, "happy"), Some("happy"));
        announcer.forget();
        assert_eq!(announcer.see(1100.0, "happy"), None);
        assert_eq!(announcer.see(3900.0, "happy"), None);
        assert_eq!(announcer.see(4000.0, "happy"), Some("happy"));
    }
}
