//! A yardstick for the face detector: SeetaFace's frontal detector, through the crate `rustface`.
//!
//! ```text
//! cargo run --release --features yardstick --example rustface -- FOLDER OUT.jsonl [SOURCES]
//! ```
//!
//! Searches the photographs of a folder with `labels.jsonl` and writes what `moue
//! evaluate-detector --detections` reads. SOURCES are names with commas, or `all`; the sources that
//! are held out by default. It keeps weaker boxes than it would be used with, so that there is a
//! curve; the threshold of use stands in the file's first line.

use std::cmp::Ordering;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::Context as _;
use moue::data::faces::{FaceSet, HELD_OUT, LabelledPhoto, check_sources, is_of, read_labels};
use moue::vision::warp::to_byte;
use moue::vision::{Frame, GrayImage, GrayView, Rect, resample};
use rustface::{ImageData, Model};
use serde_json::{Value, json};

const MODEL: &str = "seeta_fd_frontal_v1.0.bin";
/// Names a copy of the model, for machines on which `cargo metadata` cannot run.
const OVERRIDE: &str = "MOUE_FACE_MODEL";

/// The detector's window, in pixels; it sees no smaller face.
const WINDOW: u32 = 40;
/// The threshold of use: below it a window is a face by accident more often than not.
const SHIPPED_THRESHOLD: f64 = 2.0;
/// The threshold of this file. The library filters by it last of all, so a lower one adds boxes and
/// changes none.
const LOWEST_THRESHOLD: f64 = 0.01;
/// The picture is continued by this fraction of its shorter side, because windows never leave the
/// picture, and a face close to the camera is cut by its edge.
const PADDING: f32 = 0.125;
/// Small pictures are enlarged at most this much: beyond it there is only blur to search.
const LARGEST_SCALE: f32 = 4.0;
/// The smallest face searched for, as a fraction of the picture's longest side.
const SMALLEST_FACE: f32 = 1.0 / 16.0;
/// Two boxes that overlap by more than this (intersection over union) are one face.
const SAME_FACE: f32 = 0.3;
const PHOTOS_PER_PROGRESS: usize = 50;

/// A face that was found, in pixels of the photograph.
struct Detection {
    rect: Rect,
    score: f32,
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, out, sources) = match arguments.as_slice() {
        [folder, out] => (folder, out, HELD_OUT.map(str::to_owned).to_vec()),
        [folder, out, sources] => {
            let sources = sources.split(',').map(str::to_owned).collect();
            (folder, out, sources)
        }
        _ => anyhow::bail!("usage: rustface FOLDER OUT.jsonl [SOURCES]"),
    };
    let folder = Path::new(folder);
    let is_all = sources == ["all"];
    if !is_all {
        check_sources(folder, &read_labels(folder)?, &sources)?;
    }
    let keep = |source: &str| is_all || is_of(source, &sources);
    let set = FaceSet::load(folder, |label| keep(&label.source), &mut |_, _| {})?;
    let model = rustface::read_model(fs::read(model_path()?)?.as_slice())?;
    let about = json!({"about": {
        "threshold": SHIPPED_THRESHOLD,
        "remark": "upright faces from the front alone, boxes from brow to chin, no points",
    }});
    let mut text = format!("{about}\n");
    for (index, photo) in set.photos.iter().enumerate() {
        if index.is_multiple_of(PHOTOS_PER_PROGRESS) {
            writeln!(io::stderr(), "rustface: {index}/{}", set.photos.len()).ok();
        }
        writeln!(text, "{}", search(&model, photo)?)?;
    }
    fs::write(out, text).with_context(|| out.clone())
}

/// A photograph's line.
fn search(model: &Model, photo: &LabelledPhoto) -> anyhow::Result<Value> {
    let rgba = photo.rgba();
    let start = Instant::now();
    let gray = GrayImage::from_frame(Frame::new(&rgba, photo.width, photo.height)?);
    let found = detect(model, &gray);
    let millis = start.elapsed().as_secs_f64() * 1000.0;
    let detections: Vec<Value> = found
        .iter()
        .map(|Detection { rect, score }| {
            json!({"box": [rect.x, rect.y, rect.width, rect.height], "score": score})
        })
        .collect();
    Ok(json!({"file": photo.file, "millis": millis, "detections": detections}))
}

