//! The WebGPU engine, seen from the worker: another WebAssembly program (`src/bin/gpu.rs`), which is
//! fetched only where there is an adapter.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::{Interval, Timeout};
use js_sys::{Array, Float32Array, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ErrorEvent, EventTarget};

use super::device::DeviceError;
use super::loader::text;
use crate::engine::{EngineError, Outputs, Program};

#[wasm_bindgen]
extern "C" {
    /// The network of the other program.
    type GpuNetwork;

    #[wasm_bindgen(method, catch)]
    async fn forward(
        this: &GpuNetwork,
        input: Float32Array,
        batch: usize,
        height: usize,
        width: usize,
    ) -> Result<JsValue, JsValue>;

    /// Describes the first kernel that computes wrongly, if any does.
    #[wasm_bindgen(method, catch, js_name = wrongKernel)]
    async fn wrong_kernel(
        this: &GpuNetwork,
        input: Float32Array,
        height: usize,
        width: usize,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method)]
    fn queue(this: &GpuNetwork) -> GpuQueue;

    #[wasm_bindgen(method, catch)]
    fn free(this: &GpuNetwork) -> Result<(), JsValue>;

    /// The queue of the network's device.
    type GpuQueue;

    #[wasm_bindgen(method, catch)]
    fn nudge(this: &GpuQueue) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = free)]
    fn free_queue(this: &GpuQueue) -> Result<(), JsValue>;

    /// Fetches and starts the other program, and loads the model there. Returns two promises: that
    /// its files arrive, and of the [`GpuNetwork`]. Both scripts that start a worker define it:
    /// `www/engine-worker.js` and `www/embed.js`.
    #[wasm_bindgen(catch, js_name = startGpu)]
    fn start_gpu(manifest: Uint8Array, weights: Uint8Array) -> Result<Array, JsValue>;
}

/// Part of the address of the other program, as it stands in the stack of its errors.
const PROGRAM: &str = "gpu_bg.wasm";
/// After how long a call that has not returned counts as failed. Compiling on a processor that
/// emulates a graphics card takes some seconds.
const PATIENCE_MILLIS: u32 = 60_000;
/// How often the device is nudged during a call: as often as browsers repeat a timer.
const NUDGE_MILLIS: u32 = 4;

/// Hears of the crashes of the other program, and keeps them from the page. A call during which it
/// crashes leaves its promise pending.
#[derive(Clone, Default)]
struct Crashes(Rc<CrashState>);

#[derive(Default)]
struct CrashState {
    has_crashed: Cell<bool>,
    waiting: Cell<Option<oneshot::Sender<&'static str>>>,
}

impl Crashes {
    /// Listens as long as the worker lives: what a crashed program left behind may fail later.
    fn listen() -> Self {
        let crashes = Self::default();
        let options = EventListenerOptions::enable_prevent_default();
        let global: EventTarget = js_sys::global().unchecked_into();
        let heard = crashes.clone();
        EventListener::new_with_options(&global, "error", options, move |event| {
            let error = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::error);
            let stack = error.and_then(|error| Reflect::get(&error, &"stack".into()).ok());
            let stack = stack.and_then(|stack| stack.as_string());
            if stack.is_some_and(|stack| stack.contains(PROGRAM)) {
                event.prevent_default();
                heard.0.has_crashed.set(true);
                heard.end("its program crashed");
            }
        })
        .forget();
        crashes
    }

    /// Ends the call that waits, if one does.
    fn end(&self, reason: &'static str) {
        if let Some(waiting) = self.0.waiting.take() {
            // An error only means that the call has ended otherwise.
            let _ = waiting.send(reason);
        }
    }

    /// Waits for a call, or for a crash during it. Only one call may wait at a time.
    async fn during(
        &self,
        call: impl Future<Output = Result<JsValue, JsValue>>,
    ) -> Result<JsValue, JsValue> {
        let (sender, crash) = oneshot::channel();
        self.0.waiting.set(Some(sender));
        if self.0.has_crashed.get() {
            self.end("its program crashed");
        }
        let patience = {
            let crashes = self.clone();
            Timeout::new(PATIENCE_MILLIS, move || crashes.end("it does not answer"))
        };
        let ended = match select(crash, pin!(call)).await {
            Either::Left((reason, _)) => Err(reason.unwrap_or_default().into()),
            Either::Right((result, _)) => result,
        };
        drop(patience);
        ended
    }
}

