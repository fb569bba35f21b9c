//! The recording of a camera or a video. It is kept after the stream ends, until it is discarded or
//! another stream begins.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use crate::page::record::chart::{Chart, Span, TimeWindow};
use crate::page::record::export::outcome_of;
use crate::page::record::history::{FaceObservation, FrameTime, History};
use crate::page::record::samples::Sample;
use crate::page::record::summary::Outcome;
use crate::page::state::Reading;

/// Minimum time between two redraws of the recording.
const DRAW_INTERVAL_MILLIS: u32 = 250;
/// Maximum number of faces offered for choice: those that were seen longest.
const MOST_OFFERED: usize = 24;

/// A moment selected in the chart, which then does not move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SelectedMoment {
    /// The selected time, in seconds.
    pub at: f64,
    /// End of the interval that is shown, in seconds.
    pub until: f64,
}

#[derive(Default)]
struct Recording {
    /// All readings, until the visitor discards them.
    history: History,
    /// The readings made while the visitor shared them with the embedding page.
    shared: History,
    /// Number of the stream.
    stream: u32,
    /// File name of a video; `None` for the camera.
    video: Option<String>,
    /// Timer of the next redraw.
    timer: Option<Timeout>,
}

/// The recording, as a handle that components copy.
#[derive(Clone, Copy)]
pub struct Record {
    recording: StoredValue<Recording, LocalStorage>,
    /// Counts redraws; everything that is drawn depends on it.
    drawn: RwSignal<u32>,
    /// Number of the chosen face; `None` follows the faces in sight.
    pub chosen: RwSignal<Option<u32>>,
    /// The part of the recording that is shown.
    pub span: RwSignal<Span>,
    /// The selected moment; `None` follows the recording.
    pub selected: RwSignal<Option<SelectedMoment>>,
}

impl Default for Record {
    fn default() -> Self {
        Self {
            recording: StoredValue::new_local(Recording::default()),
            drawn: RwSignal::new(0),
            chosen: RwSignal::new(None),
            span: RwSignal::new(Span::default()),
            selected: RwSignal::new(None),
        }
    }
}

impl Record {
    /// Calls `read` with the recording. Tracks the redraws.
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

    /// Calls `read` with what the embedding page may receive: the readings of the last stream that
    /// were made while the visitor shared them.
    pub fn shared<T>(self, read: impl FnOnce(&History) -> T) -> T {
        self.recording.with_value(|it| read(&it.shared))
    }

    /// Withdraws the readings so far from the embedding page.
    pub(super) fn unshare(self) {
        self.recording
            .update_value(|it| it.shared = History::default());
    }

    /// Returns the name of the recorded video file; `None` for the camera.
    pub fn video(self) -> Option<String> {
        self.recording.with_value(|it| it.video.clone())
    }

    /// Leaves a face out of what is shown and written, which the visitor calls none.
    pub(super) fn dismiss(self, number: u32) {
        self.change(|history| history.dismiss(number));
    }

    /// Takes the last [`Self::dismiss`] back.
    pub(super) fn undo_dismissal(self) {
        self.change(History::undo_dismissal);
    }

    fn change(self, change: impl Fn(&mut History)) {
        self.recording.update_value(|it| {
            change(&mut it.history);
            change(&mut it.shared);
        });
        self.drawn.update(|count| *count = count.wrapping_add(1));
    }

    /// Discards the recording. A stream that still plays is recorded anew.
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
        self.selected.set(None);
        self.drawn.update(|count| *count = count.wrapping_add(1));
    }

    /// Returns the numbers of the faces offered for choice, in ascending order.
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

    /// Returns the number of the face whose lines are shown: the chosen one, else the one that the
    /// recording is about.
    pub fn face(self) -> Option<u32> {
        let chosen = self.chosen.get();
        self.with(|history| {
            let is_there = |number: &u32| history.summary().face(*number).is_some();
            chosen.filter(is_there).or_else(|| history.main_face())
        })
    }

    /// Returns the interval that is shown; `None` if nothing is recorded.
    pub fn window(self) -> Option<TimeWindow> {
        let (span, selected) = (self.span.get(), self.selected.get());
        self.with(|history| {
            let (first, last) = history.range()?;
            Some(TimeWindow::new(
                span,
                first,
                selected.map_or(last, |it| it.until),
            ))
        })
    }

    /// Returns the chart that is shown; `None` if no face is recorded.
    pub fn chart(self) -> Option<Chart> {
        let (face, window) = (self.face()?, self.window()?);
        self.with(|history| Some(Chart::new(history, face, window)))
    }

    /// Returns the selected second, else the last one of the recording.
    pub fn second(self) -> Option<f64> {
        match self.selected.get() {
            Some(selected) => Some(selected.at),
            None => self.with(|history| history.range().map(|(_, last)| last)),
        }
    }

    /// Returns the shown face's sample and outcome at that second; `None` if it was out of sight.
    pub fn sample(self) -> Option<(Sample, Outcome)> {
        let (face, second) = (self.face()?, self.second()?);
        self.with(|history| {
            let sample = history.at(face, second)?;
            Some((sample, history.outcome(&sample)))
        })
    }

    /// Selects the second at a share, 0 to 1, of the interval that is shown.
    pub fn select_share(self, share: f64) {
        let range = self.with(|history| history.range());
        if let (Some(window), Some((first, last))) = (self.window(), range) {
            let at = window.from + share.clamp(0.0, 1.0) * (window.until - window.from);
            let until = self.selected.get_untracked().map_or(last, |it| it.until);
            let at = at.clamp(first, until.max(first));
            self.selected.set(Some(SelectedMoment { at, until }));
        }
    }

    /// Records a frame that was read. `is_compared` returns whether a face's reading is compared
    /// with its baseline; `shares` says whether the embedding page may receive the reading.
    pub(super) fn push(
        self,
        reading: &Reading,
        info: StreamInfo,
        is_compared: impl Fn(u32) -> bool,
        shares: bool,
    ) {
        let Some(at) = reading.at else { return };
        let is_new = self.recording.with_value(|it| it.stream != at.stream);
        if is_new {
            self.recording.update_value(|it| it.stream = at.stream);
            self.discard();
        }
        let area = (reading.width as f32 * reading.height as f32).max(1.0);
        let faces: Vec<FaceObservation> = reading
            .analysis
            .numbered()
            .map(|(face, it)| FaceObservation {
                face,
                size: (it.rect_in_frame.area() / area).sqrt(),
                probabilities: it.probabilities,
                outcome: outcome_of(it),
                compared: is_compared(face),
            })
            .collect();
        self.recording.update_value(|recording| {
            recording.video = info.name;
            let time = FrameTime {
                seconds: at.seconds,
                playback_rate: info.playback_rate,
            };
            let shared = shares.then_some(&mut recording.shared);
            for history in [&mut recording.history].into_iter().chain(shared) {
                if let Some(face) = reading.analysis.faces.first() {
                    history.set_unsure_below(face.unsure_below);
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

/// Describes the playing stream: a camera, or a video file at a speed.
pub(super) struct StreamInfo {
    /// File name of the video; `None` for a camera.
    pub name: Option<String>,
    /// Playback speed; 1 for a camera.
    pub playback_rate: f64,
}
