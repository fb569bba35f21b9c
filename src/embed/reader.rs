//! Pictures that the host page hands over: read one after the other, each answered to whoever
//! asked.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::ArrayBuffer;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use super::events::{EventDispatcher, to_error, to_plain};
use super::source;
use crate::page::engine_handle::{EngineHandle, Event, ReadError, Status, Turn};
use crate::page::host::fault::Fault;
use crate::page::host::reading::HostReading;
use crate::page::protocol::EngineChoice;
use crate::pipeline::{FrameSource, ReadOptions};
use crate::web::engine::place::EnginePlace;
use crate::web::engine::shared;

/// So many pictures may wait whose pixels were taken: some 500 MB of the largest.
const MOST_KEPT: usize = 32;

fn too_many() -> Fault {
    Fault::new(
        "too-many",
        "Too many pictures wait to be read, each of them in memory: await the answers to earlier ones, or \
         hand over Blobs, which wait as they are.",
    )
}

impl From<ReadError> for Fault {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Picture(error)
            | ReadError::Interrupted(error)
            | ReadError::Engine(error) => Self::of_worker(error.code, &error.message),
            ReadError::Closed => Self::closed(),
        }
    }
}

/// Reads pictures with an engine that it shares with others of the same place and choice.
pub struct Reader {
    /// Absent once this is closed.
    engine: RefCell<Option<Rc<EngineHandle<ArrayBuffer>>>>,
    /// How many pictures were taken that wait for their turn.
    kept: Cell<usize>,
    /// One `Blob` is opened at a time.
    blobs: FifoLock,
}

/// Lets one at a time through, in the order in which they came.
#[derive(Default)]
struct FifoLock {
    is_taken: Cell<bool>,
    waiting: RefCell<VecDeque<oneshot::Sender<()>>>,
}

struct FifoGuard<'a>(&'a FifoLock);

impl FifoLock {
    async fn lock(&self) -> FifoGuard<'_> {
        if self.is_taken.replace(true) {
            let (sender, receiver) = oneshot::channel();
            self.waiting.borrow_mut().push_back(sender);
            // Its other end is kept until it is used.
            let _ = receiver.await;
        }
        FifoGuard(self)
    }
}

impl Drop for FifoGuard<'_> {
    fn drop(&mut self) {
        loop {
            let next = self.0.waiting.borrow_mut().pop_front();
            match next.map(|next| next.send(())) {
                None => return self.0.is_taken.set(false),
                Some(Ok(())) => return,
                // Nobody waits there any more.
                Some(Err(())) => (),
            }
        }
    }
}

impl Reader {
    /// Starts the engine. Its news go to `dispatcher`.
    pub fn start(
        place: EnginePlace,
        choice: EngineChoice,
        dispatcher: Rc<EventDispatcher>,
    ) -> Rc<Self> {
        dispatcher.engine_starts();
        let engine = shared::join(place, choice, move |event| match event {
            Event::Status(Status::Loading(_)) => dispatcher.engine_starts(),
            Event::Status(Status::Ready(info)) => dispatcher.engine_ready(&info),
            Event::Status(Status::Failed(error)) => {
                dispatcher.ended(&Fault::of_worker(error.code, &error.message));
            }
            Event::FellBack(error) => dispatcher.device_lost(&error.message),
        });
        Rc::new(Self {
            engine: RefCell::new(Some(engine)),
            kept: Cell::new(0),
            blobs: FifoLock::default(),
        })
    }

    /// Reads a picture, see [`source::take`], one after the other. Starts the engine again where it
    /// had failed. A `Blob` is opened when those before it were read, so any number may wait; of
    /// what else there is the pixels are taken at once, and so many may wait.
    ///
    /// # Errors
    /// Those of [`source::take`], the decoder's, `too-many` and `engine-failed`, as JavaScript
    /// errors with a code.
    pub async fn analyze(
        self: Rc<Self>,
        source: JsValue,
        max_faces: Option<usize>,
    ) -> Result<JsValue, JsValue> {
        let reading = self.read(&source, max_faces).await;
        reading
            .map(|reading| to_plain(&reading))
            .map_err(|fault| to_error(&fault))
    }

    async fn read(&self, source: &JsValue, max_faces: Option<usize>) -> Result<HostReading, Fault> {
        let (picture, turn) = if source.has_type::<Blob>() {
            // Opened before the turn, which others may wait for while a slow disk is read.
            let _alone = self.blobs.lock().await;
            if self.engine.borrow().is_none() {
                return Err(Fault::closed());
            }
            (source::take(source).await?, self.turn().await?)
        } else {
            if self.kept.get() >= MOST_KEPT {
                return Err(too_many());
            }
            let picture = source::take(source).await?;
            self.kept.update(|count| count + 1);
            let turn = self.turn().await;
            self.kept.update(|count| count - 1);
            (picture, turn?)
        };
        let mut options = ReadOptions::from(FrameSource::Photo);
        options.max_faces = max_faces.unwrap_or(options.max_faces);
        let answer = turn.read(picture, options).await?;
        Ok(HostReading::new(
            &answer.analysis,
            answer.width,
            answer.height,
            None,
        ))
    }

    async fn turn(&self) -> Result<Turn<ArrayBuffer>, Fault> {
        // What failed before may not fail again: the connection is back, the policy was mended.
        self.restart();
        // Not kept while this waits, so that whoever closes the reader ends the wait.
        let turn = self.engine.borrow().as_ref().map(|engine| engine.turn());
        Ok(turn.ok_or_else(Fault::closed)?.await?)
    }

    /// Starts the engine again where it failed.
    pub fn restart(&self) {
        if let Some(engine) = &*self.engine.borrow() {
            engine.restart();
        }
    }

    /// Lets go of the engine. Whoever waits is told so.
    pub fn close(&self) {
        self.engine.take();
    }
}
