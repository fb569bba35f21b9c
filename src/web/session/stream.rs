//! Streams, from the camera or from a video file: the newest frame is read as soon as the engine is
//! free, and closing a stream releases the camera or the file.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlVideoElement;

use super::record::StreamInfo;
use super::{Reading, Session, Source, VideoFile};
use crate::page::corrections::Corrections;
use crate::page::engine_handle::{Answer, ReadError};
use crate::page::state::FrameTimestamp;
use crate::page::words::advice::CameraError;
use crate::page::words::message::Message;
use crate::page::words::notice::Notice;
use crate::page::words::verdict;
use crate::pipeline::Live;
use crate::web::engine::{loader, shared};
use crate::web::input::camera;
use crate::web::input::camera::{Camera, CameraEvent};
use crate::web::input::capture;
use crate::web::input::capture::Capture;
use crate::web::task::{Task, animation_frame};
use crate::{pipeline, platform};

/// Minimum time between two captured frames: fifteen readings a second are more than anyone can
/// follow, and the device rests in between.
const FRAME_INTERVAL_MILLIS: f64 = 66.0;

/// The current or the last stream.
#[derive(Default)]
pub(super) struct Stream {
    number: u32,
    /// Time of its start, the origin of the camera's clock.
    started_millis: f64,
    /// Follows and smooths the faces of the stream.
    pub(super) live: Live,
    /// Time of the last frame that was read.
    last_moment: Option<FrameTimestamp>,
    last_frame_millis: f64,
    /// The task that reads frames; `None` while there are none to read.
    frames: Option<Task>,
    /// Id of the current request for a camera; other requests are obsolete.
    camera_request: Option<u32>,
}

impl Stream {
    /// Stops reading frames and cancels the request for a camera.
    pub(super) fn cease(&mut self) {
        self.frames = None;
        self.camera_request = None;
    }
}

impl Session {
    /// Opens the camera, or first asks for the visitor's consent. Must be called from a click.
    pub fn start_camera(self) {
        let running = self
            .stage
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
        self.stage.source.set(Source::CameraAsked);
        self.open_camera();
    }

    /// Switches to another camera. The running one is closed first, because many devices can open
    /// only one at a time.
    pub fn choose_camera(self, id: String) {
        self.stage.camera.chosen.set(Some(id));
        if self.stage.source.with_untracked(|it| *it == Source::Camera) {
            self.stage.camera.close();
            self.stage.reading.set(None);
            self.open_camera();
        }
    }

    fn open_camera(self) {
        self.supersede();
        self.stage.camera.paused.set(false);
        self.camera_muted(false);
        let chosen = self.stage.camera.chosen.get_untracked();
        let request = shared::next_number();
        self.held
            .update_value(|held| held.stream.camera_request = Some(request));
        let is_wanted = move || {
            let current = self.held.try_with_value(|it| it.stream.camera_request);
            current.flatten() == Some(request)
        };
        if !capture::is_readable() {
            return self.camera_failed(&CameraError::CanvasWithheld);
        }
        // Always runs to its end, because a camera that is granted too late has to be closed.
        spawn_local(async move {
            let stream = Camera::request(chosen.as_deref()).await;
            let video = self.stage.video.try_get_untracked().flatten();
            match (stream, video) {
                (Ok(stream), Some(video)) if is_wanted() => {
                    let on_event = move |event| match event {
                        CameraEvent::Ended => self.camera_failed(&CameraError::Ended),
                        CameraEvent::Muted => self.camera_muted(true),
                        CameraEvent::Unmuted => self.camera_muted(false),
                    };
                    let on_changed = move || self.stage.camera.list_devices();
                    let camera = Camera::play(stream, video, on_event, on_changed);
                    let is_muted = camera.is_muted();
                    self.stage.camera.opened(camera);
                    self.begin_stream(Source::Camera);
                    self.camera_muted(is_muted);
                }
                (Ok(stream), _) => camera::stop(&stream),
                (Err(error), _) if is_wanted() => self.camera_failed(&error),
                (Err(_), _) => (),
            }
        });
    }

    /// Shows what plays in the video element and reads its frames, as a new stream. Faces are
    /// numbered anew, so the baselines are dropped, and so are the readings shared so far.
    pub(super) fn begin_stream(self, source: Source) {
        self.baseline.forget();
        self.record.unshare();
        self.held.update_value(|held| {
            held.stream = Stream {
                number: shared::next_number(),
                started_millis: platform::now_millis(),
                ..Stream::default()
            };
        });
        self.details.reset();
        self.stage.forget_corrections();
        self.stage.source.set(source);
        self.read_frames();
    }