fn detect(model: &Model, frame: &GrayImage) -> Vec<Detection> {
    let Some(work) = Work::new(frame.view(), SMALLEST_FACE) else {
        return Vec::new();
    };
    let mut detector = rustface::create_detector_with_model(model.clone());
    detector.set_score_thresh(LOWEST_THRESHOLD);
    let found = detector.detect(&ImageData::new(&work.pixels, work.width, work.height));
    let detections = found.iter().map(|face| {
        let bbox = face.bbox();
        let rect = Rect::new(
            bbox.x() as f32,
            bbox.y() as f32,
            bbox.width() as f32,
            bbox.height() as f32,
        );
        Detection {
            rect: work.to_frame(rect),
            score: face.score() as f32,
        }
    });
    suppress(detections.collect())
}

/// The picture as the detector searches it: scaled, and continued beyond its edges.
struct Work {
    pixels: Vec<u8>,
    width: u32,
    height: u32,
    /// Work pixels for a frame pixel.
    scale: f32,
    /// Frame pixels added on every side.
    padding: f32,
}

impl Work {
    /// `None` when the picture is too narrow to hold any face of the size searched for.
    fn new(frame: GrayView<'_>, smallest_face: f32) -> Option<Self> {
        let (frame_width, frame_height) = (frame.width() as f32, frame.height() as f32);
        let longest = frame_width.max(frame_height);
        let scale = (WINDOW as f32 / smallest_face / longest).min(LARGEST_SCALE);
        let padding = frame_width.min(frame_height) * PADDING;
        let side = |pixels: f32| ((pixels + 2.0 * padding) * scale).round() as u32;
        let (width, height) = (side(frame_width), side(frame_height));
        // The library subtracts the window from the sides without a check.
        if width.min(height) < WINDOW {
            return None;
        }
        // Whole work pixels of exactly `scale`: rounding the sides must not stretch the picture.
        let padded = Rect::new(
            -padding,
            -padding,
            width as f32 / scale,
            height as f32 / scale,
        );
        let values = resample(frame, padded, width as usize, height as usize);
        Some(Self {
            pixels: values.into_iter().map(to_byte).collect(),
            width,
            height,
            scale,
            padding,
        })
    }

    fn to_frame(&self, rect_in_work: Rect) -> Rect {
        rect_in_work
            .scale(1.0 / self.scale)
            .shift(-self.padding, -self.padding)
    }
}

/// Keeps the best of boxes that overlap.
fn suppress(mut detections: Vec<Detection>) -> Vec<Detection> {
    let surer_first = |a: &Detection, b: &Detection| -> Ordering { b.score.total_cmp(&a.score) };
    detections.retain(|detection| detection.rect.area() > 0.0);
    detections.sort_by(surer_first);
    let mut kept: Vec<Detection> = Vec::with_capacity(detections.len());
    for detection in detections {
        if !kept
            .iter()
            .any(|other| other.rect.iou(&detection.rect) > SAME_FACE)
        {
            kept.push(detection);
        }
    }
    kept
}

// ---- the model, which the package carries but does not hand out ---------------------------------

fn model_path() -> anyhow::Result<PathBuf> {
    if let Some(path) = std::env::var_os(OVERRIDE) {
        return Ok(path.into());
    }
    let help = || {
        format!(
            "the face model {MODEL} was not found; run `cargo fetch` and try again, or set \
             {OVERRIDE} to its path (it lies in the folder `model` of the package rustface)"
        )
    };
    Ok(rustface_dir().with_context(help)?.join("model").join(MODEL))
}

/// The folder of the `rustface` package that cargo resolved: registry, vendored or patched.
fn rustface_dir() -> anyhow::Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version=1", "--offline", "--locked"])
        .arg("--manifest-path")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .output()
        .context("`cargo metadata` did not start")?;
    anyhow::ensure!(
        output.status.success(),
        "`cargo metadata` failed: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    packages
        .filter(|package| package["name"] == "rustface")
        .find_map(|package| Path::new(package["manifest_path"].as_str()?).parent())
        .map(Path::to_path_buf)
        .context("`cargo metadata` lists no package rustface")
}
