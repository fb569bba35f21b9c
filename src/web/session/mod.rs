//! The page's state and what the worker's messages do to it.

pub mod album;
pub mod baseline;
pub mod consent;
pub mod details;
pub mod intake;
pub mod language;
pub mod live;
pub mod numbers;
pub mod photo;
pub mod record;
pub mod sample;
pub mod settings;
pub mod video;

use leptos::html::Video;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use self::album::{Album, AlbumFiles};
use self::baseline::Baselines;
use self::consent::Consent;
use self::details::Details;
use self::intake::Waiting;
use self::record::Record;
use self::settings::CameraSettings;
use self::video::{Playback, VideoFile};
use super::attention::AttentionView;
use super::engine::place::EnginePlace;
use super::engine::shared;
use super::engine::shared::EngineShare;
use super::input::camera::Camera;
use super::input::capture::Capture;
use crate::page::protocol::{
    Ask, EngineChoice, ErrorCode, Moment, PictureId, RequestHead, Response,
};
use crate::page::state::{Failure, PageState};
use crate::page::words::announcer::Announcer;
use crate::page::words::message::Message;
use crate::page::words::{Language, advice, verdict};
use crate::pipeline::Analysis;

pub use crate::page::state::{Reading, Source};
pub use crate::page::words::notice::Notice;

/// The picture that is being read. Only the last one asked about counts.
enum InFlight {
    Photo {
        id: PictureId,
        url: gloo::file::ObjectUrl,
        name: String,
    },
    /// A photo among several, by its place.
    Album {
        id: PictureId,
        index: usize,
    },
    Frame {
        id: PictureId,
        at: Moment,
    },
}

impl InFlight {
    fn id(&self) -> PictureId {
        match self {
            Self::Photo { id, .. } | Self::Album { id, .. } | Self::Frame { id, .. } => *id,
        }
    }
}

/// What is held and never shown.
#[derive(Default)]
struct Held {
    pub engine: Option<EngineShare>,
    /// Where engines come from; absent where the browser gives the page no address.
    pub place: Option<EnginePlace>,
    pub camera: Option<Camera>,
    pub video_file: Option<VideoFile>,
    /// The number of the stream that plays, or played last.
    pub stream: u32,
    /// The highest number of a face in it so far.
    pub highest_number: u32,
    /// What that was when the engine took over which computes now; every engine counts from 1.
    pub numbered_before: u32,
    /// When it was started, for one that has no clock of its own.
    pub stream_started_millis: f64,
    /// The wish for which a frame is to be read when the browser paints next.
    pub scheduled: Option<u32>,
    /// Of the frame that was taken last.
    pub last_moment: Option<Moment>,
    pub capture: Option<Capture>,
    pub in_flight: Option<InFlight>,
    /// Keeps the shown photo's address alive.
    pub shown_photo: Option<gloo::file::ObjectUrl>,
    /// What came before the engine was ready.
    pub waiting: Option<Waiting>,
    pub album: AlbumFiles,
    /// Counts what the visitor asks for, so that an answer to an older wish is dropped.
    pub wish: u32,
    /// Counts dropped folders: only the last one's files are read.
    pub walk: u32,
    pub last_frame_millis: f64,
    pub announcer: Announcer<Vec<Message>>,
    pub choice: EngineChoice,
}

/// What a session begins with.
pub struct Setting {
    /// Where engines come from.
    pub place: Option<EnginePlace>,
    /// Which one.
    pub engine: EngineChoice,
    /// What is spoken.
    pub language: Language,
    /// What the camera needs.
    pub consent: Consent,
}

/// The page, as a handle that every component copies.
#[derive(Clone, Copy)]
pub struct Session {
    /// Loading, ready or failed.
    pub state: RwSignal<PageState>,
    /// What the stage shows.
    pub source: RwSignal<Source>,
    /// The last answer about what the stage shows.
    pub reading: RwSignal<Option<Reading>>,
    /// Whether a photo is being read.
    pub busy: RwSignal<bool>,
    /// Whether dropped folders are looked through.
    walking: RwSignal<bool>,
    /// A sentence above the stage.
    pub notice: RwSignal<Option<Notice>>,
    /// What a screen reader hears.
    pub said: RwSignal<Vec<Message>>,
    /// Whether the camera may start.
    pub consent: Consent,
    /// What is asked about every picture.
    pub ask: RwSignal<Ask>,
    /// How the camera is shown, and which one.
    pub camera: CameraSettings,
    /// What the page measures of itself.
    pub details: Details,
    /// What the page speaks.
    pub language: RwSignal<Language>,
    /// Whether and how attention is shown.
    pub attention: AttentionView,
    /// Whose neutral face is known.
    pub baseline: Baselines,
    /// Several photos.
    pub album: Album,
    /// How far the video file is.
    pub playback: Playback,
    /// What a camera or a video showed so far.
    pub record: Record,
    /// Where the camera and video files play.
    pub video: NodeRef<Video>,
    held: StoredValue<Held, LocalStorage>,
}

