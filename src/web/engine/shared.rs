//! The engines that run on this page: whoever wants the same one shares it. It ends when the last
//! one lets go of it.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};

use js_sys::ArrayBuffer;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::client::EngineClient;
use super::loader;
use super::place::EnginePlace;
use crate::page::protocol::{EngineChoice, ErrorCode, PictureId, RequestHead, Response, VERSION};

type Listener = Rc<dyn Fn(Response)>;

thread_local! {
    static ENGINES: RefCell<Vec<Weak<Shared>>> = RefCell::default();
    static LAST_NUMBER: Cell<u32> = const { Cell::new(0) };
}

/// A number that nothing else on this page has: of a picture, of a stream, of who asks.
pub fn next_number() -> u32 {
    LAST_NUMBER.with(|last| {
        last.set(last.get().wrapping_add(1));
        last.get()
    })
}

/// An engine and everyone who uses it.
struct Shared {
    choice: EngineChoice,
    place: EnginePlace,
    /// Absent while the browser makes it.
    client: RefCell<Option<EngineClient>>,
    listeners: RefCell<Vec<(u32, Listener)>>,
    /// Who asked about the pictures that are out.
    askers: RefCell<HashMap<PictureId, u32>>,
    /// How far it is, for those who come later.
    news: RefCell<Option<Response>>,
}

/// One user's share of an engine. Dropping it ends what this user hears.
pub struct EngineShare {
    shared: Option<Rc<Shared>>,
    number: u32,
}

impl EngineShare {
    /// Joins the engine of this place and choice, or starts it. Everything that concerns this user
    /// comes to `on_response`, later and never from within a call.
    pub fn join(
        place: EnginePlace,
        choice: EngineChoice,
        on_response: impl Fn(Response) + 'static,
    ) -> Self {
        let running = ENGINES.with_borrow_mut(|engines| {
            engines.retain(|engine| engine.strong_count() > 0);
            let mut running = engines.iter().filter_map(Weak::upgrade);
            running.find(|it| it.place.key == place.key && it.choice == choice)
        });
        let is_running = running.is_some();
        let shared = running.unwrap_or_else(|| {
            Rc::new(Shared {
                choice,
                place,
                client: RefCell::default(),
                listeners: RefCell::default(),
                askers: RefCell::default(),
                news: RefCell::default(),
            })
        });
        let number = next_number();
        let listener: Listener = Rc::new(on_response);
        shared.listeners.borrow_mut().push((number, listener));
        if is_running {
            let news = Rc::downgrade(&shared);
            spawn_local(async move {
                if let Some(shared) = news.upgrade() {
                    let news = shared.news.borrow().clone();
                    news.into_iter().for_each(|news| shared.tell(number, news));
                }
            });
        } else {
            ENGINES.with_borrow_mut(|engines| engines.push(Rc::downgrade(&shared)));
            spawn_local(start(Rc::downgrade(&shared), shared.place.clone()));
        }
        Self {
            shared: Some(shared),
            number,
        }
    }

    /// Sends a question about a picture, and hands `bytes` over without a copy. Only this user
    /// hears the answer.
    ///
    /// # Errors
    /// What the browser throws when the buffer was handed over before; nothing where there is no
    /// worker yet.
    pub fn ask(
        &self,
        id: PictureId,
        head: &RequestHead,
        bytes: &ArrayBuffer,
    ) -> Result<(), JsValue> {
        let shared = self.shared.as_ref().ok_or(JsValue::NULL)?;
        let client = shared.client.borrow();
        let client = client.as_ref().ok_or(JsValue::NULL)?;
        shared.askers.borrow_mut().insert(id, self.number);
        client.send(head, Some(bytes))
    }
}

impl Drop for EngineShare {
    fn drop(&mut self) {
        let Some(shared) = self.shared.take() else {
            return;
        };
        let is_other = |(number, _): &(u32, Listener)| *number != self.number;
        shared.listeners.borrow_mut().retain(is_other);
        let mut askers = shared.askers.borrow_mut();
        askers.retain(|_, asker| *asker != self.number);
        drop(askers);
        // Later, because the worker that is to go may be the one whose message is being handled.
        spawn_local(async move { drop(shared) });
    }
}

impl Shared {
    fn hear(&self, response: Response) {
        match &response {
            Response::Started { .. } => {
                let init = RequestHead::Init {
                    version: VERSION,
                    model: self.place.model.clone(),
                    engine: self.choice,
                };
                let sent = self.client.borrow().as_ref().map(|it| it.send(&init, None));
                if matches!(sent, Some(Err(_))) {
                    self.hear(failure(ErrorCode::EngineCrashed, String::new()));
                }
            }
            Response::Progress(_) | Response::Ready(_) => self.tell_everyone(response),
            Response::Error { id: None, .. } => {
                // Whoever tries again gets a new one.
                ENGINES.with_borrow_mut(|engines| {
                    engines.retain(|it| !std::ptr::eq(it.as_ptr(), self));
                });
                self.tell_everyone(response);
            }
            Response::Result { id, .. }
            | Response::Skipped { id }
            | Response::Error { id: Some(id), .. } => {
                let asker = self.askers.borrow_mut().remove(id);
                if let Some(asker) = asker {
                    self.tell(asker, response);
                }
            }
        }
    }

    fn tell_everyone(&self, news: Response) {
        *self.news.borrow_mut() = Some(news.clone());
        // A copy, because whoever hears it may leave or join, and make others leave.
        let numbers: Vec<u32> = self.listeners.borrow().iter().map(|(of, _)| *of).collect();
        for number in numbers {
            self.tell(number, news.clone());
        }
    }

    fn tell(&self, number: u32, response: Response) {
        let listeners = self.listeners.borrow();
        let listener = listeners.iter().find(|(of, _)| *of == number);
        let listener = listener.map(|(_, listener)| listener.clone());
        drop(listeners);
        if let Some(listener) = listener {
            listener(response);
        }
    }
}

/// Makes the worker, unless everyone has left by then.
async fn start(shared: Weak<Shared>, place: EnginePlace) {
    let worker = place.worker.make().await;
    let Some(engine) = shared.upgrade() else {
        if let Ok(worker) = worker {
            worker.terminate();
        }
        return;
    };
    match worker {
        Ok(worker) => {
            let on_response = move |response| {
                if let Some(shared) = shared.upgrade() {
                    shared.hear(response);
                }
            };
            *engine.client.borrow_mut() = Some(EngineClient::new(worker, on_response));
        }
        Err(error) => {
            engine.hear(failure(ErrorCode::NoWorker, loader::text(&error)));
        }
    }
}

fn failure(code: ErrorCode, message: String) -> Response {
    Response::Error {
        id: None,
        code,
        message,
    }
}
