//! Streams, from the camera or from a video file: the newest frame is read as soon as the engine is
//! free, and an end that is really one.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlVideoElement;

use super::record::Film;
use super::{Reading, Session, Source, VideoFile};
use crate::page::engine_handle::{Answer, ReadError};
use crate::page::state::FrameTimestamp;
use crate::page::words::advice::CameraError;
use crate::page::words::message::Message;
use crate::page::words::notice::Notice;
use crate::page::words::verdict;
use crate::pipeline::Live;
use crate::web::engine::shared;
use crate::web::input::camera;
use crate::web::input::camera::{Camera, CameraEvent};
use crate::web::input::capture::Capture;
use crate::web::task::{Task, animation_frame};
use crate::{pipeline, platform};

/// At least so long from one captured frame to the next: fifteen readings a second are more than
/// anyone can follow, and the device rests in between.
const FRAME_INTERVAL_MILLIS: f64 = 66.0;

/// The stream that plays, or played last.
#[derive(Default)]
pub(super) struct Stream {
    number: u32,
    /// When it was started, for one that has no clock of its own.
    started_millis: f64,
    /// Whose face is which in it.
    live: Live,
    /// Of the frame that was read last.
    last_moment: Option<FrameTimestamp>,
    last_frame_millis: f64,
    /// Reads its frames; absent while there is none to read.
    frames: Option<Task>,
    /// Tells the camera that is being asked for from one that nobody wants any more.
    camera_request: Option<u32>,
}

