//! The handle on an engine: a picture in, an answer out, one picture at a time.
//!
//! Everybody on a page who wants the same engine holds a handle on it. They take turns, and a
//! picture is best taken when its turn has come ([`EngineHandle::turn`]), so that no frame of a
//! camera is older than the wait for the one before it. An engine on WebGPU that stops is replaced
//! by the CPU's, one that crashes under a photo by its like; whose picture was lost with it is
//! told.
//!
//! Nothing here knows a browser: what runs an engine is a [`Worker`].

mod shared;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use futures_channel::oneshot;
use thiserror::Error;

use self::shared::Shared;
use super::protocol::{
    EngineChoice, EngineInfo, ErrorCode, ModelAddress, Picture, Progress, RequestHead, Response,
};
use crate::pipeline::{Analysis, ReadOptions};

/// What runs an engine. Dropping it ends the engine; it says nothing afterwards.
pub trait Worker<B> {
    /// Sends a message, and hands `bytes` over.
    ///
    /// # Errors
    /// Why it cannot be sent.
    fn post(&self, head: &RequestHead, bytes: Option<B>) -> Result<(), String>;
}

/// Takes what a [`Worker`] says.
pub type OnResponse = Rc<dyn Fn(Response)>;
type OnEvent = Rc<dyn Fn(Event)>;
type StartWorker<B> = Box<dyn Fn(OnResponse) -> Box<dyn Worker<B>>>;
type Waiting<B> = oneshot::Sender<Result<Turn<B>, ReadError>>;

/// What was read in a picture.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The faces.
    pub analysis: Analysis,
    /// Pixels across of the picture.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// Why an engine does not answer, in the worker's words.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct EngineFailure {
    /// What failed, for programs.
    pub code: ErrorCode,
    /// What failed, for people, in English.
    pub message: String,
}

/// Why a picture was not read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    /// It is the picture's own failure, also where the engine crashed under it: the engine goes on.
    #[error(transparent)]
    Picture(EngineFailure),
    /// The engine stopped, and the CPU's takes over: the picture may be handed over again.
    #[error(transparent)]
    Interrupted(EngineFailure),
    /// There is no engine any more.
    #[error(transparent)]
    Engine(EngineFailure),
    /// The handle was dropped.
    #[error("the engine's handle was dropped")]
    Closed,
}

/// How far an engine is.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// On its way.
    Loading(Progress),
    /// Reads pictures.
    Ready(EngineInfo),
    /// Ended; see [`EngineHandle::restart`].
    Failed(EngineFailure),
}

/// What happens to an engine, for everybody who holds a handle.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// It is another step on.
    Status(Status),
    /// It stopped, and the CPU's is on its way in its place.
    FellBack(EngineFailure),
}

/// One user's handle on an engine. Dropping it ends what this user waits for with
/// [`ReadError::Closed`]; dropping the last one ends the engine.
pub struct EngineHandle<B: 'static> {
    engine: Rc<Shared<B>>,
    user: u32,
}

/// An engine that may have ended, to get another handle on it.
pub struct WeakEngine<B: 'static>(Weak<Shared<B>>);

impl<B> Clone for WeakEngine<B> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// The right to have one picture read. Dropping it passes it on.
pub struct Turn<B: 'static> {
    engine: Rc<Shared<B>>,
    user: u32,
}

impl<B> EngineHandle<B> {
    /// Starts an engine. `start_worker` makes what runs it, and again where it has to be replaced;
    /// neither it nor the worker may call back from within a call.
    pub fn start(
        model: ModelAddress,
        choice: EngineChoice,
        start_worker: impl Fn(OnResponse) -> Box<dyn Worker<B>> + 'static,
        on_event: impl Fn(Event) + 'static,
    ) -> Self {
        let engine = Shared::new(model, choice, Box::new(start_worker));
        engine.launch(choice);
        Self::new(engine, on_event)
    }

    fn new(engine: Rc<Shared<B>>, on_event: impl Fn(Event) + 'static) -> Self {
        let user = engine.next_number();
        let on_event: OnEvent = Rc::new(on_event);
        engine.listeners.borrow_mut().push((user, on_event));
        Self { engine, user }
    }

