//! One `<moue-face>`: from attributes and methods to the page's session, and back to events.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, ShadowRoot};

use super::events::{EventDispatcher, to_error};
use super::reader::Reader;
use super::view::Inside;
use crate::page::host::fault::Fault;
use crate::page::host::options::{Mode, Options};
use crate::page::host::purpose::Purpose;
use crate::page::host::reading::HostReading;
use crate::page::protocol::error_code::ErrorCode;
use crate::page::record::export;
use crate::page::state::PageState;
use crate::pipeline::MAX_FACES;
use crate::web::engine::place::EnginePlace;
use crate::web::input::visibility;
use crate::web::session::consent::Consent;
use crate::web::session::{ReadSettings, Session, Setting, i18n};

/// One element. Dropping or closing it frees the camera and its share of the engine.
pub struct Element {
    root: ShadowRoot,
    place: EnginePlace,
    options: RefCell<Options>,
    dispatcher: Rc<EventDispatcher>,
    shown: RefCell<Option<Shown>>,
    reader: RefCell<Option<Rc<Reader>>>,
    closed: Cell<bool>,
}

/// What stands in the shadow root.
struct Shown {
    session: Session,
    /// The camera is to run as soon as it can.
    starts: RwSignal<bool>,
    purpose: Purpose,
    node: HtmlElement,
    /// Unmounts when dropped.
    _mounted: Box<dyn Any>,
}

impl Element {
    /// An element that has done nothing yet.
    pub fn new(host: HtmlElement, root: ShadowRoot, place: EnginePlace) -> Self {
        Self {
            root,
            place,
            options: RefCell::default(),
            dispatcher: Rc::new(EventDispatcher::new(Some(host.into()))),
            shown: RefCell::default(),
            reader: RefCell::default(),
            closed: Cell::new(false),
        }
    }

