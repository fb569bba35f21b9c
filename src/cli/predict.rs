//! `moue predict`.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use serde::Serialize;

use super::model::{self, EngineArgument};
use super::terminal;
use crate::emotion::Probabilities;
use crate::page::file_choice::FileKind;
use crate::page::record::export::{Origin, PhotoReading, photos_json_with};
use crate::pipeline::{Analysis, Analyzer, FaceReading, FrameSource, load_plan};
use crate::spec::manifest::Manifest;
use crate::vision::decode::{DecodeError, DecodedImage, decode};

/// Largest size of a file in bytes; the decoder has its own limit on pixels.
const MAX_BYTES: u64 = 256 << 20;

/// Read the faces in photographs, exactly as the page does.
///
/// The exit code is 0 if all photographs were read, with or without faces, and 1 otherwise. Standard
/// error says what was not read, and why.
#[derive(Debug, clap::Args)]
pub(super) struct PredictArguments {
    /// Photographs: JPEG, PNG, WebP, GIF or BMP. Of a folder, the pictures in it and in the folders
    /// below, by name
    #[arg(required = true, value_name = "PHOTO")]
    photos: Vec<PathBuf>,
    /// The folder of a quantized model; by default, the built-in model
    #[arg(long, value_name = "FOLDER")]
    model: Option<PathBuf>,
    /// The page's engine that computes; both give the same answer
    #[arg(long, value_enum, default_value_t = EngineArgument::Cpu)]
    engine: EngineArgument,
    /// Print one JSON document instead of text, as the page exports it (docs/export.md)
    #[arg(long)]
    json: bool,
}

/// A photograph that was read.
struct ReadPhoto {
    name: String,
    width: u32,
    height: u32,
    analysis: Analysis,
}

/// What was not read, as the JSON document has it.
#[derive(Serialize)]
struct Unread {
    photo: String,
    error: String,
}

impl Unread {
    fn told(path: &Path, error: &anyhow::Error) -> Self {
        let (photo, error) = (path.display().to_string(), terminal::told(error));
        terminal::complain(&format!("{photo}: {error}"));
        Self { photo, error }
    }
}

pub(super) fn run(arguments: &PredictArguments) -> anyhow::Result<ExitCode> {
    let (mut analyzer, manifest) = load(arguments.model.as_deref(), arguments.engine)?;
    let mut unread = vec![];
    let mut photos = vec![];
    for path in &arguments.photos {
        if path.is_dir() {
            photos.extend(pictures_in(path, &mut unread));
        } else {
            photos.push(path.clone());
        }
    }
    let mut kept = vec![];
    for path in &photos {
        match read(path, &mut analyzer) {
            Err(error) => unread.push(Unread::told(path, &error)),
            Ok(photo) if arguments.json => kept.push(photo),
            Ok(photo) => tell(&photo)?,
        }
    }
    let code = match unread.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    };
    if arguments.json {
        let origin = Origin {
            made: iso_8601(SystemTime::now().duration_since(UNIX_EPOCH)?),
            model: manifest.name(),
            model_sha256: manifest.weights.sha256,
            engine: arguments.engine.name().into(),
        };
        terminal::say(json(&kept, unread, &origin)?.trim_end())?;
    }
    Ok(code)
}

fn load(folder: Option<&Path>, engine: EngineArgument) -> anyhow::Result<(Analyzer, Manifest)> {
    let (json, weights) = model::read_quantized(folder)?;
    let (plan, manifest) = load_plan(&json, &weights).with_context(|| model::name(folder))?;
    let analyzer = Analyzer::new(&plan, &manifest, engine.compile(&plan)?)?;
    Ok((analyzer, manifest))
}

/// Returns the files in a folder and below that are pictures by their names, ordered by path. Says
/// how many others there are.
fn pictures_in(folder: &Path, unread: &mut Vec<Unread>) -> Vec<PathBuf> {
    let (mut pictures, mut others, unread_before) = (vec![], 0, unread.len());
    let mut waiting = vec![folder.to_owned()];
    while let Some(at) = waiting.pop() {
        let entries = fs::read_dir(&at).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
        let entries = entries.context("cannot be listed").unwrap_or_else(|error| {
            unread.push(Unread::told(&at, &error));
            vec![]
        });
        for entry in entries {
            let name = entry.file_name();
            // A link to a folder is none here, so that no circle is walked.
            if entry.file_type().is_ok_and(|it| it.is_dir()) {
                waiting.push(entry.path());
            } else if FileKind::of(&name.to_string_lossy(), "") == FileKind::Picture {
                pictures.push(entry.path());
            } else {
                others += 1;
            }
        }
    }
    pictures.sort();
    if pictures.is_empty() && unread.len() == unread_before {
        let error = anyhow::anyhow!("no pictures in it; name a folder that holds some");
        unread.push(Unread::told(folder, &error));
    }
    if others > 0 {
        let folder = folder.display();
        terminal::complain(&format!(
            "{folder}: files left out that are no pictures: {others}"
        ));
    }
    pictures
}

