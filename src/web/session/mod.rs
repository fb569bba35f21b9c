//! The page's state and what changes it.

pub mod album;
pub mod baseline;
pub mod consent;
pub mod details;
pub mod i18n;
pub mod intake;
pub mod record;
pub mod sample;
pub mod settings;
pub mod stream;
pub mod video;

use std::rc::Rc;

use gloo::file::ObjectUrl;
use js_sys::ArrayBuffer;
use leptos::html::Video;
use leptos::prelude::*;

use self::album::Album;
use self::baseline::Baselines;
use self::consent::Consent;
use self::details::Details;
use self::i18n::I18n;
use self::intake::Unread;
use self::record::Record;
use self::settings::CameraSettings;
use self::stream::Stream;
use self::video::{Playback, VideoFile};
use super::attention::AttentionView;
use super::engine::place::EnginePlace;
use super::engine::shared;
use super::input::capture::Capture;
use super::save;
use super::task::Task;
use crate::page::engine_handle::{EngineFailure, EngineHandle, Event, ReadError, Status, Turn};
use crate::page::protocol::{EngineChoice, ErrorCode, Picture};
use crate::page::record::export::Origin;
use crate::page::state::{Failure, PageState};
use crate::page::words::announcer::Announcer;
use crate::page::words::message::Message;
use crate::page::words::{Language, advice, verdict};
use crate::pipeline;
use crate::pipeline::{MAX_FACES, ReadOptions};

pub use crate::page::state::{Reading, Source};
pub use crate::page::words::notice::Notice;

/// Pixels that are still outside of this program's memory.
type Pixels = Picture<ArrayBuffer>;

/// What is held and never shown.
#[derive(Default)]
struct Held {
    /// Where engines come from; absent where the browser gives the page no address.
    place: Option<EnginePlace>,
    engine: Option<Rc<EngineHandle<ArrayBuffer>>>,
    /// A photo that is being read, or a video that waits for the engine.
    task: Option<Task>,
    /// Looks through dropped folders.
    search: Option<Task>,
    stream: Stream,
    capture: Option<Capture>,
    /// Keeps the shown photo's address alive.
    shown_photo: Option<ObjectUrl>,
    announcer: Announcer<Vec<Message>>,
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

/// What is wanted of every reading.
#[derive(Clone, Copy, Debug)]
pub struct ReadSettings {
    /// Of more faces only so many, the largest, are read.
    pub max_faces: usize,
    /// After so many seconds half of what a stream's face looked like is left; `None` for what is
    /// usual.
    pub smoothing_seconds: Option<f64>,
}

impl Default for ReadSettings {
    fn default() -> Self {
        Self {
            max_faces: MAX_FACES,
            smoothing_seconds: None,
        }
    }
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
    /// A sentence above the stage.
    pub notice: RwSignal<Option<Notice>>,
    /// What a screen reader hears.
    pub said: RwSignal<Vec<Message>>,
    /// Whether the camera may start.
    pub consent: Consent,
    /// What is wanted of every reading.
    pub settings: StoredValue<ReadSettings>,
    /// How the camera is shown, and which one.
    pub camera: CameraSettings,
    /// What the page measures of itself.
    pub details: Details,
    /// What the page speaks.
    pub i18n: I18n,
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
    /// How much the visitor waits for.
    pending: RwSignal<u32>,
    held: StoredValue<Held, LocalStorage>,
}

/// Something that the visitor waits for, until it is dropped.
struct Pending(RwSignal<u32>);

impl Drop for Pending {
    fn drop(&mut self) {
        self.0.try_update(|count| *count -= 1);
    }
}

impl Session {
    /// Starts an engine.
    pub fn start(setting: Setting) -> Self {
        let session = Self {
            state: RwSignal::new(PageState::START),
            source: RwSignal::new(Source::Nothing),
            reading: RwSignal::new(None),
            notice: RwSignal::new(None),
            said: RwSignal::new(vec![]),
            consent: setting.consent,
            settings: StoredValue::default(),
            camera: CameraSettings::default(),
            details: Details::default(),
            i18n: I18n::new(setting.language),
            album: Album::default(),
            playback: Playback::default(),
            record: Record::default(),
            attention: AttentionView::default(),
            baseline: Baselines::default(),
            video: NodeRef::new(),
            pending: RwSignal::new(0),
            held: StoredValue::new_local(Held {
                place: setting.place,
                ..Held::default()
            }),
        };
        session.i18n.provide();
        session.start_engine(setting.engine);
        session
    }

    /// Goes on with this engine.
    pub fn start_engine(self, choice: EngineChoice) {
        self.state.set(PageState::START);
        let Some(place) = self.held.with_value(|held| held.place.clone()) else {
            let message = String::new();
            let code = ErrorCode::NoWorker;
            self.engine_failed(&EngineFailure { code, message });
            return;
        };
        let engine = shared::join(place, choice, move |event| self.hear(event));
        self.held.update_value(|held| held.engine = Some(engine));
    }

    /// Starts the engine again, after a failure.
    pub fn retry(self) {
        if let Some(engine) = self.engine() {
            engine.restart();
        }
    }

    fn engine(self) -> Option<Rc<EngineHandle<ArrayBuffer>>> {
        self.held.try_with_value(|held| held.engine.clone())?
    }

