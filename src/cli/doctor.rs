//! `moue doctor`.

use std::path::PathBuf;
use std::process::ExitCode;

use burn::tensor::Device;

use super::{model, terminal};
use crate::platform;

/// Show which devices this machine has, and whether the model loads.
#[derive(Debug, clap::Args)]
pub(super) struct DoctorArguments {
    /// The folder of a model
    #[arg(long, value_name = "FOLDER", default_value = "www/model")]
    model: PathBuf,
}

pub(super) fn run(arguments: DoctorArguments) -> anyhow::Result<ExitCode> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    terminal::say(&format!("cpu      works, {threads} threads"));
    terminal::say(&match platform::vulkan(0) {
        Ok(_) => "vulkan   works".into(),
        Err(error) => format!("vulkan   {error}"),
    });
    terminal::say(&match platform::cuda(0) {
        Ok(_) => "cuda     built in".into(),
        Err(error) => format!("cuda     {error}"),
    });
    Ok(match model::load(&arguments.model, &Device::flex()) {
        Ok(model) => {
            terminal::say(&format!(
                "model    {} loads, {} px",
                model.config.name, model.input.size
            ));
            ExitCode::SUCCESS
        }
        Err(error) => {
            terminal::say(&format!("model    {error:#}"));
            ExitCode::FAILURE
        }
    })
}
