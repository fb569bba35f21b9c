//! The handle to a shared engine: a picture in, an answer out, one picture at a time.
//!
//! Every part of a page that uses the same engine holds a handle to it. Users take turns, and a
//! camera frame is best captured when the turn has come ([`EngineHandle::turn`]), so that it does
//! not grow old while it waits. A worker that crashes is replaced: by one that leaves WebGPU alone
//! where it might have been in use, else after a photo by one of the same kind. The user whose picture
//! was lost gets an error.
//!
//! Nothing here depends on the browser: a [`Worker`] runs the engine.

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

/// Runs an engine. Dropping it ends the engine; it sends no response afterwards.
pub trait Worker<B> {
    /// Sends a message and transfers `bytes` with it.
    ///
    /// # Errors
    /// A description of why the message cannot be sent.
    fn post(&self, head: &RequestHead, bytes: Option<B>) -> Result<(), String>;
}

/// Callback for the responses of a [`Worker`].
pub type OnResponse = Rc<dyn Fn(Response)>;
type OnEvent = Rc<dyn Fn(Event)>;
type StartWorker<B> = Box<dyn Fn(OnResponse) -> Box<dyn Worker<B>>>;
type Waiting<B> = oneshot::Sender<Result<Turn<B>, ReadError>>;

/// The result of reading a picture.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The faces found.
    pub analysis: Analysis,
    /// Width of the picture in pixels.
    pub width: u32,
    /// Height of the picture in pixels.
    pub height: u32,
}

/// An error that the worker reported.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct EngineFailure {
    /// What failed, for programs.
    pub code: ErrorCode,
    /// Description for people, in English.
    pub message: String,
}

/// Why a picture was not read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    /// Only this picture failed, even if the engine crashed on it: the engine continues.
    #[error(transparent)]
    Picture(EngineFailure),
    /// The worker crashed and one with the CPU's engine alone takes over: the picture may be sent again.
    #[error(transparent)]
    Interrupted(EngineFailure),
    /// The engine has failed.
    #[error(transparent)]
    Engine(EngineFailure),
    /// The handle was dropped.
    #[error("the engine's handle was dropped")]
    Closed,
}

/// State of an engine.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// It is being loaded.
    Loading(Progress),
    /// It can read pictures.
    Ready(EngineInfo),
    /// It has failed; see [`EngineHandle::restart`].
    Failed(EngineFailure),
}

/// A change of an engine, reported to everybody who holds a handle.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Its status changed.
    Status(Status),
    /// Its worker crashed under a picture, and one with the CPU's engine alone is being loaded.
    FellBack(EngineFailure),
}

/// One user's handle to an engine. Dropping it ends everything that this user waits for with
/// [`ReadError::Closed`]; dropping the last handle ends the engine.
pub struct EngineHandle<B: 'static> {
    engine: Rc<Shared<B>>,
    user: u32,
}

/// A weak reference to an engine that may have ended, from which another handle can be made.
pub struct WeakEngine<B: 'static>(Weak<Shared<B>>);

impl<B> Clone for WeakEngine<B> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// The right to have one picture read. Dropping it passes the turn to the next user.
pub struct Turn<B: 'static> {
    engine: Rc<Shared<B>>,
    user: u32,
}

impl<B> EngineHandle<B> {
    /// Starts an engine. `start_worker` creates the worker, and is called again when it has to be
    /// replaced; neither it nor the worker may invoke the response callback during a call.
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

    /// Returns a weak reference, which does not keep the engine running.
    pub fn downgrade(&self) -> WeakEngine<B> {
        WeakEngine(Rc::downgrade(&self.engine))
    }

    /// Returns the state of the engine.
    pub fn status(&self) -> Status {
        self.engine.state.borrow().status.clone()
    }

    /// Starts the engine again if it has failed; otherwise does nothing.
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

    /// Reads a picture as soon as it is this user's turn. Dropping the future discards the answer.
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
    /// Returns another handle, and starts the engine again if it has failed. `None` if the last
    /// handle was dropped.
    pub fn join(&self, on_event: impl Fn(Event) + 'static) -> Option<EngineHandle<B>> {
        let engine = self.0.upgrade().filter(|it| it.has_users())?;
        let handle = EngineHandle::new(engine, on_event);
        handle.restart();
        Some(handle)
    }

    /// Whether the engine has any handle.
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
        // Kept until the borrow of the state ends, because dropping any of them may wake a task or
        // run a callback.
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
    /// Reads a picture. If the engine was replaced since the turn was given, the picture waits for
    /// another turn.
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
        // Given back while the engine computes: the next turn is granted only after the answer
        // anyway, and also if nobody awaits this answer any more.
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
