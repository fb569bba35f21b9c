//! `moue quantize-detector`.

use std::path::PathBuf;
use std::process::ExitCode;

use burn::tensor::Device;

use crate::cli::{detector_model, terminal};
use crate::platform::files::write_atomically;
use crate::quantize::detector::encode_detector;

/// Fold and quantize a trained face detector into the file that is built into the program.
///
/// The program embeds src/spec/detector/faces-int8.safetensors when it is built; another file can
/// be measured with `moue evaluate-detector --model`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct QuantizeDetectorArguments {
    /// The folder of a run
    #[arg(long, value_name = "FOLDER")]
    model: PathBuf,
    /// The file to write; an existing one is replaced
    #[arg(
        long,
        value_name = "FILE",
        default_value = "src/spec/detector/faces-int8.safetensors"
    )]
    out: PathBuf,
}

const EXAMPLES: &str = "\
Examples:
  moue quantize-detector --model artifacts/detector --out faces.safetensors
  moue evaluate-detector --data faces --model faces.safetensors";

pub(in crate::cli) fn run(arguments: QuantizeDetectorArguments) -> anyhow::Result<ExitCode> {
    let (network, config) = detector_model::trained(&arguments.model, &Device::flex())?;
    let bytes = encode_detector(network, &config)?;
    write_atomically(&arguments.out, &bytes)?;
    terminal::say(&format!(
        "wrote {} bytes to {}",
        bytes.len(),
        arguments.out.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}
