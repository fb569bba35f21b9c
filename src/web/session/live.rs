//! Streams, from the camera or from a video file: one frame in flight, the newest wins, and an end
//! that is really one.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlVideoElement;

use super::{Held, InFlight, Session, Source};
use crate::page::protocol::{Moment, RequestHead};
use crate::page::state::PageState;
use crate::page::words::advice::CameraError;
use crate::page::words::message::Message;
use crate::page::words::notice::Notice;
use crate::platform;
use crate::web::engine::shared;
use crate::web::input::camera;
use crate::web::input::camera::{Camera, CameraEvent};
use crate::web::input::capture::Capture;

/// At least so long from one captured frame to the next: fifteen readings a second are more than
/// anyone can follow, and the device rests in between.
const FRAME_INTERVAL_MILLIS: f64 = 66.0;

impl Session {
    /// Asks for the camera, or first for the visitor's consent to it. Call it from a click only.
    pub fn start_camera(self) {
        let running = self
            .source
            .with_untracked(|source| matches!(source, Source::Camera | Source::CameraAsked));
        if running || !self.state.with_untracked(|state| state.is_ready()) {
            return;
        }
        if !self.consent.given.get_untracked() {
            self.consent.asked.set(true);
            return;
        }
        self.record.unshare();
        self.clear();
        self.source.set(Source::CameraAsked);
        self.open_camera();
    }

    /// Closes the camera that runs and opens the chosen one in its place.
    pub(super) fn reopen_camera(self) {
        let closed = self.held.try_update_value(|held| {
            held.in_flight = None;
            held.camera.take()
        });
        drop(closed);
        self.reading.set(None);
        self.open_camera();
    }

    fn open_camera(self) {
        let wish = self.wish();
        self.camera.paused.set(false);
        self.camera_muted(false);
        let chosen = self.camera.chosen.get_untracked();
        spawn_local(async move {
            let stream = Camera::request(chosen.as_deref()).await;
            let video = self.video.try_get_untracked().flatten();
            match (stream, video) {
                (Ok(stream), Some(video)) if self.is_wanted(wish) => {
                    let on_event = move |event| match event {
                        CameraEvent::Ended => self.camera_failed(&CameraError::Ended),
                        CameraEvent::Muted => self.camera_muted(true),
                        CameraEvent::Unmuted => self.camera_muted(false),
                    };
                    let on_changed = move || self.learn_cameras();
                    let camera = Camera::play(stream, video, on_event, on_changed);
                    let is_muted = camera.is_muted();
                    self.held.update_value(|held| held.camera = Some(camera));
                    self.note_camera();
                    self.begin_stream(Source::Camera);
                    self.camera_muted(is_muted);
                }
                // Granted too late: nobody wants it any more.
                (Ok(stream), _) => camera::stop(&stream),
                (Err(error), _) if self.is_wanted(wish) => self.camera_failed(&error),
                (Err(_), _) => (),
            }
        });
    }

    /// Shows what plays in the video element and reads its frames from now on, as a new stream. Faces are
    /// numbered anew in it, so what is known of a face by its number ends, and so does what may be handed
    /// out.
    pub(super) fn begin_stream(self, source: Source) {
        self.baseline.forget();
        self.record.unshare();
        self.held.update_value(|held| {
            held.stream = shared::next_number();
            held.stream_started_millis = platform::now_millis();
            (held.highest_number, held.numbered_before) = (0, 0);
        });
        self.details.reset();
        self.source.set(source);
        self.schedule_frame();
    }

    /// Closes the camera, or takes the question back, and returns to the invitation. Without a
    /// camera it does nothing.
    pub fn stop_camera(self) {
        let source = self.source.try_get_untracked();
        if matches!(source, Some(Source::Camera | Source::CameraAsked)) {
            self.stop_stream();
        }
    }

    /// Closes whatever plays, camera or video file, and a file that does not play yet, and returns to
    /// the invitation. Where there is nothing of it, it does nothing.
    pub fn stop_stream(self) {
        let source = self.source.try_get_untracked();
        let plays = source.is_some_and(|it| it.is_stream() || it == Source::CameraAsked);
        let opens = self.held.try_with_value(|held| held.video_file.is_some());
        if !plays && opens != Some(true) {
            return;
        }
        self.wish();
        let closed = self.held.try_update_value(|held| {
            held.announcer.forget();
            (held.camera.take(), held.video_file.take())
        });
        drop(closed);
        self.camera_muted(false);
        self.baseline.forget();
        self.source.set(Source::Nothing);
        self.reading.set(None);
        self.said.set(vec![]);
    }