    /// Takes an attribute, at any time. What does not fit is told as an `error` event.
    pub fn set(&self, name: &str, value: Option<&str>) {
        if self.closed.get() {
            return;
        }
        let before = self.options.borrow().clone();
        let taken = self.options.borrow_mut().set(name, value);
        if let Err(fault) = taken {
            self.dispatcher.failed(&fault);
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
        let stays = now.admitted();
        let of_shown = |shown: &Shown| (shown.session, shown.purpose);
        let Some((session, purpose)) = self.shown.borrow().as_ref().map(of_shown) else {
            return;
        };
        if stays != Ok(purpose) {
            // Another purpose is another question, and a prohibited one is none.
            self.hide();
            if let Err(fault) = stays {
                self.dispatcher.ended(&fault);
            }
            return;
        }
        apply(session, &now);
        if now.engine != before.engine {
            session.start_engine(now.engine);
        }
    }

    /// Shows itself and, in camera mode, asks for consent and then for the camera. Resolves once
    /// the engine is ready.
    ///
    /// # Errors
    /// The faults of [`Options::admitted`], and whatever keeps the engine from starting, as
    /// JavaScript errors with a code. Each is also told as an `error` event.
    pub async fn start(&self) -> Result<(), JsValue> {
        let options = self.options.borrow().clone();
        let purpose = self.admitted(&options)?;
        if options.mode == Mode::Headless {
            self.reader().restart();
        } else {
            self.show(&options, purpose)?;
        }
        JsFuture::from(self.dispatcher.engine()).await.map(drop)
    }

    /// Closes the camera, and takes the picture away.
    pub fn stop(&self) {
        if let Some(shown) = &*self.shown.borrow() {
            shown.starts.set(false);
            shown.session.consent.asked.set(false);
            shown.session.clear();
        }
    }

    /// Reads a picture that the host hands over; nothing of it is shown. See [`Reader::analyze`].
    ///
    /// # Errors
    /// As [`Reader::analyze`], and the faults of [`Options::admitted`].
    pub async fn analyze(&self, source: JsValue) -> Result<JsValue, JsValue> {
        let options = self.options.borrow().clone();
        self.admitted(&options)?;
        let reader = self.reader();
        reader.analyze(source, options.max_faces).await
    }

    /// What was read of the camera's last stream while the person shared it, as the page exports
    /// it: `json` or `csv`.
    ///
    /// # Errors
    /// Code `not-shared` where the person has not ticked that the host may have it,
    /// `nothing-recorded` before there is something, `format-unknown`.
    pub fn export(&self, format: &str) -> Result<String, JsValue> {
        let shown = self.shown.borrow();
        let session = shown.as_ref().map(|shown| shown.session);
        let mode = self.options.borrow().mode;
        let shared = session.filter(|it| untrack(|| is_shared(*it, mode)));
        let Some(session) = shared else {
            return Err(to_error(&Fault::new(
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
                    "json" => Ok(export::recording_json(history, "camera", &session.origin())
                        .unwrap_or_default()),
                    _ => Err(Fault::new(
                        "format-unknown",
                        format!("No format is called \"{format}\": choose json or csv."),
                    )),
                })
            })
        });
        match history {
            Some(made) => made.map_err(|fault| to_error(&fault)),
            None => Err(to_error(&Fault::new(
                "nothing-recorded",
                "Nothing was read from a camera since the person shared it: call start(), and wait for an \
                 expression event.",
            ))),
        }
    }

    /// The element was moved in its document, which pauses what plays in it.
    pub fn resumed(&self) {
        if let Some(shown) = &*self.shown.borrow() {
            shown.session.camera.play_on();
        }
    }

    /// Frees the camera, the worker's share and what is shown. Nothing is told afterwards.
    pub fn close(&self) {
        if self.closed.replace(true) {
            return;
        }
        self.dispatcher.fall_silent();
        if let Some(reader) = self.reader.take() {
            reader.close();
        }
        self.hide();
    }

    fn admitted(&self, options: &Options) -> Result<Purpose, JsValue> {
        if self.closed.get() {
            return Err(to_error(&Fault::closed()));
        }
        options.admitted().map_err(|fault| {
            self.dispatcher.failed(&fault);
            to_error(&fault)
        })
    }

    fn reader(&self) -> Rc<Reader> {
        let mut reader = self.reader.borrow_mut();
        let started = reader.get_or_insert_with(|| {
            let engine = self.options.borrow().engine;
            Reader::start(self.place.clone(), engine, self.dispatcher.clone())
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
        let document = self.root.owner_document().ok_or(JsValue::NULL)?;
        let node: HtmlElement = document.create_element("div")?.dyn_into()?;
        self.root.replace_children_with_node_1(&node);
        let made = Rc::new(Cell::new(None));
        let inside = {
            let (made, options) = (made.clone(), options.clone());
            let (place, dispatcher) = (self.place.clone(), self.dispatcher.clone());
            move || {
                let session = Session::start(Setting {
                    place: Some(place),
                    engine: options.engine,
                    language: options.language.unwrap_or_else(i18n::browsers_own),
                    consent: Consent::for_purpose(purpose.key()),
                });
                let starts = RwSignal::new(false);
                apply(session, &options);
                follow(session, options.mode, starts, &dispatcher);
                visibility::follow(session);
                on_cleanup(move || session.stop_stream());
                made.set(Some((session, starts)));
                let on_start = move || begin_camera(session, starts);
                view! { <Inside session mode=options.mode on_start /> }
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

/// Asks for consent at once and opens the camera when consent and engine are there.
fn begin_camera(session: Session, starts: RwSignal<bool>) {
    starts.set(true);
    if !session.consent.given.get_untracked() {
        session.consent.asked.set(true);
    }
}

/// Attributes that take effect while it runs.
fn apply(session: Session, options: &Options) {
    if let Some(language) = options.language {
        session.i18n.language.set(language);
    }
    session.settings.set_value(ReadSettings {
        max_faces: options.max_faces.unwrap_or(MAX_FACES),
        smoothing_seconds: options.smoothing_seconds,
    });
    session.camera.mirror_always.set(options.mirror);
    if let Some(mirrored) = options.mirror {
        session.camera.mirrored.set(mirrored);
    }
}

/// Whether the host may have what is read. What is ticked before the camera was agreed to counts
/// from then on; a photo needs no such agreement.
fn is_shared(session: Session, mode: Mode) -> bool {
    match mode {
        Mode::Image => session.consent.shared.get(),
        _ => session.consent.shares_camera(),
    }
}

/// Tells the host what happens in the session.
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
        let told = dispatcher.get_value();
        session.state.with(|state| match state {
            PageState::Loading(_) => told.engine_starts(),
            PageState::Ready(info) => told.engine_ready(info),
            PageState::Unsupported(_) => {
                told.ended(&Fault::of_worker(ErrorCode::NoWorker, ""));
            }
            PageState::Failed(failure) => {
                let detail = failure.detail.clone();
                let english = || failure.remedy().text(Default::default());
                told.ended(&Fault::new(
                    failure.code.name(),
                    detail.unwrap_or_else(english),
                ));
            }
        });
    });
    Effect::new(move || {
        let Some(notice) = session.notice.get().filter(|it| it.is_error) else {
            return;
        };
        let message = notice.message.text(Default::default());
        let told = dispatcher.get_value();
        match notice.code {
            "engine-fell-back" => told.device_lost(&message),
            code => told.failed(&Fault::new(code, message)),
        }
    });
    Effect::new(move |before: Option<(bool, bool)>| {
        let camera = session.consent.given.get();
        let now = (camera, is_shared(session, mode));
        // What was agreed on an earlier visit is told too.
        if before.unwrap_or_default() != now {
            dispatcher.get_value().consented(now.0, now.1);
        }
        now
    });
    Effect::new(move || {
        let shared = is_shared(session, mode);
        session.reading.with(|reading| {
            let told = dispatcher.get_value();
            match reading {
                Some(reading) if shared => {
                    let seconds = reading.at.map(|at| at.seconds);
                    let (width, height) = (reading.width, reading.height);
                    told.read(&HostReading::new(&reading.analysis, width, height, seconds));
                }
                _ => told.looks_away(shared),
            }
        });
    });
}
