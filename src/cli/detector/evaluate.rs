//! `moue evaluate-detector`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;

use crate::cli::{detector_model, model, terminal};
use crate::data::faces::{FaceSet, HELD_OUT, LabelledPhoto, check_sources, is_of, read_labels};
use crate::emotion::Verdict;
use crate::evaluation::detection::contact_sheet::contact_sheet;
use crate::evaluation::detection::report::DetectionReport;
use crate::evaluation::detection::results::DetectorResults;
use crate::evaluation::detection::text::text;
use crate::evaluation::detection::turn::turned;
use crate::evaluation::detection::{FoundFace, Protocol, report, results};
use crate::evaluation::report::folder;
use crate::pipeline::finder::{SCORE_THRESHOLD, Search};
use crate::pipeline::{Analyzer, FrameSource};
use crate::platform::files::write_atomically;
use crate::vision::{Frame, GrayImage};

/// Measure the face detector on labelled photographs, and compare it with others.
///
/// Detectors are compared at the thresholds where each makes one false box in ten photographs, by
/// the size of the faces. Results of other detectors are read from files of JSON lines, one
/// photograph per line:
///
/// {"file": "a.jpg", "millis": 4.2, "detections": [{"box": [x, y, width, height], "score": 0.9,
/// "landmarks": [[x, y] five times] or null}]}
///
/// With --out, writes detection.json, report.md and a plot, froc.svg.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct EvaluateDetectorArguments {
    /// A folder with labels.jsonl and the photographs, as files or in .tar files; or a file of labels
    /// with the photographs beside it
    #[arg(long, value_name = "PATH")]
    data: PathBuf,
    /// The detector to measure instead of the built-in one: a file of `moue quantize-detector`, or
    /// the folder of a run, finished or not
    #[arg(long, value_name = "PATH")]
    model: Option<PathBuf>,
    /// The sources to measure on, which the detector was not trained on
    #[arg(long, value_name = "SOURCES", value_delimiter = ',', default_values = HELD_OUT)]
    held_out: Vec<String>,
    /// Measure on all photographs of the folder
    #[arg(long, conflicts_with = "held_out")]
    all: bool,
    /// Name and results of another detector, as in `--detections YuNet=yunet.jsonl`. Can be
    /// repeated
    #[arg(long, value_name = "NAME=FILE", value_parser = named_file)]
    detections: Vec<(String, PathBuf)>,
    /// Compare only the other detectors
    #[arg(long, requires = "detections")]
    others_only: bool,
    /// Rotate every photograph first by this angle, clockwise, to measure tilted heads
    #[arg(
        long,
        value_name = "DEGREES",
        default_value = "0",
        allow_negative_numbers = true,
        conflicts_with = "detections",
        value_parser = angle
    )]
    turn: f32,
    /// Smallest overlap of a box with a face that it finds: intersection over union, 0 to 1
    #[arg(long, value_name = "SHARE", default_value = "0.5", value_parser = overlap)]
    overlap: f32,
    /// The folder for the report; files of an earlier report are replaced
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Draw the first detector's largest mistakes to this PNG of 24 photographs: blue boxes are
    /// found faces, vermilion ones false boxes, orange ones missed faces, gray ones ignored
    #[arg(long, value_name = "FILE")]
    sheet: Option<PathBuf>,
    /// Also read the photographs without faces as the page would, with the model in this folder, and
    /// count the false boxes that get a word
    #[arg(long, value_name = "FOLDER", conflicts_with = "json")]
    words: Option<PathBuf>,
    /// Print detection.json instead of text
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  moue evaluate-detector --data faces
  moue evaluate-detector --data faces --held-out bolly,caltech --out reports/detector \\
      --detections YuNet=yunet.jsonl --detections rustface=rustface.jsonl";

fn named_file(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, file)) if !name.trim().is_empty() && !file.is_empty() => {
            Ok((name.trim().to_owned(), file.into()))
        }
        _ => Err("expected a name and a file, as in YuNet=yunet.jsonl".to_owned()),
    }
}

fn overlap(text: &str) -> Result<f32, String> {
    let share = text.parse::<f32>().ok();
    let share = share.filter(|share| *share > 0.0 && *share <= 1.0);
    share.ok_or_else(|| "expected a share above 0 and up to 1, as in 0.5".to_owned())
}

fn angle(text: &str) -> Result<f32, String> {
    let degrees = text.parse::<f32>().ok();
    let degrees = degrees.filter(|degrees| degrees.abs() <= 180.0);
    degrees.ok_or_else(|| "expected degrees from -180 to 180".to_owned())
}

type Detect = Box<dyn FnMut(Frame<'_>) -> anyhow::Result<Vec<FoundFace>>>;

/// Our detector with one kind of search.
struct Own {
    name: &'static str,
    /// Smallest score of the boxes that the page uses.
    shipped_threshold: f32,
    detect: Detect,
}

/// Smallest score of measured boxes: far below the shipped threshold, and enough for the curve.
const LEAST_SCORE: f32 = 0.02;

/// Returns our detector with the search for photographs, and with the one for camera frames.
fn own(model: Option<&Path>) -> anyhow::Result<Vec<Own>> {
    let ways = [
        ("moue, photo", Search::Thorough),
        ("moue, camera", Search::Quick),
    ];
    ways.into_iter()
        .map(|(name, search)| {
            let mut finder = detector_model::finder(model)?.with_threshold(LEAST_SCORE);
            let detect = move |frame: Frame<'_>| {
                let gray = GrayImage::from_frame(frame);
                let found = finder.find(&gray, search);
                let faces = found.into_iter().map(|face| FoundFace {
                    rect: face.rect_in_frame,
                    score: face.score,
                    landmarks: Some(face.landmarks),
                });
                Ok(faces.collect())
            };
            Ok(Own {
                name,
                shipped_threshold: SCORE_THRESHOLD,
                detect: Box::new(detect),
            })
        })
        .collect()
}

