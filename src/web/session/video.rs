//! A video file: opened in the page's video element, played, and let go of.

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

/// A time behind the end of every video, in seconds. Going there makes a browser look for the end
/// of a file that does not say how long it is, as recordings of browsers do not.
const BEHIND_THE_END: f64 = 1e9;

/// Of a longer video, in seconds, the visitor is told what that means.
const LONG_SECONDS: f64 = 3600.0;

/// What happens to a video that the page follows.
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
    /// Tells it from the one before.
    number: u32,
    video: HtmlVideoElement,
    name: String,
    /// Whether it goes on as soon as the page is seen.
    waits_unseen: Cell<bool>,
    /// Whether it went back to its beginning, which may lie after 0, once its length was known.
    is_rewound: Cell<bool>,
    /// Until it plays.
    pending: Cell<Option<Pending>>,
    _listeners: Vec<EventListener>,
    _url: ObjectUrl,
}

impl VideoFile {
    /// Opens `file` in `video`. What happens to it from then on comes to `on_event` by the name of
    /// the browser's event.
    fn open(
        file: File,
        video: HtmlVideoElement,
        number: u32,
        pending: Pending,
        on_event: impl Fn(&'static str) + Clone + 'static,
    ) -> Self {
        let name = file.name();
        let url = album::address(file);
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
            waits_unseen: Cell::new(false),
            is_rewound: Cell::new(false),
            pending: Cell::new(Some(pending)),
            _listeners: listeners,
            _url: url,
        }
    }

    /// Where it plays.
    pub fn video(&self) -> &HtmlVideoElement {
        &self.video
    }
}

impl Drop for VideoFile {
    fn drop(&mut self) {
        let _ = self.video.pause();
        // Without an address and told to load, the element forgets what it has decoded.
        let _ = self.video.remove_attribute("src");
        self.video.load();
    }
}

/// How far the video is, for what is drawn of it.
#[derive(Clone, Copy)]
pub struct Playback {
    /// Seconds from the video's beginning.
    pub seconds: RwSignal<f64>,
    /// Seconds in all; zero while that is unknown.
    pub duration: RwSignal<f64>,
    /// Whether it stands still.
    pub paused: RwSignal<bool>,
    /// Whether it is at its end.
    pub ended: RwSignal<bool>,
    /// Seconds of the video a second.
    pub speed: RwSignal<f64>,
    /// The file. Dropping it closes it.
    pub(super) file: StoredValue<Option<VideoFile>, LocalStorage>,
}

impl Default for Playback {
    fn default() -> Self {
        Self {
            seconds: RwSignal::new(0.0),
            duration: RwSignal::new(0.0),
            paused: RwSignal::new(true),
            ended: RwSignal::new(false),
            speed: RwSignal::new(1.0),
            file: StoredValue::new_local(None),
        }
    }
}

impl Playback {
    /// Opens a video in the page's video element, and plays it once its size and its length are
    /// known. `pending` is what the visitor waits for until then.
    pub(super) fn open(
        self,
        session: Session,
        file: File,
        video: HtmlVideoElement,
        pending: Pending,
    ) {
        let number = shared::next_number();
        let opened = VideoFile::open(file, video, number, pending, move |event| {
            // Later, so that a file may be dropped by what its own event leads to.
            spawn_local(async move { self.follow(session, number, event) });
        });
        self.file.set_value(Some(opened));
    }

    /// Lets go of the file.
    pub(super) fn close(self) {
        drop(self.file.try_update_value(Option::take));
    }

    /// Whether a file is open, also one that does not play yet.
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
                "seeked" if !is_rewound => video.set_current_time(0.0),
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
        video.set_default_playback_rate(self.speed.get_untracked());
        video.set_playback_rate(self.speed.get_untracked());
        if video.duration() > LONG_SECONDS {
            session.tell(Notice::news("video-long", Message::new("video-long")));
        }
        self.play();
    }

    /// Plays on, or pauses.
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

    /// Goes to a time of the video, in seconds from its beginning.
    pub fn seek(self, seconds: f64) {
        self.file.with_value(|file| {
            if let Some(file) = file {
                file.video.set_current_time(seconds);
            }
        });
        self.seconds.set(seconds);
    }

    /// Plays so many seconds of the video a second, this one and those after it.
    pub fn set_speed(self, speed: f64) {
        self.speed.set(speed);
        self.file.with_value(|file| {
            if let Some(file) = file {
                file.video.set_default_playback_rate(speed);
                file.video.set_playback_rate(speed);
            }
        });
    }

    /// Holds a video that plays while the page cannot be seen, since no frame of it would be read,
    /// and lets it go on afterwards.
    pub fn see(self, is_seen: bool) {
        let goes_on = self.file.with_value(|file| {
            let Some(file) = file else {
                return false;
            };
            let video = file.video();
            if !is_seen && !video.paused() {
                // Fails for no element that plays.
                let _ = video.pause();
                file.waits_unseen.set(true);
            }
            is_seen && file.waits_unseen.take()
        });
        if goes_on {
            self.play();
        }
    }

    /// Plays on, or from the beginning where the end was reached; where the page cannot be seen, as
    /// soon as it can.
    pub fn play(self) {
        let promise = self.file.try_with_value(|file| {
            let file = file.as_ref()?;
            if document().hidden() {
                file.waits_unseen.set(true);
                return None;
            }
            file.video().play().ok()
        });
        // It only reports an interruption by a quick stop.
        if let Some(promise) = promise.flatten() {
            spawn_local(async move {
                let _ = JsFuture::from(promise).await;
            });
        }
    }
}

/// Zero for a duration that is not known.
fn finite(seconds: f64) -> f64 {
    if seconds.is_finite() { seconds } else { 0.0 }
}
