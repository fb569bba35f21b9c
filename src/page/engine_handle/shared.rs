//! The state of an engine and its users: whose turn it is, what is in flight, what takes over.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use futures_channel::oneshot;

use super::{
    Answer, EngineFailure, Event, OnEvent, ReadError, StartWorker, Status, Turn, Waiting, Worker,
};
use crate::page::protocol::{
    EngineChoice, ErrorCode, ModelAddress, Picture, PictureId, Progress, RequestHead, Response,
    VERSION,
};
use crate::pipeline::{FrameSource, ReadOptions};

const START: Status = Status::Loading(Progress::START);

pub(super) struct Shared<B: 'static> {
    pub(super) model: ModelAddress,
    pub(super) start_worker: StartWorker<B>,
    pub(super) listeners: RefCell<Vec<(u32, OnEvent)>>,
    pub(super) state: RefCell<State<B>>,
}

pub(super) struct State<B: 'static> {
    /// The current choice: [`EngineChoice::CpuFallback`] after a fall-back.
    pub(super) choice: EngineChoice,
    pub(super) status: Status,
    pub(super) worker: Option<Box<dyn Worker<B>>>,
    /// Number of the current worker: responses of older workers are ignored.
    pub(super) generation: u32,
    pub(super) last_number: u32,
    pub(super) waiting: VecDeque<(u32, Waiting<B>)>,
    pub(super) turn_is_taken: bool,
    pub(super) in_flight: Option<InFlight>,
}

pub(super) struct InFlight {
    pub(super) id: PictureId,
    pub(super) user: u32,
    pub(super) source: FrameSource,
    /// `None` once the user's handle is gone. The worker computes the answer all the same.
    pub(super) answer: Option<oneshot::Sender<Result<Answer, ReadError>>>,
}

impl<B> Shared<B> {
    pub(super) fn new(
        model: ModelAddress,
        choice: EngineChoice,
        start_worker: StartWorker<B>,
    ) -> Rc<Self> {
        Rc::new(Self {
            model,
            start_worker,
            listeners: RefCell::default(),
            state: RefCell::new(State {
                choice,
                status: START,
                worker: None,
                generation: 0,
                last_number: 0,
                waiting: VecDeque::new(),
                turn_is_taken: false,
                in_flight: None,
            }),
        })
    }

    pub(super) fn has_users(&self) -> bool {
        !self.listeners.borrow().is_empty()
    }

    pub(super) fn is_held_by(&self, user: u32) -> bool {
        let listeners = self.listeners.borrow();
        listeners.iter().any(|(of, _)| *of == user)
    }

    pub(super) fn is_ready(&self) -> bool {
        matches!(self.state.borrow().status, Status::Ready(_))
    }

    pub(super) fn next_number(&self) -> u32 {
        let mut state = self.state.borrow_mut();
        state.last_number = state.last_number.wrapping_add(1);
        state.last_number
    }

    /// Replaces the current worker, if any, by a new one, and reports the new status.
    pub(super) fn launch(self: &Rc<Self>, choice: EngineChoice) {
        let generation = self.state.borrow().generation + 1;
        let engine = Rc::downgrade(self);
        let worker = (self.start_worker)(Rc::new(move |response| {
            if let Some(engine) = engine.upgrade() {
                engine.on_response(generation, response);
            }
        }));
        let mut state = self.state.borrow_mut();
        state.generation = generation;
        state.choice = choice;
        state.status = START;
        let before = state.worker.replace(worker);
        drop(state);
        drop(before);
        self.emit(&Event::Status(START));
    }

    pub(super) fn turn(
        self: &Rc<Self>,
        user: u32,
    ) -> impl Future<Output = Result<Turn<B>, ReadError>> + use<B> {
        let (sender, receiver) = oneshot::channel();
        let failure = match &self.state.borrow().status {
            Status::Failed(error) => Some(ReadError::Engine(error.clone())),
            _ => None,
        };
        match failure {
            Some(failure) => drop(sender.send(Err(failure))),
            None if self.is_held_by(user) => {
                self.state.borrow_mut().waiting.push_back((user, sender))
            }
            None => drop(sender),
        }
        self.grant();
        async move { receiver.await.unwrap_or(Err(ReadError::Closed)) }
    }

    /// Gives the turn to the user who has waited longest, if the engine is free.
    pub(super) fn grant(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        let is_ready = matches!(state.status, Status::Ready(_));
        if !is_ready || state.turn_is_taken || state.in_flight.is_some() {
            return;
        }
        let Some((user, sender)) = state.waiting.pop_front() else {
            return;
        };
        state.turn_is_taken = true;
        drop(state);
        let engine = self.clone();
        // If nobody waits for the turn any more, it is dropped here, which passes it on.
        drop(sender.send(Ok(Turn { engine, user })));
    }

