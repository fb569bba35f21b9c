//! What runs in the worker: which engine, why that one, and which model.

use serde::{Deserialize, Serialize};

use super::error_code::ErrorCode;
use crate::emotion::Emotion;
use crate::spec::manifest::MeasuredAccuracy;

/// What runs, once it runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EngineInfo {
    /// Which engine computes.
    pub engine: Engine,
    /// The adapter's name for WebGPU, or in English why the CPU computes.
    pub detail: String,
    /// Why the CPU computes, where it does.
    pub cpu_reason: Option<CpuReason>,
    /// What was loaded.
    pub model: ModelInfo,
    /// Milliseconds of the first forward pass.
    pub warm_up_millis: f64,
}

/// Which engine the page asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EngineChoice {
    /// WebGPU on a real adapter, else the CPU.
    #[default]
    Auto,
    /// WebGPU, even on a software adapter; without any adapter an error.
    #[serde(rename = "webgpu")]
    WebGpu,
    /// The CPU, even where there is a GPU.
    Cpu,
    /// The CPU, because WebGPU was tried and stopped.
    CpuInstead,
}

impl EngineChoice {
    /// What to go on with after an engine failed with `code`: the CPU engine, once, in the place of
    /// a WebGPU engine that nobody insisted on. `ran` is the engine that was ready; `None` where
    /// that is no way out.
    pub fn instead(self, code: ErrorCode, ran: Option<Engine>) -> Option<Self> {
        let may_help = matches!(
            code,
            ErrorCode::EngineFailed | ErrorCode::EngineCrashed | ErrorCode::EngineStart
        );
        let falls = self == Self::Auto && may_help && ran != Some(Engine::Cpu);
        falls.then_some(Self::CpuInstead)
    }

    /// `auto`, `webgpu` or `cpu`, as an address and an attribute spell them; anything else is
    /// `None`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "auto" => Some(Self::Auto),
            "webgpu" => Some(Self::WebGpu),
            "cpu" => Some(Self::Cpu),
            _ => None,
        }
    }
}

/// An engine that computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// A GPU, through WebGPU.
    WebGpu,
    /// The processor, with WebAssembly SIMD.
    Cpu,
}

impl Engine {
    /// The name shown to people.
    pub fn name(self) -> &'static str {
        match self {
            Self::WebGpu => "WebGPU",
            Self::Cpu => "CPU",
        }
    }
}

/// Why the CPU computes and no GPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CpuReason {
    /// The page's address says so.
    Chosen,
    /// WebGPU was tried and stopped.
    WebGpuStopped,
    /// The browser offers no adapter.
    NoAdapter,
    /// A software adapter computes on the same CPU, more slowly than the CPU engine.
    SoftwareAdapter,
    /// There is an adapter, and its device or the network's first run failed.
    WebGpuDidNotStart,
}

impl CpuReason {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Chosen,
        Self::WebGpuStopped,
        Self::NoAdapter,
        Self::SoftwareAdapter,
        Self::WebGpuDidNotStart,
    ];

    /// In English, for programs and tests.
    pub fn detail(self) -> &'static str {
        match self {
            Self::Chosen => "chosen in the address",
            Self::WebGpuStopped => "WebGPU stopped",
            Self::NoAdapter => "this browser offers no WebGPU adapter",
            Self::SoftwareAdapter => "the WebGPU adapter is software",
            Self::WebGpuDidNotStart => "WebGPU did not start",
        }
    }
}

/// The model, in a few words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelInfo {
    /// Its architecture's name.
    pub name: String,
    /// Bytes of its weights.
    pub bytes: u64,
    /// The sha256 of its weights, in hexadecimal.
    pub sha256: String,
    /// How it does on faces that neither taught nor selected, where measured; see
    /// `Manifest::held_out`.
    pub held_out: Option<Box<MeasuredAccuracy>>,
    /// Whether it tells where it looked.
    #[serde(default)]
    pub gives_attention: bool,
    /// What a face at rest looks like to it, see [`crate::spec::Calibration::neutral`].
    #[serde(default)]
    pub neutral: Option<[f32; Emotion::COUNT]>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_chooses_the_engine() {
        assert_eq!(
            EngineChoice::from_name("webgpu"),
            Some(EngineChoice::WebGpu)
        );
        assert_eq!(EngineChoice::from_name("cpu"), Some(EngineChoice::Cpu));
        assert_eq!(EngineChoice::from_name("auto"), Some(EngineChoice::Auto));
        for unknown in ["", "tpu", "CPU"] {
            assert_eq!(EngineChoice::from_name(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn the_processor_takes_over_once_and_only_where_nobody_chose() {
        use EngineChoice::{Auto, Cpu, CpuInstead, WebGpu};
        let crashed = ErrorCode::EngineCrashed;
        let gpu = Some(Engine::WebGpu);
        assert_eq!(Auto.instead(crashed, gpu), Some(CpuInstead));
        assert_eq!(Auto.instead(ErrorCode::EngineFailed, gpu), Some(CpuInstead));
        assert_eq!(Auto.instead(ErrorCode::EngineStart, None), Some(CpuInstead));
        assert_eq!(Auto.instead(crashed, Some(Engine::Cpu)), None);
        assert_eq!(Auto.instead(ErrorCode::ModelDamaged, gpu), None);
        for chosen in [WebGpu, Cpu, CpuInstead] {
            assert_eq!(chosen.instead(crashed, gpu), None, "{chosen:?}");
        }
    }
}