fn read(path: &Path, analyzer: &mut Analyzer) -> anyhow::Result<ReadPhoto> {
    let mut bytes = vec![];
    fs::File::open(path)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .context("cannot be read")?;
    anyhow::ensure!(
        bytes.len() as u64 <= MAX_BYTES,
        "is larger than {} MiB; save it smaller",
        MAX_BYTES >> 20
    );
    let picture: DecodedImage = decode(&bytes).map_err(|error| with_command(error, path))?;
    let analysis = pollster::block_on(analyzer.analyze(picture.frame()?, FrameSource::Photo))?;
    let name = path.display().to_string();
    if analysis.left_out > 0 {
        let count = analysis.left_out;
        terminal::complain(&format!("{name}: {count} smaller faces were left out"));
    }
    Ok(ReadPhoto {
        name,
        width: picture.width,
        height: picture.height,
        analysis,
    })
}

/// Adds how to convert the file, where there is no decoder for it.
fn with_command(error: DecodeError, path: &Path) -> anyhow::Error {
    match error {
        DecodeError::UnsupportedFormat { name } => anyhow::anyhow!(
            "{name} files cannot be read here: convert this one to PNG or JPEG, with ImageMagick by \
             `magick \"{}[0]\" \"{}\"`",
            path.display(),
            path.with_extension("converted.png").display()
        ),
        error => error.into(),
    }
}

/// Returns the document that the page exports of photos, with what was not read.
fn json(
    photos: &[ReadPhoto],
    unread: Vec<Unread>,
    origin: &Origin,
) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct About {
        unread: Vec<Unread>,
    }
    let readings = photos.iter().map(|photo| PhotoReading {
        name: &photo.name,
        width: photo.width,
        height: photo.height,
        analysis: &photo.analysis,
        dismissed: &[],
    });
    photos_json_with(&readings.collect::<Vec<_>>(), origin, About { unread })
}

/// Returns the time since 1970 as a date and time of UTC, in ISO 8601.
fn iso_8601(since_1970: Duration) -> String {
    let seconds = since_1970.as_secs();
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    // Counted from a March 1, so that a leap day is the last of its year, of four and of 400 years:
    // <https://howardhinnant.github.io/date_algorithms.html#civil_from_days>.
    let days = seconds / 86_400 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let from_march = (5 * day + 2) / 153;
    let day = day - (153 * from_march + 2) / 5 + 1;
    let month = (from_march + 2) % 12 + 1;
    let year = era * 400 + year + u64::from(month <= 2);
    let millis = since_1970.subsec_millis();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

fn tell(photo: &ReadPhoto) -> Result<(), terminal::Unsaid> {
    let ReadPhoto { name, analysis, .. } = photo;
    if analysis.faces.is_empty() {
        terminal::say(&format!(
            "{name}: no face found; try a larger, upright, frontal face"
        ))?;
    }
    for (number, face) in analysis.numbered() {
        terminal::say(&describe(name, number, face))?;
    }
    for rect in &analysis.maybe {
        terminal::say(&format!(
            "{name}: maybe a face at ({:.0}, {:.0}), {:.0}×{:.0} pixels, not read",
            rect.x, rect.y, rect.width, rect.height
        ))?;
    }
    Ok(())
}

fn describe(photo: &str, number: u32, face: &FaceReading) -> String {
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
        "{photo}: face {number} at ({:.0}, {:.0}), {:.0}×{:.0} pixels: {verdict}\n    {}",
        rect.x,
        rect.y,
        rect.width,
        rect.height,
        shares.join("  "),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399, "2000-02-28T23:59:59.000Z"),
            (951_782_400, "2000-02-29T00:00:00.000Z"),
            (1_709_251_200, "2024-03-01T00:00:00.000Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(iso_8601(Duration::from_secs(seconds)), expected);
        }
        assert!(iso_8601(Duration::from_millis(7)).ends_with("00.007Z"));
    }
}
