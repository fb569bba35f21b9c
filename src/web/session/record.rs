//! The recording of what a camera or a video shows: kept when the stream ends, until it is
//! discarded or another one begins.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use crate::page::record::chart::{Chart, Span, TimeWindow};
use crate::page::record::export::outcome_of;
use crate::page::record::history::{FrameTime, History, Seen};
use crate::page::record::samples::Sample;
use crate::page::record::summary::Outcome;
use crate::page::state::Reading;

/// At least so long from one drawing of the recording to the next.
const DRAW_INTERVAL_MILLIS: u32 = 250;
/// Faces offered to choose from, those that were seen longest.
const MOST_OFFERED: usize = 24;

/// A moment that is looked at, while the chart stands still.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pinned {
    /// The second that is looked at.
    pub at: f64,
    /// The end of what is shown.
    pub until: f64,
}

#[derive(Default)]
struct Recording {
    /// What the visitor sees, until they discard it.
    history: History,
    /// Of it, what was read while the visitor let the embedding page have it.
    shared: History,
    /// The stream's number.
    stream: u32,
    /// A video's file name.
    video: Option<String>,
    /// Until the next drawing.
    timer: Option<Timeout>,
}

/// The recording, as a handle that components copy.
#[derive(Clone, Copy)]
pub struct Record {
    recording: StoredValue<Recording, LocalStorage>,
    /// Counts drawings; what is drawn follows it.
    drawn: RwSignal<u32>,
    /// The face that was chosen; `None` follows whoever is there.
    pub chosen: RwSignal<Option<u32>>,
    /// How much is shown.
    pub span: RwSignal<Span>,
    /// The moment that is looked at; `None` follows the recording.
    pub pinned: RwSignal<Option<Pinned>>,
}

impl Default for Record {
    fn default() -> Self {
        Self {
            recording: StoredValue::new_local(Recording::default()),
            drawn: RwSignal::new(0),
            chosen: RwSignal::new(None),
            span: RwSignal::new(Span::default()),
            pinned: RwSignal::new(None),
        }
    }
}

impl Record {
    /// Reads the recording; where that is tracked, again with every drawing.
    pub fn with<T: Default>(self, read: impl FnOnce(&History) -> T) -> T {
        self.drawn.track();
        let read = self
            .recording
            .try_with_value(|recording| read(&recording.history));
        read.unwrap_or_default()
    }

    /// Whether anything was recorded.
    pub fn exists(self) -> bool {
        self.with(|history| !history.is_empty())
    }

    /// What the embedding page may have: the frames of the last stream that were read while the
    /// visitor shared their readings.
    pub fn shared<T>(self, read: impl FnOnce(&History) -> T) -> T {
        self.recording.with_value(|it| read(&it.shared))
    }

    /// The embedding page may have nothing of what was recorded so far.
    pub(super) fn unshare(self) {
        self.recording
            .update_value(|it| it.shared = History::default());
    }

    /// The name of the video file that was recorded; `None` for the camera.
    pub fn video(self) -> Option<String> {
        self.recording.with_value(|it| it.video.clone())
    }

    /// Forgets everything. What still plays is recorded anew.
    pub fn discard(self) {
        self.recording.update_value(|recording| {
            let stream = recording.stream;
            let video = recording.video.take();
            *recording = Recording {
                stream,
                video,
                ..Recording::default()
            };
        });
        self.chosen.set(None);
        self.pinned.set(None);
        self.drawn.update(|count| *count = count.wrapping_add(1));
    }

    /// The faces to choose from, by number.
    pub fn faces(self) -> Vec<u32> {
        self.with(|history| {
            let mut faces: Vec<_> = history.summary().faces().iter().collect();
            faces.sort_by(|a, b| b.tally.seen_seconds.total_cmp(&a.tally.seen_seconds));
            faces.truncate(MOST_OFFERED);
            let mut numbers: Vec<u32> = faces.into_iter().map(|it| it.face).collect();
            numbers.sort_unstable();
            numbers
        })
    }

