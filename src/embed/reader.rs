//! Reads pictures that the host page passes, one after the other.

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
use crate::page::host::error::HostError;
use crate::page::host::reading::HostReading;
use crate::page::protocol::EngineChoice;
use crate::pipeline::{FrameSource, ReadOptions};
use crate::web::engine::location::EngineLocation;
use crate::web::engine::shared;
use crate::web::input::photo;

/// Maximum number of waiting pictures whose pixels are in memory: about 500 MB for the largest.
const MOST_KEPT: usize = 32;

fn too_many() -> HostError {
    HostError::new(
        "too-many",
        "Too many pictures wait to be read, each of them in memory: await the answers to earlier ones, or \
         hand over Blobs, which wait as they are.",
    )
}

impl From<ReadError> for HostError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Picture(error)
            | ReadError::Interrupted(error)
            | ReadError::Engine(error) => Self::from_worker(error.code, &error.message),
            ReadError::Closed => Self::closed(),
        }
    }
}

/// Reads pictures with an engine that is shared with others of the same location and choice.
pub struct Reader {
    /// `None` once the reader is closed.
    engine: RefCell<Option<Rc<EngineHandle<ArrayBuffer>>>>,
    /// Number of pictures whose pixels were taken and that wait for their turn.
    kept: Cell<usize>,
    /// Ensures that only one `Blob` is opened at a time.
    blobs: FifoLock,
}

/// An asynchronous lock that is granted in the order of requests.
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
            // Never an error: the sender is kept until it is used.
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
                // That request was dropped: try the next one.
                Some(Err(())) => (),
            }
        }
    }
}

impl Reader {
    /// Starts or joins the engine. Its events go to `dispatcher`.
    pub fn start(
        location: EngineLocation,
        choice: EngineChoice,
        dispatcher: Rc<EventDispatcher>,
    ) -> Rc<Self> {
        dispatcher.engine_starts();
        let engine = shared::join(location, choice, move |event| match event {
            Event::Status(Status::Loading(_)) => dispatcher.engine_starts(),
            Event::Status(Status::Ready(info)) => dispatcher.engine_ready(&info),
            Event::Status(Status::Failed(error)) => {
                dispatcher.fatal_error(&HostError::from_worker(error.code, &error.message));
            }
            // Whoever handed over the picture that was lost hears of it.
            Event::FellBack(_) => (),
        });
        Rc::new(Self {
            engine: RefCell::new(Some(engine)),
            kept: Cell::new(0),
            blobs: FifoLock::default(),
        })
    }

    /// Reads a picture; see [`source::take`] for the possible sources. Pictures are read one after
    /// the other, and a failed engine is started again. A `Blob` is opened when those before it
    /// have been read, so any number may wait; of other sources the pixels are taken at once, and
    /// at most 32 of these may wait.
    ///
    /// # Errors
    /// Those of [`source::take`], of the decoder and of the engine, and `too-many`, as JavaScript
    /// errors with a code.
    pub async fn analyze(
        self: Rc<Self>,
        source: JsValue,
        max_faces: Option<usize>,
    ) -> Result<JsValue, JsValue> {
        let reading = self.read(&source, max_faces).await;
        reading
            .map(|reading| to_plain(&reading))
            .map_err(|error| to_error(&error))
    }

    async fn read(
        &self,
        source: &JsValue,
        max_faces: Option<usize>,
    ) -> Result<HostReading, HostError> {
        let (picture, turn) = if source.has_type::<Blob>() {
            // Opened before the turn, so that a slow disk does not make others wait.
            let _alone = self.blobs.lock().await;
            if self.engine.borrow().is_none() {
                return Err(HostError::closed());
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
        let answer = match turn.read(picture, options.clone()).await {
            Err(ReadError::Picture(error)) if photo::browser_may_decode(error.code, source) => {
                let copy = photo::browser_copy(source.unchecked_ref()).await;
                // The refusal stands if the browser cannot decode it either.
                let Ok(copy) = copy else {
                    return Err(ReadError::Picture(error).into());
                };
                let picture = source::take(&copy).await?;
                self.turn().await?.read(picture, options).await?
            }
            answer => answer?,
        };
        Ok(HostReading::new(
            &answer.analysis,
            answer.width,
            answer.height,
            None,
        ))
    }

    async fn turn(&self) -> Result<Turn<ArrayBuffer>, HostError> {
        // The cause of an earlier failure may be gone, as when the connection is back.
        self.restart();
        // The handle is not held during the wait, so that closing the reader ends it.
        let turn = self.engine.borrow().as_ref().map(|engine| engine.turn());
        Ok(turn.ok_or_else(HostError::closed)?.await?)
    }

    /// Starts the engine again if it has failed.
    pub fn restart(&self) {
        if let Some(engine) = &*self.engine.borrow() {
            engine.restart();
        }
    }

    /// Releases the engine. Pending reads fail with the code `closed`.
    pub fn close(&self) {
        self.engine.take();
    }
}
