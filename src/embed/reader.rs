//! Pictures that the host page hands over: read one after the other, each answered to whoever asked.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Blob;

use super::events::{Teller, to_error, to_plain};
use super::source;
use super::source::Picture;
use crate::page::host::fault::Fault;
use crate::page::host::reading::Reading;
use crate::page::protocol::{
    Ask, Engine, EngineChoice, ErrorCode, PictureId, RequestHead, Response,
};
use crate::web::engine::place::EnginePlace;
use crate::web::engine::shared::{EngineShare, next_number};

/// So many pictures may wait whose pixels were taken: some 500 MB of the largest.
const MOST_KEPT: usize = 32;

/// The right to have a picture read. Dropping it passes it on.
struct Turn(Rc<Reader>);

impl Drop for Turn {
    fn drop(&mut self) {
        let next = self.0.turns.borrow_mut().pop_front();
        match next {
            Some(next) => drop(next.call0(&JsValue::NULL)),
            None => self.0.is_taken.set(false),
        }
    }
}

fn too_many() -> Fault {
    Fault::new(
        "too-many",
        "Too many pictures wait to be read, each of them in memory: await the answers to earlier ones, or \
         hand over Blobs, which wait as they are.",
    )
}

/// Reads pictures with an engine that it shares with others of the same place and choice.
pub struct Reader {
    place: EnginePlace,
    choice: Cell<EngineChoice>,
    share: RefCell<Option<EngineShare>>,
    asked: RefCell<HashMap<PictureId, (Function, Function)>>,
    /// Whether a picture is being read.
    is_taken: Cell<bool>,
    /// Who waits for that, in turn.
    turns: RefCell<VecDeque<Function>>,
    /// How many pictures were taken that wait for their turn.
    kept: Cell<usize>,
    teller: Rc<Teller>,
    /// The engine that was ready last.
    ran: Cell<Option<Engine>>,
}

impl Reader {
    /// Starts the engine. Its news go to `teller`.
    pub fn start(place: EnginePlace, choice: EngineChoice, teller: Rc<Teller>) -> Rc<Self> {
        let reader = Rc::new(Self {
            place,
            choice: Cell::new(choice),
            share: RefCell::default(),
            asked: RefCell::default(),
            is_taken: Cell::new(false),
            turns: RefCell::default(),
            kept: Cell::new(0),
            teller,
            ran: Cell::new(None),
        });
        reader.clone().join();
        reader
    }

    /// Reads a picture, see [`source::take`], one after the other. Starts the engine again where it had
    /// failed. A `Blob` is opened when its turn comes, so any number may wait; of what else there is the
    /// pixels are taken at once, and so many may wait.
    ///
    /// # Errors
    /// Those of [`source::take`], the decoder's, `too-many` and `engine-failed`, as JavaScript errors with
    /// a code.
    pub async fn analyze(
        self: Rc<Self>,
        source: JsValue,
        max_faces: Option<usize>,
    ) -> Result<JsValue, JsValue> {
        let (picture, _turn) = if source.has_type::<Blob>() {
            let turn = self.clone().turn().await?;
            let picture = source::take(&source).await.map_err(|it| to_error(&it))?;
            (picture, turn)
        } else {
            if self.kept.get() >= MOST_KEPT {
                return Err(to_error(&too_many()));
            }
            let picture = source::take(&source).await.map_err(|it| to_error(&it))?;
            self.kept.update(|count| count + 1);
            let turn = self.clone().turn().await;
            self.kept.update(|count| count - 1);
            (picture, turn?)
        };
        // What failed before may not fail again: the connection is back, the policy was mended.
        if self.teller.has_ended() {
            self.clone().join();
        }
        JsFuture::from(self.teller.engine()).await?;
        let id = next_number();
        // Another sender each time: nothing that a program asks for is overtaken.
        let mut ask = Ask::of(next_number());
        ask.max_faces = max_faces.unwrap_or(ask.max_faces);
        let (head, bytes) = match picture {
            Picture::Encoded(bytes) => (RequestHead::Photo { id, ask }, bytes),
            Picture::Pixels(bytes, width, height) => {
                let at = None;
                let head = RequestHead::Frame {
                    id,
                    width,
                    height,
                    at,
                    ask,
                };
                (head, bytes)
            }
        };
        let answer = Promise::new(&mut |resolve, reject| {
            self.asked.borrow_mut().insert(id, (resolve, reject));
        });
        let sent = match &*self.share.borrow() {
            Some(share) => share.ask(id, &head, &bytes),
            None => Err(JsValue::NULL),
        };
        if sent.is_err() {
            self.reject(id, &Fault::closed());
        }
        JsFuture::from(answer).await
    }

