//! One `<moue-face>` element: maps attributes and methods to a session, and its changes to events.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, ShadowRoot};

use super::events::{EventDispatcher, to_error};
use super::reader::Reader;
use super::view::ElementView;
use crate::page::host::error::HostError;
use crate::page::host::options::{Mode, Options};
use crate::page::host::purpose::Purpose;
use crate::page::host::reading::HostReading;
use crate::page::protocol::error_code::ErrorCode;
use crate::page::record::export;
use crate::page::state::PageState;
use crate::pipeline::MAX_FACES;
use crate::web::engine::location::EngineLocation;
use crate::web::input::visibility;
use crate::web::save;
use crate::web::session::consent::Consent;
use crate::web::session::{ReadSettings, Session, SessionOptions, i18n};

/// One element. Dropping or closing it releases the camera and its handle to the engine.
pub struct Element {
    root: ShadowRoot,
    location: EngineLocation,
    options: RefCell<Options>,
    dispatcher: Rc<EventDispatcher>,
    shown: RefCell<Option<Shown>>,
    reader: RefCell<Option<Rc<Reader>>>,
    closed: Cell<bool>,
}

/// The content of the shadow root.
struct Shown {
    session: Session,
    /// Whether the camera is to start as soon as the engine is ready and consent is given.
    starts: RwSignal<bool>,
    purpose: Purpose,
    node: HtmlElement,
    /// Unmounts the view when dropped.
    _mounted: Box<dyn Any>,
}

impl Element {
    /// Creates an element that shows nothing and has no engine yet.
    pub fn new(host: HtmlElement, root: ShadowRoot, location: EngineLocation) -> Self {
        Self {
            root,
            location,
            options: RefCell::default(),
            dispatcher: Rc::new(EventDispatcher::new(Some(host.into()))),
            shown: RefCell::default(),
            reader: RefCell::default(),
            closed: Cell::new(false),
        }
    }

    /// Sets an attribute, at any time. An invalid value is reported with an `error` event.
    pub fn set(&self, name: &str, value: Option<&str>) {
        if self.closed.get() {
            return;
        }
        let before = self.options.borrow().clone();
        let taken = self.options.borrow_mut().set(name, value);
        if let Err(error) = taken {
            self.dispatcher.error(&error);
        }
        let now = self.options.borrow().clone();
        if now == before {
            return;
        }
        if now.mode != before.mode {
            self.hide();
            if let Some(reader) = self.reader.take() {
                reader.close();
            }
            return;
        }
        if now.engine != before.engine
            && let Some(reader) = self.reader.take()
        {
            reader.close();
        }
        let stays = now.check_purpose();
        let of_shown = |shown: &Shown| (shown.session, shown.purpose);
        let Some((session, purpose)) = self.shown.borrow().as_ref().map(of_shown) else {
            return;
        };
        if stays != Ok(purpose) || now.is_private != before.is_private {
            // It needs new consent, and a prohibited purpose ends the session.
            self.hide();
            if let Err(error) = stays {
                self.dispatcher.fatal_error(&error);
            }
            return;
        }
        apply(session, &now);
        if now.engine != before.engine {
            session.start_engine(now.engine);
        }
    }

    /// Shows the element and, in camera mode, asks for consent and then for the camera. Resolves
    /// when the engine is ready.
    ///
    /// # Errors
    /// The errors of [`Options::check_purpose`], and anything that keeps the engine from starting,
    /// as JavaScript errors with a code. Each is also reported with an `error` event.
    pub async fn start(&self) -> Result<(), JsValue> {
        let options = self.options.borrow().clone();
        let purpose = self.check_purpose(&options)?;
        if options.mode == Mode::Headless {
            self.reader().restart();
        } else {
            self.show(&options, purpose)?;
        }
        JsFuture::from(self.dispatcher.engine()).await.map(drop)
    }

    /// Stops the camera and removes the picture.
    pub fn stop(&self) {
        if let Some(shown) = &*self.shown.borrow() {
            shown.starts.set(false);
            shown.session.consent.asked.set(false);
            shown.session.clear();
        }
    }

