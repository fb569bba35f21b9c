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
    use moue::gpu::{Gpu, GpuProgram};
    use moue::pipeline::load_plan;
    use wasm_bindgen::JsError;
    use wasm_bindgen::prelude::wasm_bindgen;

    /// A network on the fastest adapter's device.
    #[wasm_bindgen]
    pub struct GpuNetwork {
        gpu: Gpu,
        program: GpuProgram,
    }

    impl Drop for GpuNetwork {
        fn drop(&mut self) {
            self.gpu.destroy();
        }
    }

    #[wasm_bindgen]
    impl GpuNetwork {
        /// Loads the network from the contents of the two files of a quantized model.
        ///
        /// # Errors
        /// If there is no device, or the model does not load.
        pub async fn load(manifest: Vec<u8>, weights: Vec<u8>) -> Result<Self, JsError> {
            let (plan, _) = load_plan(&manifest, &weights)?;
            let gpu = Gpu::open().await?;
            let program = GpuProgram::new(&gpu, &plan).await?;
            Ok(Self { gpu, program })
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
            let outputs = self.program.run(&input, batch, height, width).await?;
            let maps = outputs.iter().map(|map| Float32Array::from(map.as_slice()));
            Ok(maps.collect())
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