    /// Waits until nothing else is read.
    async fn turn(self: Rc<Self>) -> Result<Turn, JsValue> {
        if self.is_taken.replace(true) {
            let passed = Promise::new(&mut |resolve, _| {
                self.turns.borrow_mut().push_back(resolve);
            });
            JsFuture::from(passed).await?;
        }
        Ok(Turn(self))
    }

    /// Lets go of the engine. Whoever waits is told so.
    pub fn close(&self) {
        drop(self.share.take());
        self.reject_all(&Fault::closed());
    }

    fn join(self: Rc<Self>) {
        self.teller.engine_starts();
        let reader = Rc::downgrade(&self);
        let share = EngineShare::join(self.place.clone(), self.choice.get(), move |response| {
            if let Some(reader) = reader.upgrade() {
                reader.hear(response);
            }
        });
        *self.share.borrow_mut() = Some(share);
    }

    fn hear(self: Rc<Self>, response: Response) {
        match response {
            Response::Started { .. } | Response::Progress(_) => (),
            Response::Ready(info) => {
                self.ran.set(Some(info.engine));
                self.teller.engine_ready(&info);
            }
            Response::Result {
                id,
                analysis,
                width,
                height,
            } => {
                let reading = Reading::new(&analysis, width, height, None);
                if let Some((resolve, _)) = self.asked.borrow_mut().remove(&id) {
                    let _ = resolve.call1(&JsValue::NULL, &to_plain(&reading));
                }
            }
            // No sender asks twice.
            Response::Skipped { id } => self.reject(id, &Fault::closed()),
            Response::Error {
                id: Some(id),
                code,
                message,
            } => {
                let fault = Fault::of_worker(code, &message);
                if code == ErrorCode::EngineFailed {
                    self.clone().fall_back(code, &fault);
                }
                self.reject(id, &fault);
            }
            Response::Error {
                id: None,
                code,
                message,
            } => {
                let fault = Fault::of_worker(code, &message);
                if !self.clone().fall_back(code, &fault) {
                    self.reject_all(&fault);
                    self.teller.ended(&fault);
                }
            }
        }
    }

    /// Goes on with the CPU engine where that is a way out. False where it is none.
    fn fall_back(self: Rc<Self>, code: ErrorCode, why: &Fault) -> bool {
        // One that was never ready lost no device.
        let Some(ran) = self.ran.get() else {
            return false;
        };
        let Some(instead) = self.choice.get().instead(code, Some(ran)) else {
            return false;
        };
        self.choice.set(instead);
        self.reject_all(why);
        // Whoever hears of it may hand over the next picture at once, which waits for the other engine.
        self.teller.engine_starts();
        self.teller.device_lost(&why.message);
        spawn_local(async move { self.join() });
        true
    }

    fn reject(&self, id: PictureId, fault: &Fault) {
        if let Some((_, reject)) = self.asked.borrow_mut().remove(&id) {
            let _ = reject.call1(&JsValue::NULL, &to_error(fault));
        }
    }

    fn reject_all(&self, fault: &Fault) {
        for (_, (_, reject)) in self.asked.take() {
            let _ = reject.call1(&JsValue::NULL, &to_error(fault));
        }
    }
}
