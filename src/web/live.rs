//! The camera loop: one frame in flight, the newest wins, and an end that is really one.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::advice::{self, CameraError};
use super::camera::{self, Camera};
use super::capture::Capture;
use super::protocol::RequestHead;
use super::session::{InFlight, Notice, Session, Source};
use crate::platform;

/// At least so long from one captured frame to the next: fifteen readings a second are more than
/// anyone can follow, and the device rests in between.
const FRAME_INTERVAL_MILLIS: f64 = 66.0;
/// At least so long from one spoken summary to the next.
const SAY_INTERVAL_MILLIS: f64 = 3000.0;

impl Session {
    /// Asks for the camera. Call it from a click only: starting it is the visitor's consent.
    pub fn start_camera(self) {
        let running = self
            .source
            .with_untracked(|source| matches!(source, Source::Camera | Source::CameraAsked));
        if running || !self.state.with_untracked(|state| state.is_ready()) {
            return;
        }
        self.clear();
        let wish = self.wish();
        self.source.set(Source::CameraAsked);
        spawn_local(async move {
            let stream = Camera::request().await;
            let video = self.video.try_get_untracked().flatten();
            match (stream, video) {
                (Ok(stream), Some(video)) if self.is_wanted(wish) => {
                    let on_ended = move || self.camera_failed(&CameraError::Ended);
                    let camera = Camera::play(stream, video, on_ended);
                    self.held.update_value(|held| held.camera = Some(camera));
                    self.source.set(Source::Camera);
                    self.schedule_frame();
                }
                // Granted too late: nobody wants it any more.
                (Ok(stream), _) => camera::stop(&stream),
                (Err(error), _) if self.is_wanted(wish) => self.camera_failed(&error),
                (Err(_), _) => (),
            }
        });
    }

    /// Closes the camera, or takes the question back, and returns to the invitation. Without a
    /// camera it does nothing.
    pub fn stop_camera(self) {
        let source = self.source.try_get_untracked();
        if !matches!(source, Some(Source::Camera | Source::CameraAsked)) {
            return;
        }
        let camera = self.held.try_update_value(|held| {
            held.wish += 1;
            held.in_flight = None;
            held.camera.take()
        });
        drop(camera);
        self.source.set(Source::Nothing);
        self.reading.set(None);
        self.said.set(String::new());
    }

    /// Closes the camera because nobody is looking, and says so.
    pub fn stop_camera_unseen(self) {
        if matches!(
            self.source.get_untracked(),
            Source::Camera | Source::CameraAsked
        ) {
            self.stop_camera();
            self.notice.set(Some(Notice {
                code: "camera-hidden",
                message: advice::STOPPED_HIDDEN.to_owned(),
                is_error: false,
                offers_camera: true,
            }));
        }
    }

    fn camera_failed(self, error: &CameraError) {
        self.stop_camera();
        self.notice.set(Some(Notice {
            code: error.code(),
            message: error.to_string(),
            is_error: true,
            offers_camera: true,
        }));
    }

    /// Reads the camera's next frame when the browser paints next. In a hidden tab that is never.
    pub(super) fn schedule_frame(self) {
        let wish = self
            .held
            .try_with_value(|held| held.wish)
            .unwrap_or_default();
        request_animation_frame(move || {
            if self.is_wanted(wish) && self.source.get_untracked() == Source::Camera {
                self.read_frame();
            }
        });
    }

    fn read_frame(self) {
        let now = platform::now_millis();
        let frame = self.held.try_update_value(|held| {
            if held.in_flight.is_some() || now - held.last_frame_millis < FRAME_INTERVAL_MILLIS {
                return Ok(None);
            }
            if held.capture.is_none() {
                held.capture = Some(Capture::new()?);
            }
            match (&held.capture, &held.camera) {
                (Some(capture), Some(camera)) => capture.take(camera.video()),
                _ => Ok(None),
            }
        });
        match frame {
            Some(Ok(Some(frame))) => {
                let id = self.next_id();
                self.held.update_value(|held| {
                    held.in_flight = Some(InFlight::Frame { id });
                    held.last_frame_millis = now;
                });
                let (width, height) = (frame.width, frame.height);
                self.send(&RequestHead::Frame { id, width, height }, Some(&frame.rgba));
            }
            Some(Ok(None)) => self.schedule_frame(),
            Some(Err(error)) => self.camera_failed(&CameraError::Other(format!("{error:?}"))),
            None => (),
        }
    }

    /// Says what the camera shows, when that changed and not too often.
    pub(super) fn say_live(self, said: String) {
        let now = platform::now_millis();
        let due = self.held.try_update_value(|held| {
            let due = now - held.last_said_millis >= SAY_INTERVAL_MILLIS;
            if due {
                held.last_said_millis = now;
            }
            due
        });
        if due == Some(true) && self.said.with_untracked(|before| *before != said) {
            self.said.set(said);
        }
    }
}
