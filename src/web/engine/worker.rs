//! The worker's side: loads the model, starts an engine, and reads one picture at a time.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::loading;
use crate::page::protocol;
use crate::page::protocol::{
    EngineChoice, ErrorCode, Job, ModelAddress, Picture, PictureId, Request, Response, VERSION,
};
use crate::pipeline::Analyzer;
use crate::vision;
use crate::vision::Frame;

/// The state of the worker.
struct Worker {
    scope: DedicatedWorkerGlobalScope,
    /// `None` until it is loaded, and while a picture is being read.
    analyzer: RefCell<Option<Analyzer>>,
    was_asked_to_load: Cell<bool>,
}

/// Starts to listen for messages of the page.
pub fn start() {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let worker = Rc::new(Worker {
        scope: scope.clone(),
        analyzer: RefCell::new(None),
        was_asked_to_load: Cell::new(false),
    });
    let listener = {
        let worker = worker.clone();
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            worker.clone().receive(&event.data());
        })
    };
    scope.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    // The listener lives as long as the worker.
    listener.forget();
    worker.post(&Response::Started { version: VERSION });
}

impl Worker {
    fn post(&self, response: &Response) {
        // Neither step fails for the types of this crate.
        if let Ok(text) = serde_json::to_string(response) {
            let _ = self.scope.post_message(&JsValue::from_str(&text));
        }
    }

    fn receive(self: Rc<Self>, data: &JsValue) {
        let (head, bytes) = open(data);
        match protocol::read_request(&head, bytes) {
            Err(error) => self.post(&error.to_response()),
            Ok(Request::Init { model, engine }) => {
                if !self.was_asked_to_load.replace(true) {
                    spawn_local(self.init(model, engine));
                }
            }
            Ok(Request::Read(job)) => spawn_local(async move {
                let response = self.read(job).await;
                self.post(&response);
            }),
        }
    }

    async fn init(self: Rc<Self>, model: ModelAddress, choice: EngineChoice) {
        let on_progress = |progress| self.post(&Response::Progress(progress));
        match loading::load(&model, choice, on_progress).await {
            Ok((analyzer, info)) => {
                *self.analyzer.borrow_mut() = Some(analyzer);
                self.post(&Response::Ready(info));
            }
            Err(error) => {
                let (code, message) = (error.code(), error.to_string());
                self.post(&Response::Error {
                    id: None,
                    code,
                    message,
                });
            }
        }
    }

    async fn read(&self, job: Job) -> Response {
        let taken = self.analyzer.borrow_mut().take();
        let Some(mut analyzer) = taken else {
            return Response::Error {
                id: Some(job.id),
                code: ErrorCode::NotReady,
                message:
                    "The engine is loading, or reads another picture: wait for it, then try again."
                        .into(),
            };
        };
        let response = read_picture(&mut analyzer, job).await;
        *self.analyzer.borrow_mut() = Some(analyzer);
        response
    }
}

async fn read_picture(analyzer: &mut Analyzer, job: Job) -> Response {
    let Job {
        id,
        picture,
        options,
    } = job;
    let (rgba, width, height) = match picture {
        Picture::Pixels {
            rgba,
            width,
            height,
        } => (rgba, width, height),
        Picture::Encoded(bytes) => match vision::decode(&bytes) {
            Ok(picture) => (picture.rgba, picture.width, picture.height),
            Err(error) => {
                let (code, message) = (ErrorCode::from(&error), error.to_string());
                return Response::Error {
                    id: Some(id),
                    code,
                    message,
                };
            }
        },
    };
    let frame = match Frame::new(&rgba, width, height) {
        Ok(frame) => frame,
        Err(error) => return analysis_error(id, error.to_string()),
    };
    match analyzer.analyze(frame, options).await {
        Ok(analysis) => Response::Result {
            id,
            analysis,
            width,
            height,
        },
        Err(error) => analysis_error(id, error.to_string()),
    }
}

fn analysis_error(id: PictureId, message: String) -> Response {
    Response::Error {
        id: Some(id),
        code: ErrorCode::EngineFailed,
        message,
    }
}

/// Splits a message `[head, bytes?]`. A message of any other form gives an empty head, which the
/// protocol answers with an error.
fn open(data: &JsValue) -> (String, Option<Vec<u8>>) {
    let Some(parts) = data.dyn_ref::<Array>() else {
        return (String::new(), None);
    };
    let head = parts.get(0).as_string().unwrap_or_default();
    let bytes = parts
        .get(1)
        .dyn_ref::<ArrayBuffer>()
        .map(|bytes| Uint8Array::new(bytes).to_vec());
    (head, bytes)
}