impl EvaluateDetectorArguments {
    fn photos(&self) -> anyhow::Result<Vec<LabelledPhoto>> {
        if !self.all {
            check_sources(&self.data, &read_labels(&self.data)?, &self.held_out)
                .context("--held-out, which --all takes the place of")?;
        }
        let set = FaceSet::load(
            &self.data,
            |label| self.all || is_of(&label.source, &self.held_out),
            &mut |done, total| {
                terminal::progress(&format!("reading photographs, {done}/{total}"));
            },
        );
        terminal::end_progress();
        let photos = set?.photos;
        if self.turn == 0.0 {
            return Ok(photos);
        }
        let turned = photos.iter().map(|photo| turned(photo, self.turn));
        turned.collect::<Result<_, _>>().context("--turn")
    }

    /// Returns the number of faces that are read and get a word in photographs without faces, and of
    /// these photographs.
    fn false_words(
        &self,
        photos: &[LabelledPhoto],
        folder: &Path,
    ) -> anyhow::Result<(usize, usize)> {
        let (json, weights) = model::read_quantized(Some(folder))?;
        let (analyzer, _) =
            Analyzer::load(&json, &weights).with_context(|| model::name(Some(folder)))?;
        let mut analyzer = analyzer.with_finder(detector_model::finder(self.model.as_deref())?);
        let faceless: Vec<_> = photos
            .iter()
            .filter(|photo| photo.faces.is_empty())
            .collect();
        let mut words = 0;
        for photo in &faceless {
            let pixels = photo.rgba();
            let frame = Frame::new(&pixels, photo.width, photo.height)?;
            let analysis = pollster::block_on(analyzer.analyze(frame, FrameSource::Photo))?;
            let named = analysis
                .faces
                .iter()
                .filter(|face| matches!(face.verdict(), Verdict::LooksLike(_)));
            words += named.count();
        }
        Ok((words, faceless.len()))
    }

    fn results(&self, photos: &[LabelledPhoto]) -> anyhow::Result<Vec<DetectorResults>> {
        // Files are read first, so that an error in one is reported before the long search.
        let files: Vec<&str> = photos.iter().map(|photo| photo.file.as_str()).collect();
        let others = self.detections.iter();
        let mut all = others
            .map(|(name, path)| results::read(name, path, &files))
            .collect::<Result<Vec<_>, _>>()?;
        if !self.others_only {
            let mut ours = vec![];
            for Own {
                name,
                shipped_threshold,
                mut detect,
            } in own(self.model.as_deref())?
            {
                let found = results::run(name, photos, &mut detect, &mut |done, total| {
                    terminal::progress(&format!("{name}: searching for faces, {done}/{total}"));
                });
                terminal::end_progress();
                let mut found = found?;
                found.shipped_threshold = Some(shipped_threshold);
                ours.push(found);
            }
            all.splice(0..0, ours);
        }
        Ok(all)
    }
}

pub(in crate::cli) fn run(arguments: EvaluateDetectorArguments) -> anyhow::Result<ExitCode> {
    let photos = arguments.photos()?;
    if let Some(out) = &arguments.out {
        folder::create(out)?;
    }
    let protocol = Protocol {
        same_face_iou: arguments.overlap,
        ..Protocol::default()
    };
    let results = arguments.results(&photos)?;
    let mut report = DetectionReport::new(&photos, &results, protocol);
    report.turned_degrees = arguments.turn;
    if let Some(out) = &arguments.out {
        let written = report::write(out, &report)?;
        terminal::complain(&format!(
            "wrote {} files to {}\n",
            written.len(),
            out.display()
        ));
    }
    if let Some(path) = &arguments.sheet
        && let (Some(results), Some(detector)) = (results.first(), report.detectors.first())
    {
        let figures = &detector.figures;
        let at = figures.at_shipped.as_ref().unwrap_or(&figures.at_budget);
        let threshold = at.threshold.unwrap_or(f32::INFINITY);
        let sheet = contact_sheet(&photos, &results.found, threshold, &protocol)?;
        write_atomically(path, &sheet.png)?;
        terminal::complain(&format!(
            "{}: {}, from a score of {threshold}, by rows:",
            path.display(),
            results.name
        ));
        for row in sheet.rows {
            terminal::complain(&format!("  {}", row.join(", ")));
        }
    }
    if arguments.json {
        terminal::say(&serde_json::to_string_pretty(&report)?)?;
    } else {
        terminal::say(&text(&report))?;
    }
    if let Some(folder) = &arguments.words {
        let (words, all) = arguments.false_words(&photos, folder)?;
        terminal::say(&format!(
            "{words} false boxes get a word in the {all} photographs without faces"
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_shares_are_checked() {
        let file = |text| named_file(text).ok();
        assert_eq!(file("a=b=c.jsonl"), Some(("a".into(), "b=c.jsonl".into())));
        assert_eq!(
            (file("a.jsonl"), file("=a"), file("a=")),
            (None, None, None)
        );
        assert_eq!(overlap("0.3"), Ok(0.3));
        for text in ["0", "1.1", "NaN", "-1", "half"] {
            assert!(overlap(text).is_err(), "{text}");
        }
        assert_eq!(angle("-35"), Ok(-35.0));
        for text in ["181", "NaN", "inf", "right"] {
            assert!(angle(text).is_err(), "{text}");
        }
    }
}
