//! Two engines for one plan, of which the faster one computes.

use super::{EngineError, Outputs, Program};

/// Batch sizes that are timed apart; larger ones count as the largest.
const SIZES: usize = 8;
/// How many times faster an engine must be to take over. Times of equal passes differ by some tenths.
const HYSTERESIS: f64 = 1.25;
/// After how many passes the slower engine computes one, so that its time is known. Doubled each time
/// that it remains the slower one, up to the second number.
const EXPLORE_AFTER: [u32; 2] = [32, 1024];

/// A program that passes to the faster of two engines, by the times of their passes so far.
///
/// Engines differ by the device and by the batch: a GPU's pass takes much the same time for one image
/// and for eight, a CPU's eight times as long.
pub struct Race {
    main: Box<dyn Program>,
    other: Option<Box<dyn Program>>,
    /// For batches of one image, of two, and so on.
    lanes: [Lane; SIZES],
    /// Index of the batch size in `lanes`: that of the last pass, and of the last two of one size.
    last: usize,
    usual: usize,
    failure: Option<EngineError>,
    now_millis: fn() -> f64,
}

impl Race {
    /// Creates a race with one engine, whose errors are those of the race, and the duration of its
    /// pass over one image, measured or estimated. `now_millis` is a clock.
    pub fn new(main: Box<dyn Program>, main_millis: f64, now_millis: fn() -> f64) -> Self {
        Self {
            main,
            other: None,
            lanes: std::array::from_fn(|size| Lane::new(main_millis * (size + 1) as f64)),
            last: 0,
            usual: 0,
            failure: None,
            now_millis,
        }
    }

    /// Adds the second engine, with the duration of its pass over one image. It is dropped with its
    /// first error, and the main engine computes in its place.
    pub fn admit(&mut self, other: Box<dyn Program>, other_millis: f64) {
        self.other = Some(other);
        self.failure = None;
        for lane in &mut self.lanes {
            lane.admit(other_millis);
        }
        // Its first pass over another size allocates what the next ones use.
        self.lanes[0].other_is_warm = true;
    }

    /// Whether there is a second engine.
    pub fn has_other(&self) -> bool {
        self.other.is_some()
    }

    /// Whether the second engine is the faster one for the usual batch: that of the last two passes
    /// in a row over as many images.
    pub fn prefers_other(&self) -> bool {
        self.has_other() && self.lanes[self.usual].prefers_other
    }

    /// Returns the error with which the second engine ended.
    pub fn failure(&self) -> Option<&EngineError> {
        self.failure.as_ref()
    }
}

impl Program for Race {
    fn forward<'a>(
        &'a mut self,
        input: &'a [f32],
        batch: usize,
        height: usize,
        width: usize,
    ) -> Outputs<'a> {
        Box::pin(async move {
            let size = batch.clamp(1, SIZES) - 1;
            if self.last == size {
                self.usual = size;
            }
            self.last = size;
            if let Some(other) = &mut self.other
                && self.lanes[size].next_is_other()
            {
                let started = (self.now_millis)();
                match other.forward(input, batch, height, width).await {
                    Ok(outputs) => {
                        self.lanes[size].record(true, (self.now_millis)() - started);
                        return Ok(outputs);
                    }
                    Err(error) => {
                        self.failure = Some(error);
                        self.other = None;
                    }
                }
            }
            let started = (self.now_millis)();
            let outputs = self.main.forward(input, batch, height, width).await?;
            self.lanes[size].record(false, (self.now_millis)() - started);
            Ok(outputs)
        })
    }
}

/// The race for one size of batch.
#[derive(Clone, Copy)]
struct Lane {
    main: Times,
    other: Times,
    other_is_warm: bool,
    prefers_other: bool,
    /// Passes until the slower engine computes one.
    until_exploring: u32,
    explore_after: u32,
}

impl Lane {
    fn new(main_millis: f64) -> Self {
        Self {
            main: Times::estimated(main_millis),
            other: Times::estimated(f64::INFINITY),
            other_is_warm: false,
            prefers_other: false,
            until_exploring: EXPLORE_AFTER[0],
            explore_after: EXPLORE_AFTER[0],
        }
    }

    fn admit(&mut self, other_millis: f64) {
        self.other = Times::estimated(other_millis);
        self.other_is_warm = false;
        self.prefers_other = other_millis * HYSTERESIS < self.main.median();
        [self.until_exploring, self.explore_after] = [EXPLORE_AFTER[0]; 2];
    }

    fn next_is_other(&mut self) -> bool {
        let explores = self.until_exploring == 0;
        self.until_exploring = match explores {
            true => self.explore_after,
            false => self.until_exploring - 1,
        };
        self.prefers_other != explores
    }

