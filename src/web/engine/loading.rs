//! Loads a model and starts its engines, reporting each step. Runs in the worker.

use futures_channel::oneshot;
use thiserror::Error;
use wasm_bindgen_futures::spawn_local;
use web_sys::RequestCache;

use super::device::{DeviceError, Selection};
use super::gpu::GpuStart;
use super::loader::FetchError;
use super::{device, loader};
use crate::engine::cpu::CpuProgram;
use crate::engine::race::Race;
use crate::engine::{EngineError, Program};
use crate::page::protocol::{
    Engine, EngineChoice, EngineInfo, ErrorCode, LoadStage, ModelAddress, ModelInfo, Progress,
};
use crate::pipeline;
use crate::pipeline::{Analyzer, known_answer};
use crate::platform::{now_millis, yield_now};
use crate::spec::manifest::Manifest;

/// How often WebGPU is timed at start: the thread may read a picture meanwhile.
const TIMED_PASSES: usize = 3;
/// Number of checksum digits in the URL of the weights, enough to tell two models apart.
const SHORT_SHA256: usize = 12;

/// Why no engine was started. The messages are those of the failing step.
#[derive(Debug, Error)]
pub enum StartError {
    /// A file did not arrive.
    #[error(transparent)]
    Download(#[from] FetchError),
    /// A file arrived but is invalid.
    #[error(transparent)]
    Model(#[from] pipeline::LoadError),
    /// The manifest is not the one that this program was published with.
    #[error(
        "the model's manifest is not the one that belongs to this program: load the page again, or \
         tell whoever runs this site to publish program and model together"
    )]
    ForeignManifest,
    /// No engine is available.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// WebGPU's first forward pass failed.
    #[error("WebGPU did not start ({0}). Choose the engine \"cpu\" to do without.")]
    WarmUp(#[from] EngineError),
    /// WebGPU reads the drawn face otherwise than the CPU.
    #[error(
        "WebGPU computes wrongly on {adapter} (an output is off by {difference}; {kernel}): update the \
         graphics driver; the engine \"cpu\" does without it"
    )]
    WrongAnswer {
        /// The adapter's name.
        adapter: String,
        /// See [`known_answer::difference`].
        difference: f32,
        /// Which kernel is wrong, and how.
        kernel: String,
    },
}

impl StartError {
    /// Returns the error code for programs.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Download(_) => ErrorCode::ModelDownload,
            Self::Model(error) => error.into(),
            Self::ForeignManifest => ErrorCode::ModelDamaged,
            Self::Device(DeviceError::NoAdapter) => ErrorCode::NoWebGpu,
            Self::Device(DeviceError::Init(_)) | Self::WarmUp(_) | Self::WrongAnswer { .. } => {
                ErrorCode::EngineStart
            }
        }
    }
}

/// A model with an engine that can read.
pub struct Loaded {
    /// The pipeline.
    pub analyzer: Analyzer<Race>,
    /// What computes.
    pub info: EngineInfo,
    /// WebGPU while it starts, where the CPU reads meanwhile.
    pub challenger: Option<Challenger>,
}

/// WebGPU until it is trusted.
pub struct Challenger {
    /// Name of the adapter.
    pub adapter: String,
    start: GpuStart,
    /// Input of the known answer, `[1, size, size, channels]`.
    pixels: Vec<f32>,
    size: usize,
    /// What the CPU computes for it.
    expected: Vec<Vec<f32>>,
}

impl Challenger {
    /// Waits for WebGPU, and compares its answer with the CPU's. Returns it with the duration of a
    /// forward pass over one face in milliseconds. `on_warm_up` is called before the first one,
    /// which compiles the kernels.
    ///
    /// # Errors
    /// [`StartError::Device`], [`StartError::WarmUp`] and [`StartError::WrongAnswer`].
    pub async fn join(self, on_warm_up: impl Fn()) -> Result<(Box<dyn Program>, f64), StartError> {
        let Self {
            adapter,
            start,
            pixels,
            size,
            expected,
        } = self;
        let mut network = start.finish().await?;
        on_warm_up();
        let found = network.forward(&pixels, 1, size, size).await?;
        let difference = known_answer::difference(&found, &expected);
        if difference > known_answer::TOLERANCE {
            let kernel = network.wrong_kernel(&pixels, size, size).await;
            return Err(StartError::WrongAnswer {
                adapter: match adapter.is_empty() {
                    true => "this device".to_owned(),
                    false => adapter,
                },
                difference,
                kernel: kernel.unwrap_or_else(|| "each kernel alone is right".to_owned()),
            });
        }
        let mut least_millis = f64::INFINITY;
        for _ in 0..TIMED_PASSES {
            let started = now_millis();
            network.forward(&pixels, 1, size, size).await?;
            least_millis = least_millis.min(now_millis() - started);
        }
        Ok((Box::new(network), least_millis))
    }
}

