//! The figures behind the details switch, published twice a second and only while they are shown.

use leptos::prelude::*;

use crate::page::meter::{LiveMetrics, Meter};
use crate::page::state::Reading;
use crate::platform;

/// So long from one set of figures to the next: numbers that change faster cannot be read.
const PUBLISH_MILLIS: f64 = 500.0;

/// The details.
#[derive(Clone, Copy)]
pub struct Details {
    /// Whether they are shown.
    pub shown: RwSignal<bool>,
    /// What is shown.
    pub figures: RwSignal<LiveMetrics>,
    held: StoredValue<Counting, LocalStorage>,
}

#[derive(Default)]
struct Counting {
    meter: Meter,
    /// Whether the display is being counted.
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
    /// A frame was taken since `started_millis` and is sent.
    pub(super) fn sent(self, started_millis: f64) {
        let now = platform::now_millis();
        self.held
            .update_value(|held| held.meter.sent(started_millis, now));
    }

    /// An answer is here.
    pub(super) fn answered(self, reading: &Reading) {
        let now = platform::now_millis();
        let size = (reading.width, reading.height);
        self.held
            .update_value(|held| held.meter.answered(now, &reading.analysis, size));
    }

    /// Another source begins.
    pub(super) fn reset(self) {
        self.held.update_value(|held| held.meter.reset());
    }

    /// Shows the details, or hides them. `is_reading` says whether a picture is out.
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

    /// Counts the pictures of the display, for as long as somebody wants to know.
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
