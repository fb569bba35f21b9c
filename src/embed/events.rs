//! The events of an element for its host page: composed, with plain data, and all but `error` bubbling.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use js_sys::{Error, Function, JSON, Promise, Reflect};
use serde::Serialize;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, EventTarget};

use crate::page::host::error::HostError;
use crate::page::host::reading::HostReading;
use crate::page::protocol::{CpuReason, Engine, EngineInfo};

/// Dispatches events to one host, and keeps what is needed to report only changes.
pub struct EventDispatcher {
    host: Option<EventTarget>,
    /// The engine that was reported last.
    engine: RefCell<Option<EngineInfo>>,
    state: RefCell<State>,
    /// The `resolve` and `reject` functions of promises that wait for the engine.
    waiting: RefCell<Vec<(Function, Function)>>,
    seen: RefCell<BTreeSet<u32>>,
    silent: Cell<bool>,
}

/// State of the engine.
#[derive(Default)]
enum State {
    #[default]
    Starting,
    Ready,
    Ended(HostError),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EngineFacts<'a> {
    engine: Engine,
    /// Name of the graphics adapter, or the reason for using the CPU.
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
    /// Creates a dispatcher for `host`; with `None` no events are sent.
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

    /// Sends no more events, and rejects all promises that wait with [`HostError::closed`].
    pub fn close(&self) {
        self.silent.set(true);
        self.reject_waiting(&HostError::closed());
    }

    /// Records that the engine is being loaded, for the first time or again.
    pub fn engine_starts(&self) {
        *self.state.borrow_mut() = State::Starting;
    }

    /// Reports that the engine is ready: sends `ready` the first time, and `engine-change` when it
    /// is a different engine from before, after `device-lost` where that is because WebGPU stopped.
    pub fn engine_ready(&self, info: &EngineInfo) {
        *self.state.borrow_mut() = State::Ready;
        let before = self.engine.replace(Some(info.clone()));
        let facts = EngineFacts {
            engine: info.engine,
            adapter: &info.detail,
            model: &info.model.name,
            model_sha256: &info.model.sha256,
        };
        let stopped = |info: &EngineInfo| info.cpu_reason == Some(CpuReason::WebGpuStopped);
        if before.as_ref().is_some_and(|before| !stopped(before)) && stopped(info) {
            self.dispatch(
                "device-lost",
                &HostError::new("device-lost", info.detail.clone()),
            );
        }
        match before {
            None => self.dispatch("ready", &facts),
            Some(before) if before.engine != info.engine => {
                self.dispatch("engine-change", &facts);
            }
            Some(_) => (),
        }
        for (resolve, _) in self.waiting.take() {
            let _ = resolve.call0(&JsValue::NULL);
        }
    }

    /// Reports a failure after which the element continues.
    pub fn error(&self, error: &HostError) {
        self.dispatch("error", error);
    }

    /// Reports a failure that leaves no engine.
    pub fn fatal_error(&self, error: &HostError) {
        *self.state.borrow_mut() = State::Ended(error.clone());
        self.dispatch("error", error);
        self.reject_waiting(error);
    }

    /// Reports what the person agreed to: using the camera, and sharing readings with the host.
    pub fn consented(&self, camera: bool, shared: bool) {
        self.dispatch("consent", &Consented { camera, shared });
    }

    /// Reports a reading, and each face of the previous reading that is gone.
    pub fn read(&self, reading: &HostReading) {
        let now: BTreeSet<u32> = reading.faces.iter().map(|face| face.number).collect();
        let before = self.seen.replace(now.clone());
        self.dispatch("expression", reading);
        for number in before.difference(&now) {
            self.dispatch("face-lost", &Lost { number: *number });
        }
    }

    /// Ends the current faces when there is no reading any more; `told` says whether to report each
    /// of them as lost.
    pub fn clear_faces(&self, told: bool) {
        for number in self.seen.take() {
            if told {
                self.dispatch("face-lost", &Lost { number });
            }
        }
    }

    /// Returns a promise that resolves when the engine is ready and rejects when it fails.
    pub fn engine(&self) -> Promise {
        if self.silent.get() {
            return Promise::reject(&to_error(&HostError::closed()));
        }
        match &*self.state.borrow() {
            State::Ready => Promise::resolve(&JsValue::UNDEFINED),
            State::Ended(error) => Promise::reject(&to_error(error)),
            State::Starting => Promise::new(&mut |resolve, reject| {
                self.waiting.borrow_mut().push((resolve, reject));
            }),
        }
    }

    fn reject_waiting(&self, error: &HostError) {
        for (_, reject) in self.waiting.take() {
            let _ = reject.call1(&JsValue::NULL, &to_error(error));
        }
    }

    fn dispatch(&self, name: &str, detail: &impl Serialize) {
        let Some(host) = self.host.as_ref().filter(|_| !self.silent.get()) else {
            return;
        };
        let init = CustomEventInit::new();
        // A window takes every `error` that reaches it for one of its scripts.
        init.set_bubbles(name != "error");
        init.set_composed(true);
        init.set_detail(&to_plain(detail));
        if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
            let _ = host.dispatch_event(&event);
        }
    }
}

/// Converts data to plain JavaScript objects for the host page.
pub fn to_plain(data: &impl Serialize) -> JsValue {
    // Neither step fails for the types of this crate, whose numbers are finite.
    let text = serde_json::to_string(data).unwrap_or_default();
    JSON::parse(&text).unwrap_or(JsValue::NULL)
}

/// Converts to a JavaScript error with the property `code`.
pub fn to_error(error: &HostError) -> JsValue {
    let thrown = Error::new(&error.message);
    thrown.set_name("MoueError");
    let _ = Reflect::set(&thrown, &"code".into(), &error.code.as_ref().into());
    thrown.into()
}
