//! The neutral faces that readings are compared with, by face number. Kept in memory only, and
//! dropped when the stream ends.

use std::collections::HashMap;

use leptos::prelude::*;

use crate::page::state::Reading;
use crate::pipeline::FaceReading;
use crate::pipeline::baseline::{Baseline, WATCH_SECONDS, Watch, WatchProgress};
use crate::platform;

/// What the page knows of neutral faces.
#[derive(Clone, Copy, Debug)]
pub struct Baselines {
    /// Whose face is being watched, and for how many more seconds.
    pub watched: RwSignal<Option<(u32, f64)>>,
    /// Whose face was not seen well enough when it was watched last.
    pub lost: RwSignal<Option<u32>>,
    /// By the face's number.
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
    /// Whether this face's neutral look is known.
    pub fn is_kept(self, number: u32) -> bool {
        self.kept.with(|kept| kept.contains_key(&number))
    }

    /// Watches a face from the next frame on.
    pub fn start(self, number: u32) {
        self.watch.set_value(Watch::new());
        self.lost.set(None);
        self.watched.set(Some((number, WATCH_SECONDS)));
    }

    /// Watches no longer.
    pub fn cancel(self) {
        self.watched.set(None);
        self.lost.set(None);
    }

    /// Forgets one face.
    pub fn drop_face(self, number: u32) {
        self.kept.update(|kept| {
            kept.remove(&number);
        });
    }

    /// Forgets everybody.
    pub fn forget(self) {
        self.cancel();
        if self.kept.with_untracked(|kept| !kept.is_empty()) {
            self.kept.set(HashMap::new());
        }
    }

    fn see(self, reading: &Reading, neutral: &[f32; 7]) {
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

    /// Watches whoever is being watched, and compares everybody else's reading with what is known
    /// of them. `neutral` is what a face at rest looks like to the model.
    #[must_use]
    pub(super) fn compare(self, mut reading: Reading, neutral: &[f32; 7]) -> Reading {
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
