//! The network alone, for `make bench`; no part of the page in `dist/`.
//!
//! In a browser it is a library that a page calls. Natively it is a process that reads from
//! standard input how often to compute, and writes the milliseconds of each forward pass to
//! standard output. Either way it loads and computes as the page's worker does.

#[cfg(target_arch = "wasm32")]
fn main() {
    moue::platform::run_constructors();
}

/// The functions that the page calls.
#[cfg(all(target_arch = "wasm32", feature = "gpu"))]
mod page {
    use moue::engine::Program;
    use moue::engine::cpu::CpuProgram;
    use moue::gpu::{Gpu, GpuProgram};
    use moue::pipeline::load_plan;
    use wasm_bindgen::JsError;
    use wasm_bindgen::prelude::wasm_bindgen;

    /// A loaded network.
    #[wasm_bindgen]
    pub struct Network {
        program: Box<dyn Program>,
        size: usize,
    }

    #[wasm_bindgen]
    impl Network {
        /// Loads the network onto the engine `cpu` or `webgpu`.
        ///
        /// # Errors
        /// If the engine is unknown, the model does not load, or the browser has no WebGPU.
        pub async fn load(
            manifest: Vec<u8>,
            weights: Vec<u8>,
            engine: String,
        ) -> Result<Self, JsError> {
            let (plan, manifest) = load_plan(&manifest, &weights)?;
            let program: Box<dyn Program> = match engine.as_str() {
                "cpu" => Box::new(CpuProgram::new(&plan)),
                "webgpu" => {
                    let gpu = Gpu::open().await?;
                    Box::new(GpuProgram::new(&gpu, &plan).await?)
                }
                other => {
                    let message = format!("no engine is called `{other}`: choose cpu or webgpu");
                    return Err(JsError::new(&message));
                }
            };
            let size = manifest.input.size;
            Ok(Self { program, size })
        }

        /// Computes the logits of one normalized plane.
        ///
        /// # Errors
        /// If the engine fails.
        pub async fn forward(&mut self, plane: Vec<f32>) -> Result<Vec<f32>, JsError> {
            let outputs = self
                .program
                .forward(&plane, 1, self.size, self.size)
                .await?;
            Ok(outputs.into_iter().next().unwrap_or_default())
        }
    }
}

#[cfg(all(not(target_arch = "wasm32"), feature = "native"))]
fn main() -> anyhow::Result<()> {
    use std::io::Write as _;
    use std::path::PathBuf;

    use anyhow::Context as _;
    use moue::engine::cpu::CpuProgram;
    use moue::pipeline::load_plan;
    use moue::spec::manifest::Manifest;

    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(folder), Some(plane)) = (arguments.next(), arguments.next()) else {
        anyhow::bail!(
            "bench FOLDER PLANE: a quantized model and a JSON list of its input's values"
        );
    };
    let read = |path: PathBuf| std::fs::read(&path).with_context(|| path.display().to_string());
    let manifest = read(folder.join("manifest.json"))?;
    let weights_file = Manifest::parse(&manifest)?.weights.file;
    let weights = read(folder.join(weights_file))?;
    let plane: Vec<f32> = serde_json::from_slice(&read(plane)?)?;
    let (plan, manifest) = load_plan(&manifest, &weights)?;
    let (mut program, size) = (CpuProgram::new(&plan), manifest.input.size);

    let mut out = std::io::stdout();
    let outputs = program.run(&plane, 1, size, size);
    writeln!(out, "{}", serde_json::to_string(&outputs[0])?)?;
    for line in std::io::stdin().lines() {
        let line = line?;
        let count: usize = line.trim().parse().context("how often to compute")?;
        let mut millis = Vec::with_capacity(count);
        for _ in 0..count {
            let started = moue::platform::now_millis();
            program.run(&plane, 1, size, size);
            millis.push(moue::platform::now_millis() - started);
        }
        writeln!(out, "{}", serde_json::to_string(&millis)?)?;
    }
    Ok(())
}

#[cfg(all(not(target_arch = "wasm32"), not(feature = "native")))]
fn main() -> std::process::ExitCode {
    use std::io::Write as _;

    let hint = "bench: build it with `--features native`; `make bench` does, and calls it.";
    writeln!(std::io::stderr(), "{hint}").ok();
    std::process::ExitCode::from(2)
}
