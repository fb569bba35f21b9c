//! Description of what runs in the worker: which engine, why that one, and which model.

use serde::{Deserialize, Serialize};

use super::error_code::ErrorCode;
use crate::emotion::Emotion;
use crate::spec::manifest::MeasuredAccuracy;

/// Describes the engine that computes, and its model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EngineInfo {
    /// The engine that computes; where there are two, the faster one.
    pub engine: Engine,
    /// For WebGPU the adapter's name; for the CPU the reason, in English, for using it.
    pub detail: String,
    /// Reason for using the CPU; `None` if WebGPU is used.
    pub cpu_reason: Option<CpuReason>,
    /// The loaded model.
    pub model: ModelInfo,
}

impl EngineInfo {
    /// Whether WebGPU's program runs or starts, whichever engine computes.
    pub fn may_use_gpu(&self) -> bool {
        use CpuReason::{CpuIsFaster, WebGpuStarts};
        matches!(self.cpu_reason, None | Some(WebGpuStarts | CpuIsFaster))
    }
}

/// The engine that the page asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EngineChoice {
    /// The CPU, and WebGPU where there is a hardware adapter on which it is faster.
    #[default]
    Auto,
    /// WebGPU, even on a software adapter; it is an error if there is no adapter.
    #[serde(rename = "webgpu")]
    WebGpu,
    /// The CPU, even if there is a GPU.
    Cpu,
    /// The CPU alone, because a worker crashed where WebGPU might have been in use.
    CpuFallback,
}

impl EngineChoice {
    /// Returns the choice to continue with after a worker ended with `code`: the CPU alone, once, if
    /// it crashed while WebGPU might have been in use. `ran` is what was ready, if anything. `None` if
    /// another choice would not help.
    pub fn fallback_after(self, code: ErrorCode, ran: Option<&EngineInfo>) -> Option<Self> {
        let crashed = self == Self::Auto && code == ErrorCode::EngineCrashed;
        let falls = crashed && ran.is_none_or(EngineInfo::may_use_gpu);
        falls.then_some(Self::CpuFallback)
    }

    /// Parses `auto`, `webgpu` or `cpu`, as used in the page's address and in the element's
    /// attribute; `None` for any other name.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "auto" => Some(Self::Auto),
            "webgpu" => Some(Self::WebGpu),
            "cpu" => Some(Self::Cpu),
            _ => None,
        }
    }
}

/// The kind of an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// A GPU, through WebGPU.
    WebGpu,
    /// The processor, with WebAssembly SIMD.
    Cpu,
}

impl Engine {
    /// Returns the name shown to people.
    pub fn name(self) -> &'static str {
        match self {
            Self::WebGpu => "WebGPU",
            Self::Cpu => "CPU",
        }
    }
}

/// Reason for using the CPU and not a GPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CpuReason {
    /// The CPU was asked for by name: in the page's address, or by the host page.
    Chosen,
    /// WebGPU was in use and stopped.
    WebGpuStopped,
    /// A worker crashed where WebGPU might have been in use, which is left alone since.
    Crashed,
    /// WebGPU is starting, and has not given its known answer yet.
    WebGpuStarts,
    /// WebGPU works, but the CPU is faster for what was asked last.
    CpuIsFaster,
    /// The browser offers no adapter.
    NoAdapter,
    /// The adapter is software, which computes on the same CPU, more slowly than the CPU engine.
    SoftwareAdapter,
    /// There is an adapter, but its program did not arrive, got no device, or failed its first run.
    WebGpuDidNotStart,
    /// WebGPU computed, but not the known answer.
    WebGpuIsWrong,
}

impl CpuReason {
    /// All reasons.
    pub const ALL: [Self; 9] = [
        Self::Chosen,
        Self::WebGpuStopped,
        Self::Crashed,
        Self::WebGpuStarts,
        Self::CpuIsFaster,
        Self::NoAdapter,
        Self::SoftwareAdapter,
        Self::WebGpuDidNotStart,
        Self::WebGpuIsWrong,
    ];

    /// Returns a description in English, for programs and tests.
    pub fn detail(self) -> &'static str {
        match self {
            Self::Chosen => "the CPU engine was chosen",
            Self::WebGpuStopped => "WebGPU stopped",
            Self::Crashed => "the engine crashed, and WebGPU is left alone since",
            Self::WebGpuStarts => "WebGPU is starting",
            Self::CpuIsFaster => "the CPU is faster than WebGPU",
            Self::NoAdapter => "this browser offers no WebGPU adapter",
            Self::SoftwareAdapter => "the WebGPU adapter is software",
            Self::WebGpuDidNotStart => "WebGPU did not start",
            Self::WebGpuIsWrong => "WebGPU computes wrongly",
        }
    }
}

/// A short description of the model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelInfo {
    /// Name of its architecture.
    pub name: String,
    /// Size of its weights in bytes.
    pub bytes: u64,
    /// SHA-256 of its weights, in hexadecimal.
    pub sha256: String,
    /// Accuracy on faces that were used neither for training nor for model selection; see
    /// `Manifest::held_out`. `None` if it was not measured.
    pub held_out: Option<Box<MeasuredAccuracy>>,
    /// Whether it can tell which parts of a face its answer depends on.
    #[serde(default)]
    pub gives_attention: bool,
    /// What a neutral face looks like to the model, see [`crate::spec::Calibration::neutral`].
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
        use EngineChoice::{Auto, Cpu, CpuFallback, WebGpu};
        let crashed = ErrorCode::EngineCrashed;
        let info = |cpu_reason| EngineInfo {
            engine: Engine::Cpu,
            detail: String::new(),
            cpu_reason,
            model: ModelInfo::default(),
        };
        for cpu_reason in [
            None,
            Some(CpuReason::WebGpuStarts),
            Some(CpuReason::CpuIsFaster),
        ] {
            let ran = info(cpu_reason);
            assert_eq!(Auto.fallback_after(crashed, Some(&ran)), Some(CpuFallback));
            for chosen in [WebGpu, Cpu, CpuFallback] {
                assert_eq!(
                    chosen.fallback_after(crashed, Some(&ran)),
                    None,
                    "{chosen:?}"
                );
            }
        }
        assert_eq!(Auto.fallback_after(crashed, None), Some(CpuFallback));
        let alone = info(Some(CpuReason::NoAdapter));
        assert_eq!(Auto.fallback_after(crashed, Some(&alone)), None);
        assert_eq!(Auto.fallback_after(ErrorCode::ModelDamaged, None), None);
    }
}
