//! A web worker of this page as an [`engine_handle::Worker`](crate::page::engine_handle::Worker).

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use js_sys::{Array, ArrayBuffer};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{ErrorEvent, MessageEvent, Worker};

use super::loader;
use super::location::EngineLocation;
use crate::page::engine_handle;
use crate::page::engine_handle::OnResponse;
use crate::page::protocol;
use crate::page::protocol::{ErrorCode, RequestHead, Response};

/// A web worker that is running or being created. Dropping it terminates the worker.
pub struct EngineClient {
    /// `None` while the browser creates the worker.
    running: Rc<RefCell<Option<Running>>>,
}

struct Running {
    worker: Worker,
    listeners: [EventListener; 2],
}

impl EngineClient {
    /// Creates a worker. Everything it sends is passed to `on_response`, a crash as
    /// [`ErrorCode::EngineCrashed`] and a failed creation as [`ErrorCode::NoWorker`].
    pub fn start(location: EngineLocation, on_response: OnResponse) -> Self {
        let running = Rc::new(RefCell::new(None));
        let wanted = Rc::downgrade(&running);
        spawn_local(async move {
            let worker = location.worker.make().await;
            match (worker, wanted.upgrade()) {
                (Ok(worker), Some(running)) => {
                    *running.borrow_mut() = Some(Running::listen(worker, on_response));
                }
                (Ok(worker), None) => worker.terminate(),
                (Err(error), Some(_)) => {
                    on_response(failure(ErrorCode::NoWorker, loader::text(&error)));
                }
                (Err(_), None) => (),
            }
        });
        Self { running }
    }
}

impl Running {
    fn listen(worker: Worker, on_response: OnResponse) -> Self {
        let on_message = {
            let on_response = on_response.clone();
            EventListener::new(&worker, "message", move |event| {
                let data = event.unchecked_ref::<MessageEvent>().data();
                let text = data.as_string().unwrap_or_default();
                let response = protocol::read_response(&text);
                on_response(response.unwrap_or_else(|error| error.to_response()));
            })
        };
        let on_error = EventListener::new(&worker, "error", move |event| {
            // A script that does not load causes a plain event without a message.
            let reason = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
            let reason = reason.filter(|reason| !reason.is_empty());
            let reason = reason.unwrap_or_else(|| "its script did not load".to_owned());
            let message = format!("The engine stopped unexpectedly ({reason}). Try again.");
            on_response(failure(ErrorCode::EngineCrashed, message));
        });
        Self {
            worker,
            listeners: [on_message, on_error],
        }
    }
}

impl engine_handle::Worker<ArrayBuffer> for EngineClient {
    fn post(&self, head: &RequestHead, bytes: Option<ArrayBuffer>) -> Result<(), String> {
        let text = serde_json::to_string(head).map_err(|error| error.to_string())?;
        let message = Array::of1(&text.into());
        let transfer = Array::new();
        if let Some(bytes) = bytes {
            message.push(&bytes);
            transfer.push(&bytes);
        }
        match &*self.running.borrow() {
            Some(running) => running
                .worker
                .post_message_with_transfer(&message, &transfer)
                .map_err(|error| loader::text(&error)),
            None => Err("The worker is not there yet.".to_owned()),
        }
    }
}

impl Drop for EngineClient {
    fn drop(&mut self) {
        let Some(Running { worker, listeners }) = self.running.take() else {
            return;
        };
        worker.terminate();
        // Dropped later, because one of them may be running.
        spawn_local(async move { drop(listeners) });
    }
}

fn failure(code: ErrorCode, message: String) -> Response {
    Response::Error {
        id: None,
        code,
        message,
    }
}
