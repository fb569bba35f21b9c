//! The baselines (neutral faces) that readings are compared with, by face number. Kept only in
//! memory, and dropped when the stream ends.

use std::collections::HashMap;

use leptos::prelude::*;

use crate::emotion::Emotion;
use crate::page::state::Reading;
use crate::pipeline::FaceReading;
use crate::pipeline::baseline::{Baseline, WATCH_SECONDS, Watch, WatchProgress};
use crate::platform;

/// The baselines of the current stream.
#[derive(Clone, Copy, Debug)]
pub struct Baselines {
    /// Number of the face that is being watched, and the remaining seconds.
    pub watched: RwSignal<Option<(u32, f64)>>,
    /// Number of the face that was not seen well enough when it was last watched.
    pub lost: RwSignal<Option<u32>>,
    /// Baselines by the number of the face.
    kept: RwSignal<HashMap<u32, Baseline>>,
    watch: StoredValue<Watch>,
}

impl Default for Baselines {
    fn default() -> Self {
        Self {
            watched: RwSignal::new(None),
            lost: RwSignal::new(None),
            kept: RwSignal::default(),
            watch: StoredValue::default(),
        }
    }
}

impl Baselines {
    /// Whether this face has a baseline.
    pub fn is_kept(self, number: u32) -> bool {
        self.kept.with(|kept| kept.contains_key(&number))
    }

    /// Starts to watch a face with the next frame.
    pub fn start(self, number: u32) {
        self.watch.set_value(Watch::new());
        self.lost.set(None);
        self.watched.set(Some((number, WATCH_SECONDS)));
    }

    /// Stops watching.
    pub fn cancel(self) {
        self.watched.set(None);
        self.lost.set(None);
    }

    /// Removes the baseline of one face.
    pub fn drop_face(self, number: u32) {
        self.kept.update(|kept| {
            kept.remove(&number);
        });
    }

    /// Stops watching and removes all baselines.
    pub fn forget(self) {
        self.cancel();
        if self.kept.with_untracked(|kept| !kept.is_empty()) {
            self.kept.set(HashMap::new());
        }
    }

    fn see(self, reading: &Reading, neutral: &[f32; Emotion::COUNT]) {
        let Some((number, _)) = self.watched.get_untracked() else {
            return;
        };
        let face = reading.analysis.face(number);
        let seen = face.filter(|face| face.problem.is_none());
        let seconds = platform::now_millis() / 1000.0;
        let progress = self
            .watch
            .try_update_value(|watch| watch.see(seconds, seen.map(|face| &face.probabilities)));
        match progress {
            Some(WatchProgress::Watching(left)) => self.watched.set(Some((number, left))),
            Some(WatchProgress::Done(at_rest)) => {
                self.watched.set(None);
                let baseline = Baseline::new(&at_rest, neutral);
                self.kept.update(|kept| {
                    kept.insert(number, baseline);
                });
            }
            Some(WatchProgress::Lost) => {
                self.watched.set(None);
                self.lost.set(Some(number));
            }
            None => (),
        }
    }

    /// Continues watching, and compares the reading of every face that has a baseline with it.
    /// `neutral` is what a neutral face looks like to the model.
    #[must_use]
    pub(super) fn compare(self, mut reading: Reading, neutral: &[f32; Emotion::COUNT]) -> Reading {
        self.see(&reading, neutral);
        self.kept.with_untracked(|kept| {
            for face in &mut reading.analysis.faces {
                let known = face.track.and_then(|number| kept.get(&number));
                if let Some(baseline) = known {
                    *face = FaceReading {
                        probabilities: baseline.compare(&face.probabilities),
                        ..face.clone()
                    };
                }
            }
        });
        reading
    }
}