impl Stream {
    /// Asks for nothing any more.
    pub(super) fn cease(&mut self) {
        self.frames = None;
        self.camera_request = None;
    }
}

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

    /// Takes another camera: the one that runs is closed first, since many devices open only one.
    pub fn choose_camera(self, id: String) {
        self.camera.chosen.set(Some(id));
        if self.source.with_untracked(|it| *it == Source::Camera) {
            self.camera.close();
            self.reading.set(None);
            self.open_camera();
        }
    }

    fn open_camera(self) {
        self.supersede();
        self.camera.paused.set(false);
        self.camera_muted(false);
        let chosen = self.camera.chosen.get_untracked();
        let request = shared::next_number();
        self.held
            .update_value(|held| held.stream.camera_request = Some(request));
        let is_wanted = move || {
            let current = self.held.try_with_value(|it| it.stream.camera_request);
            current.flatten() == Some(request)
        };
        // To its end, wanted or not: a camera that is granted too late has to be closed.
        spawn_local(async move {
            let stream = Camera::request(chosen.as_deref()).await;
            let video = self.video.try_get_untracked().flatten();
            match (stream, video) {
                (Ok(stream), Some(video)) if is_wanted() => {
                    let on_event = move |event| match event {
                        CameraEvent::Ended => self.camera_failed(&CameraError::Ended),
                        CameraEvent::Muted => self.camera_muted(true),
                        CameraEvent::Unmuted => self.camera_muted(false),
                    };
                    let on_changed = move || self.camera.list_devices();
                    let camera = Camera::play(stream, video, on_event, on_changed);
                    let is_muted = camera.is_muted();
                    self.camera.opened(camera);
                    self.begin_stream(Source::Camera);
                    self.camera_muted(is_muted);
                }
                (Ok(stream), _) => camera::stop(&stream),
                (Err(error), _) if is_wanted() => self.camera_failed(&error),
                (Err(_), _) => (),
            }
        });
    }

    /// Shows what plays in the video element and reads its frames from now on, as a new stream.
    /// Faces are numbered anew in it, so what is known of a face by its number ends, and so does
    /// what may be handed out.
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
        self.source.set(source);
        self.read_frames();
    }

    /// Closes the camera, or takes the question back, and returns to the invitation. Without a
    /// camera it does nothing.
    pub fn stop_camera(self) {
        let source = self.source.try_get_untracked();
        if matches!(source, Some(Source::Camera | Source::CameraAsked)) {
            self.stop_stream();
        }
    }

    /// Closes whatever plays, camera or video file, and a file that does not play yet, and returns
    /// to the invitation. Where there is nothing of it, it does nothing.
    pub fn stop_stream(self) {
        let source = self.source.try_get_untracked();
        let plays = source.is_some_and(|it| it.is_stream() || it == Source::CameraAsked);
        if !plays && !self.playback.is_open() {
            return;
        }
        self.supersede();
        self.camera.close();
        self.playback.close();
        self.source.set(Source::Nothing);
        self.camera_muted(false);
        self.baseline.forget();
        self.reading.set(None);
        self.said.set(vec![]);
        self.held.update_value(|held| held.announcer.forget());
    }

    /// Closes the camera because nobody is looking, and says so.
    pub fn stop_camera_unseen(self) {
        if matches!(
            self.source.get_untracked(),
            Source::Camera | Source::CameraAsked
        ) {
            self.stop_camera();
            let notice = Notice::news("camera-hidden", Message::new("camera-hidden"));
            self.tell(notice.offering_camera());
        }
    }

    /// Freezes the camera's picture, or lets it go on.
    pub fn toggle_pause(self) {
        if self.source.with_untracked(|it| *it == Source::Camera) {
            self.camera.pause(!self.camera.paused.get_untracked());
            self.read_frames();
        }
    }

    /// Says that the camera sends no picture, and reads none, for as long as that lasts.
    fn camera_muted(self, muted: bool) {
        if self.camera.muted.get_untracked() == muted {
            return;
        }
        self.camera.muted.set(muted);
        if !muted {
            self.take_back("camera-muted");
            self.read_frames();
            return;
        }
        // What was seen last is not what is before the camera now.
        self.held.update_value(|held| held.stream.frames = None);
        self.reading.set(None);
        self.tell(Notice::news("camera-muted", Message::new("camera-muted")));
    }

    /// Lets go of the video and says why, and what the browser says of it.
    pub(super) fn video_failed(self, code: &'static str, detail: Option<String>) {
        self.clear();
        let notice = Notice::error(code, Message::new(code));
        self.tell(notice.with_detail(detail));
    }

    fn camera_failed(self, error: &CameraError) {
        self.stop_camera();
        let notice = Notice::error(error.code(), Message::new(error.code()));
        self.tell(notice.with_detail(error.detail()).offering_camera());
    }

    /// A frame could not be taken from what plays, which ends.
    fn capture_failed(self, reason: String) {
        let is_video = |source: &Source| matches!(source, Source::Video { .. });
        match self.source.with_untracked(is_video) {
            true => self.video_failed("video-unreadable", Some(reason)),
            false => self.camera_failed(&CameraError::Other(reason)),
        }
    }

    /// Reads frames for as long as there are new ones, unless that is under way. To be called
    /// whenever there may be new ones again.
    pub(super) fn read_frames(self) {
        let is_stream = self.source.try_with_untracked(Source::is_stream);
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

    /// Reads the next frame, as soon as the browser paints and the engine is free. False where
    /// there will be none for the time being.
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
                // It has no picture yet.
                Ok(None) => return true,
                Err(error) => {
                    self.capture_failed(format!("{error:?}"));
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
        options.attention = self.attention.is_shown();
        match turn.read(frame, options).await {
            Ok(answer) => self.frame_read(answer, at),
            // Another engine takes over, and reads it.
            Err(ReadError::Interrupted(_) | ReadError::Closed) => {
                self.held
                    .update_value(|held| held.stream.last_moment = None);
            }
            Err(ReadError::Picture(error)) => {
                self.stop_stream();
                self.tell(super::notice_of(&error));
                return false;
            }
            Err(ReadError::Engine(_)) => return false,
        }
        true
    }

    /// Where the stream plays, and the moment that it shows; `None` where there is nothing new to
    /// read in it.
    fn playing(self, now_millis: f64) -> Option<(HtmlVideoElement, FrameTimestamp)> {
        let camera = self.camera.running.try_with_value(|camera| {
            let camera = camera.as_ref()?;
            Some(camera.video().clone())
        })?;
        let file = self
            .playback
            .file
            .try_with_value(|file| file.as_ref().map(VideoFile::video).cloned())?;
        if camera.is_some() && self.camera.stands_still() {
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
            // A video that stands still is read once; its events go on from there.
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
        let film = self.source.with_untracked(|source| match source {
            Source::Video { name, .. } => Film {
                name: Some(name.clone()),
                speed: self.playback.speed.get_untracked(),
            },
            _ => Film {
                name: None,
                speed: 1.0,
            },
        });
        let neutral = untrack(|| self.neutral());
        if let Some(neutral) = neutral.filter(|_| film.name.is_none()) {
            reading = self.baseline.compare(reading, &neutral);
        }
        self.details.answered(&reading);
        let is_compared = |face| untrack(|| self.baseline.is_kept(face));
        let shares = untrack(|| self.consent.shares_camera());
        self.record.push(&reading, film, is_compared, shares);
        let said = verdict::summary(&reading.analysis);
        self.reading.set(Some(reading));
        // Said when it is stable, and not too often.
        let now = platform::now_millis();
        let due = self
            .held
            .try_update_value(|held| held.announcer.see(now, said));
        if let Some(said) = due.flatten() {
            self.said.set(said);
        }
    }
}
