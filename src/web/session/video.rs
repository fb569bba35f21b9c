//! A video file: opened in the page's video element, played, and released.

use std::cell::Cell;

use gloo::events::EventListener;
use gloo::file::ObjectUrl;
use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, HtmlVideoElement};

use super::{Pending, Session, Source, album};
use crate::page::words::message::Message;
use crate::page::words::notice::Notice;
use crate::web::engine::shared;

/// A time after the end of every video, in seconds. Seeking there makes a browser find the end of a
/// file that does not state its duration, such as a browser's own recordings.
const BEHIND_THE_END: f64 = 1e9;

/// Duration in seconds above which the visitor is told what a long video means.
const LONG_SECONDS: f64 = 3600.0;

/// The events of the video element that the page follows.
const EVENTS: [&str; 8] = [
    "loadedmetadata",
    "durationchange",
    "timeupdate",
    "seeked",
    "play",
    "pause",
    "ended",
    "error",
];

/// A video file that plays in a video element. Dropping it empties the element and releases the
/// file.
pub struct VideoFile {
    /// Number that distinguishes it from earlier files.
    number: u32,
    video: HtmlVideoElement,
    name: String,
    /// Whether it was paused because the page is hidden, and resumes when the page is visible.
    resumes_when_visible: Cell<bool>,
    /// Whether it was rewound to its beginning, which may be after 0, once its duration was known.
    is_rewound: Cell<bool>,
    /// Held until it plays.
    pending: Cell<Option<Pending>>,
    _listeners: Vec<EventListener>,
    _url: ObjectUrl,
}

impl VideoFile {
    /// Opens `file` in `video`. `on_event` is called with the name of every event in [`EVENTS`].
    fn open(
        file: File,
        video: HtmlVideoElement,
        number: u32,
        pending: Pending,
        on_event: impl Fn(&'static str) + Clone + 'static,
    ) -> Self {
        let name = file.name();
        let url = album::address(&file);
        let listeners = EVENTS
            .into_iter()
            .map(|kind| {
                let on_event = on_event.clone();
                EventListener::new(&video, kind, move |_| on_event(kind))
            })
            .collect();
        video.set_src(&url);
        Self {
            number,
            video,
            name,
            resumes_when_visible: Cell::new(false),
            is_rewound: Cell::new(false),
            pending: Cell::new(Some(pending)),
            _listeners: listeners,
            _url: url,
        }
    }

    /// Returns the video element in which it plays.
    pub fn video(&self) -> &HtmlVideoElement {
        &self.video
    }
}

impl Drop for VideoFile {
    fn drop(&mut self) {
        let _ = self.video.pause();
        // Loading without a source makes the element release what it has decoded.
        let _ = self.video.remove_attribute("src");
        self.video.load();
    }
}

/// Playback state of the video, for the controls.
#[derive(Clone, Copy)]
pub struct Playback {
    /// Current time, in seconds from the video's beginning.
    pub seconds: RwSignal<f64>,
    /// Duration in seconds; zero while unknown.
    pub duration: RwSignal<f64>,
    /// Whether it is paused.
    pub paused: RwSignal<bool>,
    /// Whether it is at its end.
    pub ended: RwSignal<bool>,
    /// Playback speed; 1 is normal.
    pub playback_rate: RwSignal<f64>,
    /// The open file. Dropping it closes it.
    pub(super) file: StoredValue<Option<VideoFile>, LocalStorage>,
}

impl Default for Playback {
    fn default() -> Self {
        Self {
            seconds: RwSignal::new(0.0),
            duration: RwSignal::new(0.0),
            paused: RwSignal::new(true),
            ended: RwSignal::new(false),
            playback_rate: RwSignal::new(1.0),
            file: StoredValue::new_local(None),
        }
    }
}

impl Playback {
    /// Opens a video in the page's video element, and plays it once its size and its duration are
    /// known. `pending` is held until then.
    pub(super) fn open(
        self,
        session: Session,
        file: File,
        video: HtmlVideoElement,
        pending: Pending,
    ) {
        let number = shared::next_number();
        let opened = VideoFile::open(file, video, number, pending, move |event| {
            // Deferred, so that handling a file's event may drop the file.
            spawn_local(async move { self.follow(session, number, event) });
        });
        self.file.set_value(Some(opened));
    }

    /// Closes the file.
    pub(super) fn close(self) {
        drop(self.file.try_update_value(Option::take));
    }