    /// Reads a picture that the host passes, without showing it. See [`Reader::analyze`].
    ///
    /// # Errors
    /// The errors of [`Reader::analyze`] and of [`Options::check_purpose`].
    pub async fn analyze(&self, source: JsValue) -> Result<JsValue, JsValue> {
        let options = self.options.borrow().clone();
        self.check_purpose(&options)?;
        let reader = self.reader();
        reader.analyze(source, options.max_faces).await
    }

    /// Returns the readings of the camera's last stream that were made while the person shared
    /// them, in the page's export format `json` or `csv`.
    ///
    /// # Errors
    /// Code `not-shared` if the person has not agreed that the host receives readings,
    /// `nothing-recorded` if there are none yet, `format-unknown` for any other format,
    /// `export-failed` if the text cannot be made.
    pub fn export(&self, format: &str) -> Result<String, JsValue> {
        let shown = self.shown.borrow();
        let session = shown.as_ref().map(|shown| shown.session);
        let mode = self.options.borrow().mode;
        let shared = session.filter(|it| untrack(|| is_shared(*it, mode)));
        let Some(session) = shared else {
            return Err(to_error(&HostError::new(
                "not-shared",
                "The person has not agreed that this page receives what is read. The element asks \
                 them; wait for a consent event whose detail says shared: true.",
            )));
        };
        let history = untrack(|| {
            session.record.shared(|history| {
                let exists = !history.is_empty();
                exists.then(|| match format {
                    "csv" => Ok(export::recording_csv(history)),
                    "json" => {
                        let origin = session
                            .state
                            .with_untracked(|it| it.origin(save::now_iso()));
                        export::recording_json(history, "camera", &origin)
                            .map_err(|error| HostError::new("export-failed", error.to_string()))
                    }
                    _ => Err(HostError::new(
                        "format-unknown",
                        format!("No format is called \"{format}\": choose json or csv."),
                    )),
                })
            })
        });
        match history {
            Some(made) => made.map_err(|error| to_error(&error)),
            None => Err(to_error(&HostError::new(
                "nothing-recorded",
                "Nothing was read from a camera since the person shared it: call start(), and wait for an \
                 expression event.",
            ))),
        }
    }

    /// Resumes the camera's picture after the element was moved in its document, which pauses it.
    pub fn resumed(&self) {
        if let Some(shown) = &*self.shown.borrow() {
            shown.session.stage.camera.play_on();
        }
    }

    /// Releases the camera, the handle to the engine and the view. No events are sent afterwards.
    pub fn close(&self) {
        if self.closed.replace(true) {
            return;
        }
        self.dispatcher.close();
        if let Some(reader) = self.reader.take() {
            reader.close();
        }
        self.hide();
    }

    fn check_purpose(&self, options: &Options) -> Result<Purpose, JsValue> {
        if self.closed.get() {
            return Err(to_error(&HostError::closed()));
        }
        options.check_purpose().map_err(|error| {
            self.dispatcher.error(&error);
            to_error(&error)
        })
    }

    fn reader(&self) -> Rc<Reader> {
        let mut reader = self.reader.borrow_mut();
        let started = reader.get_or_insert_with(|| {
            let engine = self.options.borrow().engine;
            Reader::start(self.location.clone(), engine, self.dispatcher.clone())
        });
        started.clone()
    }

    fn show(&self, options: &Options, purpose: Purpose) -> Result<(), JsValue> {
        if let Some(shown) = &*self.shown.borrow() {
            if shown
                .session
                .state
                .with_untracked(|it| matches!(it, PageState::Failed(_)))
            {
                self.dispatcher.engine_starts();
                shown.session.retry();
            }
            shown.begin(options.mode);
            return Ok(());
        }
        // Of this window, whose classes are known here, even if the element is in another one.
        let node: HtmlElement = document().create_element("div")?.dyn_into()?;
        self.root.replace_children_with_node_1(&node);
        let made = Rc::new(Cell::new(None));
        let inside = {
            let (made, options) = (made.clone(), options.clone());
            let (location, dispatcher) = (self.location.clone(), self.dispatcher.clone());
            move || {
                let session = Session::start(SessionOptions {
                    location: Some(location),
                    engine: options.engine,
                    language: options.language.unwrap_or_else(i18n::browsers_own),
                    consent: Consent::for_purpose(purpose.key(), options.is_private),
                });
                let starts = RwSignal::new(false);
                apply(session, &options);
                follow(session, options.mode, starts, &dispatcher);
                visibility::follow(session);
                on_cleanup(move || session.stop_stream());
                made.set(Some((session, starts)));
                let on_start = move || begin_camera(session, starts);
                view! { <ElementView session mode=options.mode on_start /> }
            }
        };
        let mounted = mount_to(node.clone(), inside);
        let Some((session, starts)) = made.take() else {
            return Err(JsValue::NULL);
        };
        let shown = Shown {
            session,
            starts,
            purpose,
            node,
            _mounted: Box::new(mounted),
        };
        shown.begin(options.mode);
        *self.shown.borrow_mut() = Some(shown);
        Ok(())
    }