    /// The engine, without keeping it.
    pub fn downgrade(&self) -> WeakEngine<B> {
        WeakEngine(Rc::downgrade(&self.engine))
    }

    /// How far the engine is.
    pub fn status(&self) -> Status {
        self.engine.state.borrow().status.clone()
    }

    /// Starts an engine again that failed.
    pub fn restart(&self) {
        let choice = self.engine.state.borrow().choice;
        if matches!(self.status(), Status::Failed(_)) {
            self.engine.launch(choice);
        }
    }

    /// Waits until the engine is ready and it is this user's turn.
    ///
    /// # Errors
    /// [`ReadError::Engine`] and [`ReadError::Closed`].
    pub fn turn(&self) -> impl Future<Output = Result<Turn<B>, ReadError>> + use<B> {
        self.engine.turn(self.user)
    }

    /// Reads a picture as soon as it is this user's turn. Dropping the future gives the answer up.
    ///
    /// # Errors
    /// Every [`ReadError`].
    pub fn read(
        &self,
        picture: Picture<B>,
        options: ReadOptions,
    ) -> impl Future<Output = Result<Answer, ReadError>> + use<B> {
        let turn = self.turn();
        async move { turn.await?.read(picture, options).await }
    }

    /// Whether a picture of this user is being read.
    pub fn is_reading(&self) -> bool {
        let state = self.engine.state.borrow();
        let in_flight = state.in_flight.as_ref();
        in_flight.is_some_and(|it| it.user == self.user && it.answer.is_some())
    }
}

impl<B> WeakEngine<B> {
    /// Another handle, which starts the engine again where it failed; `None` where the last handle
    /// is gone.
    pub fn join(&self, on_event: impl Fn(Event) + 'static) -> Option<EngineHandle<B>> {
        let engine = self.0.upgrade().filter(|it| it.has_users())?;
        let handle = EngineHandle::new(engine, on_event);
        handle.restart();
        Some(handle)
    }

    /// Whether anybody holds a handle.
    pub fn is_held(&self) -> bool {
        self.0.upgrade().is_some_and(|it| it.has_users())
    }
}

impl<B> Drop for EngineHandle<B> {
    fn drop(&mut self) {
        let engine = &self.engine;
        let mine = |user: &u32| *user == self.user;
        engine
            .listeners
            .borrow_mut()
            .retain(|(user, _)| !mine(user));
        let mut state = engine.state.borrow_mut();
        // Kept until the state is free again, because dropping any of them may wake or call
        // somebody.
        let (closed, waiting): (VecDeque<_>, VecDeque<_>) =
            state.waiting.drain(..).partition(|(user, _)| mine(user));
        state.waiting = waiting;
        let own = state.in_flight.as_mut().filter(|it| mine(&it.user));
        let answer = own.and_then(|it| it.answer.take());
        let mut worker = None;
        if !engine.has_users() {
            state.generation += 1;
            worker = state.worker.take();
        }
        drop(state);
        drop((closed, answer, worker));
    }
}

impl<B> Turn<B> {
    /// Reads a picture. Where the engine was replaced since the turn came, the picture waits for
    /// another one.
    ///
    /// # Errors
    /// Every [`ReadError`].
    pub async fn read(
        self,
        picture: Picture<B>,
        options: ReadOptions,
    ) -> Result<Answer, ReadError> {
        let (engine, user) = (self.engine.clone(), self.user);
        if !engine.is_held_by(user) {
            return Err(ReadError::Closed);
        }
        let turn = if engine.is_ready() {
            self
        } else {
            drop(self);
            engine.turn(user).await?
        };
        let answer = engine.post(user, picture, options);
        // Given back while the engine computes: whoever is next waits for the answer all the same,
        // and gets its turn also where nobody waits for this answer any more.
        drop(turn);
        answer.await.unwrap_or(Err(ReadError::Closed))
    }
}

impl<B> Drop for Turn<B> {
    fn drop(&mut self) {
        self.engine.state.borrow_mut().turn_is_taken = false;
        self.engine.grant();
    }
}