    fn record(&mut self, is_other: bool, millis: f64) {
        match is_other {
            true if self.other_is_warm => self.other.push(millis),
            true => self.other_is_warm = true,
            false => self.main.push(millis),
        }
        let [slower, faster] = match self.prefers_other {
            true => [self.main, self.other],
            false => [self.other, self.main],
        };
        if slower.median() * HYSTERESIS < faster.median() {
            self.prefers_other = !self.prefers_other;
            [self.until_exploring, self.explore_after] = [EXPLORE_AFTER[0]; 2];
        } else if is_other != self.prefers_other {
            self.explore_after = (self.explore_after * 2).min(EXPLORE_AFTER[1]);
            self.until_exploring = self.explore_after;
        }
    }
}

/// The last three durations in milliseconds, the newest first. A single one that was disturbed does
/// not change their median.
#[derive(Clone, Copy)]
struct Times {
    millis: [f64; 3],
    is_estimate: bool,
}

impl Times {
    /// Creates times that the first measured one replaces.
    fn estimated(millis: f64) -> Self {
        Self {
            millis: [millis; 3],
            is_estimate: true,
        }
    }

    fn push(&mut self, millis: f64) {
        let [newest, before, _] = self.millis;
        self.millis = match self.is_estimate {
            true => [millis; 3],
            false => [millis, newest, before],
        };
        self.is_estimate = false;
    }

