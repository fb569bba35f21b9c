use std::cell::RefCell;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use super::*;
use crate::page::protocol::{CpuReason, Engine, LoadStage, ModelInfo, VERSION};
use crate::pipeline::FrameSource;

const FRAME: Picture<u8> = Picture::Pixels {
    rgba: 1,
    width: 1,
    height: 1,
};
const PHOTO: Picture<u8> = Picture::Encoded(2);

/// The workers that were started, and what was posted to the newest one.
#[derive(Clone, Default)]
struct Bench {
    heard: Rc<RefCell<Vec<OnResponse>>>,
    posted: Rc<RefCell<Vec<RequestHead>>>,
    running: Rc<RefCell<u32>>,
    events: Rc<RefCell<Vec<&'static str>>>,
}

struct Fake(Bench);

impl Worker<u8> for Fake {
    fn post(&self, head: &RequestHead, _: Option<u8>) -> Result<(), String> {
        self.0.posted.borrow_mut().push(head.clone());
        Ok(())
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        *self.0.running.borrow_mut() -= 1;
    }
}

impl Bench {
    fn start(&self, choice: EngineChoice) -> EngineHandle<u8> {
        let bench = self.clone();
        let start_worker = move |on_response: OnResponse| -> Box<dyn Worker<u8>> {
            bench.heard.borrow_mut().push(on_response);
            *bench.running.borrow_mut() += 1;
            Box::new(Fake(bench.clone()))
        };
        EngineHandle::start(
            ModelAddress::default(),
            choice,
            start_worker,
            self.listener(),
        )
    }

    fn ready(choice: EngineChoice, engine: Engine) -> (Self, EngineHandle<u8>) {
        let bench = Self::default();
        let handle = bench.start(choice);
        bench.becomes_ready(engine);
        (bench, handle)
    }

    fn listener(&self) -> impl Fn(Event) + use<> {
        let events = self.events.clone();
        move |event| {
            events.borrow_mut().push(match event {
                Event::Status(Status::Loading(_)) => "loading",
                Event::Status(Status::Ready(_)) => "ready",
                Event::Status(Status::Failed(_)) => "failed",
                Event::FellBack(_) => "fell back",
            });
        }
    }

    /// Sends a response of the worker with this index, counted from 0.
    fn says(&self, worker: usize, response: Response) {
        let listener = self.heard.borrow()[worker].clone();
        listener(response);
    }

    fn newest(&self) -> usize {
        self.heard.borrow().len() - 1
    }

    fn becomes_ready(&self, engine: Engine) {
        self.says(self.newest(), Response::Started { version: VERSION });
        self.says(self.newest(), Response::Ready(Self::info(engine)));
    }

    fn info(engine: Engine) -> EngineInfo {
        EngineInfo {
            engine,
            detail: String::new(),
            cpu_reason: (engine == Engine::Cpu).then_some(CpuReason::NoAdapter),
            model: ModelInfo::default(),
        }
    }

    /// Returns the number of the picture that was posted last.
    fn last(&self) -> u32 {
        match self.posted.borrow().last() {
            Some(RequestHead::Photo { id, .. } | RequestHead::Frame { id, .. }) => *id,
            other => panic!("no picture was posted last: {other:?}"),
        }
    }

    fn pictures(&self) -> usize {
        let posted = self.posted.borrow();
        let is_picture = |head: &&RequestHead| !matches!(head, RequestHead::Init { .. });
        posted.iter().filter(is_picture).count()
    }

    /// Answers the picture that was posted last; `width` identifies the answer.
    fn answers(&self, width: u32) {
        let (analysis, id) = (Analysis::default(), self.last());
        self.says(
            self.newest(),
            Response::Result {
                id,
                analysis,
                width,
                height: 1,
            },
        );
    }

    fn fails(&self, id: Option<u32>, code: ErrorCode) {
        let message = "as a test".to_owned();
        self.says(self.newest(), Response::Error { id, code, message });
    }
}

fn options(source: FrameSource) -> ReadOptions {
    ReadOptions::from(source)
}

