//! `moue train-detector`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;

use crate::cli::{RunArguments, terminal};
use crate::data::faces::{self, FaceSet, FacesError, PhotoLabel};
use crate::nn::FaceDetectorNet;
use crate::training::config::Recipe;
use crate::training::detector::config::DetectorTrainingConfig;
use crate::training::detector::folder::DetectorDir;
use crate::training::detector::learner::{DetectorRun, train_detector};
use crate::training::init::hash;
use burn::module::Module as _;
use burn::tensor::Device;

/// Train the face detector on photographs with labelled boxes and landmarks. The photographs of
/// the recipe's held-out sources are not used. A run that was stopped continues after its last
/// finished epoch with --resume.
///
/// The folder has `labels.jsonl`, one object per line, and the photographs as files or in .tar
/// archives: {"file": "a.jpg", "width": 320, "height": 240, "source": "mine", "faces": [{"box": [x,
/// y, width, height], "landmarks": [[x, y], …], "ignore": false}]}, in pixels; the landmarks are
/// image-left eye, image-right eye, nose, image-left and image-right corner of the mouth. A face may
/// have only a box, or only landmarks; a photograph of one face may have `landmarks` in place of
/// `faces`. A file of labels by another name stands for itself, with the photographs beside it.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct TrainDetectorArguments {
    /// A folder of photographs and labels, or a file of labels. Can be repeated
    #[arg(long, value_name = "PATH", required = true)]
    data: Vec<PathBuf>,
    /// Start from the weights that another run kept, detector.safetensors in its folder
    #[arg(long, value_name = "FILE")]
    init: Option<PathBuf>,
    #[command(flatten)]
    run: RunArguments,
}

const EXAMPLES: &str = "\
Examples:
  moue train-detector --data faces --data boxes/masks.jsonl --data boxes/points.jsonl \
      --out artifacts/detector --devices 0,1
  moue train-detector --data faces --out artifacts/detector --resume
  moue evaluate-detector --data faces --model artifacts/detector";

impl TrainDetectorArguments {
    /// Returns the recipe of a new run.
    fn recipe(&self) -> anyhow::Result<DetectorTrainingConfig> {
        let mut config = match &self.run.config {
            Some(path) => DetectorTrainingConfig::read(path)?,
            None => DetectorTrainingConfig::shipped()?,
        };
        let (epochs, batch_size) = (&mut config.epochs, &mut config.batch_size);
        self.run.change(epochs, batch_size, &mut config.seed);
        if let (Some(path), None) = (&self.init, &config.initial_weights) {
            config.initial_weights = Some(hash(path)?);
        }
        config.check("the recipe with the options given")?;
        Ok(config)
    }

    /// Opens the folder of the run, after checking the labels of the photographs.
    fn open(&self) -> anyhow::Result<(DetectorDir, DetectorTrainingConfig)> {
        let mut labels = vec![];
        for path in &self.data {
            labels.extend(faces::read_labels(path)?);
        }
        if !self.run.resume {
            let config = self.recipe()?;
            self.check_held_out(&labels, &config)?;
            return Ok((DetectorDir::create(&self.run.out, &config)?, config));
        }
        self.run.check_resumed(false)?;
        let (folder, config) = DetectorDir::resume(&self.run.out)?;
        self.check_held_out(&labels, &config)?;
        Ok((folder, config))
    }

    /// Checks that the sources to hold out are among those given.
    fn check_held_out(
        &self,
        labels: &[PhotoLabel],
        config: &DetectorTrainingConfig,
    ) -> Result<(), FacesError> {
        let path = self.data.first().map_or(Path::new(""), PathBuf::as_path);
        faces::check_sources(path, labels, &config.held_out)
    }
}

pub(in crate::cli) fn run(arguments: TrainDetectorArguments) -> anyhow::Result<ExitCode> {
    let devices = arguments.run.open_devices()?;
    let (folder, config) = arguments.open()?;
    let mut set = FaceSet::default();
    for path in &arguments.data {
        let read = FaceSet::load(
            path,
            |label| !faces::is_of(&label.source, &config.held_out),
            &mut |done, all| terminal::progress(&format!("reading photographs: {done} of {all}")),
        )?;
        terminal::end_progress();
        set.photos.extend(read.photos);
    }
    terminal::say(&format!(
        "training a detector of {} parameters on {} faces in {} photographs, without those of {}, for {} epochs in {}",
        FaceDetectorNet::new(&config.network, &Device::flex()).num_params(),
        set.face_count(),
        set.photos.len(),
        config.held_out.join(", "),
        config.epochs,
        folder.root().display(),
    ))?;
    train_detector(DetectorRun {
        folder: &folder,
        config: &config,
        photos: set.photos,
        init: arguments.init.as_deref(),
        devices,
        renderer: terminal::renderer(arguments.run.plain),
    })
    .context("training the detector")?;
    terminal::say(&format!(
        "kept the weights after the last epoch: {}",
        folder.weights_path().display()
    ))?;
    Ok(ExitCode::SUCCESS)
}