    /// Closes the camera because nobody is looking, and says so.
    pub fn stop_camera_unseen(self) {
        if matches!(
            self.source.get_untracked(),
            Source::Camera | Source::CameraAsked
        ) {
            self.stop_camera();
            let notice = Notice::news("camera-hidden", Message::new("camera-hidden"));
            self.notice.set(Some(notice.offering_camera()));
        }
    }

    /// A frame could not be taken from what plays, which ends.
    fn capture_failed(self, reason: String) {
        let is_video = |source: &Source| matches!(source, Source::Video { .. });
        match self.source.with_untracked(is_video) {
            true => self.video_failed("video-unreadable", Some(reason)),
            false => self.camera_failed(&CameraError::Other(reason)),
        }
    }

    fn camera_failed(self, error: &CameraError) {
        self.stop_camera();
        let notice = Notice::error(error.code(), Message::new(error.code()));
        let notice = notice.with_detail(error.detail()).offering_camera();
        self.notice.set(Some(notice));
    }

    /// Reads the stream's next frame when the browser paints next. In a hidden tab that is never.
    pub(super) fn schedule_frame(self) {
        let wish = self.held.try_update_value(|held| {
            let is_new = held.scheduled.replace(held.wish) != Some(held.wish);
            is_new.then_some(held.wish)
        });
        let Some(wish) = wish.flatten() else { return };
        request_animation_frame(move || {
            let is_wanted = self.held.try_update_value(|held| {
                held.scheduled.take_if(|scheduled| *scheduled == wish);
                held.wish == wish
            });
            // What plays while an engine starts is read once that is ready.
            let goes_on = is_wanted == Some(true)
                && self.state.with_untracked(PageState::is_ready)
                && !self.is_paused();
            if goes_on && self.source.with_untracked(Source::is_stream) {
                self.read_frame();
            }
        });
    }

    fn read_frame(self) {
        let now = platform::now_millis();
        let mut stands_still = false;
        let frame = self.held.try_update_value(|held| {
            if held.in_flight.is_some() || now - held.last_frame_millis < FRAME_INTERVAL_MILLIS {
                return Ok(None);
            }
            if held.capture.is_none() {
                held.capture = Some(Capture::new()?);
            }
            let Some((video, at)) = held.playing(now) else {
                return Ok(None);
            };
            // A video that stands still is read once; its events go on from there.
            stands_still = video.paused() && held.last_moment == Some(at);
            if stands_still {
                return Ok(None);
            }
            let frame = match &held.capture {
                Some(capture) => capture.take(video)?,
                None => None,
            };
            Ok::<_, JsValue>(frame.map(|frame| (frame, at)))
        });
        match frame {
            Some(Ok(Some((frame, at)))) => {
                let id = shared::next_number();
                self.held.update_value(|held| {
                    held.in_flight = Some(InFlight::Frame { id, at });
                    held.last_frame_millis = now;
                    held.last_moment = Some(at);
                });
                let head = RequestHead::Frame {
                    id,
                    width: frame.width,
                    height: frame.height,
                    at: Some(at),
                    ask: self
                        .ask
                        .get_untracked()
                        .with_attention(self.attention.is_shown()),
                };
                self.details.sent(now);
                self.send(id, &head, &frame.rgba);
            }
            Some(Ok(None)) if stands_still => (),
            Some(Ok(None)) => self.schedule_frame(),
            Some(Err(error)) => self.capture_failed(format!("{error:?}")),
            None => (),
        }
    }

    /// Says what the camera or the video shows, when that is stable and not too often.
    pub(super) fn say_live(self, said: Vec<Message>) {
        let now = platform::now_millis();
        let due = self
            .held
            .try_update_value(|held| held.announcer.see(now, said));
        if let Some(said) = due.flatten() {
            self.said.set(said);
        }
    }
}

impl Held {
    /// Where the stream plays, and the moment that it shows.
    fn playing(&self, now_millis: f64) -> Option<(&HtmlVideoElement, Moment)> {
        let (video, seconds) = match (&self.camera, &self.video_file) {
            (Some(camera), _) => (
                camera.video(),
                (now_millis - self.stream_started_millis) / 1000.0,
            ),
            (None, Some(file)) => (file.video(), file.video().current_time()),
            (None, None) => return None,
        };
        let stream = self.stream;
        Some((video, Moment { stream, seconds }))
    }
}
