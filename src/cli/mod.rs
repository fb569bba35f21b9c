//! The command line: parses arguments and makes one library call for each command.

mod calibrate;
mod compare;
mod data_set;
mod detector;
mod detector_model;
mod doctor;
mod evaluate;
mod export_onnx;
mod model;
mod predict;
mod quantize;
mod scorm;
mod train;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use burn::tensor::Device;
use clap::{Parser, Subcommand, ValueEnum};

use crate::platform;
use crate::training::artifact::ArtifactError;

/// Reads facial expressions: trains on FER2013, evaluates, quantizes for the browser, predicts.
///
/// A reading says what a face looks like, not what a person feels.
#[derive(Debug, Parser)]
#[command(name = "moue", version, about, long_about, max_term_width = 100, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  moue predict portrait.jpg
  moue train --data fer2013.csv.xz --init efficientnet_lite0.safetensors --out artifacts/mine
  moue evaluate --data fer2013.csv.xz --model artifacts/mine
  moue compare cnn paper moue
  moue quantize --data fer2013.csv.xz --model artifacts/mine --out www/model";

#[derive(Debug, Subcommand)]
enum Command {
    Train(train::TrainArguments),
    Evaluate(evaluate::EvaluateArguments),
    TrainDetector(detector::train::TrainDetectorArguments),
    QuantizeDetector(detector::quantize::QuantizeDetectorArguments),
    EvaluateDetector(detector::evaluate::EvaluateDetectorArguments),
    #[command(mut_arg("data", |argument| argument.required(false)))]
    Compare(compare::CompareArguments),
    Quantize(quantize::QuantizeArguments),
    Calibrate(calibrate::CalibrateArguments),
    ExportOnnx(export_onnx::ExportOnnxArguments),
    Predict(predict::PredictArguments),
    Scorm(scorm::ScormArguments),
    Doctor(doctor::DoctorArguments),
}

/// Kind of device to compute on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DeviceKind {
    /// Burn's flex backend, on any machine
    Cpu,
    /// A GPU, with Vulkan
    Vulkan,
    /// An NVIDIA GPU, with CUDA; requires a build with `--features cuda`
    Cuda,
}

#[derive(Clone, Copy, Debug, clap::Args)]
struct DeviceArguments {
    /// The device to compute on
    #[arg(long, value_enum, default_value = "cpu")]
    device: DeviceKind,
}

impl DeviceArguments {
    fn open(self) -> anyhow::Result<Device> {
        self.open_number(0)
    }

    fn open_number(self, number: usize) -> anyhow::Result<Device> {
        match self.device {
            DeviceKind::Cpu => Ok(Device::flex()),
            DeviceKind::Vulkan => platform::vulkan(number).context("--device vulkan"),
            DeviceKind::Cuda => platform::cuda(number).context("--device cuda"),
        }
    }
}

/// Options of a training run.
#[derive(Debug, clap::Args)]
struct RunArguments {
    /// The folder of the run; must be new or empty unless resumed
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// A recipe of your own (start from a config.toml that a run saved), instead of a built-in one
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Continue the run in --out with the recipe saved there
    #[arg(long)]
    resume: bool,
    /// Number of passes over the training images, instead of the recipe's
    #[arg(long, value_name = "N")]
    epochs: Option<usize>,
    /// Number of images per batch, instead of the recipe's
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

impl RunArguments {
    fn open_devices(&self) -> anyhow::Result<Vec<Device>> {
        let numbers = self.devices.iter();
        numbers
            .map(|number| self.device.open_number(*number))
            .collect()
    }

    /// Changes a recipe by the options given.
    fn change(&self, epochs: &mut usize, batch_size: &mut usize, seed: &mut u64) {
        *epochs = self.epochs.unwrap_or(*epochs);
        *batch_size = self.batch_size.unwrap_or(*batch_size);
        *seed = self.seed.unwrap_or(*seed);
    }

