//! The command line: parses arguments and makes one library call for each command.

mod calibrate;
mod compare;
mod data_set;
mod detector_model;
mod doctor;
mod evaluate;
mod evaluate_detector;
mod export_onnx;
mod model;
mod predict;
mod quantize;
mod quantize_detector;
mod train;
mod train_detector;

use std::process::ExitCode;

use anyhow::Context as _;
use burn::tensor::Device;
use clap::{Parser, Subcommand, ValueEnum};

use crate::platform;

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
    TrainDetector(train_detector::TrainDetectorArguments),
    QuantizeDetector(quantize_detector::QuantizeDetectorArguments),
    EvaluateDetector(evaluate_detector::EvaluateDetectorArguments),
    #[command(mut_arg("data", |argument| argument.required(false)))]
    Compare(compare::CompareArguments),
    Quantize(quantize::QuantizeArguments),
    Calibrate(calibrate::CalibrateArguments),
    ExportOnnx(export_onnx::ExportOnnxArguments),
    Predict(predict::PredictArguments),
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

    /// Opens the devices of this kind with these numbers.
    fn open_all(self, numbers: &[usize]) -> anyhow::Result<Vec<Device>> {
        numbers
            .iter()
            .map(|number| self.open_number(*number))
            .collect()
    }
}

/// Runs the command of the process's arguments. The exit code is 0 for success, 1 for a failure,
/// which is written to standard error, and 2 for wrong arguments.
pub fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Train(arguments) => train::run(arguments),
        Command::Evaluate(arguments) => evaluate::run(arguments),
        Command::TrainDetector(arguments) => train_detector::run(arguments),
        Command::QuantizeDetector(arguments) => quantize_detector::run(arguments),
        Command::EvaluateDetector(arguments) => evaluate_detector::run(arguments),
        Command::Compare(arguments) => compare::run(arguments),
        Command::Quantize(arguments) => quantize::run(arguments),
        Command::Calibrate(arguments) => calibrate::run(&arguments),
        Command::ExportOnnx(arguments) => export_onnx::run(&arguments),
        Command::Predict(arguments) => predict::run(&arguments),
        Command::Doctor(arguments) => doctor::run(arguments),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            terminal::complain(&format!("moue: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Writes to standard output and standard error. A closed pipe (`moue … | head`) is not an error.
mod terminal {
    use std::io::{IsTerminal, Write};

    use burn::train::renderer::MetricsRenderer;

    use crate::training::progress::PlainProgress;

    pub(super) fn say(text: &str) {
        writeln!(std::io::stdout(), "{text}").ok();
    }

    pub(super) fn complain(text: &str) {
        writeln!(std::io::stderr(), "{text}").ok();
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
