//! A video file: opened in the page's video element, played, and let go of.

use std::cell::Cell;

use gloo::events::EventListener;
use gloo::file::ObjectUrl;
use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, HtmlVideoElement};

use super::intake::Waiting;
use super::{Session, Source, album};
use crate::page::protocol::error_code::ErrorCode;
use crate::page::words::advice;
use crate::page::words::message::Message;
use crate::page::words::notice::Notice;

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
    video: HtmlVideoElement,
    name: String,
    /// Whether it goes on as soon as the page is seen.
    waits_unseen: Cell<bool>,
    /// Whether it went back to its beginning, which may lie after 0, once its length was known.
    is_rewound: Cell<bool>,
    _listeners: Vec<EventListener>,
    _url: ObjectUrl,
}

impl VideoFile {
    /// Opens `file` in `video`. What happens to it from then on comes to `on_event` by the name of
    /// the browser's event.
    fn open(
        file: File,
        video: HtmlVideoElement,
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
            video,
            name,
            waits_unseen: Cell::new(false),
            is_rewound: Cell::new(false),
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
}

impl Default for Playback {
    fn default() -> Self {
        Self {
            seconds: RwSignal::new(0.0),
            duration: RwSignal::new(0.0),
            paused: RwSignal::new(true),
            ended: RwSignal::new(false),
            speed: RwSignal::new(1.0),
        }
    }
}

impl Session {
    /// Plays a video file and reads its frames.
    pub fn open_video(self, file: File) {
        if file.size() == 0.0 {
            self.tell_error(
                ErrorCode::EmptyFile.name(),
                advice::remedy(ErrorCode::EmptyFile),
            );
            return;
        }
        self.clear();
        if !self.state.with_untracked(|state| state.is_ready()) {
            self.busy.set(true);
            self.held
                .update_value(|held| held.waiting = Some(Waiting::Video(file)));
            return;
        }
        let Some(video) = self.video.get_untracked() else {
            return;
        };
        let wish = self.wish();
        self.busy.set(true);
        let file = VideoFile::open(file, video, move |event| {
            if self.is_wanted(wish) {
                // Later, so that a file may be dropped by what its own event leads to.
                spawn_local(async move { self.follow_video(wish, event) });
            }
        });
        self.held.update_value(|held| held.video_file = Some(file));
    }

    fn follow_video(self, wish: u32, event: &str) {
        let video = self.held.try_with_value(|held| {
            let file = held.video_file.as_ref().filter(|_| held.wish == wish);
            let is_rewound = |file: &VideoFile| event == "seeked" && file.is_rewound.replace(true);
            file.map(|file| (file.video.clone(), file.name.clone(), is_rewound(file)))
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
            self.video_failed(code, None);
            return;
        }
        let plays = self
            .source
            .with_untracked(|source| matches!(source, Source::Video { .. }));
        if !plays {
            match event {
                "loadedmetadata" if video.video_width() == 0 => {
                    self.video_failed("video-no-picture", None);
                }
                "loadedmetadata" if !video.duration().is_finite() => {
                    video.set_current_time(BEHIND_THE_END);
                }
                "seeked" if !is_rewound => video.set_current_time(0.0),
                "loadedmetadata" | "seeked" => self.video_opened(&video, name),
                _ => (),
            }
            return;
        }
        let Playback {
            seconds,
            duration,
            paused,
            ended,
            ..
        } = self.playback;
        seconds.set(video.current_time());
        duration.set(finite(video.duration()));
        paused.set(video.paused());
        ended.set(video.ended());
        self.schedule_frame();
    }

    fn video_opened(self, video: &HtmlVideoElement, name: String) {
        self.busy.set(false);
        self.begin_stream(Source::Video {
            name,
            width: video.video_width(),
            height: video.video_height(),
        });
        let Playback {
            duration, speed, ..
        } = self.playback;
        duration.set(finite(video.duration()));
        video.set_default_playback_rate(speed.get_untracked());
        video.set_playback_rate(speed.get_untracked());
        if video.duration() > LONG_SECONDS {
            self.notice
                .set(Some(Notice::news("video-long", Message::new("video-long"))));
        }
        self.play_video();
    }

    /// Lets go of the video and says why, and what the browser says of it.
    pub(super) fn video_failed(self, code: &'static str, detail: Option<String>) {
        self.clear();
        let notice = Notice::error(code, Message::new(code));
        self.notice.set(Some(notice.with_detail(detail)));
    }

    /// Plays on, or pauses.
    pub fn toggle_video(self) {
        let paused = self.held.with_value(|held| {
            let video = held.video_file.as_ref().map(VideoFile::video);
            let plays = video.filter(|video| !video.paused());
            plays.is_some_and(|video| video.pause().is_ok())
        });
        if !paused {
            self.play_video();
        }
    }

    /// Goes to a time of the video, in seconds from its beginning.
    pub fn seek_video(self, seconds: f64) {
        self.held.with_value(|held| {
            if let Some(file) = &held.video_file {
                file.video.set_current_time(seconds);
            }
        });
        self.playback.seconds.set(seconds);
    }

    /// Plays so many seconds of the video a second, this one and those after it.
    pub fn set_video_speed(self, speed: f64) {
        self.playback.speed.set(speed);
        self.held.with_value(|held| {
            if let Some(file) = &held.video_file {
                file.video.set_default_playback_rate(speed);
                file.video.set_playback_rate(speed);
            }
        });
    }

    /// Holds a video that plays while the page cannot be seen, since no frame of it would be read,
    /// and lets it go on afterwards.
    pub fn see_video(self, is_seen: bool) {
        let goes_on = self.held.with_value(|held| {
            let Some(file) = &held.video_file else {
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
            self.play_video();
        }
    }

    /// Plays on, or from the beginning where the end was reached; where the page cannot be seen, as
    /// soon as it can.
    pub fn play_video(self) {
        let promise = self.held.try_with_value(|held| {
            let file = held.video_file.as_ref()?;
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