impl Session {
    /// Starts an engine.
    pub fn start(setting: Setting) -> Self {
        let session = Self {
            state: RwSignal::new(PageState::START),
            source: RwSignal::new(Source::Nothing),
            reading: RwSignal::new(None),
            busy: RwSignal::new(false),
            walking: RwSignal::new(false),
            notice: RwSignal::new(None),
            said: RwSignal::new(vec![]),
            consent: setting.consent,
            ask: RwSignal::new(Ask::of(shared::next_number())),
            camera: CameraSettings::default(),
            details: Details::default(),
            language: RwSignal::new(setting.language),
            album: Album::default(),
            playback: Playback::default(),
            record: Record::default(),
            attention: AttentionView::default(),
            baseline: Baselines::default(),
            video: NodeRef::new(),
            held: StoredValue::new_local(Held {
                place: setting.place,
                ..Held::default()
            }),
        };
        numbers::write_messages_numbers();
        session.start_engine(setting.engine);
        session
    }

    /// Starts the engine again, after a failure.
    pub fn retry(self) {
        let choice = self.held.with_value(|held| held.choice);
        self.start_engine(choice);
    }

    /// Goes on with this engine.
    pub fn start_engine(self, choice: EngineChoice) {
        self.state.set(PageState::START);
        let Some(place) = self.held.with_value(|held| held.place.clone()) else {
            self.engine_failed(ErrorCode::NoWorker, "");
            return;
        };
        let share = EngineShare::join(place, choice, move |response| self.receive(response));
        let lost = self.held.try_update_value(|held| {
            held.choice = choice;
            held.numbered_before = held.highest_number;
            // The frame that was out is read again, and a photo of the album.
            held.last_moment = None;
            held.engine = Some(share);
            held.in_flight.take()
        });
        if let Some(Some(InFlight::Photo { .. })) = lost {
            self.busy.set(false);
        }
    }

    /// Whether the visitor waits for what they gave the page.
    pub fn is_busy(self) -> bool {
        self.busy.get() || self.walking.get()
    }

    /// Asks about a picture; a question that cannot be sent is a failure of the engine.
    fn send(self, id: PictureId, head: &RequestHead, bytes: &js_sys::ArrayBuffer) {
        let sent = self.held.with_value(|held| match &held.engine {
            Some(engine) => engine.ask(id, head, bytes),
            None => Err(JsValue::NULL),
        });
        if sent.is_err() {
            self.fail(ErrorCode::EngineCrashed, "");
        }
    }

    fn receive(self, response: Response) {
        match response {
            Response::Started { .. } => (),
            Response::Progress(progress) => self.state.set(PageState::Loading(progress)),
            Response::Ready(info) => {
                self.state.set(PageState::Ready(info));
                self.read_what_waits();
            }
            Response::Result {
                id,
                mut analysis,
                width,
                height,
            } => {
                if let Some(picture) = self.landed(id) {
                    let at = match &picture {
                        InFlight::Photo { .. } | InFlight::Album { .. } => None,
                        InFlight::Frame { at, .. } => Some(*at),
                    };
                    self.count_on(&mut analysis);
                    self.show(
                        picture,
                        Reading {
                            analysis,
                            width,
                            height,
                            at,
                        },
                    );
                }
            }
            Response::Skipped { id } => {
                if let Some(InFlight::Frame { .. }) = self.landed(id) {
                    self.schedule_frame();
                }
            }
            Response::Error {
                id: Some(id),
                code,
                message,
            } => {
                if let Some(picture) = self.landed(id) {
                    self.picture_failed(&picture, code, &message);
                }
            }
            Response::Error {
                id: None,
                code,
                message,
            } => self.engine_failed(code, &message),
        }
    }

    /// Takes the picture in flight if `id` is its answer; answers about older ones are dropped.
    fn landed(self, id: PictureId) -> Option<InFlight> {
        let landed = self.held.try_update_value(|held| {
            let is_this = held
                .in_flight
                .as_ref()
                .is_some_and(|picture| picture.id() == id);
            if is_this { held.in_flight.take() } else { None }
        });
        landed.flatten()
    }

    /// Gives the faces of a frame numbers that nobody had before in its stream.
    fn count_on(self, analysis: &mut Analysis) {
        self.held.update_value(|held| {
            for number in analysis.faces.iter_mut().filter_map(|it| it.track.as_mut()) {
                *number = number.saturating_add(held.numbered_before);
                held.highest_number = held.highest_number.max(*number);
            }
        });
    }