/// The other program while it starts.
pub struct GpuStart {
    files: Option<JsFuture>,
    network: Result<JsFuture, JsValue>,
    crashes: Crashes,
}

impl GpuStart {
    /// Asks for the other program, which then loads a model's two files.
    pub fn new(manifest_json: &[u8], weights_file: &[u8]) -> Self {
        let crashes = Crashes::listen();
        let (files, network) = match start_gpu(manifest_json.into(), weights_file.into()) {
            Ok(promises) => {
                let [files, network] =
                    [0, 1].map(|at| JsFuture::from(Promise::from(promises.get(at))));
                (Some(files), Ok(network))
            }
            Err(reason) => (None, Err(reason)),
        };
        Self {
            files,
            network,
            crashes,
        }
    }

    /// Waits until nothing more is to be asked for.
    pub async fn wait_for_files(&mut self) {
        if let Some(files) = self.files.take() {
            // Whether they arrived, the network tells.
            let _ = files.await;
        }
    }

    /// Waits for the other program.
    ///
    /// # Errors
    /// [`DeviceError::Init`] if it does not arrive, or gets no device.
    pub async fn finish(self) -> Result<GpuClient, DeviceError> {
        let network = match self.network {
            Ok(network) => self.crashes.during(network).await,
            Err(reason) => Err(reason),
        };
        match network {
            Ok(network) => Ok(GpuClient::new(network.unchecked_into(), self.crashes)),
            Err(reason) => Err(DeviceError::Init(text(&reason))),
        }
    }
}

/// A plan that the other program compiled.
pub struct GpuClient {
    network: GpuNetwork,
    queue: Rc<GpuQueue>,
    crashes: Crashes,
}

impl GpuClient {
    fn new(network: GpuNetwork, crashes: Crashes) -> Self {
        let queue = Rc::new(network.queue());
        Self {
            network,
            queue,
            crashes,
        }
    }

    /// Waits for a call of the network, and nudges its device meanwhile.
    async fn during(
        &self,
        call: impl Future<Output = Result<JsValue, JsValue>>,
    ) -> Result<JsValue, JsValue> {
        let queue = self.queue.clone();
        // A device that cannot be nudged fails the call.
        let nudges = Interval::new(NUDGE_MILLIS, move || drop(queue.nudge()));
        let ended = self.crashes.during(call).await;
        drop(nudges);
        ended
    }

    /// Computes one image's forward pass kernel by kernel, and describes the first one that differs
    /// from its definition. `None` if none does, or the device fails.
    pub async fn wrong_kernel(&self, input: &[f32], height: usize, width: usize) -> Option<String> {
        let call = self.network.wrong_kernel(input.into(), height, width);
        self.during(call).await.ok()?.as_string()
    }
}

impl Drop for GpuClient {
    fn drop(&mut self) {
        // Refused where the program crashed in a call.
        let _ = self.queue.free_queue();
        let _ = self.network.free();
    }
}

impl Program for GpuClient {
    fn forward<'a>(
        &'a mut self,
        input: &'a [f32],
        batch: usize,
        height: usize,
        width: usize,
    ) -> Outputs<'a> {
        Box::pin(async move {
            let call = self.network.forward(input.into(), batch, height, width);
            let outputs = self.during(call).await;
            let outputs = outputs.map_err(|reason| EngineError::OtherProgram(text(&reason)))?;
            let maps = Array::from(&outputs).into_iter();
            Ok(maps.map(|map| Float32Array::new(&map).to_vec()).collect())
        })
    }
}