    fn hide(&self) {
        if let Some(shown) = self.shown.take() {
            shown.session.stop_stream();
            shown.node.remove();
        }
    }
}

impl Drop for Element {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shown {
    fn begin(&self, mode: Mode) {
        if mode == Mode::Camera {
            begin_camera(self.session, self.starts);
        }
    }
}

/// Asks for consent if it was not given, and opens the camera once there are consent and an engine.
fn begin_camera(session: Session, starts: RwSignal<bool>) {
    starts.set(true);
    if !session.consent.given.get_untracked() {
        session.consent.asked.set(true);
    }
}

/// Applies the attributes that take effect while the session runs.
fn apply(session: Session, options: &Options) {
    if let Some(language) = options.language {
        session.i18n.language.set(language);
    }
    session.settings.set_value(ReadSettings {
        max_faces: options.max_faces.unwrap_or(MAX_FACES),
        smoothing_seconds: options.smoothing_seconds,
    });
    session.stage.camera.mirror_override.set(options.mirror);
    if let Some(mirrored) = options.mirror {
        session.stage.camera.mirrored.set(mirrored);
    }
}

/// Whether the host may receive readings. For a camera, sharing also needs consent to the camera; a
/// photo does not.
fn is_shared(session: Session, mode: Mode) -> bool {
    match mode {
        Mode::Image => session.consent.shared.get(),
        _ => session.consent.shares_camera(),
    }
}

/// Dispatches events to the host for everything that happens in the session.
fn follow(session: Session, mode: Mode, starts: RwSignal<bool>, dispatcher: &Rc<EventDispatcher>) {
    let dispatcher = StoredValue::new_local(dispatcher.clone());
    Effect::new(move || {
        let is_ready = session.state.with(PageState::is_ready);
        let wanted = starts.get() && session.consent.given.get();
        if is_ready && wanted {
            starts.set(false);
            session.start_camera();
        }
    });
    Effect::new(move || {
        let dispatcher = dispatcher.get_value();
        session.state.with(|state| match state {
            PageState::Loading(_) => dispatcher.engine_starts(),
            PageState::Ready(info) => dispatcher.engine_ready(info),
            PageState::Unsupported(_) => {
                dispatcher.fatal_error(&HostError::from_worker(ErrorCode::NoWorker, ""));
            }
            PageState::Failed(failure) => {
                let english = || failure.remedy().text(Default::default());
                let message = failure.detail.clone().unwrap_or_else(english);
                dispatcher.fatal_error(&HostError::new(failure.code.name(), message));
            }
        });
    });
    Effect::new(move || {
        let Some(notice) = session.notice.get().filter(|it| it.is_error) else {
            return;
        };
        let message = notice.message.text(Default::default());
        let code = match notice.code {
            "engine-fell-back" => ErrorCode::EngineCrashed.name(),
            code => code,
        };
        dispatcher.get_value().error(&HostError::new(code, message));
    });
    Effect::new(move |before: Option<(bool, bool)>| {
        let camera = session.consent.given.get();
        let now = (camera, is_shared(session, mode));
        // Consent given on an earlier visit is reported too.
        if before.unwrap_or_default() != now {
            dispatcher.get_value().consented(now.0, now.1);
        }
        now
    });
    Effect::new(move || {
        let shared = is_shared(session, mode);
        session.stage.reading.with(|reading| {
            let dispatcher = dispatcher.get_value();
            match reading {
                Some(reading) if shared => {
                    let seconds = reading.at.map(|at| at.seconds);
                    let (width, height) = (reading.width, reading.height);
                    dispatcher.read(&HostReading::new(&reading.analysis, width, height, seconds));
                }
                _ => dispatcher.clear_faces(shared),
            }
        });
    });
}
