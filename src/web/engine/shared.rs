//! The engines that run on this page. Users of the same engine share it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::ArrayBuffer;
use wasm_bindgen_futures::spawn_local;

use super::client::EngineClient;
use super::location::EngineLocation;
use crate::page::engine_handle::{self, EngineHandle, Event, WeakEngine};
use crate::page::protocol::EngineChoice;

struct Entry {
    key: String,
    choice: EngineChoice,
    engine: WeakEngine<ArrayBuffer>,
}

thread_local! {
    static ENGINES: RefCell<Vec<Entry>> = RefCell::default();
    static LAST_NUMBER: Cell<u32> = const { Cell::new(0) };
}

/// Returns an id that is unique on this page, for a stream or a request for a camera.
pub fn next_number() -> u32 {
    LAST_NUMBER.with(|last| {
        last.set(last.get().wrapping_add(1));
        last.get()
    })
}

/// Joins the engine of this location and choice, or starts it. Its current status is passed to
/// `on_event` after this call has returned.
pub fn join(
    location: EngineLocation,
    choice: EngineChoice,
    on_event: impl Fn(Event) + 'static,
) -> Rc<EngineHandle<ArrayBuffer>> {
    let on_event = Rc::new(on_event);
    let listener = {
        let on_event = on_event.clone();
        move |event| on_event(event)
    };
    let known = ENGINES.with_borrow_mut(|engines| {
        engines.retain(|it| it.engine.is_held());
        let mut known = engines.iter();
        let known = known.find(|it| it.key == location.key && it.choice == choice);
        known.map(|it| it.engine.clone())
    });
    let joined = known.and_then(|it| it.join(listener.clone()));
    let handle = joined.unwrap_or_else(|| start(location, choice, listener));
    let handle = Rc::new(handle);
    let joined = Rc::downgrade(&handle);
    spawn_local(async move {
        if let Some(handle) = joined.upgrade() {
            on_event(Event::Status(handle.status()));
        }
    });
    handle
}

fn start(
    location: EngineLocation,
    choice: EngineChoice,
    on_event: impl Fn(Event) + 'static,
) -> EngineHandle<ArrayBuffer> {
    let (key, model) = (location.key.clone(), location.model.clone());
    let start_worker = move |on_response| -> Box<dyn engine_handle::Worker<ArrayBuffer>> {
        Box::new(EngineClient::start(location.clone(), on_response))
    };
    let handle = EngineHandle::start(model, choice, start_worker, on_event);
    let engine = handle.downgrade();
    ENGINES.with_borrow_mut(|engines| {
        engines.push(Entry {
            key,
            choice,
            engine,
        });
    });
    handle
}
