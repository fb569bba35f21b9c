//! `moue train-detector`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, ensure};

use super::{DeviceArguments, terminal};
use crate::data::faces::{self, FaceSet};
use crate::nn::FaceDetectorNet;
use crate::training::artifact::ArtifactError;
use crate::training::detector::config::DetectorTrainingConfig;
use crate::training::detector::folder::DetectorDir;
use crate::training::detector::learner::{DetectorRun, train_detector};
use burn::module::Module as _;
use burn::tensor::Device;

/// Train the face detector on photographs with labelled boxes and landmarks. The photographs of
/// the recipe's held-out sources are not used. A run that was stopped continues after its last
/// finished epoch with --resume.
///
/// The folder has `labels.jsonl`, one object per line, and the photographs as files or in .tar
/// archives: {"file": "a.jpg", "width": 320, "height": 240, "source": "mine", "kind": "portrait",
/// "faces": [{"box": [x, y, width, height], "landmarks": [[x, y], …], "ignore": false}]}, in
/// pixels; the landmarks are image-left eye, image-right eye, nose, image-left and image-right
/// corner of the mouth.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct TrainDetectorArguments {
    /// The folder of photographs and labels
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    /// The folder of the run; must be new or empty unless resumed
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// A recipe of your own (start from a config.toml that a run saved), instead of the built-in
    /// one
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Continue the run in --out with the recipe saved there
    #[arg(long)]
    resume: bool,
    /// Number of passes over the photographs, instead of the recipe's
    #[arg(long, value_name = "N")]
    epochs: Option<usize>,
    /// Number of pictures per batch, instead of the recipe's
    #[arg(long, value_name = "N")]
    batch_size: Option<usize>,
    /// Seed of all randomness, instead of the recipe's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Divide each batch between several devices of the kind, by number: 0,1 for the first two. On
    /// the CPU, all numbers share the same cores
    #[arg(
        long,
        value_name = "NUMBERS",
        value_delimiter = ',',
        default_value = "0"
    )]
    devices: Vec<usize>,
    /// Print plain lines even in a terminal
    #[arg(long)]
    plain: bool,
    #[command(flatten)]
    device: DeviceArguments,
}

const EXAMPLES: &str = "\
Examples:
  moue train-detector --data faces --out artifacts/detector --devices 0,1
  moue train-detector --data faces --out artifacts/detector --resume
  moue evaluate-detector --data faces --model artifacts/detector";

impl TrainDetectorArguments {
    /// Returns the recipe of a new run.
    fn recipe(&self) -> anyhow::Result<DetectorTrainingConfig> {
        let mut config = match &self.config {
            Some(path) => DetectorTrainingConfig::read(path)?,
            None => DetectorTrainingConfig::shipped()?,
        };
        config.epochs = self.epochs.unwrap_or(config.epochs);
        config.batch_size = self.batch_size.unwrap_or(config.batch_size);
        config.seed = self.seed.unwrap_or(config.seed);
        config.check("the recipe with the options given")?;
        Ok(config)
    }

    /// Opens the folder of the run, after checking the labels of the photographs.
    fn open(&self) -> anyhow::Result<(DetectorDir, DetectorTrainingConfig)> {
        let labels = faces::read_labels(&self.data)?;
        if !self.resume {
            let config = self.recipe()?;
            faces::check_sources(&self.data, &labels, &config.held_out)?;
            return Ok((DetectorDir::create(&self.out, &config)?, config));
        }
        ensure!(
            [self.epochs, self.batch_size].iter().all(Option::is_none)
                && self.seed.is_none()
                && self.config.is_none(),
            ArtifactError::OtherConfig {
                path: self.out.join("config.toml")
            }
        );
        let (folder, config) = DetectorDir::open(&self.out)?;
        faces::check_sources(&self.data, &labels, &config.held_out)?;
        Ok((folder, config))
    }
}

pub(super) fn run(arguments: TrainDetectorArguments) -> anyhow::Result<ExitCode> {
    let devices = arguments.device.open_all(&arguments.devices)?;
    let (folder, config) = arguments.open()?;
    let set = FaceSet::load(
        &arguments.data,
        |label| !faces::is_of(&label.source, &config.held_out),
        &mut |done, all| terminal::progress(&format!("reading photographs: {done} of {all}")),
    )?;
    terminal::end_progress();
    terminal::say(&format!(
        "training a detector of {} parameters on {} faces in {} photographs, without those of {}, for {} epochs in {}",
        FaceDetectorNet::new(&config.network, &Device::flex()).num_params(),
        set.face_count(),
        set.photos.len(),
        config.held_out.join(", "),
        config.epochs,
        folder.root().display(),
    ));
    train_detector(DetectorRun {
        folder: &folder,
        config: &config,
        photos: set.photos,
        devices,
        renderer: terminal::renderer(arguments.plain),
    })
    .context("training the detector")?;
    terminal::say(&format!(
        "kept the weights after the last epoch: {}",
        folder.weights_path().display()
    ));
    Ok(ExitCode::SUCCESS)
}
