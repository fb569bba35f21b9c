//! The worker's side: it loads the model, starts an engine, and reads one picture at a time.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::loading;
use crate::page::protocol;
use crate::page::protocol::mailbox::Mailbox;
use crate::page::protocol::{
    EngineChoice, ErrorCode, Job, ModelAddress, Moment, Picture, PictureId, Request, Response,
    VERSION,
};
use crate::pipeline::{Analysis, Analyzer, Live, Question, Source};
use crate::vision::Frame;
use crate::{platform, vision};

/// Streams that are followed at the same time. Of more, those unseen for longest start anew.
const MOST_STREAMS: usize = 8;

/// The whole state of the worker.
struct Worker {
    scope: DedicatedWorkerGlobalScope,
    mailbox: RefCell<Mailbox<Job>>,
    /// Absent before it is loaded, and while it works.
    analyzer: RefCell<Option<Analyzer>>,
    /// Who is who in the frames of each stream, by its number, the one seen last at the end.
    live: RefCell<Vec<(u32, Live)>>,
    loading: Cell<Loading>,
}

#[derive(Clone, Copy, PartialEq)]
enum Loading {
    NotAsked,
    UnderWay,
    Done,
}

/// Listens to the page from now on.
pub fn start() {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let worker = Rc::new(Worker {
        scope: scope.clone(),
        mailbox: RefCell::default(),
        analyzer: RefCell::new(None),
        live: RefCell::default(),
        loading: Cell::new(Loading::NotAsked),
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
        // Neither step can fail for our own types; an answer that cannot be sent has no reader.
        if let Ok(text) = serde_json::to_string(response) {
            let _ = self.scope.post_message(&JsValue::from_str(&text));
        }
    }

    fn receive(self: Rc<Self>, data: &JsValue) {
        let (head, bytes) = open(data);
        match protocol::read_request(&head, bytes) {
            Err(error) => self.post(&error.to_response()),
            Ok(Request::Init { model, engine }) => {
                if self.loading.get() == Loading::NotAsked {
                    self.loading.set(Loading::UnderWay);
                    spawn_local(self.init(model, engine));
                }
            }
            Ok(Request::Read(job)) if self.loading.get() != Loading::Done => {
                self.post(&Response::Error {
                    id: Some(job.id),
                    code: ErrorCode::NotReady,
                    message: "The engine is still loading: wait for it, then try again.".into(),
                });
            }
            Ok(Request::Read(job)) => {
                let overtaken = self.mailbox.borrow_mut().offer(job.ask.sender, job);
                if let Some(overtaken) = overtaken {
                    self.post(&Response::Skipped { id: overtaken.id });
                }
                spawn_local(self.work());
            }
        }
    }

    async fn init(self: Rc<Self>, model: ModelAddress, choice: EngineChoice) {
        let on_progress = |progress| self.post(&Response::Progress(progress));
        match loading::load(&model, choice, on_progress).await {
            Ok((analyzer, info)) => {
                *self.analyzer.borrow_mut() = Some(analyzer);
                self.loading.set(Loading::Done);
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

    /// Works off the mailbox. Called for every picture; at most one call finds work.
    async fn work(self: Rc<Self>) {
        loop {
            let next = self.mailbox.borrow_mut().take();
            let Some(job) = next else { return };
            let response = self.read(job).await;
            self.mailbox.borrow_mut().finish();
            self.post(&response);
            platform::yield_now().await;
        }
    }

    async fn read(&self, job: Job) -> Response {
        let id = job.id;
        let taken = self.analyzer.borrow_mut().take();
        let Some(mut analyzer) = taken else {
            return analysis_error(id, "The engine is gone: reload the page.".into());
        };
        let response = self.read_picture(&mut analyzer, job).await;
        *self.analyzer.borrow_mut() = Some(analyzer);
        response
    }

    async fn read_picture(&self, analyzer: &mut Analyzer, job: Job) -> Response {
        let Job { id, picture, ask } = job;
        let (moment, rgba, width, height) = match picture {
            Picture::Pixels {
                rgba,
                width,
                height,
                at,
            } => (at, rgba, width, height),
            Picture::Encoded(bytes) => match vision::decode(&bytes) {
                Ok(picture) => (None, picture.rgba, picture.width, picture.height),
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
        let source = match moment {
            Some(_) => Source::Camera,
            None => Source::Photo,
        };
        let question = Question {
            source,
            attention: ask.attention,
            max_faces: ask.max_faces,
        };
        match analyzer.analyze(frame, question).await {
            Ok(analysis) => Response::Result {
                id,
                analysis: match moment {
                    Some(at) => self.follow(analysis, at, ask.smoothing_seconds),
                    None => analysis,
                },
                width,
                height,
            },
            Err(error) => analysis_error(id, error.to_string()),
        }
    }
}

impl Worker {
    /// The frame's faces with their numbers; another stream is other people.
    fn follow(&self, analysis: Analysis, at: Moment, smoothing_seconds: Option<f64>) -> Analysis {
        let mut streams = self.live.borrow_mut();
        let known = streams.iter().position(|(number, _)| *number == at.stream);
        let mut live = match known {
            Some(place) => streams.remove(place).1,
            None => Live::default(),
        };
        live.smooth_over(smoothing_seconds);
        let followed = live.follow(analysis, at.seconds);
        streams.push((at.stream, live));
        if streams.len() > MOST_STREAMS {
            streams.remove(0);
        }
        followed
    }
}

fn analysis_error(id: PictureId, message: String) -> Response {
    Response::Error {
        id: Some(id),
        code: ErrorCode::EngineFailed,
        message,
    }
}

/// Takes a message apart: `[head, bytes?]`. What has another form becomes an empty head, which the
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
