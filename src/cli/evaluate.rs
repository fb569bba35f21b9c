//! `moue evaluate`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::ValueEnum;

use super::data_set::DataArguments;
use super::{DeviceArguments, terminal};
use crate::data::Split;
use crate::emotion::Emotion;
use crate::training::evaluate::{load_model, predict};
use crate::training::metrics::ClassificationReport;

/// Measure a trained or a quantized model on each split: accuracy, macro-F1, a line for each class
/// and the confusion matrix. PublicTest selected the model, PrivateTest did not.
#[derive(Debug, clap::Args)]
pub(super) struct EvaluateArguments {
    #[command(flatten)]
    data: DataArguments,
    /// The folder of a finished run or of a quantized model
    #[arg(long, value_name = "FOLDER", default_value = "www/model")]
    model: PathBuf,
    /// What to measure
    #[arg(long, value_enum, default_value = "all")]
    splits: Splits,
    /// Print one JSON document instead of text
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    device: DeviceArguments,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Splits {
    /// PublicTest, PrivateTest, and Training last
    All,
    /// PublicTest and PrivateTest, a fifth of the images
    Tests,
}

impl Splits {
    fn list(self) -> &'static [Split] {
        match self {
            Self::All => &[Split::PublicTest, Split::PrivateTest, Split::Training],
            Self::Tests => &[Split::PublicTest, Split::PrivateTest],
        }
    }
}

/// What a reader must know before believing the number.
fn caveat(split: Split) -> &'static str {
    match split {
        Split::Training => "the network learned from these images",
        Split::PublicTest => "the epoch was selected on these images",
        Split::PrivateTest => "neither trained nor selected on these images",
    }
}

pub(super) fn run(arguments: EvaluateArguments) -> anyhow::Result<ExitCode> {
    let device = arguments.device.open()?;
    let model = load_model(&arguments.model, &device)?;
    let data = arguments.data.load()?;
    let mut reports = BTreeMap::new();
    for &split in arguments.splits.list() {
        let (name, items) = (data.split_name(split), data.split(split));
        if items.is_empty() {
            continue;
        }
        let predicted = predict(
            &model.network,
            &model.input,
            items,
            &device,
            &mut |done, all| {
                terminal::progress(&format!("measuring {name}: {done}/{all}"));
            },
        )?;
        terminal::end_progress();
        let targets: Vec<Emotion> = items.iter().map(|item| item.emotion).collect();
        let report = ClassificationReport::new(&predicted, &targets).context("measuring")?;
        if !arguments.json {
            terminal::say(&format!(
                "{name}: {} images ({}), one crop each\n\n{report}\n",
                items.len(),
                caveat(split)
            ));
        }
        reports.insert(name, report);
    }
    if arguments.json {
        terminal::say(&serde_json::to_string_pretty(&reports)?);
    }
    Ok(ExitCode::SUCCESS)
}
