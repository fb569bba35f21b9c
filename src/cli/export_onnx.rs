//! `moue export-onnx`.

use std::path::PathBuf;
use std::process::ExitCode;

use burn::tensor::Device;

use super::{model, terminal};
use crate::nn::fold::fold;
use crate::nn::tensors::collect;
use crate::onnx;
use crate::platform::files::write_atomically;
use crate::spec::lower::emotion_plan;

/// Write a model as an ONNX file, for other runtimes.
///
/// It has the weights that the page computes with, as 32-bit floats. The input is one face, cropped
/// and normalized as in the model's manifest; output0 are the logits in label order, followed by
/// those of a reading head; output1, if there is one, is the attention at each feature pixel.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ExportOnnxArguments {
    /// The folder of a quantized model or of a run; by default, the built-in model
    #[arg(long, value_name = "FOLDER")]
    model: Option<PathBuf>,
    /// The file to write; an existing one is replaced
    #[arg(long, value_name = "FILE", default_value = "moue.onnx")]
    out: PathBuf,
}

const EXAMPLES: &str = "\
Examples:
  moue export-onnx --out moue.onnx
  moue export-onnx --model artifacts/mine --out mine.onnx";

pub(super) fn run(arguments: &ExportOnnxArguments) -> anyhow::Result<ExitCode> {
    let loaded = model::load(arguments.model.as_deref(), &Device::flex())?;
    let tensors = collect(&fold(loaded.network))?;
    let plan = emotion_plan(&loaded.config.folded(), tensors)?;
    let (side, channels) = (loaded.input.size, loaded.input.channels);
    let bytes = onnx::export(&plan, side, side)?;
    write_atomically(&arguments.out, &bytes)?;
    terminal::say(&format!(
        "wrote {} bytes to {}: {} [1, {channels}, {side}, {side}] to {}",
        bytes.len(),
        arguments.out.display(),
        onnx::INPUT,
        onnx::output_name(0),
    ))?;
    Ok(ExitCode::SUCCESS)
}
