//! `moue train`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;

use super::data_set::DataArguments;
use super::{RunArguments, terminal};
use crate::kernels::use_reference;
use crate::platform::simd::Level;
use crate::training::artifact::ArtifactDir;
use crate::training::config::{Preset, Recipe, TrainingConfig};
use crate::training::init::hash;
use crate::training::learner::{self, Run};

/// Train a network on Training and added sets. The best epoch is selected on PublicTest and the
/// validation faces of added sources; PrivateTest is not used. A run that was stopped continues
/// after its last finished epoch with --resume.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct TrainArguments {
    #[command(flatten)]
    data: DataArguments,
    #[command(flatten)]
    run: RunArguments,
    /// A built-in recipe; `moue` by default
    #[arg(long, value_enum, conflicts_with = "config")]
    preset: Option<Preset>,
    /// Initial weights, .safetensors or .pth: EfficientNet-B0 on ImageNet (torchvision or timm
    /// naming), EfficientNet-Lite0 on ImageNet (timm naming, folded normalization), or the
    /// model.safetensors of a run of the same network
    #[arg(long, value_name = "FILE")]
    init: Option<PathBuf>,
    /// Side of the network's input in pixels, instead of the recipe's
    #[arg(long, value_name = "PIXELS")]
    input_size: Option<usize>,
    /// Compute with burn's own operations instead of moue's kernels: slower, for comparison
    #[arg(long)]
    reference: bool,
}

const EXAMPLES: &str = "\
Examples:
  moue train --data fer2013.csv.xz --fer-plus fer2013new.csv --data wild \\
      --init efficientnet_lite0.safetensors --out artifacts/mine
  moue train --out artifacts/mine --data fer2013.csv.xz --resume
  moue train --preset paper --data fer2013.csv.xz --init efficientnet_b0.pth --device vulkan \\
      --out artifacts/paper
  moue train --config mine.toml --data fer2013.csv.xz --fer-plus fer2013new.csv --data my-faces \\
      --out artifacts/mine-2";

impl TrainArguments {
    fn recipe(&self) -> anyhow::Result<TrainingConfig> {
        let mut config = match &self.run.config {
            Some(path) => TrainingConfig::read(path)?,
            None => self.preset.unwrap_or(Preset::Moue).config()?,
        };
        let (epochs, batch_size) = (&mut config.epochs, &mut config.batch_size);
        self.run.change(epochs, batch_size, &mut config.seed);
        if let Some(input_size) = self.input_size {
            config.network.input_size = input_size;
        }
        if let (Some(path), None) = (&self.init, &config.initial_weights) {
            config.initial_weights = Some(hash(path)?);
        }
        config.check("the recipe with the options given")?;
        Ok(config)
    }

    fn open(&self) -> anyhow::Result<(ArtifactDir, TrainingConfig)> {
        if !self.run.resume {
            let config = self.recipe()?;
            return Ok((ArtifactDir::create(&self.run.out, &config)?, config));
        }
        self.run
            .check_resumed(self.input_size.is_some() || self.preset.is_some())?;
        Ok(ArtifactDir::resume(&self.run.out)?)
    }
}

pub(super) fn run(arguments: TrainArguments) -> anyhow::Result<ExitCode> {
    if arguments.reference {
        use_reference();
    }
    let devices = arguments.run.open_devices()?;
    let data = arguments.data.load()?;
    let (artifact, config) = arguments.open()?;
    let of_sources = match config.network.head.reading {
        true => data.selecting.len(),
        false => 0,
    };
    terminal::say(&format!(
        "training {} ({} px) on {} images of {}, selecting on {}, for {} epochs in {}",
        config.network.name,
        config.network.input_size,
        data.training.len(),
        data.sources.join(", "),
        data.public_test.len() + of_sources,
        config.epochs,
        artifact.root().display(),
    ))?;
    for absent in config
        .sources
        .iter()
        .filter(|it| !data.sources.contains(&it.name))
    {
        terminal::say(&format!(
            "the recipe speaks of the source {}, which --data does not give: its faces teach nothing",
            absent.name,
        ))?;
    }
    let before = artifact
        .history()?
        .last()
        .and_then(|record| record.instructions);
    let now = Level::detect().instructions();
    if let Some(before) = before.filter(|before| *before != now) {
        terminal::say(&format!(
            "this run was begun with {before} instructions and goes on with {now}: sums are rounded differently, \
             so it will not be what an unbroken run would have been, to the bit",
        ))?;
    }
    let outcome = learner::train(Run {
        artifact: &artifact,
        config: &config,
        data,
        init: arguments.init.as_deref(),
        devices,
        renderer: terminal::renderer(arguments.run.plain),
    })
    .context("training")?;
    for record in &outcome.history {
        terminal::say(&format!(
            "epoch {:>3}  training loss {:.4}, accuracy {:.2} %  validation loss {:.4}, accuracy {:.2} %  {:.0} s, {:.1} % of it waiting for data",
            record.epoch,
            record.training_loss,
            record.training_accuracy * 100.0,
            record.validation_loss,
            record.validation_accuracy * 100.0,
            record.training_seconds,
            record.waiting_for_data * 100.0,
        ))?;
    }
    terminal::say(&format!(
        "kept epoch {} with {:.2} % on the validation split, which selected it: {}",
        outcome.best.epoch,
        outcome.best.validation_accuracy * 100.0,
        artifact.model_path().display(),
    ))?;
    Ok(ExitCode::SUCCESS)
}
