//! The network alone, for `make bench`; no part of the page in `dist/`.
//!
//! In a browser it is a library that a page calls. Natively it is a process that reads from
//! standard input how often to compute, and writes the milliseconds of each forward pass to
//! standard output. Either way it loads and computes as the page's worker does.

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(any(target_arch = "wasm32", feature = "native"))]
mod network {
    use moue::engine::{EngineError, Processor, Program};
    use moue::pipeline::{LoadError, load_plan};

    /// The network, loaded onto a processor.
    pub struct Network {
        program: Program,
        side: usize,
    }

    impl Network {
        /// Loads the network from the contents of the two files of `www/model`.
        pub fn load(
            manifest: &[u8],
            weights: &[u8],
            processor: &Processor,
        ) -> Result<Self, LoadError> {
            let (plan, manifest) = load_plan(manifest, weights)?;
            Ok(Self {
                program: Program::new(&plan, processor)?,
                side: manifest.input.size,
            })
        }

        /// Computes the logits of one normalized plane, `size × size` values row by row.
        pub async fn forward(&mut self, plane: &[f32]) -> Result<Vec<f32>, EngineError> {
            let outputs = self.program.run(plane, 1, self.side, self.side).await?;
            Ok(outputs.into_iter().next().unwrap_or_default())
        }
    }
}

/// The functions that the page calls.
#[cfg(target_arch = "wasm32")]
mod page {
    use moue::page::protocol::Engine;
    use moue::web::engine::device;
    use wasm_bindgen::JsError;
    use wasm_bindgen::prelude::wasm_bindgen;

    use super::network;

    /// A loaded network.
    #[wasm_bindgen]
    pub struct Network(network::Network);

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
            let engine = match engine.as_str() {
                "cpu" => Engine::Cpu,
                "webgpu" => Engine::WebGpu,
                other => {
                    let message = format!("no engine is called `{other}`: choose cpu or webgpu");
                    return Err(JsError::new(&message));
                }
            };
            let processor = device::start(engine).await?;
            Ok(Self(network::Network::load(
                &manifest, &weights, &processor,
            )?))
        }

        /// Computes the logits of one normalized plane.
        ///
        /// # Errors
        /// If the engine fails.
        pub async fn forward(&mut self, plane: Vec<f32>) -> Result<Vec<f32>, JsError> {
            Ok(self.0.forward(&plane).await?)
        }
    }
}

#[cfg(all(not(target_arch = "wasm32"), feature = "native"))]
fn main() -> anyhow::Result<()> {
    use std::io::Write as _;
    use std::path::PathBuf;

    use anyhow::Context as _;

    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(folder), Some(plane)) = (arguments.next(), arguments.next()) else {
        anyhow::bail!(
            "bench FOLDER PLANE: a quantized model and a JSON list of its input's values"
        );
    };
    let read = |path: PathBuf| std::fs::read(&path).with_context(|| path.display().to_string());
    let manifest = read(folder.join("manifest.json"))?;
    let weights_file = moue::spec::manifest::Manifest::parse(&manifest)?
        .weights
        .file;
    let weights = read(folder.join(weights_file))?;
    let plane: Vec<f32> = serde_json::from_slice(&read(plane)?)?;
    let processor = moue::engine::Processor::Cpu;
    let mut network = network::Network::load(&manifest, &weights, &processor)?;

    let mut out = std::io::stdout();
    let logits = pollster::block_on(network.forward(&plane))?;
    writeln!(out, "{}", serde_json::to_string(&logits)?)?;
    for line in std::io::stdin().lines() {
        let line = line?;
        let count: usize = line.trim().parse().context("how often to compute")?;
        let mut millis = Vec::with_capacity(count);
        for _ in 0..count {
            let started = moue::platform::now_millis();
            pollster::block_on(network.forward(&plane))?;
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