    /// Waits until the engine is ready and it is this session's turn. An engine that failed starts
    /// again, one that was chosen in the meantime takes over.
    async fn turn(self) -> Result<Turn<ArrayBuffer>, ReadError> {
        while let Some(engine) = self.engine() {
            engine.restart();
            let turn = engine.turn();
            drop(engine);
            match turn.await {
                Err(ReadError::Closed) => (),
                turn => return turn,
            }
        }
        Err(ReadError::Closed)
    }

    /// What is asked about a picture; about a photo, where the network looked as well.
    fn options(self, source: pipeline::FrameSource) -> ReadOptions {
        ReadOptions {
            source,
            attention: source == pipeline::FrameSource::Photo,
            max_faces: self.settings.with_value(|it| it.max_faces),
        }
    }

    /// Whether a picture is being read.
    pub fn is_reading(self) -> bool {
        self.engine().is_some_and(|engine| engine.is_reading())
    }

    /// Whether the visitor waits for what they gave the page.
    pub fn is_busy(self) -> bool {
        self.pending.get() > 0 || self.album.is_awaited()
    }

    fn pending(self) -> Pending {
        self.pending.update(|count| *count += 1);
        Pending(self.pending)
    }

    fn hear(self, event: Event) {
        match event {
            Event::Status(Status::Loading(progress)) => {
                self.state.set(PageState::Loading(progress));
            }
            Event::Status(Status::Ready(info)) => self.state.set(PageState::Ready(info)),
            Event::Status(Status::Failed(error)) => self.engine_failed(&error),
            Event::FellBack(_) => {
                let message = match self.source.with_untracked(Source::is_stream) {
                    true => Message::new("engine-fell-back-live"),
                    false => Message::new("engine-fell-back"),
                };
                self.tell_error("engine-fell-back", message);
            }
        }
    }

    fn engine_failed(self, error: &EngineFailure) {
        // The stage is where the failure and its remedy are shown.
        self.clear();
        let code = error.code;
        self.state.set(match code {
            ErrorCode::NoWorker => PageState::Unsupported(advice::remedy(code)),
            _ => {
                let detail = advice::detail(code, &error.message);
                PageState::Failed(Failure { code, detail })
            }
        });
    }

    fn show_photo(self, url: ObjectUrl, name: String, reading: Reading) {
        self.details.reset();
        self.details.answered(&reading);
        self.said.set(verdict::summary(&reading.analysis));
        self.reading.set(Some(reading));
        self.source.set(Source::Photo {
            url: url.to_string(),
            name,
        });
        // The photo before this one is shown no more, so its address may go.
        self.held.update_value(|held| held.shown_photo = Some(url));
    }

    fn tell(self, notice: Notice) {
        self.notice.set(Some(notice));
    }

    /// Shows an error that leaves the page usable.
    fn tell_error(self, code: &'static str, message: Message) {
        self.tell(Notice::error(code, message));
    }

    /// Takes a notice back whose reason is gone, where it still stands.
    fn take_back(self, code: &str) {
        let stands = |notice: &Option<Notice>| notice.as_ref().is_some_and(|it| it.code == code);
        if self.notice.with_untracked(stands) {
            self.notice.set(None);
        }
    }

    /// Whether the camera is open, paused or not.
    pub fn is_camera_on(self) -> bool {
        self.source.with(|source| *source == Source::Camera)
    }

    /// Whether the picture is shown mirrored, which only a camera's is.
    pub fn is_mirrored(self) -> bool {
        self.is_camera_on() && self.camera.mirrored.get()
    }

    /// What a face at rest looks like to the model; `None` where it does not say.
    pub fn neutral(self) -> Option<[f32; 7]> {
        self.state.with(|state| match state {
            PageState::Ready(info) => info.model.neutral,
            _ => None,
        })
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

    /// What is written beside readings in a file.
    pub fn origin(self) -> Origin {
        let mut origin = Origin {
            made: save::now_iso(),
            ..Origin::default()
        };
        self.state.with_untracked(|state| {
            if let PageState::Ready(info) = state {
                origin.model.clone_from(&info.model.name);
                origin.model_sha256.clone_from(&info.model.sha256);
                origin.engine = info.engine.name().to_owned();
            }
        });
        origin
    }

    /// The visitor agrees, which is what the camera was waiting for. Call it from a click only.
    pub fn agree(self) {
        self.record.unshare();
        self.consent.agree();
        self.start_camera();
    }

    /// Lets the embedding page receive what is read, or no longer.
    pub fn share_readings(self, shared: bool) {
        self.record.unshare();
        self.consent.share(shared);
    }

    /// Takes the consent back, and closes the camera with it.
    pub fn withdraw_consent(self) {
        self.record.unshare();
        self.consent.withdraw();
        self.stop_camera();
        let message = Message::new("consent-withdrawn");
        self.tell(Notice::news("consent-withdrawn", message));
    }

    /// Back to the invitation.
    pub fn clear(self) {
        self.stop_stream();
        self.album.close();
        self.supersede();
        self.held.update_value(|held| {
            held.shown_photo = None;
            held.announcer.forget();
        });
        self.source.set(Source::Nothing);
        self.reading.set(None);
        self.notice.set(None);
        self.said.set(vec![]);
    }

    /// Ends what was asked for before and is not shown yet.
    fn supersede(self) {
        self.held.try_update_value(|held| {
            held.stream.cease();
            (held.task.take(), held.search.take())
        });
    }
}

/// What to say of a picture that cannot be read.
fn notice_of(error: &EngineFailure) -> Notice {
    let notice = Notice::error(error.code.name(), advice::remedy(error.code));
    notice.with_detail(advice::detail(error.code, &error.message))
}