    /// Checks that a resumed run keeps its recipe; `is_changed` if other options would change it.
    fn check_resumed(&self, is_changed: bool) -> anyhow::Result<()> {
        let sizes = [self.epochs, self.batch_size];
        let keeps = sizes.iter().all(Option::is_none)
            && self.seed.is_none()
            && self.config.is_none()
            && !is_changed;
        let path = self.out.join("config.toml");
        anyhow::ensure!(keeps, ArtifactError::OtherConfig { path });
        Ok(())
    }
}

/// The exit code of a program that ends because nobody reads its output (`moue … | head`), as shells
/// show it.
const NO_READER: u8 = 128 + 13;

/// Runs the command of the process's arguments. The exit code is 0 for success, 1 for a failure,
/// which is written to standard error, 2 for wrong arguments, and 141 where the reader of standard
/// output went away.
pub fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Train(arguments) => train::run(arguments),
        Command::Evaluate(arguments) => evaluate::run(arguments),
        Command::TrainDetector(arguments) => detector::train::run(arguments),
        Command::QuantizeDetector(arguments) => detector::quantize::run(arguments),
        Command::EvaluateDetector(arguments) => detector::evaluate::run(arguments),
        Command::Compare(arguments) => compare::run(arguments),
        Command::Quantize(arguments) => quantize::run(arguments),
        Command::Calibrate(arguments) => calibrate::run(&arguments),
        Command::ExportOnnx(arguments) => export_onnx::run(&arguments),
        Command::Predict(arguments) => predict::run(&arguments),
        Command::Scorm(arguments) => scorm::run(&arguments),
        Command::Doctor(arguments) => doctor::run(arguments),
    };
    match outcome {
        Ok(code) => code,
        Err(error) if terminal::has_no_reader(&error) => ExitCode::from(NO_READER),
        Err(error) => {
            terminal::complain(&format!("moue: {}", terminal::told(&error)));
            ExitCode::FAILURE
        }
    }
}

/// Writes results to standard output, and everything else to standard error.
mod terminal {
    use std::io::{ErrorKind, IsTerminal, Write};

    use burn::train::renderer::MetricsRenderer;

    use crate::training::progress::PlainProgress;

    /// Standard output did not take a result.
    #[derive(Debug, thiserror::Error)]
    #[error("cannot write to standard output: {0}; make room where it goes, or send it elsewhere")]
    pub(super) struct Unsaid(std::io::Error);

    /// Writes a result. What a command writes to files should be there before.
    ///
    /// # Errors
    /// [`Unsaid`], which ends the command.
    pub(super) fn say(text: &str) -> Result<(), Unsaid> {
        writeln!(std::io::stdout(), "{text}").map_err(Unsaid)
    }

    pub(super) fn complain(text: &str) {
        writeln!(std::io::stderr(), "{text}").ok();
    }

    /// Returns whether a command ended because the reader of its output went away.
    pub(super) fn has_no_reader(error: &anyhow::Error) -> bool {
        matches!(error.downcast_ref(), Some(Unsaid(why)) if why.kind() == ErrorKind::BrokenPipe)
    }

    /// Returns an error with its causes, each once: a message that ends with a remedy has told its
    /// cause before it.
    pub(super) fn told(error: &anyhow::Error) -> String {
        let mut told = error.to_string();
        for cause in error.chain().skip(1).map(|cause| cause.to_string()) {
            if !told.contains(&cause) {
                told = format!("{told}: {cause}");
            }
        }
        told
    }

    /// Returns the display of a run's progress: plain lines if `plain` or if standard output is no
    /// terminal, else `None` for burn's dashboard.
    pub(super) fn renderer(plain: bool) -> Option<Box<dyn MetricsRenderer>> {
        let stdout = std::io::stdout();
        let plain = plain || !stdout.is_terminal();
        plain.then(|| Box::new(PlainProgress::new(stdout)) as Box<dyn MetricsRenderer>)
    }

    /// Overwrites one line of a terminal; writes nothing to a pipe.
    pub(super) fn progress(text: &str) {
        let mut stderr = std::io::stderr();
        if stderr.is_terminal() {
            write!(stderr, "\r\x1b[2K{text}")
                .and_then(|()| stderr.flush())
                .ok();
        }
    }

    pub(super) fn end_progress() {
        progress("");
    }
}