    fn median(self) -> f64 {
        let mut sorted = self.millis;
        sorted.sort_by(f64::total_cmp);
        sorted[1]
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;
    use std::task::{Context, Poll, Waker};

    use super::*;

    thread_local! {
        static NOW: Cell<f64> = const { Cell::new(0.0) };
    }

    /// A program whose pass takes `fixed + each * batch` milliseconds, and fails when told to.
    #[derive(Clone, Default)]
    struct Fake(Rc<RefCell<State>>);

    #[derive(Default)]
    struct State {
        millis: [f64; 2],
        passes: u32,
        fails: bool,
    }

    impl Fake {
        fn new(fixed: f64, each: f64) -> Self {
            let fake = Self::default();
            fake.0.borrow_mut().millis = [fixed, each];
            fake
        }

        /// Returns the number of passes since the last call.
        fn passes(&self) -> u32 {
            std::mem::take(&mut self.0.borrow_mut().passes)
        }
    }

    impl Program for Fake {
        fn forward<'a>(
            &'a mut self,
            _: &'a [f32],
            batch: usize,
            _: usize,
            _: usize,
        ) -> Outputs<'a> {
            let mut state = self.0.borrow_mut();
            let [fixed, each] = state.millis;
            NOW.set(NOW.get() + fixed + each * batch as f64);
            state.passes += 1;
            let lost = || EngineError::Lost("as a test".into());
            let outputs = match state.fails {
                true => Err(lost()),
                false => Ok(vec![vec![batch as f32]]),
            };
            Box::pin(std::future::ready(outputs))
        }
    }

    fn pass(race: &mut Race, batch: usize) -> Result<Vec<Vec<f32>>, EngineError> {
        let mut pass = race.forward(&[], batch, 1, 1);
        match pass.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outputs) => outputs,
            Poll::Pending => panic!("a fake is ready at once"),
        }
    }

    fn run(race: &mut Race, batch: usize, passes: u32) {
        for _ in 0..passes {
            assert_eq!(pass(race, batch).unwrap(), [[batch as f32]]);
        }
    }

    fn race(cpu: &Fake, gpu: &Fake) -> Race {
        let mut race = Race::new(Box::new(cpu.clone()), 10.0, || NOW.get());
        let [fixed, each] = gpu.0.borrow().millis;
        race.admit(Box::new(gpu.clone()), fixed + each);
        race
    }

    #[test]
    fn one_face_goes_to_the_cpu_and_eight_to_the_gpu() {
        let (cpu, gpu) = (Fake::new(0.0, 10.0), Fake::new(20.0, 0.5));
        let mut race = race(&cpu, &gpu);
        run(&mut race, 1, 30);
        assert!(!race.prefers_other());
        assert_eq!((cpu.passes(), gpu.passes()), (30, 0));
        run(&mut race, 8, 30);
        assert!(race.prefers_other());
        assert_eq!((cpu.passes(), gpu.passes()), (0, 30));
    }

    #[test]
    fn a_gpu_that_answers_after_100_ms_is_asked_ever_more_rarely() {
        let (cpu, gpu) = (Fake::new(0.0, 10.0), Fake::new(100.0, 0.5));
        let mut race = race(&cpu, &gpu);
        run(&mut race, 1, 200);
        assert_eq!((cpu.passes(), gpu.passes()), (198, 2));
        run(&mut race, 1, 10_000);
        let _ = cpu.passes();
        assert!((9..=14).contains(&gpu.passes()));
        assert!(!race.prefers_other());
    }

    #[test]
    fn the_other_engine_takes_over_when_it_becomes_the_faster_one_and_not_for_one_slow_pass() {
        let (cpu, gpu) = (Fake::new(0.0, 10.0), Fake::new(1.0, 1.0));
        let mut race = race(&cpu, &gpu);
        assert!(race.prefers_other());
        run(&mut race, 1, 3);
        gpu.0.borrow_mut().millis = [300.0, 0.0];
        run(&mut race, 1, 1);
        assert!(race.prefers_other(), "one slow pass");
        run(&mut race, 1, 1);
        assert!(!race.prefers_other());
        gpu.0.borrow_mut().millis = [1.0, 1.0];
        run(&mut race, 1, 200);
        assert!(race.prefers_other(), "it was asked again");
    }

    #[test]
    fn engines_that_are_about_as_fast_do_not_alternate() {
        let (cpu, gpu) = (Fake::new(0.0, 10.0), Fake::new(9.0, 0.0));
        let mut race = race(&cpu, &gpu);
        for pass in 0..1000 {
            gpu.0.borrow_mut().millis = [f64::from(9 + pass % 3), 0.0];
            run(&mut race, 1, 1);
            assert!(!race.prefers_other(), "pass {pass}");
        }
    }

    #[test]
    fn the_first_measured_time_replaces_an_estimate() {
        let (cpu, gpu) = (Fake::new(0.0, 10.0), Fake::new(2.0, 0.0));
        let mut race = Race::new(Box::new(cpu), 10.0, || NOW.get());
        race.admit(Box::new(gpu.clone()), 500.0);
        run(&mut race, 1, 32);
        assert!(!race.prefers_other());
        run(&mut race, 1, 1);
        assert!(race.prefers_other());
    }

    #[test]
    fn the_first_pass_over_another_size_is_not_timed_because_it_allocates() {
        let (cpu, gpu) = (Fake::new(0.0, 10.0), Fake::new(2.0, 0.0));
        let mut race = race(&cpu, &gpu);
        gpu.0.borrow_mut().millis = [400.0, 0.0];
        run(&mut race, 5, 1);
        gpu.0.borrow_mut().millis = [2.0, 0.0];
        run(&mut race, 5, 3);
        assert_eq!((cpu.passes(), gpu.passes()), (0, 4));
        assert!(race.prefers_other());
    }

    #[test]
    fn batches_that_alternate_change_nothing_that_is_told() {
        let (cpu, gpu) = (Fake::new(0.0, 10.0), Fake::new(15.0, 0.0));
        let mut race = race(&cpu, &gpu);
        for _ in 0..10 {
            run(&mut race, 1, 1);
            run(&mut race, 2, 1);
            assert!(!race.prefers_other());
        }
        assert_eq!(gpu.passes(), 10, "two images go to it all the same");
        run(&mut race, 2, 1);
        assert!(race.prefers_other());
    }

    #[test]
    fn a_gpu_that_is_lost_costs_no_answer_and_another_may_come_and_be_lost_too() {
        let cpu = Fake::new(0.0, 10.0);
        let mut race = race(&cpu, &Fake::new(1.0, 0.0));
        for _ in 0..2 {
            let gpu = Fake::new(1.0, 0.0);
            race.admit(Box::new(gpu.clone()), 1.0);
            assert!(race.failure().is_none());
            run(&mut race, 1, 3);
            assert_eq!((cpu.passes(), gpu.passes()), (0, 3));
            gpu.0.borrow_mut().fails = true;
            run(&mut race, 1, 3);
            assert_eq!((cpu.passes(), gpu.passes()), (3, 1));
            assert!(!race.has_other() && !race.prefers_other());
            assert!(matches!(race.failure(), Some(EngineError::Lost(_))));
        }
    }

    #[test]
    fn the_only_engines_error_is_told() {
        let gpu = Fake::new(1.0, 0.0);
        gpu.0.borrow_mut().fails = true;
        let mut race = Race::new(Box::new(gpu), 1.0, || NOW.get());
        assert_eq!(
            pass(&mut race, 1).unwrap_err(),
            EngineError::Lost("as a test".into())
        );
        assert!(race.failure().is_none());
    }
}
