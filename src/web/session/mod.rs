//! The page's state and the actions that change it.

pub mod album;
pub mod baseline;
pub mod consent;
pub mod details;
pub mod i18n;
pub mod intake;
pub mod record;
pub mod sample;
pub mod settings;
pub mod stage;
pub mod stream;
pub mod video;

use std::rc::Rc;

use gloo::file::ObjectUrl;
use js_sys::ArrayBuffer;
use leptos::prelude::*;
use web_sys::Blob;

use self::album::Album;
use self::baseline::Baselines;
use self::consent::Consent;
use self::details::Details;
use self::i18n::I18n;
use self::intake::Unread;
use self::record::Record;
use self::stage::StageState;
use self::stream::Stream;
use self::video::{Playback, VideoFile};
use super::engine::location::EngineLocation;
use super::engine::shared;
use super::input::capture::Capture;
use super::task::Task;
use crate::emotion::Emotion;
use crate::page::engine_handle::{EngineFailure, EngineHandle, Event, ReadError, Status, Turn};
use crate::page::protocol::{EngineChoice, ErrorCode, Picture};
use crate::page::state::{Failure, PageState};
use crate::page::words::announcer::Announcer;
use crate::page::words::message::Message;
use crate::page::words::{Language, advice, verdict};
use crate::pipeline;
use crate::pipeline::{MAX_FACES, ReadOptions};

pub use crate::page::state::{Reading, Source};
pub use crate::page::words::notice::Notice;

/// A picture whose bytes are outside of this program's memory.
type Pixels = Picture<ArrayBuffer>;

/// The data of a session that is not displayed.
#[derive(Default)]
struct Held {
    /// Location of the engine; `None` if the page has no valid base URL.
    location: Option<EngineLocation>,
    engine: Option<Rc<EngineHandle<ArrayBuffer>>>,
    /// The task that reads a photo, or a video's wait for the engine.
    task: Option<Task>,
    /// The task that searches dropped folders.
    search: Option<Task>,
    stream: Stream,
    capture: Option<Capture>,
    /// The file of the shown photo, and its object URL, which is valid as long as this.
    shown_photo: Option<(Blob, ObjectUrl)>,
    announcer: Announcer<Vec<Message>>,
}

/// The initial settings of a session.
pub struct SessionOptions {
    /// Location of the engine; `None` if the page has no valid base URL.
    pub location: Option<EngineLocation>,
    /// The requested engine.
    pub engine: EngineChoice,
    /// The language to start with.
    pub language: Language,
    /// The visitor's consent to the camera.
    pub consent: Consent,
}

/// Settings of every reading.
#[derive(Clone, Copy, Debug)]
pub struct ReadSettings {
    /// Maximum number of faces that are read, the largest first.
    pub max_faces: usize,
    /// Half-life of the smoothing of a stream's readings, in seconds; `None` for the default.
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

/// The state of the page, as a handle that every component copies.
#[derive(Clone, Copy)]
pub struct Session {
    /// Whether the page is loading, ready or failed.
    pub state: RwSignal<PageState>,
    /// What the stage shows.
    pub stage: StageState,
    /// The notice above the stage.
    pub notice: RwSignal<Option<Notice>>,
    /// The announcement for screen readers.
    pub announcement: RwSignal<Vec<Message>>,
    /// The visitor's consent to the camera.
    pub consent: Consent,
    /// Settings of every reading.
    pub settings: StoredValue<ReadSettings>,
    /// The live performance figures.
    pub details: Details,
    /// The language.
    pub i18n: I18n,
    /// The baselines of the faces.
    pub baseline: Baselines,
    /// The album of several photos.
    pub album: Album,
    /// Playback state of the video file.
    pub playback: Playback,
    /// The recording of a camera or a video.
    pub record: Record,
    /// Number of operations that the visitor waits for.
    pending: RwSignal<u32>,
    held: StoredValue<Held, LocalStorage>,
}

/// Guard of an operation that the visitor waits for; dropping it ends the wait.
struct Pending(RwSignal<u32>);

impl Drop for Pending {
    fn drop(&mut self) {
        self.0.try_update(|count| *count -= 1);
    }
}

impl Session {
    /// Creates a session and starts its engine.
    pub fn start(options: SessionOptions) -> Self {
        let session = Self {
            state: RwSignal::new(PageState::START),
            stage: StageState::default(),
            notice: RwSignal::new(None),
            announcement: RwSignal::new(vec![]),
            consent: options.consent,
            settings: StoredValue::default(),
            details: Details::default(),
            i18n: I18n::new(options.language),
            album: Album::default(),
            playback: Playback::default(),
            record: Record::default(),
            baseline: Baselines::default(),
            pending: RwSignal::new(0),
            held: StoredValue::new_local(Held {
                location: options.location,
                ..Held::default()
            }),
        };
        session.i18n.provide();
        session.start_engine(options.engine);
        session
    }

    /// Starts or joins this engine, in place of the current one.
    pub fn start_engine(self, choice: EngineChoice) {
        self.state.set(PageState::START);
        let Some(location) = self.held.with_value(|held| held.location.clone()) else {
            let message = String::new();
            let code = ErrorCode::NoWorker;
            self.engine_failed(&EngineFailure { code, message });
            return;
        };
        let engine = shared::join(location, choice, move |event| self.on_engine_event(event));
        self.held.update_value(|held| held.engine = Some(engine));
    }