    /// The face whose lines are shown: the one that was chosen, else the first of those in sight,
    /// else the one that was seen last.
    pub fn face(self) -> Option<u32> {
        let chosen = self.chosen.get();
        self.with(|history| {
            let summary = history.summary();
            let is_there = |number: &u32| summary.face(*number).is_some();
            let last = || {
                let faces = summary.faces().iter();
                let last = faces.max_by(|a, b| a.last_seconds.total_cmp(&b.last_seconds));
                last.map(|it| it.face)
            };
            chosen
                .filter(is_there)
                .or_else(|| history.faces_now().iter().copied().filter(is_there).min())
                .or_else(last)
        })
    }

    /// The seconds that are shown.
    pub fn window(self) -> Option<TimeWindow> {
        let (span, pinned) = (self.span.get(), self.pinned.get());
        self.with(|history| {
            let (first, last) = history.range()?;
            Some(TimeWindow::new(
                span,
                first,
                pinned.map_or(last, |it| it.until),
            ))
        })
    }

    /// The lines that are shown.
    pub fn chart(self) -> Option<Chart> {
        let (face, window) = (self.face()?, self.window()?);
        self.with(|history| Some(Chart::new(history, face, window)))
    }

    /// The second that is looked at: where the recording is, or was moved to.
    pub fn second(self) -> Option<f64> {
        match self.pinned.get() {
            Some(pinned) => Some(pinned.at),
            None => self.with(|history| history.range().map(|(_, last)| last)),
        }
    }

    /// What the shown face looked like in the second that is looked at.
    pub fn sample(self) -> Option<(Sample, Outcome)> {
        let (face, second) = (self.face()?, self.second()?);
        self.with(|history| {
            let sample = history.at(face, second)?;
            Some((sample, history.outcome(&sample)))
        })
    }

    /// Looks at the second at a share, 0 to 1, of what is shown.
    pub fn look_at(self, share: f64) {
        let range = self.with(|history| history.range());
        if let (Some(window), Some((first, last))) = (self.window(), range) {
            let at = window.from + share.clamp(0.0, 1.0) * (window.until - window.from);
            let until = self.pinned.get_untracked().map_or(last, |it| it.until);
            let at = at.clamp(first, until.max(first));
            self.pinned.set(Some(Pinned { at, until }));
        }
    }

    /// Records a frame that was read. `is_compared` says of a face whether its reading is compared
    /// with its neutral one, `shares` whether the embedding page may have it.
    pub(super) fn push(
        self,
        reading: &Reading,
        film: Film,
        is_compared: impl Fn(u32) -> bool,
        shares: bool,
    ) {
        let Some(at) = reading.at else { return };
        let is_new = self.recording.with_value(|it| it.stream != at.stream);
        if is_new {
            self.recording.update_value(|it| it.stream = at.stream);
            self.discard();
        }
        let faces: Vec<Seen> = reading
            .analysis
            .numbered()
            .map(|(face, it)| Seen {
                face,
                probabilities: it.probabilities,
                outcome: outcome_of(it),
                compared: is_compared(face),
            })
            .collect();
        self.recording.update_value(|recording| {
            recording.video = film.name;
            let time = FrameTime {
                seconds: at.seconds,
                pace: film.speed,
            };
            let shared = shares.then_some(&mut recording.shared);
            for history in [&mut recording.history].into_iter().chain(shared) {
                if let Some(face) = reading.analysis.faces.first() {
                    history.judge_by(face.unsure_below);
                }
                history.push(time, &faces);
            }
            if recording.timer.is_none() {
                recording.timer = Some(Timeout::new(DRAW_INTERVAL_MILLIS, move || {
                    self.recording.update_value(|it| it.timer = None);
                    self.drawn.update(|count| *count = count.wrapping_add(1));
                }));
            }
        });
    }
}

/// What plays: a camera, or a video file at a speed.
pub(super) struct Film {
    /// The video's file name.
    pub name: Option<String>,
    /// Seconds of it a second.
    pub speed: f64,
}
