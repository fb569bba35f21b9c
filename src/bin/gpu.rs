//! The WebGPU engine of the page's worker, a program of its own: it gets the network's input and gives
//! its outputs, and knows nothing of pictures.

#[cfg(target_arch = "wasm32")]
fn main() {
    moue::platform::run_constructors();
    console_error_panic_hook::set_once();
}

/// The functions that `src/web/engine/gpu.rs` calls.
#[cfg(target_arch = "wasm32")]
mod worker {
    use js_sys::Float32Array;
    use moue::engine::EngineError;
    use moue::gpu::{Gpu, GpuProgram};
    use moue::pipeline::plan_of;
    use moue::platform::sleep;
    use moue::spec::manifest::Manifest;
    use wasm_bindgen::JsError;
    use wasm_bindgen::prelude::wasm_bindgen;

    /// How long after a failed call a browser may tell that the device is lost.
    const LOSS_MILLIS: u32 = 200;

    /// Returns why a call failed: the loss of the device, if there is one. Firefox first calls invalid
    /// what a lost device should do.
    async fn cause(gpu: &Gpu, error: EngineError) -> JsError {
        if matches!(error, EngineError::Lost(_)) {
            return error.into();
        }
        sleep(LOSS_MILLIS).await;
        gpu.loss().await.unwrap_or(error).into()
    }

    /// A network on the fastest adapter's device.
    #[wasm_bindgen]
    pub struct GpuNetwork {
        gpu: Gpu,
        program: GpuProgram,
    }

    /// The queue of a network's device, which can be used while the network computes.
    #[wasm_bindgen]
    pub struct GpuQueue(Gpu);

    #[wasm_bindgen]
    impl GpuQueue {
        /// See [`Gpu::nudge`].
        pub fn nudge(&self) {
            self.0.nudge();
        }
    }

    impl Drop for GpuNetwork {
        fn drop(&mut self) {
            self.gpu.destroy();
        }
    }

    #[wasm_bindgen]
    impl GpuNetwork {
        /// Loads the network from the contents of the two files of a quantized model, which the worker
        /// has verified.
        ///
        /// # Errors
        /// If there is no device, or the model does not load.
        pub async fn load(manifest: Vec<u8>, weights: Vec<u8>) -> Result<Self, JsError> {
            let plan = plan_of(&Manifest::parse(&manifest)?, &weights)?;
            drop(weights);
            let gpu = Gpu::open().await?;
            match GpuProgram::new(&gpu, &plan).await {
                Ok(program) => Ok(Self { gpu, program }),
                Err(error) => {
                    let cause = cause(&gpu, error).await;
                    gpu.destroy();
                    Err(cause)
                }
            }
        }

        /// Returns the queue of the device.
        pub fn queue(&self) -> GpuQueue {
            GpuQueue(self.gpu.clone())
        }

        /// Computes the outputs, `[batch, height, width, channels]` each.
        ///
        /// # Errors
        /// If the device fails.
        pub async fn forward(
            &mut self,
            input: Vec<f32>,
            batch: usize,
            height: usize,
            width: usize,
        ) -> Result<Vec<Float32Array>, JsError> {
            let outputs = match self.program.run(&input, batch, height, width).await {
                Ok(outputs) => outputs,
                Err(error) => return Err(cause(&self.gpu, error).await),
            };
            let maps = outputs.iter().map(|map| Float32Array::from(map.as_slice()));
            Ok(maps.collect())
        }

        /// Computes one image's forward pass kernel by kernel, `[1, height, width, channels]`, and
        /// describes the first kernel that differs from its definition, if any does.
        ///
        /// # Errors
        /// If the device fails.
        #[wasm_bindgen(js_name = wrongKernel)]
        pub async fn wrong_kernel(
            &mut self,
            input: Vec<f32>,
            height: usize,
            width: usize,
        ) -> Result<Option<String>, JsError> {
            let (_, wrong) = self.program.check_kernels(&input, height, width).await?;
            Ok(wrong.map(|wrong| wrong.to_string()))
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    use std::io::Write as _;

    let hint = "gpu: this is part of the page and runs only in a browser. `make serve` builds it.";
    let _ = writeln!(std::io::stderr(), "{hint}");
    std::process::ExitCode::from(2)
}