    /// Whether a file is open, even one that does not play yet.
    pub(super) fn is_open(self) -> bool {
        self.file.try_with_value(Option::is_some) == Some(true)
    }

    fn follow(self, session: Session, number: u32, event: &str) {
        let video = self.file.try_with_value(|file| {
            let file = file.as_ref().filter(|file| file.number == number)?;
            let is_rewound = event == "seeked" && file.is_rewound.replace(true);
            Some((file.video.clone(), file.name.clone(), is_rewound))
        });
        let Some((video, name, is_rewound)) = video.flatten() else {
            return;
        };
        if event == "error" {
            let code = video.error().map_or(0, |error| error.code());
            let code = match code {
                web_sys::MediaError::MEDIA_ERR_DECODE => "video-damaged",
                _ => "video-unsupported",
            };
            session.video_failed(code, None);
            return;
        }
        let plays = session
            .stage
            .source
            .with_untracked(|source| matches!(source, Source::Video { .. }));
        if !plays {
            match event {
                "loadedmetadata" if video.video_width() == 0 => {
                    session.video_failed("video-no-picture", None);
                }
                "loadedmetadata" if !video.duration().is_finite() => {
                    video.set_current_time(BEHIND_THE_END);
                }
                "seeked" if !is_rewound => {
                    video.set_current_time(0.0);
                    // At its end and paused, WebKitGTK does not come back to the beginning.
                    self.play();
                }
                "loadedmetadata" | "seeked" => self.opened(session, &video, name),
                _ => (),
            }
            return;
        }
        self.seconds.set(video.current_time());
        self.duration.set(finite(video.duration()));
        self.paused.set(video.paused());
        self.ended.set(video.ended());
        session.read_frames();
    }

    fn opened(self, session: Session, video: &HtmlVideoElement, name: String) {
        self.file.with_value(|file| {
            if let Some(file) = file {
                file.pending.take();
            }
        });
        session.begin_stream(Source::Video {
            name,
            width: video.video_width(),
            height: video.video_height(),
        });
        self.duration.set(finite(video.duration()));
        video.set_default_playback_rate(self.playback_rate.get_untracked());
        video.set_playback_rate(self.playback_rate.get_untracked());
        if video.duration() > LONG_SECONDS {
            session.show_notice(Notice::news("video-long", Message::new("video-long")));
        }
        self.play();
    }

    /// Plays or pauses.
    pub fn toggle(self) {
        let paused = self.file.with_value(|file| {
            let video = file.as_ref().map(VideoFile::video);
            let plays = video.filter(|video| !video.paused());
            plays.is_some_and(|video| video.pause().is_ok())
        });
        if !paused {
            self.play();
        }
    }

    /// Seeks to a time, in seconds from the video's beginning.
    pub fn seek(self, seconds: f64) {
        self.file.with_value(|file| {
            if let Some(file) = file {
                file.video.set_current_time(seconds);
            }
        });
        self.seconds.set(seconds);
    }

    /// Sets the playback speed of this video and of later ones.
    pub fn set_playback_rate(self, playback_rate: f64) {
        self.playback_rate.set(playback_rate);
        self.file.with_value(|file| {
            if let Some(file) = file {
                file.video.set_default_playback_rate(playback_rate);
                file.video.set_playback_rate(playback_rate);
            }
        });
    }

    /// Pauses a playing video while the page is hidden, because no frame of it would be read, and
    /// resumes it afterwards.
    pub fn see(self, is_seen: bool) {
        let goes_on = self.file.with_value(|file| {
            let Some(file) = file else {
                return false;
            };
            let video = file.video();
            if !is_seen && !video.paused() {
                // Does not fail for an element that plays.
                let _ = video.pause();
                file.resumes_when_visible.set(true);
            }
            is_seen && file.resumes_when_visible.take()
        });
        if goes_on {
            self.play();
        }
    }

    /// Plays the video, from the beginning if it has ended. If the page is hidden, plays it once
    /// the page is visible.
    pub fn play(self) {
        let promise = self.file.try_with_value(|file| {
            let file = file.as_ref()?;
            if document().hidden() {
                file.resumes_when_visible.set(true);
                return None;
            }
            file.video().play().ok()
        });
        // The promise only reports an interruption by a quick stop.
        if let Some(promise) = promise.flatten() {
            spawn_local(async move {
                let _ = JsFuture::from(promise).await;
            });
        }
    }
}

/// Returns zero for an unknown duration.
fn finite(seconds: f64) -> f64 {
    if seconds.is_finite() { seconds } else { 0.0 }
}
