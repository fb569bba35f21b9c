//! Loads the model, and opens what it computes on, for several commands.

use std::path::Path;

use anyhow::Context as _;
use burn::tensor::Device;
use clap::ValueEnum;

use crate::engine::cpu::CpuProgram;
use crate::engine::{EngineError, Plan, Program};
use crate::evaluation::evaluate::Predictor;
use crate::gpu::{Gpu, GpuProgram};
use crate::nn::EmotionNet;
use crate::nn::tensors::apply;
use crate::page::protocol::Engine;
use crate::pipeline::{LoadError, load_plan, read_model};
use crate::spec::manifest::{MANIFEST_FILE, Manifest, SourceBias};
use crate::spec::weights::decode;
use crate::spec::{Calibration, EmotionNetConfig, InputSpec};
use crate::training::artifact::{ArtifactDir, ArtifactError};

/// The model that this program was built with, which needs no file where the program runs.
const BUILT_IN: [&[u8]; 2] = [
    include_bytes!("../../www/model/manifest.json"),
    include_bytes!("../../www/model/moue-int8.safetensors"),
];

/// An engine of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum EngineArgument {
    /// SIMD on one thread of the processor
    Cpu,
    /// WGSL kernels on a graphics card, through Vulkan, Metal or Direct3D 12
    Webgpu,
}

impl EngineArgument {
    /// Returns the name that the page has for it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Cpu => Engine::Cpu.name(),
            Self::Webgpu => Engine::WebGpu.name(),
        }
    }

    /// Compiles a plan.
    ///
    /// # Errors
    /// [`EngineError`] if there is no graphics device, or it does not accept the plan.
    pub(super) fn compile(self, plan: &Plan) -> Result<Box<dyn Program>, EngineError> {
        Ok(match self {
            Self::Cpu => Box::new(CpuProgram::new(plan)),
            Self::Webgpu => {
                let program = async { GpuProgram::new(&Gpu::open().await?, plan).await };
                Box::new(pollster::block_on(program)?)
            }
        })
    }
}

/// A network ready for inference.
pub(super) struct LoadedModel {
    pub(super) network: EmotionNet,
    pub(super) config: EmotionNetConfig,
    pub(super) input: InputSpec,
    /// Calibration of the logits; the default for a run, which has none.
    pub(super) calibration: Calibration,
    /// The reading head's bias for each source, in order; empty if there is no reading head.
    pub(super) sources: Vec<SourceBias>,
}

impl LoadedModel {
    /// Returns what computes the network: burn on `device`, or one of the page's engines.
    ///
    /// # Errors
    /// If there is no such engine, or the model in `folder` is not quantized.
    pub(super) fn predictor<'a>(
        &'a self,
        folder: Option<&Path>,
        engine: Option<EngineArgument>,
        device: &'a Device,
    ) -> anyhow::Result<Predictor<'a>> {
        let Some(engine) = engine else {
            return Ok(Predictor::burn(&self.network, &self.input, device));
        };
        anyhow::ensure!(
            is_quantized(folder),
            "{} is not quantized, and the page's engines compute quantized models: run \
             moue quantize, or leave --engine out",
            name(folder)
        );
        let (json, weights) = read_quantized(folder)?;
        let (plan, _) = load_plan(&json, &weights).with_context(|| name(folder))?;
        Ok(Predictor::engine(engine.compile(&plan)?, &self.input))
    }
}

/// Returns what a model is called in messages and reports.
pub(super) fn name(folder: Option<&Path>) -> String {
    folder.map_or("the built-in model".into(), |it| it.display().to_string())
}

/// Returns whether a folder, if it has a model, has a quantized one.
pub(super) fn is_quantized(folder: Option<&Path>) -> bool {
    folder.is_none_or(|folder| folder.join(MANIFEST_FILE).is_file())
}

/// Loads the folder of a quantized model (`manifest.json` and its weights) or of a run
/// (`config.toml`, `model.safetensors`); without a folder, the built-in model.
pub(super) fn load(folder: Option<&Path>, device: &Device) -> anyhow::Result<LoadedModel> {
    let Some(run) = folder.filter(|_| !is_quantized(folder)) else {
        let (json, weights) = read_quantized(folder)?;
        let (network, manifest) =
            quantized(&json, &weights, device).with_context(|| name(folder))?;
        return Ok(LoadedModel {
            network,
            config: manifest.architecture,
            input: manifest.input,
            calibration: manifest.calibration.unwrap_or_default(),
            sources: manifest.sources,
        });
    };
    let (artifact, config) = ArtifactDir::open(run)?;
    let path = artifact.model_path();
    if !path.is_file() {
        return Err(ArtifactError::NotFinished { path }.into());
    }
    let bytes = read(&path)?;
    let sources = artifact.sources()?.into_iter().filter_map(|record| {
        Some(SourceBias {
            name: record.source.name,
            bias: record.bias?,
        })
    });
    let config = config.network;
    let network = decode(&bytes)
        .and_then(|tensors| apply(EmotionNet::new(&config, device), tensors))
        .with_context(|| path.display().to_string())?;
    let input = config.input();
    Ok(LoadedModel {
        network,
        config,
        input,
        calibration: Calibration::default(),
        sources: sources.collect(),
    })
}

/// Creates the network of a quantized model.
pub(super) fn quantized(
    json: &[u8],
    weights: &[u8],
    device: &Device,
) -> Result<(EmotionNet, Manifest), LoadError> {
    let (tensors, manifest) = read_model(json, weights)?;
    let network = apply(EmotionNet::new(&manifest.architecture, device), tensors)?;
    Ok((network, manifest))
}

/// Reads the manifest and the weights of a quantized model, without checking the weights; without a
/// folder, of the built-in one.
pub(super) fn read_quantized(folder: Option<&Path>) -> anyhow::Result<(Vec<u8>, Vec<u8>)> {
    let Some(folder) = folder else {
        return Ok(BUILT_IN.map(<[u8]>::to_vec).into());
    };
    let path = folder.join(MANIFEST_FILE);
    let json = read(&path)?;
    let manifest = Manifest::parse(&json).with_context(|| path.display().to_string())?;
    let weights = read(&folder.join(&manifest.weights.file))?;
    Ok((json, weights))
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| {
        format!(
            "cannot read {}; name the model's folder with --model",
            path.display()
        )
    })
}
