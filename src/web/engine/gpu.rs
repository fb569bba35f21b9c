//! The WebGPU engine, seen from the worker: another WebAssembly program (`src/bin/gpu.rs`), which is
//! fetched only where there is an adapter.

use js_sys::{Array, Float32Array, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

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

    #[wasm_bindgen(method)]
    fn free(this: &GpuNetwork);

    /// Fetches and starts the other program, and loads the model there. Both scripts that start a
    /// worker define it: `www/engine-worker.js` and `www/embed.js`.
    #[wasm_bindgen(catch, js_name = startGpu)]
    async fn start_gpu(manifest: Uint8Array, weights: Uint8Array) -> Result<JsValue, JsValue>;
}

/// A plan that the other program compiled.
pub struct GpuClient(GpuNetwork);

impl GpuClient {
    /// Starts the other program with a model's two files.
    ///
    /// # Errors
    /// [`DeviceError::Init`] if it does not arrive, or gets no device.
    pub async fn start(manifest_json: &[u8], weights_file: &[u8]) -> Result<Self, DeviceError> {
        start_gpu(manifest_json.into(), weights_file.into())
            .await
            .map(|network| Self(network.unchecked_into()))
            .map_err(|reason| DeviceError::Init(text(&reason)))
    }
}

impl Drop for GpuClient {
    fn drop(&mut self) {
        self.0.free();
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
            let outputs = self.0.forward(input.into(), batch, height, width).await;
            let outputs = outputs.map_err(|reason| EngineError::OtherProgram(text(&reason)))?;
            let maps = Array::from(&outputs).into_iter();
            Ok(maps.map(|map| Float32Array::new(&map).to_vec()).collect())
        })
    }
}
