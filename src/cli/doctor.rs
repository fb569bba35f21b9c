//! `moue doctor`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use burn::tensor::Device;

use super::{model, terminal};
use crate::gpu::{Gpu, GpuProgram};
use crate::pipeline::{known_answer, load_plan};
use crate::platform;

/// Show which devices this machine has, whether the model loads, and whether each kernel of the
/// WebGPU engine computes it as defined.
#[derive(Debug, clap::Args)]
pub(super) struct DoctorArguments {
    /// The folder of a model; by default, the built-in model
    #[arg(long, value_name = "FOLDER")]
    model: Option<PathBuf>,
}

pub(super) fn run(arguments: DoctorArguments) -> anyhow::Result<ExitCode> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    terminal::say(&format!("cpu      works, {threads} threads"))?;
    terminal::say(&match platform::vulkan(0) {
        Ok(_) => "vulkan   works".into(),
        Err(error) => format!("vulkan   {error}"),
    })?;
    terminal::say(&match platform::cuda(0) {
        Ok(_) => "cuda     built in".into(),
        Err(error) => format!("cuda     {error}"),
    })?;
    let folder = arguments.model.as_deref();
    let model = match model::load(folder, &Device::flex()) {
        Ok(model) => model,
        Err(error) => {
            terminal::say(&format!("model    {}", terminal::told(&error)))?;
            return Ok(ExitCode::FAILURE);
        }
    };
    terminal::say(&format!(
        "model    {} loads, {} px",
        model.config.name, model.input.size
    ))?;
    let (told, code) = match pollster::block_on(webgpu(folder)) {
        Ok((told, true)) => (told, ExitCode::SUCCESS),
        Ok((told, false)) => (told, ExitCode::FAILURE),
        Err(error) => (terminal::told(&error), ExitCode::SUCCESS),
    };
    terminal::say(&format!("webgpu   {told}"))?;
    Ok(code)
}

/// Runs a quantized model's kernels one by one. Returns what to tell, and whether all are right.
async fn webgpu(folder: Option<&Path>) -> anyhow::Result<(String, bool)> {
    let gpu = Gpu::open().await?;
    let adapter = gpu.adapter();
    let Ok((json, weights)) = model::read_quantized(folder) else {
        return Ok((format!("works on {adapter}"), true));
    };
    let (plan, manifest) = load_plan(&json, &weights)?;
    let size = manifest.input.size;
    let pixels = known_answer::pixels(&manifest.input);
    let mut program = GpuProgram::new(&gpu, &plan).await?;
    let (kernels, wrong) = program.check_kernels(&pixels, size, size).await?;
    Ok(match wrong {
        None => (
            format!("works on {adapter}: {kernels} dispatches are right"),
            true,
        ),
        Some(wrong) => (
            format!("computes wrongly on {adapter}: {wrong}; use the CPU engine"),
            false,
        ),
    })
}