    /// Closes the camera, or cancels the request for it, and returns to the invitation. Does
    /// nothing without a camera.
    pub fn stop_camera(self) {
        let source = self.stage.source.try_get_untracked();
        if matches!(source, Some(Source::Camera | Source::CameraAsked)) {
            self.stop_stream();
        }
    }

    /// Closes the camera or the video file, even one that does not play yet, and returns to the
    /// invitation. Does nothing if there is neither.
    pub fn stop_stream(self) {
        let source = self.stage.source.try_get_untracked();
        let plays = source.is_some_and(|it| it.is_stream() || it == Source::CameraAsked);
        if !plays && !self.playback.is_open() {
            return;
        }
        self.supersede();
        self.stage.camera.close();
        self.playback.close();
        self.stage.source.set(Source::Nothing);
        self.camera_muted(false);
        self.baseline.forget();
        self.stage.reading.set(None);
        self.stage.forget_corrections();
        self.announcement.set(vec![]);
        self.held.update_value(|held| held.announcer.forget());
    }

    /// Closes the camera because the page is not visible, and shows a notice about it.
    pub fn stop_camera_unseen(self) {
        if matches!(
            self.stage.source.get_untracked(),
            Source::Camera | Source::CameraAsked
        ) {
            self.stop_camera();
            let notice = Notice::news("camera-hidden", Message::new("camera-hidden"));
            self.show_notice(notice.offering_camera());
        }
    }

    /// Pauses or resumes the camera's picture.
    pub fn toggle_pause(self) {
        if self.stage.source.with_untracked(|it| *it == Source::Camera) {
            self.stage
                .camera
                .pause(!self.stage.camera.paused.get_untracked());
            self.held.update_value(|held| held.stream.live.resume());
            self.read_frames();
        }
    }

    /// Sets whether the camera sends no picture. While it does not, a notice is shown and nothing
    /// is read.
    fn camera_muted(self, muted: bool) {
        if self.stage.camera.muted.get_untracked() == muted {
            return;
        }
        self.stage.camera.muted.set(muted);
        if !muted {
            self.remove_notice("camera-muted");
            self.read_frames();
            return;
        }
        // The last reading does not describe what is in front of the camera any more.
        self.held.update_value(|held| held.stream.frames = None);
        self.stage.reading.set(None);
        self.show_notice(Notice::news("camera-muted", Message::new("camera-muted")));
    }

    /// Closes the video and shows an error, with the browser's description if there is one.
    pub(super) fn video_failed(self, code: &'static str, detail: Option<String>) {
        self.clear();
        let notice = Notice::error(code, Message::new(code));
        self.show_notice(notice.with_detail(detail));
    }

    fn camera_failed(self, error: &CameraError) {
        self.stop_camera();
        let notice = Notice::error(error.code(), Message::new(error.code()));
        self.show_notice(notice.with_detail(error.detail()).offering_camera());
    }

    /// Ends the stream, because a frame could not be captured.
    fn capture_failed(self, reason: String) {
        let is_video = |source: &Source| matches!(source, Source::Video { .. });
        match self.stage.source.with_untracked(is_video) {
            true => self.video_failed("video-unreadable", Some(reason)),
            false => self.camera_failed(&CameraError::Other(reason)),
        }
    }

    /// Starts the task that reads frames as long as there are new ones, unless it is running. Must
    /// be called whenever there may be new frames again.
    pub(super) fn read_frames(self) {
        let is_stream = self.stage.source.try_with_untracked(Source::is_stream);
        let idle = self
            .held
            .try_with_value(|held| held.stream.frames.is_none());
        if is_stream != Some(true) || idle != Some(true) {
            return;
        }
        let frames = Task::spawn(async move {
            while self.read_frame().await {}
            self.held.try_update_value(|held| held.stream.frames = None);
        });
        self.held
            .update_value(|held| held.stream.frames = Some(frames));
    }

