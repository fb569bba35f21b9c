//! `moue predict`.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use serde::Serialize;

use super::model::{self, EngineArgument};
use super::terminal;
use crate::emotion::Probabilities;
use crate::pipeline::{Analysis, Analyzer, FaceReading, FrameSource, load_plan};
use crate::vision::decode::{DecodedImage, decode};

/// Largest size of a file in bytes; the decoder has its own limit on pixels.
const MAX_BYTES: u64 = 256 << 20;

/// Read the faces in photographs, exactly as the page does.
///
/// The exit code is 0 if all photographs were read, with or without faces, and 1 otherwise.
#[derive(Debug, clap::Args)]
pub(super) struct PredictArguments {
    /// Photographs: JPEG, PNG, WebP, GIF or BMP
    #[arg(required = true, value_name = "PHOTO")]
    photos: Vec<PathBuf>,
    /// The folder of a quantized model; by default, the built-in model
    #[arg(long, value_name = "FOLDER")]
    model: Option<PathBuf>,
    /// The page's engine that computes; both give the same answer
    #[arg(long, value_enum, default_value_t = EngineArgument::Cpu)]
    engine: EngineArgument,
    /// Print one JSON document instead of text
    #[arg(long)]
    json: bool,
}

/// One photograph in the JSON document: either an analysis or an error.
#[derive(Serialize)]
struct PhotoReport<'a> {
    photo: &'a Path,
    #[serde(flatten)]
    outcome: PhotoOutcome,
}

#[derive(Serialize)]
#[serde(untagged)]
enum PhotoOutcome {
    Read {
        width: u32,
        height: u32,
        analysis: Analysis,
    },
    Failed {
        error: String,
    },
}

pub(super) fn run(arguments: &PredictArguments) -> anyhow::Result<ExitCode> {
    let mut analyzer = load(arguments.model.as_deref(), arguments.engine)?;
    let mut reports = vec![];
    let mut all_read = true;
    for photo in &arguments.photos {
        let outcome = match read(photo, &mut analyzer) {
            Ok(outcome) => outcome,
            Err(error) => {
                all_read = false;
                PhotoOutcome::Failed {
                    error: terminal::told(&error),
                }
            }
        };
        if arguments.json {
            reports.push(PhotoReport { photo, outcome });
        } else {
            tell(photo, &outcome)?;
        }
    }
    if arguments.json {
        terminal::say(&serde_json::to_string_pretty(&reports)?)?;
    }
    Ok(if all_read {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn load(folder: Option<&Path>, engine: EngineArgument) -> anyhow::Result<Analyzer> {
    let (json, weights) = model::read_quantized(folder)?;
    let (plan, manifest) =
        load_plan(&json, &weights).with_context(|| model::name(folder))?;
    Ok(Analyzer::new(&plan, &manifest, engine.compile(&plan)?)?)
}

fn read(photo: &Path, analyzer: &mut Analyzer) -> anyhow::Result<PhotoOutcome> {
    let mut bytes = vec![];
    File::open(photo)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .context("cannot be read")?;
    anyhow::ensure!(
        bytes.len() as u64 <= MAX_BYTES,
        "is larger than {} MiB; save it smaller",
        MAX_BYTES >> 20
    );
    let picture: DecodedImage = decode(&bytes)?;
    let analysis = pollster::block_on(analyzer.analyze(picture.frame()?, FrameSource::Photo))?;
    Ok(PhotoOutcome::Read {
        width: picture.width,
        height: picture.height,
        analysis,
    })
}

fn tell(photo: &Path, outcome: &PhotoOutcome) -> Result<(), terminal::Unsaid> {
    match outcome {
        PhotoOutcome::Failed { error } => {
            terminal::complain(&format!("{}: {error}", photo.display()));
        }
        PhotoOutcome::Read { analysis, .. } => {
            if analysis.faces.is_empty() {
                terminal::say(&format!(
                    "{}: no face found; try a larger, upright, frontal face",
                    photo.display()
                ))?;
            }
            for (index, face) in analysis.faces.iter().enumerate() {
                terminal::say(&describe(photo, index, face))?;
            }
            if analysis.left_out > 0 {
                terminal::say(&format!(
                    "{}: {} smaller faces were left out",
                    photo.display(),
                    analysis.left_out
                ))?;
            }
        }
    }
    Ok(())
}

fn describe(photo: &Path, index: usize, face: &FaceReading) -> String {
    let verdict = match face.problem {
        Some(problem) => problem.hint().to_owned(),
        None => face.verdict().to_string(),
    };
    let rect = face.rect_in_frame;
    let seven = face.probabilities.ranked();
    let seven = seven.map(|(emotion, probability)| (emotion.label(), probability));
    let other = (Probabilities::OTHER, face.probabilities.other());
    let shares = seven.into_iter().chain([other]);
    let shares: Vec<String> = shares
        .map(|(name, probability)| format!("{name} {:.1} %", probability * 100.0))
        .collect();
    format!(
        "{}: face {} at ({:.0}, {:.0}), {:.0}×{:.0} pixels: {verdict}\n    {}",
        photo.display(),
        index + 1,
        rect.x,
        rect.y,
        rect.width,
        rect.height,
        shares.join("  "),
    )
}
