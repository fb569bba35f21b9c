//! The worker's side: loads the model, starts its engines, and reads one picture at a time.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::loading;
use super::loading::{Loaded, StartError};
use crate::engine::Program;
use crate::engine::race::Race;
use crate::page::protocol;
use crate::page::protocol::{
    CpuReason, Engine, EngineChoice, EngineInfo, ErrorCode, Job, ModelAddress, Picture, PictureId,
    Request, Response, VERSION,
};
use crate::pipeline::Analyzer;
use crate::vision;
use crate::vision::Frame;

/// The state of the worker.
struct Worker {
    scope: DedicatedWorkerGlobalScope,
    /// `None` until it is loaded, and while a picture is being read.
    analyzer: RefCell<Option<Analyzer<Race>>>,
    /// WebGPU, once it is trusted and until no picture is being read, with the duration of its pass.
    joining: Cell<Option<(Box<dyn Program>, f64)>>,
    /// What the page was told last.
    told: RefCell<Option<EngineInfo>>,
    /// Name of WebGPU's adapter.
    adapter: RefCell<String>,
    was_asked_to_load: Cell<bool>,
}

/// Starts to listen for messages of the page.
pub fn start() {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let worker = Rc::new(Worker {
        scope: scope.clone(),
        analyzer: RefCell::default(),
        joining: Cell::default(),
        told: RefCell::default(),
        adapter: RefCell::default(),
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
            Ok(Loaded {
                analyzer,
                info,
                challenger,
            }) => {
                self.analyzer.replace(Some(analyzer));
                self.tell(info);
                let Some(challenger) = challenger else {
                    return;
                };
                self.adapter.replace(challenger.adapter.clone());
                match challenger.join(|| ()).await {
                    Ok(joining) => {
                        self.joining.set(Some(joining));
                        let free = self.analyzer.borrow_mut().take();
                        if let Some(analyzer) = free {
                            self.give_back(analyzer);
                        }
                    }
                    Err(error) => self.tell_refused(&error),
                }
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
        self.give_back(analyzer);
        response
    }

    /// Keeps the analyzer for the next picture. Lets WebGPU join if it waits for that, and tells the
    /// page if another engine computes than before.
    fn give_back(&self, mut analyzer: Analyzer<Race>) {
        let race = analyzer.network();
        if let Some((program, millis)) = self.joining.take() {
            race.admit(program, millis);
        }
        let told = self.told.borrow();
        let now = told
            .as_ref()
            .and_then(|told| follow(told, race, &self.adapter.borrow()));
        drop(told);
        self.analyzer.replace(Some(analyzer));
        if let Some(info) = now {
            self.tell(info);
        }
    }

    fn tell(&self, info: EngineInfo) {
        self.told.replace(Some(info.clone()));
        self.post(&Response::Ready(info));
    }

    /// Tells the page why WebGPU did not join.
    fn tell_refused(&self, error: &StartError) {
        let told = self.told.borrow().clone();
        if let Some(told) = told {
            let reason = match error {
                StartError::WrongAnswer { .. } => CpuReason::WebGpuIsWrong,
                _ => CpuReason::WebGpuDidNotStart,
            };
            self.tell(EngineInfo {
                detail: error.to_string(),
                cpu_reason: Some(reason),
                ..told
            });
        }
    }
}

/// Returns what computes now, if that is something else than was told.
fn follow(told: &EngineInfo, race: &Race, adapter: &str) -> Option<EngineInfo> {
    let cpu_reason = match race.failure() {
        _ if race.prefers_other() => None,
        Some(_) => Some(CpuReason::WebGpuStopped),
        None if race.has_other() => Some(CpuReason::CpuIsFaster),
        None => return None,
    };
    if cpu_reason == told.cpu_reason {
        return None;
    }
    let (engine, detail) = match (cpu_reason, race.failure()) {
        (None, _) => (Engine::WebGpu, adapter.to_owned()),
        (Some(_), Some(error)) => (Engine::Cpu, error.to_string()),
        (Some(reason), None) => (Engine::Cpu, reason.detail().to_owned()),
    };
    Some(EngineInfo {
        engine,
        cpu_reason,
        detail,
        model: told.model.clone(),
    })
}

async fn read_picture(analyzer: &mut Analyzer<Race>, job: Job) -> Response {
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
