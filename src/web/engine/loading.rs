//! Loads a model and starts an engine, reporting each step. Runs in the worker.

use thiserror::Error;
use web_sys::RequestCache;

use super::device::{Candidate, DeviceError};
use super::gpu::GpuClient;
use super::loader::FetchError;
use super::{device, loader};
use crate::engine::cpu::CpuProgram;
use crate::engine::{Plan, Program};
use crate::page::protocol::{
    CpuReason, Engine, EngineChoice, EngineInfo, ErrorCode, LoadStage, ModelAddress, ModelInfo,
    Progress,
};
use crate::pipeline::{Analyzer, known_answer};
use crate::spec::manifest::{Manifest, sha256};
use crate::{pipeline, platform};

/// Batch size of faces on a GPU: one would leave it idle, and many would fill a phone's memory.
const FACES_AT_ONCE_ON_A_GPU: usize = 8;
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
    /// The first forward pass failed.
    #[error("the first run of the network failed ({0}): choose the engine \"cpu\"")]
    WarmUp(#[from] pipeline::PipelineError),
    /// WebGPU reads the drawn face otherwise than the CPU.
    #[error(
        "WebGPU computes wrongly on {adapter} (an output is off by {difference}): update the graphics \
         driver; the engine \"cpu\" does without it"
    )]
    WrongAnswer {
        /// The adapter's name.
        adapter: String,
        /// See [`Analyzer::difference`].
        difference: f32,
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

/// Fetches and checks the model and starts an engine, and calls `on_progress` at every step.
///
/// # Errors
/// Every [`StartError`]; with [`EngineChoice::Auto`] an engine that fails is only an error if no
/// other engine starts.
pub async fn load(
    model: &ModelAddress,
    choice: EngineChoice,
    on_progress: impl Fn(Progress),
) -> Result<(Analyzer, EngineInfo), StartError> {
    let at = |stage, received_bytes, total_bytes| Progress {
        stage,
        received_bytes,
        total_bytes,
    };

    on_progress(at(LoadStage::Model, 0, 0));
    // Revalidated each time, because the manifest says which weights are current.
    let manifest_json = loader::fetch(&model.manifest, RequestCache::NoCache, |_, _| ()).await?;
    if let Some(expected) = &model.manifest_sha256
        && *expected != sha256(&manifest_json)
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
    let (plan, manifest) = pipeline::load_plan(&manifest_json, &weights)?;

    let mut last_error = None;
    for candidate in device::candidates(choice).await? {
        on_progress(at(LoadStage::Engine, total, total));
        let files = (manifest_json.as_slice(), weights.as_slice());
        let warm = warm(&candidate, &plan, &manifest, files, || {
            on_progress(at(LoadStage::WarmUp, total, total));
        });
        match warm.await {
            Ok((analyzer, warm_up_millis)) => {
                let Candidate {
                    engine,
                    mut detail,
                    mut cpu_reason,
                } = candidate;
                if let Some(error @ StartError::WrongAnswer { .. }) = last_error {
                    detail = error.to_string();
                    cpu_reason = Some(CpuReason::WebGpuIsWrong);
                }
                let model = describe(&manifest, &analyzer);
                return Ok((
                    analyzer,
                    EngineInfo {
                        engine,
                        detail,
                        cpu_reason,
                        model,
                        warm_up_millis,
                    },
                ));
            }
            Err(error) => last_error = Some(error),
        }
    }
    Err(last_error.unwrap_or(StartError::Device(DeviceError::NoAdapter)))
}

/// Starts one engine and runs the network once, which compiles its kernels. WebGPU must then answer
/// as the CPU does.
async fn warm(
    candidate: &Candidate,
    plan: &Plan,
    manifest: &Manifest,
    (manifest_json, weights): (&[u8], &[u8]),
    on_warm_up: impl Fn(),
) -> Result<(Analyzer, f64), StartError> {
    let (network, faces_at_once): (Box<dyn Program>, usize) = match candidate.engine {
        Engine::WebGpu => {
            let network = GpuClient::start(manifest_json, weights).await?;
            (Box::new(network), FACES_AT_ONCE_ON_A_GPU)
        }
        Engine::Cpu => (Box::new(CpuProgram::new(plan)), 1),
    };
    on_warm_up();
    // Lets the new stage reach the page before a CPU engine occupies this thread.
    platform::yield_now().await;
    let mut analyzer = Analyzer::new(plan, manifest, network)?.with_faces_at_once(faces_at_once);
    let started = platform::now_millis();
    analyzer.warm_up().await?;
    let warm_up_millis = platform::now_millis() - started;
    if candidate.engine == Engine::WebGpu {
        let mut cpu = Analyzer::new(plan, manifest, Box::new(CpuProgram::new(plan)))?;
        let difference = analyzer.difference(&mut cpu).await?;
        if difference > known_answer::TOLERANCE {
            return Err(StartError::WrongAnswer {
                adapter: candidate.detail.clone(),
                difference,
            });
        }
    }
    Ok((analyzer, warm_up_millis))
}

fn describe(manifest: &Manifest, analyzer: &Analyzer) -> ModelInfo {
    ModelInfo {
        name: manifest.name(),
        bytes: manifest.weights.bytes,
        sha256: manifest.weights.sha256.clone(),
        held_out: manifest.held_out().cloned().map(Box::new),
        gives_attention: analyzer.gives_attention(),
        neutral: manifest.calibration.as_ref().and_then(|it| it.neutral),
    }
}
