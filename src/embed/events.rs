//! What an element tells its host page: bubbling, composed events with plain data.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use js_sys::{Error, Function, JSON, Promise, Reflect};
use serde::Serialize;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, EventTarget};

use crate::page::host::fault::Fault;
use crate::page::host::reading::HostReading;
use crate::page::protocol::{Engine, EngineInfo};

/// Tells one host, and remembers what it was told.
pub struct EventDispatcher {
    host: Option<EventTarget>,
    /// The one that was told last.
    engine: RefCell<Option<EngineInfo>>,
    state: RefCell<State>,
    /// Who waits for the engine.
    waiting: RefCell<Vec<(Function, Function)>>,
    seen: RefCell<BTreeSet<u32>>,
    silent: Cell<bool>,
}

/// How far the engine is.
#[derive(Default)]
enum State {
    #[default]
    Starting,
    Ready,
    Ended(Fault),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EngineFacts<'a> {
    engine: Engine,
    /// The graphics adapter, or why there is none.
    adapter: &'a str,
    model: &'a str,
    model_sha256: &'a str,
}

#[derive(Serialize)]
struct Consented {
    camera: bool,
    shared: bool,
}

#[derive(Serialize)]
struct Lost {
    number: u32,
}

impl EventDispatcher {
    /// Tells `host`, or nobody.
    pub fn new(host: Option<EventTarget>) -> Self {
        Self {
            host,
            engine: RefCell::default(),
            state: RefCell::default(),
            waiting: RefCell::default(),
            seen: RefCell::default(),
            silent: Cell::new(false),
        }
    }

    /// Tells nothing from now on. Whoever waits is told that this was closed.
    pub fn fall_silent(&self) {
        self.silent.set(true);
        self.reject_waiting(&Fault::closed());
    }

    /// The engine is on its way, again.
    pub fn engine_starts(&self) {
        *self.state.borrow_mut() = State::Starting;
    }

    /// The engine is ready: `ready` the first time, `engine-change` when another one computes.
    pub fn engine_ready(&self, info: &EngineInfo) {
        *self.state.borrow_mut() = State::Ready;
        let before = self.engine.replace(Some(info.clone()));
        let facts = EngineFacts {
            engine: info.engine,
            adapter: &info.detail,
            model: &info.model.name,
            model_sha256: &info.model.sha256,
        };
        match before {
            None => self.dispatch("ready", &facts),
            Some(before) if before.engine != info.engine || before.detail != info.detail => {
                self.dispatch("engine-change", &facts);
            }
            Some(_) => (),
        }
        for (resolve, _) in self.waiting.take() {
            let _ = resolve.call0(&JsValue::NULL);
        }
    }

    /// The graphics device went away; the CPU engine takes its place.
    pub fn device_lost(&self, message: &str) {
        self.dispatch("device-lost", &Fault::new("device-lost", message));
    }

    /// Something failed, and the element goes on.
    pub fn failed(&self, fault: &Fault) {
        self.dispatch("error", fault);
    }

    /// Something failed, and there is no engine.
    pub fn ended(&self, fault: &Fault) {
        *self.state.borrow_mut() = State::Ended(fault.clone());
        self.dispatch("error", fault);
        self.reject_waiting(fault);
    }

    /// What the person agreed to.
    pub fn consented(&self, camera: bool, shared: bool) {
        self.dispatch("consent", &Consented { camera, shared });
    }

    /// Faces were read, and some that were there may be gone.
    pub fn read(&self, reading: &HostReading) {
        let now: BTreeSet<u32> = reading.faces.iter().map(|face| face.number).collect();
        let before = self.seen.replace(now.clone());
        self.dispatch("expression", reading);
        for number in before.difference(&now) {
            self.dispatch("face-lost", &Lost { number: *number });
        }
    }

    /// Nobody is looked at any more; `told` says whether the host knew of somebody.
    pub fn looks_away(&self, told: bool) {
        for number in self.seen.take() {
            if told {
                self.dispatch("face-lost", &Lost { number });
            }
        }
    }

    /// Resolves once there is an engine, rejects when there will be none.
    pub fn engine(&self) -> Promise {
        if self.silent.get() {
            return Promise::reject(&to_error(&Fault::closed()));
        }
        match &*self.state.borrow() {
            State::Ready => Promise::resolve(&JsValue::UNDEFINED),
            State::Ended(fault) => Promise::reject(&to_error(fault)),
            State::Starting => Promise::new(&mut |resolve, reject| {
                self.waiting.borrow_mut().push((resolve, reject));
            }),
        }
    }

    fn reject_waiting(&self, fault: &Fault) {
        for (_, reject) in self.waiting.take() {
            let _ = reject.call1(&JsValue::NULL, &to_error(fault));
        }
    }

    fn dispatch(&self, name: &str, detail: &impl Serialize) {
        let Some(host) = self.host.as_ref().filter(|_| !self.silent.get()) else {
            return;
        };
        let init = CustomEventInit::new();
        init.set_bubbles(true);
        init.set_composed(true);
        init.set_detail(&to_plain(detail));
        if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
            let _ = host.dispatch_event(&event);
        }
    }
}

/// Plain data of the host page.
pub fn to_plain(data: &impl Serialize) -> JsValue {
    // Neither step fails for our own types, whose numbers are finite.
    let text = serde_json::to_string(data).unwrap_or_default();
    JSON::parse(&text).unwrap_or(JsValue::NULL)
}

/// A fault as a JavaScript error with the property `code`.
pub fn to_error(fault: &Fault) -> JsValue {
    let error = Error::new(&fault.message);
    error.set_name("MoueError");
    let _ = Reflect::set(&error, &"code".into(), &fault.code.as_ref().into());
    error.into()
}
