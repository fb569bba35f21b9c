//! The figures of the details view, published twice a second and only while they are shown.

use leptos::prelude::*;

use crate::page::meter::{LiveMetrics, Meter};
use crate::page::state::Reading;
use crate::platform;

/// Minimum time between two updates: numbers that change faster cannot be read.
const PUBLISH_MILLIS: f64 = 500.0;

/// State of the details view.
#[derive(Clone, Copy)]
pub struct Details {
    /// Whether they are shown.
    pub shown: RwSignal<bool>,
    /// The figures that are shown.
    pub figures: RwSignal<LiveMetrics>,
    held: StoredValue<Counting, LocalStorage>,
}

#[derive(Default)]
struct Counting {
    meter: Meter,
    /// Whether the frames of the display are being counted.
    runs: bool,
    published_millis: f64,
}

impl Default for Details {
    fn default() -> Self {
        Self {
            shown: RwSignal::new(false),
            figures: RwSignal::new(LiveMetrics::default()),
            held: StoredValue::new_local(Counting::default()),
        }
    }
}

impl Details {
    /// Records that a frame, whose capture began at `started_millis`, is sent to be read.
    pub(super) fn sent(self, started_millis: f64) {
        let now = platform::now_millis();
        self.held
            .update_value(|held| held.meter.sent(started_millis, now));
    }

    /// Records an answer.
    pub(super) fn answered(self, reading: &Reading) {
        let now = platform::now_millis();
        let size = (reading.width, reading.height);
        self.held
            .update_value(|held| held.meter.answered(now, &reading.analysis, size));
    }

    /// Resets the figures for another source.
    pub(super) fn reset(self) {
        self.held.update_value(|held| held.meter.reset());
    }

    /// Shows or hides the details. `is_reading` returns whether a picture is being read.
    pub fn toggle(self, is_reading: impl Fn() -> bool + Copy + 'static) {
        let shown = !self.shown.get_untracked();
        self.shown.set(shown);
        let started = self.held.try_update_value(|held| {
            let starts = shown && !held.runs;
            held.runs |= starts;
            starts
        });
        if started == Some(true) {
            self.publish(platform::now_millis(), is_reading());
            self.count_display(is_reading);
        }
    }

    /// Counts the frames of the display while the details are shown.
    fn count_display(self, is_reading: impl Fn() -> bool + Copy + 'static) {
        request_animation_frame(move || {
            let goes_on = self.shown.try_get_untracked() == Some(true);
            let now = platform::now_millis();
            let due = self.held.try_update_value(|held| {
                held.meter.displayed(now);
                held.runs = goes_on;
                now - held.published_millis >= PUBLISH_MILLIS
            });
            if !goes_on {
                return;
            }
            if due == Some(true) {
                self.publish(now, is_reading());
            }
            self.count_display(is_reading);
        });
    }

    fn publish(self, now: f64, is_reading: bool) {
        let figures = self.held.try_update_value(|held| {
            held.published_millis = now;
            held.meter.figures(now, is_reading.into())
        });
        if let Some(figures) = figures {
            self.figures.set(figures);
        }
    }
}