/// Fetches and checks the model and starts an engine, and calls `on_progress` at every step. The
/// CPU reads first, and everything that WebGPU needs has been asked for on return.
///
/// # Errors
/// Every [`StartError`]; those of WebGPU only with [`EngineChoice::WebGpu`].
pub async fn load(
    model: &ModelAddress,
    choice: EngineChoice,
    on_progress: impl Fn(Progress),
) -> Result<Loaded, StartError> {
    let at = |stage, received_bytes, total_bytes| Progress {
        stage,
        received_bytes,
        total_bytes,
    };

    on_progress(at(LoadStage::Model, 0, 0));
    // The browser looks for its adapter while the files arrive.
    let (selected, selection) = oneshot::channel();
    spawn_local(async move { drop(selected.send(device::select(choice).await)) });

    // Revalidated each time, because the manifest says which weights are current.
    let manifest_json = loader::fetch(&model.manifest, RequestCache::NoCache, |_, _| ()).await?;
    if let Some(expected) = &model.manifest_sha256
        && *expected != loader::sha256(&manifest_json).await
    {
        return Err(StartError::ForeignManifest);
    }
    let manifest = Manifest::parse(&manifest_json).map_err(pipeline::LoadError::from)?;

    // The checksum in the URL avoids a cached copy of other weights.
    let total = manifest.weights.bytes;
    let version = manifest
        .weights
        .sha256
        .get(..SHORT_SHA256)
        .unwrap_or_default();
    let beside = || {
        loader::beside(
            &model.manifest,
            &format!("{}?sha256={version}", manifest.weights.file),
        )
    };
    let weights_address = match &model.weights {
        Some(address) => address.clone(),
        None => beside()?,
    };
    let weights = loader::fetch(&weights_address, RequestCache::Default, |received, _| {
        on_progress(at(LoadStage::Model, received, total));
    })
    .await?;
    let hash = loader::sha256(&weights).await;
    manifest
        .verify_hash(weights.len(), hash)
        .map_err(pipeline::LoadError::from)?;
    let plan = pipeline::plan_of(&manifest, &weights)?;

    let Selection {
        adapter,
        cpu_reason,
    } = selection.await.unwrap_or(Err(DeviceError::NoAdapter))?;
    on_progress(at(LoadStage::Engine, total, total));
    let gpu = adapter.map(|adapter| (adapter, GpuStart::new(&manifest_json, &weights)));
    if choice != EngineChoice::WebGpu {
        on_progress(at(LoadStage::WarmUp, total, total));
    }
    // Lets the new stage reach the page before the CPU engine occupies this thread.
    yield_now().await;
    let (pixels, size) = (known_answer::pixels(&manifest.input), manifest.input.size);
    let mut cpu = CpuProgram::new(&plan);
    let expected = cpu.run(&pixels, 1, size, size);
    let mut cpu_millis = 0.0;
    let challenger = match gpu {
        Some((adapter, mut start)) => {
            // The first pass allocated memory.
            let started = now_millis();
            cpu.run(&pixels, 1, size, size);
            cpu_millis = now_millis() - started;
            start.wait_for_files().await;
            Some(Challenger {
                adapter,
                start,
                pixels,
                size,
                expected,
            })
        }
        None => None,
    };

    let mut engine = Engine::Cpu;
    let mut detail = cpu_reason.detail().to_owned();
    let (race, challenger) = match challenger {
        Some(challenger) if choice == EngineChoice::WebGpu => {
            engine = Engine::WebGpu;
            detail.clone_from(&challenger.adapter);
            let on_warm_up = || on_progress(at(LoadStage::WarmUp, total, total));
            let (network, millis) = challenger.join(on_warm_up).await?;
            (Race::new(network, millis, now_millis), None)
        }
        challenger => (Race::new(Box::new(cpu), cpu_millis, now_millis), challenger),
    };
    let analyzer = Analyzer::new(&plan, &manifest, Box::new(race))?;
    let info = EngineInfo {
        engine,
        detail,
        cpu_reason: (engine == Engine::Cpu).then_some(cpu_reason),
        model: ModelInfo {
            name: manifest.name(),
            bytes: manifest.weights.bytes,
            sha256: manifest.weights.sha256.clone(),
            held_out: manifest.held_out().cloned().map(Box::new),
            gives_attention: analyzer.gives_attention(),
            neutral: manifest.calibration.as_ref().and_then(|it| it.neutral),
        },
    };
    Ok(Loaded {
        analyzer,
        info,
        challenger,
    })
}