fn poll<F: Future>(future: &mut Pin<&mut F>) -> Option<F::Output> {
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

fn width(answer: Option<Result<Answer, ReadError>>) -> u32 {
    answer.expect("an answer").expect("a reading").width
}

#[test]
fn a_picture_waits_for_the_engine_and_gets_its_own_answer() {
    let bench = Bench::default();
    let handle = bench.start(EngineChoice::Auto);
    let mut read = pin!(handle.read(PHOTO, options(FrameSource::Photo)));
    assert!(poll(&mut read).is_none());
    assert_eq!(bench.pictures(), 0, "nothing is sent before it is ready");
    bench.becomes_ready(Engine::Cpu);
    assert!(poll(&mut read).is_none());
    assert!(handle.is_reading());
    bench.answers(7);
    assert!(!handle.is_reading());
    assert_eq!(width(poll(&mut read)), 7);
    assert_eq!(*bench.events.borrow(), ["ready"]);
}

#[test]
fn one_picture_is_in_flight_and_users_take_turns() {
    let (bench, camera) = Bench::ready(EngineChoice::Auto, Engine::Cpu);
    let album = camera.downgrade().join(bench.listener()).unwrap();
    let frame = options(FrameSource::Camera);
    let mut first = pin!(camera.read(FRAME, frame.clone()));
    assert!(poll(&mut first).is_none());
    let mut photo = pin!(album.read(PHOTO, options(FrameSource::Photo)));
    let mut second = pin!(camera.read(FRAME, frame.clone()));
    for _ in 0..3 {
        assert!(poll(&mut photo).is_none() && poll(&mut second).is_none());
    }
    assert_eq!(bench.pictures(), 1, "the others wait outside of the worker");
    bench.answers(1);
    assert_eq!(width(poll(&mut first)), 1);
    assert!(poll(&mut second).is_none() && poll(&mut photo).is_none());
    bench.answers(2);
    assert_eq!(width(poll(&mut photo)), 2, "who came first is read first");
    assert!(poll(&mut second).is_none());
    bench.answers(3);
    assert_eq!(width(poll(&mut second)), 3);
}

#[test]
fn the_turn_comes_before_the_picture_is_taken() {
    let (bench, handle) = Bench::ready(EngineChoice::Auto, Engine::Cpu);
    let mut before = pin!(handle.read(PHOTO, options(FrameSource::Photo)));
    assert!(poll(&mut before).is_none());
    let mut turn = pin!(handle.turn());
    assert!(poll(&mut turn).is_none(), "a photo is being read");
    bench.answers(1);
    let turn = poll(&mut turn).expect("the turn").expect("an engine");
    let mut other = pin!(handle.read(PHOTO, options(FrameSource::Photo)));
    assert!(poll(&mut other).is_none());
    assert_eq!(bench.pictures(), 1, "the turn is somebody else's");
    drop(turn);
    assert!(poll(&mut other).is_none());
    assert_eq!(bench.pictures(), 2, "a turn that is not used is passed on");
}

#[test]
fn the_answer_about_a_photo_that_nobody_waits_for_any_more_goes_to_nobody() {
    let (bench, handle) = Bench::ready(EngineChoice::Auto, Engine::Cpu);
    let mut first = Box::pin(handle.read(PHOTO, options(FrameSource::Photo)));
    assert!(poll(&mut first.as_mut()).is_none());
    drop(first);
    let mut second = pin!(handle.read(PHOTO, options(FrameSource::Photo)));
    assert!(poll(&mut second).is_none());
    assert_eq!(bench.pictures(), 1, "the worker still reads the first one");
    bench.answers(1);
    assert!(poll(&mut second).is_none(), "that was the first one's");
    bench.answers(2);
    assert_eq!(width(poll(&mut second)), 2);
    // A read that is dropped before its turn does not delay the next one.
    let mut third = Box::pin(handle.read(PHOTO, options(FrameSource::Photo)));
    assert!(poll(&mut third.as_mut()).is_none());
    let given_up = Box::pin(handle.read(PHOTO, options(FrameSource::Photo)));
    let mut last = pin!(handle.read(PHOTO, options(FrameSource::Photo)));
    drop(given_up);
    bench.answers(3);
    assert_eq!(width(poll(&mut third.as_mut())), 3);
    assert!(poll(&mut last).is_none());
    bench.answers(4);
    assert_eq!(width(poll(&mut last)), 4);
}

#[test]
fn a_worker_that_crashes_with_webgpu_is_replaced_once_and_only_the_picture_in_flight_is_told() {
    let (bench, handle) = Bench::ready(EngineChoice::Auto, Engine::WebGpu);
    let mut lost = pin!(handle.read(PHOTO, options(FrameSource::Photo)));
    let mut next = pin!(handle.read(PHOTO, options(FrameSource::Photo)));
    assert!(poll(&mut lost).is_none() && poll(&mut next).is_none());
    bench.fails(None, ErrorCode::EngineCrashed);
    let answer = poll(&mut lost).expect("an answer");
    assert!(
        matches!(answer, Err(ReadError::Interrupted(_))),
        "{answer:?}"
    );
    assert_eq!(*bench.running.borrow(), 1, "the old worker is gone");
    assert!(poll(&mut next).is_none());
    bench.becomes_ready(Engine::Cpu);
    assert!(poll(&mut next).is_none());
    bench.answers(5);
    assert_eq!(width(poll(&mut next)), 5);
    let events = bench.events.borrow().clone();
    assert_eq!(events, ["ready", "loading", "fell back", "ready"]);
    // Responses of the old worker are ignored.
    bench.says(0, Response::Progress(stage()));
    assert!(matches!(handle.status(), Status::Ready(_)));
    // There is no third engine: the crash concerns only the picture.
    let mut read = pin!(handle.read(PHOTO, options(FrameSource::Photo)));
    assert!(poll(&mut read).is_none());
    bench.fails(None, ErrorCode::EngineCrashed);
    let answer = poll(&mut read).expect("an answer");
    assert!(matches!(answer, Err(ReadError::Picture(_))), "{answer:?}");
}

#[test]
fn a_crash_that_lost_no_picture_is_mended_without_a_word() {
    let (bench, _handle) = Bench::ready(EngineChoice::Auto, Engine::WebGpu);
    bench.fails(None, ErrorCode::EngineCrashed);
    bench.becomes_ready(Engine::Cpu);
    assert_eq!(*bench.events.borrow(), ["ready", "loading", "ready"]);
}

#[test]
fn a_picture_that_fails_or_another_engine_that_computes_ends_nothing() {
    let (bench, handle) = Bench::ready(EngineChoice::Auto, Engine::Cpu);
    let mut fails = pin!(handle.read(PHOTO, options(FrameSource::Photo)));
    let mut next = pin!(handle.read(PHOTO, options(FrameSource::Photo)));
    assert!(poll(&mut fails).is_none() && poll(&mut next).is_none());
    let told = Bench::info(Engine::WebGpu);
    bench.says(0, Response::Ready(told.clone()));
    assert_eq!(handle.status(), Status::Ready(told));
    assert!(poll(&mut next).is_none());
    assert_eq!(bench.pictures(), 1, "one picture is in flight");
    bench.fails(Some(bench.last()), ErrorCode::EngineFailed);
    let answer = poll(&mut fails).expect("an answer");
    assert!(matches!(answer, Err(ReadError::Picture(_))), "{answer:?}");
    bench.says(0, Response::Ready(Bench::info(Engine::Cpu)));
    assert!(poll(&mut next).is_none());
    bench.answers(3);
    assert_eq!(width(poll(&mut next)), 3);
    assert_eq!(*bench.events.borrow(), ["ready", "ready", "ready"]);
    assert_eq!(*bench.running.borrow(), 1);
}

fn stage() -> Progress {
    Progress {
        stage: LoadStage::Model,
        received_bytes: 1,
        total_bytes: 2,
    }
}

#[test]
fn a_photo_that_crashes_the_engine_is_refused_and_the_next_one_is_read() {
    let (bench, handle) = Bench::ready(EngineChoice::Cpu, Engine::Cpu);
    for poisoned in 0..3 {
        let mut read = pin!(handle.read(PHOTO, options(FrameSource::Photo)));
        assert!(poll(&mut read).is_none());
        bench.fails(None, ErrorCode::EngineCrashed);
        let answer = poll(&mut read).expect("nobody waits for it for ever");
        let Err(ReadError::Picture(error)) = answer else {
            panic!("{poisoned}: {answer:?}");
        };
        assert_eq!(error.code, ErrorCode::EngineCrashed);
        let mut next = pin!(handle.read(PHOTO, options(FrameSource::Photo)));
        assert!(poll(&mut next).is_none());
        bench.becomes_ready(Engine::Cpu);
        assert!(poll(&mut next).is_none());
        bench.answers(9);
        assert_eq!(width(poll(&mut next)), 9);
    }
}

#[test]
fn a_crash_under_a_camera_or_before_any_picture_ends_the_engine_until_it_is_restarted() {
    let frame = options(FrameSource::Camera);
    let (bench, handle) = Bench::ready(EngineChoice::Cpu, Engine::Cpu);
    let mut read = pin!(handle.read(FRAME, frame.clone()));
    let mut waits = pin!(handle.read(FRAME, frame.clone()));
    assert!(poll(&mut read).is_none() && poll(&mut waits).is_none());
    bench.fails(None, ErrorCode::EngineCrashed);
    for read in [poll(&mut read), poll(&mut waits)] {
        let answer = read.expect("an answer");
        assert!(matches!(answer, Err(ReadError::Engine(_))), "{answer:?}");
    }
    assert_eq!(*bench.events.borrow(), ["ready", "failed"]);
    assert_eq!(*bench.running.borrow(), 0);
    let mut late = pin!(handle.read(FRAME, frame.clone()));
    assert!(matches!(poll(&mut late), Some(Err(ReadError::Engine(_)))));
    // Another user who joins restarts the engine for everybody.
    let other = handle.downgrade().join(|_| ()).unwrap();
    bench.becomes_ready(Engine::Cpu);
    assert!(matches!(handle.status(), Status::Ready(_)));
    drop(other);
    bench.fails(None, ErrorCode::EngineCrashed);
    handle.restart();
    handle.restart();
    assert_eq!(bench.newest(), 2, "an engine that starts is not restarted");
}

#[test]
fn the_last_one_ends_the_engine_and_whoever_leaves_is_told_that_it_left() {
    let (bench, handle) = Bench::ready(EngineChoice::Auto, Engine::Cpu);
    let weak = handle.downgrade();
    let other = weak.join(bench.listener()).unwrap();
    let mut in_flight = pin!(handle.read(PHOTO, options(FrameSource::Photo)));
    let mut waits = pin!(handle.read(PHOTO, options(FrameSource::Photo)));
    let mut others = pin!(other.read(PHOTO, options(FrameSource::Photo)));
    assert!(poll(&mut in_flight).is_none() && poll(&mut waits).is_none());
    assert!(poll(&mut others).is_none());
    drop(handle);
    for read in [poll(&mut in_flight), poll(&mut waits)] {
        assert_eq!(read.expect("an answer").unwrap_err(), ReadError::Closed);
    }
    assert_eq!(*bench.running.borrow(), 1);
    bench.answers(1);
    assert!(poll(&mut others).is_none(), "that was not this one's");
    bench.answers(2);
    assert_eq!(width(poll(&mut others)), 2);
    let mut late = pin!(other.read(PHOTO, options(FrameSource::Photo)));
    drop(other);
    assert_eq!(*bench.running.borrow(), 0, "also while somebody waits");
    assert_eq!(poll(&mut late).unwrap().unwrap_err(), ReadError::Closed);
    assert!(!weak.is_held() && weak.join(|_| ()).is_none());
}

#[test]
fn whoever_hears_of_a_stop_may_ask_and_leave_at_once() {
    let bench = Bench::default();
    let slot: Rc<RefCell<Option<EngineHandle<u8>>>> = Rc::default();
    let asked = Rc::new(RefCell::new(None));
    let (hears, asks) = (slot.clone(), asked.clone());
    let first = bench.start(EngineChoice::Auto);
    let leaves = first.downgrade().join(move |event| {
        if matches!(event, Event::FellBack(_)) {
            let handle = hears.borrow_mut().take().expect("a handle");
            *asks.borrow_mut() = Some(handle.turn());
        }
    });
    *slot.borrow_mut() = leaves;
    bench.becomes_ready(Engine::WebGpu);
    let mut lost = pin!(first.read(PHOTO, options(FrameSource::Photo)));
    assert!(poll(&mut lost).is_none());
    bench.fails(None, ErrorCode::EngineCrashed);
    let turn = asked.borrow_mut().take().expect("it was told");
    assert!(matches!(
        poll(&mut pin!(turn)),
        Some(Err(ReadError::Closed))
    ));
    bench.becomes_ready(Engine::Cpu);
    assert!(matches!(first.status(), Status::Ready(_)));
}