    /// Sends a picture to the worker. The receiver gets the answer.
    pub(super) fn post(
        self: &Rc<Self>,
        user: u32,
        picture: Picture<B>,
        options: ReadOptions,
    ) -> oneshot::Receiver<Result<Answer, ReadError>> {
        let (sender, receiver) = oneshot::channel();
        let id = self.next_number();
        let source = options.source;
        let (head, bytes) = match picture {
            Picture::Encoded(bytes) => (RequestHead::Photo { id, options }, bytes),
            Picture::Pixels {
                rgba,
                width,
                height,
            } => {
                let head = RequestHead::Frame {
                    id,
                    width,
                    height,
                    options,
                };
                (head, rgba)
            }
        };
        let mut state = self.state.borrow_mut();
        state.in_flight = Some(InFlight {
            id,
            user,
            source,
            answer: Some(sender),
        });
        let sent = match &state.worker {
            Some(worker) => worker.post(&head, Some(bytes)),
            None => Err(String::new()),
        };
        drop(state);
        if let Err(message) = sent {
            self.ended(EngineFailure {
                code: ErrorCode::EngineCrashed,
                message,
            });
        }
        receiver
    }

    fn on_response(self: &Rc<Self>, generation: u32, response: Response) {
        if self.state.borrow().generation != generation {
            return;
        }
        match response {
            Response::Started { .. } => {
                let state = self.state.borrow();
                let init = RequestHead::Init {
                    version: VERSION,
                    model: self.model.clone(),
                    engine: state.choice,
                };
                let sent = state.worker.as_ref().map(|it| it.post(&init, None));
                drop(state);
                if let Some(Err(message)) = sent {
                    let code = ErrorCode::EngineCrashed;
                    self.ended(EngineFailure { code, message });
                }
            }
            Response::Progress(progress) => self.reach(Status::Loading(progress)),
            Response::Ready(info) => {
                self.reach(Status::Ready(info));
                self.grant();
            }
            Response::Result {
                id,
                analysis,
                width,
                height,
            } => {
                let answer = Answer {
                    analysis,
                    width,
                    height,
                };
                self.answer(id, Ok(answer));
            }
            Response::Error {
                id: Some(id),
                code,
                message,
            } => {
                let error = EngineFailure { code, message };
                self.answer(id, Err(ReadError::Picture(error)));
            }
            Response::Error {
                id: None,
                code,
                message,
            } => self.ended(EngineFailure { code, message }),
        }
    }

    fn answer(self: &Rc<Self>, id: PictureId, answer: Result<Answer, ReadError>) {
        let mut state = self.state.borrow_mut();
        let asked = state.in_flight.take_if(|it| it.id == id);
        drop(state);
        if let Some(sender) = asked.and_then(|it| it.answer) {
            // An error only means that nobody waits for the answer any more.
            drop(sender.send(answer));
        }
        self.grant();
    }

    /// Handles the end of the worker: falls back, restarts after a photo, or fails.
    fn ended(self: &Rc<Self>, error: EngineFailure) {
        if self.fall_back(&error) {
            return;
        }
        let mut state = self.state.borrow_mut();
        let asked = state.in_flight.take();
        // A photo that crashes an engine is a single case; a camera's next frame would be much like
        // this one.
        let is_photo = |it: &InFlight| it.source == FrameSource::Photo;
        if error.code == ErrorCode::EngineCrashed && asked.as_ref().is_some_and(is_photo) {
            let choice = state.choice;
            drop(state);
            self.launch(choice);
            if let Some(sender) = asked.and_then(|it| it.answer) {
                drop(sender.send(Err(ReadError::Picture(error))));
            }
            return;
        }
        state.status = Status::Failed(error.clone());
        let worker = state.worker.take();
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        drop(worker);
        let failure = || ReadError::Engine(error.clone());
        if let Some(sender) = asked.and_then(|it| it.answer) {
            drop(sender.send(Err(failure())));
        }
        for (_, sender) in waiting {
            drop(sender.send(Err(failure())));
        }
        self.emit(&Event::Status(Status::Failed(error)));
    }

    /// Continues with the CPU engine if that may help; otherwise returns false.
    fn fall_back(self: &Rc<Self>, error: &EngineFailure) -> bool {
        let mut state = self.state.borrow_mut();
        let ran = match &state.status {
            Status::Ready(info) => Some(info),
            _ => None,
        };
        let Some(fallback) = state.choice.fallback_after(error.code, ran) else {
            return false;
        };
        let asked = state.in_flight.take();
        drop(state);
        self.launch(fallback);
        // Without a picture that was lost there is nothing to report.
        if let Some(InFlight { answer, .. }) = asked {
            if let Some(sender) = answer {
                drop(sender.send(Err(ReadError::Interrupted(error.clone()))));
            }
            self.emit(&Event::FellBack(error.clone()));
        }
        true
    }

    fn reach(&self, status: Status) {
        self.state.borrow_mut().status = status.clone();
        self.emit(&Event::Status(status));
    }

    pub(super) fn emit(&self, event: &Event) {
        // A copy, because a listener may leave, join, or make others leave.
        let users: Vec<u32> = self.listeners.borrow().iter().map(|(of, _)| *of).collect();
        for user in users {
            let listeners = self.listeners.borrow();
            let listener = listeners.iter().find(|(of, _)| *of == user);
            let listener = listener.map(|(_, listener)| listener.clone());
            drop(listeners);
            if let Some(listener) = listener {
                listener(event.clone());
            }
        }
    }
}
