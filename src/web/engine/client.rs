//! The handle on a worker: talks to it, and ends it when dropped.

use gloo::events::EventListener;
use js_sys::{Array, ArrayBuffer};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, MessageEvent, Worker};

use crate::page::protocol;
use crate::page::protocol::{ErrorCode, RequestHead, Response};

/// A running worker.
pub struct EngineClient {
    worker: Worker,
    /// Dropped with the client, so that a worker that was ended says nothing more.
    _listeners: [EventListener; 2],
}

impl EngineClient {
    /// Listens to a worker that was just made. Everything it says comes to `on_response`, its crash
    /// as [`ErrorCode::EngineCrashed`].
    pub fn new(worker: Worker, on_response: impl Fn(Response) + Clone + 'static) -> Self {
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
            // A script that does not load gives a plain event without a message.
            let reason = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
            let reason = reason.filter(|reason| !reason.is_empty());
            let reason = reason.unwrap_or_else(|| "its script did not load".to_owned());
            on_response(Response::Error {
                id: None,
                code: ErrorCode::EngineCrashed,
                message: format!("The engine stopped unexpectedly ({reason}). Try again."),
            });
        });
        Self {
            worker,
            _listeners: [on_message, on_error],
        }
    }

    /// Sends a message, and hands `bytes` over without a copy.
    ///
    /// # Errors
    /// What the browser throws when the buffer was handed over before.
    pub fn send(&self, head: &RequestHead, bytes: Option<&ArrayBuffer>) -> Result<(), JsValue> {
        let text = serde_json::to_string(head).map_err(|error| error.to_string())?;
        let message = Array::of1(&text.into());
        let transfer = Array::new();
        if let Some(bytes) = bytes {
            message.push(bytes);
            transfer.push(bytes);
        }
        self.worker.post_message_with_transfer(&message, &transfer)
    }
}

impl Drop for EngineClient {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}