    /// Starts the engine again after a failure.
    pub fn retry(self) {
        if let Some(engine) = self.engine() {
            engine.restart();
        }
    }

    fn engine(self) -> Option<Rc<EngineHandle<ArrayBuffer>>> {
        self.held.try_with_value(|held| held.engine.clone())?
    }

    /// Waits until the engine is ready and it is this session's turn. A failed engine is started
    /// again; an engine that is chosen in the meantime takes over.
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

    /// Returns the options for reading a picture. Attention is requested for photos; a stream
    /// follows the switch.
    fn options(self, source: pipeline::FrameSource) -> ReadOptions {
        ReadOptions {
            source,
            attention: source == pipeline::FrameSource::Photo,
            max_faces: self.settings.with_value(|it| it.max_faces),
            added: vec![],
        }
    }

    /// Whether a picture is being read.
    pub fn is_reading(self) -> bool {
        self.engine().is_some_and(|engine| engine.is_reading())
    }

    /// Whether the visitor waits for something that they opened. Tracks its signals.
    pub fn is_busy(self) -> bool {
        self.pending.get() > 0 || self.album.is_awaited()
    }

    fn pending(self) -> Pending {
        self.pending.update(|count| *count += 1);
        Pending(self.pending)
    }

    fn on_engine_event(self, event: Event) {
        match event {
            Event::Status(Status::Loading(progress)) => {
                self.state.set(PageState::Loading(progress));
            }
            Event::Status(Status::Ready(info)) => self.state.set(PageState::Ready(info)),
            Event::Status(Status::Failed(error)) => self.engine_failed(&error),
            Event::FellBack(_) => {
                let message = match self.stage.source.with_untracked(Source::is_stream) {
                    true => Message::new("engine-fell-back-live"),
                    false => Message::new("engine-fell-back"),
                };
                self.show_error("engine-fell-back", message);
            }
        }
    }

    fn engine_failed(self, error: &EngineFailure) {
        // The stage is cleared, because it shows the failure and its remedy.
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

    fn show_photo(self, file: Blob, name: String, reading: Reading) {
        let url = album::address(&file);
        self.details.reset();
        self.details.answered(&reading);
        self.announcement.set(verdict::summary(&reading.analysis));
        self.stage.drawing.set(false);
        self.stage.corrections.set(reading.corrections.clone());
        self.stage.reading.set(Some(reading));
        self.stage.source.set(Source::Photo {
            url: url.to_string(),
            name,
        });
        // This drops the object URL of the previous photo, which is not shown any more.
        self.held
            .update_value(|held| held.shown_photo = Some((file, url)));
    }

    fn show_notice(self, notice: Notice) {
        self.notice.set(Some(notice));
    }

    /// Shows an error after which the page stays usable.
    fn show_error(self, code: &'static str, message: Message) {
        self.show_notice(Notice::error(code, message));
    }

    /// Removes the notice with this code, if it is still shown.
    fn remove_notice(self, code: &str) {
        let stands = |notice: &Option<Notice>| notice.as_ref().is_some_and(|it| it.code == code);
        if self.notice.with_untracked(stands) {
            self.notice.set(None);
        }
    }

    /// Whether faces can be compared with a neutral face of the same person: those of a camera,
    /// if the model supports it. Tracks its signals.
    pub fn can_compare(self) -> bool {
        self.stage.is_camera_on() && self.neutral().is_some()
    }

    /// Whether there is a picture, and a model that tells what its answer depends on. Tracks its
    /// signals.
    pub fn can_show_attention(self) -> bool {
        let gives = |state: &PageState| state.info().is_some_and(|it| it.model.gives_attention);
        self.state.with(gives) && !self.stage.is_empty()
    }

    fn neutral(self) -> Option<[f32; Emotion::COUNT]> {
        self.state.with(|state| state.info()?.model.neutral)
    }

    /// Gives consent to the camera and starts it. Must be called from a click.
    pub fn agree(self) {
        self.record.unshare();
        self.consent.agree();
        self.start_camera();
    }

    /// Sets whether the embedding page may receive readings.
    pub fn share_readings(self, shared: bool) {
        self.record.unshare();
        self.consent.share(shared);
    }

    /// Withdraws the consent and closes the camera.
    pub fn withdraw_consent(self) {
        self.record.unshare();
        self.consent.withdraw();
        self.stop_camera();
        let message = Message::new("consent-withdrawn");
        self.show_notice(Notice::news("consent-withdrawn", message));
    }

    /// Closes everything that is open and returns to the invitation.
    pub fn clear(self) {
        self.stop_stream();
        self.album.close();
        self.supersede();
        self.held.update_value(|held| {
            held.shown_photo = None;
            held.announcer.forget();
        });
        self.stage.source.set(Source::Nothing);
        self.stage.reading.set(None);
        self.stage.forget_corrections();
        self.notice.set(None);
        self.announcement.set(vec![]);
    }

    /// Cancels everything that was requested before and is not shown yet.
    fn supersede(self) {
        self.held.try_update_value(|held| {
            held.stream.cease();
            (held.task.take(), held.search.take())
        });
    }
}

/// Returns the notice for an error of the engine.
fn notice_of(error: &EngineFailure) -> Notice {
    let notice = Notice::error(error.code.name(), advice::remedy(error.code));
    notice.with_detail(advice::detail(error.code, &error.message))
}
