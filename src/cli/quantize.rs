//! `moue quantize`.

use std::path::PathBuf;
use std::process::ExitCode;

use super::data_set::DataArguments;
use super::{DeviceArguments, model, terminal};
use crate::quantize::export::{ExportOptions, export};
use crate::training::artifact::ArtifactDir;

/// Fold and quantize a trained network for the browser, and measure the loss of accuracy.
///
/// Writes moue-int8.safetensors and manifest.json; nothing if too much accuracy is lost.
#[derive(Debug, clap::Args)]
pub(super) struct QuantizeArguments {
    #[command(flatten)]
    data: DataArguments,
    /// The folder of a finished run
    #[arg(long, value_name = "FOLDER")]
    model: PathBuf,
    /// The folder for the two files; existing ones are replaced
    #[arg(long, value_name = "FOLDER", default_value = "www/model")]
    out: PathBuf,
    /// The largest allowed loss of accuracy on PublicTest, in percentage points
    #[arg(long, value_name = "POINTS", default_value_t = 0.5)]
    allowed_loss: f64,
    #[command(flatten)]
    device: DeviceArguments,
    /// Description of the training data, for the manifest; by default FER2013, further sources and
    /// the hash of the pretrained weights
    #[arg(long, value_name = "TEXT")]
    training_data: Option<String>,
}

const FER2013: &str =
    "FER2013 (ICML 2013 challenge set, offered for research, no clear open licence)";

impl QuantizeArguments {
    fn training_data(&self) -> anyhow::Result<String> {
        if let Some(text) = &self.training_data {
            return Ok(text.clone());
        }
        let (artifact, config) = ArtifactDir::open(&self.model)?;
        let mut text = FER2013.to_owned();
        if config.network.head.reading {
            text += ", FER+'s votes on it (MIT)";
        }
        for record in artifact.sources()?.iter().skip(1) {
            let count: f64 = record.source.learned.iter().sum();
            let name = &record.source.name;
            text += &format!(", {name} ({count:.0} pictures)");
        }
        if let Some(sha256) = config.initial_weights {
            text += &format!(", from pretrained weights with SHA-256 {sha256}");
        }
        Ok(text)
    }
}

pub(super) fn run(arguments: QuantizeArguments) -> anyhow::Result<ExitCode> {
    let device = arguments.device.open()?;
    let training_data = arguments.training_data()?;
    let loaded = model::load(Some(&arguments.model), &device)?;
    anyhow::ensure!(
        !loaded.config.style.folded,
        "{} is quantized already; give the folder of a finished run",
        arguments.model.display()
    );
    let data = arguments.data.load()?;
    let options = ExportOptions {
        folder: arguments.out,
        allowed_loss: arguments.allowed_loss,
        sources: loaded.sources,
        training_data,
    };
    let manifest = export(
        loaded.network,
        &loaded.config,
        &data,
        &device,
        &options,
        &mut |title, done, all| {
            terminal::progress(&format!("measuring {title}: {done}/{all}"));
        },
    )?;
    terminal::end_progress();
    for row in &manifest.accuracy {
        terminal::say(&format!(
            "{:<12} {} images: {:.2} % before, {:.2} % after, largest change of a probability {:.4}",
            row.split,
            row.images,
            row.before * 100.0,
            row.after * 100.0,
            row.max_probability_difference,
        ))?;
    }
    terminal::say(&format!(
        "wrote {} bytes to {}",
        manifest.weights.bytes,
        options.folder.join(&manifest.weights.file).display()
    ))?;
    Ok(ExitCode::SUCCESS)
}
