//! `moue calibrate`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, ensure};

use super::data_set::DataArguments;
use super::{DeviceArguments, model, terminal};
use crate::data::Split;
use crate::emotion::Emotion;
use crate::evaluation::calibrate;
use crate::evaluation::calibrate::Fitted;
use crate::evaluation::evaluate::{Predictor, predict};
use crate::evaluation::reading::read_sets;
use crate::quantize::export::write_manifest;
use crate::spec::Calibration;
use crate::spec::manifest::{Manifest, SCHEMA_VERSION};

const NO_TESTS: &str = "the data holds neither PublicTest nor PrivateTest";

/// Fit when a quantized model answers "unsure", and write it into its manifest.
///
/// Fits temperature and threshold on PublicTest and measures them on both test splits; for a
/// network with a reading head, fits also the prior, on FER+'s votes and the given sources. The
/// weights are not changed. `moue quantize` does the same for a new model.
#[derive(Debug, clap::Args)]
pub(super) struct CalibrateArguments {
    #[command(flatten)]
    data: DataArguments,
    /// The folder of a quantized model
    #[arg(long, value_name = "FOLDER", default_value = "www/model")]
    model: PathBuf,
    /// The share of claimed labels that should be right on PublicTest, 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = calibrate::DEFAULT_AIM)]
    aim: f64,
    #[command(flatten)]
    device: DeviceArguments,
}

pub(super) fn run(arguments: &CalibrateArguments) -> anyhow::Result<ExitCode> {
    let device = arguments.device.open()?;
    let (json, weights) = model::read_quantized(Some(&arguments.model))?;
    let (network, manifest) = model::quantized(&json, &weights, &device)
        .with_context(|| arguments.model.display().to_string())?;
    let data = arguments.data.load()?;
    ensure!(
        [Split::PublicTest, Split::PrivateTest]
            .iter()
            .any(|split| !data.split(*split).is_empty()),
        NO_TESTS
    );
    let input = manifest.input;
    let mut predictor = Predictor::burn(&network, &input, &device);
    if let Some(fer_plus) = manifest.sources.first().cloned() {
        let sources = &manifest.sources;
        let mut report = |name: &str, done, all| {
            terminal::progress(&format!("reading {name}: {done}/{all}"));
        };
        let sets = read_sets(&mut predictor, &data, sources, &mut report)?;
        terminal::end_progress();
        let calibration = calibrate::fit_reading(&sets, &fer_plus.bias, arguments.aim)?;
        write(arguments, manifest, &calibration)?;
        return tell(&calibration);
    }
    let mut fitted: Option<Fitted> = None;
    for split in [Split::PublicTest, Split::PrivateTest] {
        let (name, items) = (data.split_name(split), data.split(split));
        if items.is_empty() {
            continue;
        }
        let mut report = |done, all| terminal::progress(&format!("reading {name}: {done}/{all}"));
        let predicted = predict(&mut predictor, items, &mut report)?;
        let targets: Vec<Emotion> = items.iter().map(|item| item.emotion).collect();
        calibrate::fit_and_measure(&mut fitted, &predicted, &targets, name, arguments.aim);
    }
    terminal::end_progress();
    let fitted = fitted.context(NO_TESTS)?;
    write(arguments, manifest, &fitted.calibration)?;
    terminal::say(&format!(
        "least cross-entropy at temperature {:.3}, with a calibration error of {:.4}",
        fitted.tried_temperature, fitted.tried_error,
    ))?;
    tell(&fitted.calibration)
}

fn write(
    arguments: &CalibrateArguments,
    manifest: Manifest,
    calibration: &Calibration,
) -> anyhow::Result<()> {
    let manifest = Manifest {
        schema_version: SCHEMA_VERSION,
        calibration: Some(calibration.clone()),
        ..manifest
    };
    Ok(write_manifest(&arguments.model, &manifest)?)
}

fn tell(calibration: &Calibration) -> anyhow::Result<ExitCode> {
    terminal::say(&format!(
        "temperature {:.3}, unsure below {:.3}",
        calibration.temperature, calibration.unsure_below,
    ))?;
    if let Some(prior) = &calibration.prior {
        let told = Emotion::ALL.map(|emotion| format!("{emotion} {:+.2}", prior[emotion.index()]));
        terminal::say(&format!("prior: {}", told.join(", ")))?;
    }
    for row in &calibration.measured {
        terminal::say(&format!(
            "{:<12} {} images: calibration error {:.4} before, {:.4} after; a label for {:.1} %, of which {:.1} % right",
            row.split,
            row.images,
            row.error_before,
            row.error_after,
            row.claimed * 100.0,
            row.accuracy_of_claimed * 100.0,
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