    fn show(self, picture: InFlight, reading: Reading) {
        let reading = self.compared(reading);
        let said = verdict::summary(&reading.analysis);
        if matches!(picture, InFlight::Photo { .. }) {
            self.details.reset();
        }
        self.details.answered(&reading);
        match picture {
            InFlight::Photo { url, name, .. } => {
                self.reading.set(Some(reading));
                self.source.set(Source::Photo {
                    url: url.to_string(),
                    name,
                });
                self.busy.set(false);
                self.said.set(said);
                // The photo before this one is shown no more, so its address may go.
                self.held.update_value(|held| held.shown_photo = Some(url));
            }
            InFlight::Album { index, .. } => self.photo_read(index, reading),
            InFlight::Frame { .. } => {
                self.record_frame(&reading);
                self.reading.set(Some(reading));
                self.say_live(said);
                self.schedule_frame();
            }
        }
    }

    fn picture_failed(self, picture: &InFlight, code: ErrorCode, message: &str) {
        let notice = Notice::error(code.name(), advice::remedy(code));
        let notice = notice.with_detail(advice::detail(code, message));
        let falls_back = || code == ErrorCode::EngineFailed && self.fall_back(code);
        if let InFlight::Album { index, .. } = picture {
            if falls_back() {
                self.photo_put_back(*index);
            } else {
                self.photo_refused(*index, notice);
            }
            return;
        }
        self.busy.set(false);
        if !falls_back() {
            self.stop_stream();
            self.notice.set(Some(notice));
        }
    }

    fn engine_failed(self, code: ErrorCode, message: &str) {
        if self.fall_back(code) || self.photo_crashed(code, message) {
            return;
        }
        if code == ErrorCode::NoWorker {
            self.clear();
            let message = advice::remedy(code);
            self.state.set(PageState::Unsupported(message));
            return;
        }
        self.fail(code, message);
    }

    fn fail(self, code: ErrorCode, message: &str) {
        // The stage is where the failure and its remedy are shown.
        self.clear();
        let detail = advice::detail(code, message);
        self.state.set(PageState::Failed(Failure { code, detail }));
    }

    /// Goes on with the CPU engine where that is a way out, also with what plays. False where it is
    /// none.
    fn fall_back(self, code: ErrorCode) -> bool {
        let ran = self.state.with_untracked(|state| match state {
            PageState::Ready(info) => Some(info.engine),
            _ => None,
        });
        let instead = self.held.with_value(|held| held.choice.instead(code, ran));
        let Some(instead) = instead else { return false };
        let message = match self.source.with_untracked(Source::is_stream) {
            true => Message::new("engine-fell-back-live"),
            false => Message::new("engine-fell-back"),
        };
        self.tell_error("engine-fell-back", message);
        // Later, because the worker that is to go is the one whose message is being handled.
        spawn_local(async move { self.start_engine(instead) });
        true
    }

    /// Takes a notice back whose reason is gone, where it still stands.
    fn take_back(self, code: &str) {
        let stands = |notice: &Option<Notice>| notice.as_ref().is_some_and(|it| it.code == code);
        if self.notice.with_untracked(stands) {
            self.notice.set(None);
        }
    }

    /// Shows an error that leaves the page usable.
    fn tell_error(self, code: &'static str, message: Message) {
        self.notice.set(Some(Notice::error(code, message)));
    }

    /// The numbers of the faces that are shown.
    pub fn numbers(self) -> Memo<Vec<u32>> {
        Memo::new(move |_| {
            self.reading.with(|reading| {
                let faces = reading.iter().flat_map(|it| it.analysis.numbered());
                faces.map(|(number, _)| number).collect()
            })
        })
    }

    /// Back to the invitation.
    pub fn clear(self) {
        self.stop_stream();
        self.close_album();
        self.wish();
        self.held.update_value(|held| {
            held.shown_photo = None;
            held.announcer.forget();
            held.waiting = None;
        });
        self.source.set(Source::Nothing);
        self.reading.set(None);
        self.busy.set(false);
        self.notice.set(None);
        self.said.set(vec![]);
    }

    /// A new wish of the visitor; older ones are off, and so is what was asked for them. Returns its
    /// number.
    fn wish(self) -> u32 {
        self.held
            .try_update_value(|held| {
                held.wish += 1;
                held.in_flight = None;
                held.wish
            })
            .unwrap_or_default()
    }

    /// Whether `wish` is still what the visitor wants.
    fn is_wanted(self, wish: u32) -> bool {
        self.held
            .try_with_value(|held| held.wish == wish)
            .unwrap_or(false)
    }
}