    /// Reads the next frame, at the browser's next animation frame and when the engine is free.
    /// Returns false if there are no new frames for now.
    async fn read_frame(self) -> bool {
        animation_frame().await;
        let now = platform::now_millis();
        if self.playing(now).is_none() {
            return false;
        }
        let last = self.held.with_value(|held| held.stream.last_frame_millis);
        if now - last < FRAME_INTERVAL_MILLIS {
            return true;
        }
        let Ok(turn) = self.turn().await else {
            return false;
        };
        let now = platform::now_millis();
        let (frame, at) = match self.playing(now) {
            Some((video, at)) => match self.capture(&video) {
                Ok(Some(frame)) => (frame, at),
                // The video has no frame yet.
                Ok(None) => return true,
                Err(error) => {
                    self.capture_failed(loader::text(&error));
                    return false;
                }
            },
            None => return false,
        };
        self.held.update_value(|held| {
            held.stream.last_frame_millis = now;
            held.stream.last_moment = Some(at);
        });
        self.details.sent(now);
        let mut options = self.options(pipeline::FrameSource::Camera);
        options.attention = self.stage.attention.get_untracked();
        options.added = self.stage.corrections.with_untracked(Corrections::added);
        match turn.read(frame, options).await {
            Ok(answer) => self.frame_read(answer, at),
            // Another engine takes over and will read the frame.
            Err(ReadError::Interrupted(_) | ReadError::Closed) => {
                self.held
                    .update_value(|held| held.stream.last_moment = None);
            }
            Err(ReadError::Picture(error)) => {
                self.stop_stream();
                self.show_notice(super::notice_of(&error));
                return false;
            }
            Err(ReadError::Engine(_)) => return false,
        }
        true
    }

    /// Returns the video element of the stream and the time that it shows; `None` if there is
    /// nothing new to read.
    fn playing(self, now_millis: f64) -> Option<(HtmlVideoElement, FrameTimestamp)> {
        let camera = self.stage.camera.running.try_with_value(|camera| {
            let camera = camera.as_ref()?;
            Some(camera.video().clone())
        })?;
        let file = self
            .playback
            .file
            .try_with_value(|file| file.as_ref().map(VideoFile::video).cloned())?;
        if camera.is_some() && self.stage.camera.is_frozen() {
            return None;
        }
        self.held.try_with_value(|held| {
            let stream = &held.stream;
            let (video, seconds) = match (camera, file) {
                (Some(video), _) => (video, (now_millis - stream.started_millis) / 1000.0),
                (None, Some(video)) => {
                    let seconds = video.current_time();
                    (video, seconds)
                }
                (None, None) => return None,
            };
            let at = FrameTimestamp {
                stream: stream.number,
                seconds,
            };
            // A paused video is read once; its events start reading again.
            let is_new = !video.paused() || stream.last_moment != Some(at);
            is_new.then_some((video, at))
        })?
    }

    fn capture(self, video: &HtmlVideoElement) -> Result<Option<super::Pixels>, JsValue> {
        let taken = self.held.try_update_value(|held| {
            if held.capture.is_none() {
                held.capture = Some(Capture::new()?);
            }
            match &held.capture {
                Some(capture) => capture.take(video),
                None => Ok(None),
            }
        });
        taken.unwrap_or(Ok(None))
    }

    fn frame_read(self, answer: Answer, at: FrameTimestamp) {
        let smoothing_seconds = self.settings.with_value(|it| it.smoothing_seconds);
        let mut answer = answer;
        self.held.update_value(|held| {
            let live = &mut held.stream.live;
            live.smooth_over(smoothing_seconds);
            answer.analysis = live.follow(std::mem::take(&mut answer.analysis), at.seconds);
        });
        let mut reading = Reading::new(answer, Some(at));
        let info = self.stage.source.with_untracked(|source| match source {
            Source::Video { name, .. } => StreamInfo {
                name: Some(name.clone()),
                playback_rate: self.playback.playback_rate.get_untracked(),
            },
            _ => StreamInfo {
                name: None,
                playback_rate: 1.0,
            },
        });
        let neutral = untrack(|| self.neutral());
        if let Some(neutral) = neutral.filter(|_| info.name.is_none()) {
            reading = self.baseline.compare(reading, &neutral);
        }
        self.details.answered(&reading);
        let is_compared = |face| untrack(|| self.baseline.is_kept(face));
        let shares = untrack(|| self.consent.shares_camera());
        self.record.push(&reading, info, is_compared, shares);
        let said = verdict::summary(&reading.analysis);
        self.stage.reading.set(Some(reading));
        // Announced only when it is stable, and not too often.
        let now = platform::now_millis();
        let due = self
            .held
            .try_update_value(|held| held.announcer.see(now, said));
        if let Some(said) = due.flatten() {
            self.announcement.set(said);
        }
    }
}
