//! Results of detectors: ours, run here, and others', read from files of JSON lines.
//!
//! ```text
//! {"about": {"threshold": 0.6, "remark": "made the labels"}}
//! {"file": "a.jpg", "millis": 4.2, "detections":
//!   [{"box": [x, y, width, height], "score": 0.9, "landmarks": [[x, y], …five] or null}]}
//! ```
//!
//! The first line is optional, and so are `threshold` (the detector's own), `remark`, `millis` and
//! `landmarks`. Each photograph that is measured needs a line, even without a face; lines of other
//! photographs are ignored.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Deserialize;
use thiserror::Error;

use super::FoundFace;
use super::points::median;
use crate::data::faces::LabelledPhoto;
use crate::vision::{Frame, FrameError, Landmarks, Point, Rect};

/// Largest absolute value of a coordinate in pixels; larger ones are an error.
const FARTHEST: f32 = 1e6;

/// Error of reading results. Lines count from 1.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the messages name the fields")]
pub enum ResultsError {
    /// The file cannot be read.
    #[error("{}: cannot be read ({source}); check the name and the permissions", path.display())]
    Read {
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The line is not a valid result.
    #[error(
        "{}:{line}: expected {{\"file\": …, \"detections\": [{{\"box\": …, \"score\": …}}]}}: \
         {reason}; write the file again", path.display()
    )]
    Line {
        path: PathBuf,
        line: usize,
        /// The error of the JSON parser.
        reason: String,
    },
    /// A score or a coordinate is invalid.
    #[error(
        "{}:{line}: detection {detection}: expected a finite score, a box [x, y, width, height] and \
         points in pixels, found {found}; write the file again", path.display()
    )]
    Detection {
        path: PathBuf,
        line: usize,
        /// Number of the detection in the line, from 1.
        detection: usize,
        /// The detection found.
        found: String,
    },
    /// Two lines are for the same photograph.
    #[error(
        "{}:{line}: {file:?} stands in line {earlier} too; keep one of the two lines", path.display()
    )]
    Duplicate {
        path: PathBuf,
        line: usize,
        /// Path of the photograph.
        file: String,
        /// The first line for the photograph.
        earlier: usize,
    },
    /// There is no line for a photograph.
    #[error(
        "{}: no line for {file:?}, which is measured ({missing} of {all} are missing); run the \
         detector on these photographs too, or measure fewer sources", path.display()
    )]
    Incomplete {
        path: PathBuf,
        /// Path of the first missing photograph.
        file: String,
        /// Number of missing photographs.
        missing: usize,
        /// Number of measured photographs.
        all: usize,
    },
}

/// Results of a detector on each photograph.
#[derive(Clone, Debug, PartialEq)]
pub struct DetectorResults {
    /// Name in tables.
    pub name: String,
    /// The detector's own threshold; `None` if it is not known.
    pub shipped_threshold: Option<f32>,
    /// A remark for the notes of the report.
    pub remark: Option<String>,
    /// Faces found in each photograph.
    pub found: Vec<Vec<FoundFace>>,
    /// Median time per photograph in milliseconds; `None` if no time is known.
    pub median_millis: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    about: About,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    threshold: Option<f32>,
    remark: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Line {
    file: String,
    detections: Vec<Detection>,
    millis: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with box and score")]
struct Detection {
    #[serde(rename = "box")]
    rect: [f32; 4],
    score: f32,
    landmarks: Option<[Point; Landmarks::COUNT]>,
}

/// Runs a detector on photographs in memory.
///
/// # Errors
/// The error of `detect`, or a [`FrameError`] if the size of a photograph does not fit its pixels.
pub fn run<E: From<FrameError>>(
    name: &str,
    photos: &[LabelledPhoto],
    detect: &mut dyn FnMut(Frame<'_>) -> Result<Vec<FoundFace>, E>,
    on_progress: &mut dyn FnMut(usize, usize),
) -> Result<DetectorResults, E> {
    let mut millis = vec![];
    let mut found = vec![];
    for (index, photo) in photos.iter().enumerate() {
        on_progress(index, photos.len());
        let rgba = photo.rgba();
        let frame = Frame::new(&rgba, photo.width, photo.height)?;
        let start = Instant::now();
        found.push(detect(frame)?);
        millis.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(DetectorResults {
        name: name.to_owned(),
        shipped_threshold: None,
        remark: None,
        found,
        median_millis: median(&mut millis),
    })
}

/// Reads a detector's results on the photographs named `files`, in that order.
///
/// # Errors
/// A [`ResultsError`] with the file, the line and the remedy.
pub fn read(name: &str, path: &Path, files: &[&str]) -> Result<DetectorResults, ResultsError> {
    let bytes = std::fs::read(path).map_err(|source| ResultsError::Read {
        path: path.into(),
        source,
    })?;
    parse(name, path, &bytes, files)
}

fn parse(
    name: &str,
    path: &Path,
    bytes: &[u8],
    files: &[&str],
) -> Result<DetectorResults, ResultsError> {
    let mut about = About::default();
    let mut by_file: HashMap<String, (usize, Line)> = HashMap::new();
    for (index, text) in bytes.split(|&byte| byte == b'\n').enumerate() {
        let number = index + 1;
        if text.trim_ascii().is_empty() {
            continue;
        }
        if index == 0
            && let Ok(first) = serde_json::from_slice::<Header>(text)
        {
            about = first.about;
            continue;
        }
        let line = parse_line(path, number, text)?;
        if let Some((earlier, line)) = by_file.insert(line.file.clone(), (number, line)) {
            return Err(ResultsError::Duplicate {
                path: path.into(),
                line: number,
                file: line.file,
                earlier,
            });
        }
    }
    let absent = |file: &&&str| !by_file.contains_key(**file);
    if let Some(first) = files.iter().find(absent) {
        return Err(ResultsError::Incomplete {
            path: path.into(),
            file: (*first).to_owned(),
            missing: files.iter().filter(absent).count(),
            all: files.len(),
        });
    }
    let mut millis = vec![];
    let lines = files.iter().filter_map(|file| by_file.get(*file));
    let found = lines.map(|(_, line)| {
        millis.extend(line.millis);
        line.detections.iter().map(to_face).collect()
    });
    Ok(DetectorResults {
        name: name.to_owned(),
        shipped_threshold: about.threshold.filter(|threshold| threshold.is_finite()),
        remark: about.remark,
        found: found.collect(),
        median_millis: median(&mut millis),
    })
}

fn parse_line(path: &Path, line: usize, text: &[u8]) -> Result<Line, ResultsError> {
    let found: Line = serde_json::from_slice(text).map_err(|error| {
        let told = error.to_string();
        // The parser is given one line, so its line number is always 1.
        let reason = told
            .rsplit_once(" at line ")
            .map_or(&*told, |parts| parts.0);
        ResultsError::Line {
            path: path.into(),
            line,
            reason: format!("{reason} (byte {})", error.column()),
        }
    })?;
    let is_pixels = |value: &f32| value.is_finite() && value.abs() <= FARTHEST;
    let is_sound = |one: &&Detection| {
        let points = one.landmarks.iter().flatten().flatten();
        let sides = &one.rect[2..];
        one.score.is_finite()
            && one.rect.iter().chain(points).all(is_pixels)
            && sides.iter().all(|side| *side >= 0.0)
    };
    match found.detections.iter().position(|one| !is_sound(&one)) {
        Some(index) => Err(ResultsError::Detection {
            path: path.into(),
            line,
            detection: index + 1,
            found: format!("{:?}", found.detections[index]),
        }),
        None => Ok(found),
    }
}

fn to_face(detection: &Detection) -> FoundFace {
    let [x, y, width, height] = detection.rect;
    FoundFace {
        rect: Rect::new(x, y, width, height),
        score: detection.score,
        landmarks: detection.landmarks.map(|points| Landmarks { points }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABOUT: &str = r#"{"about":{"threshold":0.6,"remark":"a teacher"}}"#;
    const FIRST: &str = r#"{"file":"a.jpg","millis":4.0,"detections":[{"box":[1,2,3,4],"score":0.9,"landmarks":[[0,1],[2,3],[4,5],[6,7],[8,9]]}]}"#;
    const SECOND: &str = r#"{"file":"b.jpg","millis":2.0,"detections":[{"box":[1,2,3,4],"score":7.5,"landmarks":null},{"box":[0,0,0,0],"score":-1}]}"#;
    const THIRD: &str = r#"{"file":"c.jpg","detections":[]}"#;

    fn read(text: &str, files: &[&str]) -> Result<DetectorResults, ResultsError> {
        parse("other", Path::new("x.jsonl"), text.as_bytes(), files)
    }

    #[test]
    fn results_follow_the_photographs() {
        let text = [ABOUT, FIRST, "", SECOND, THIRD].join("\n");
        let results = read(&text, &["c.jpg", "b.jpg"]).unwrap();
        assert_eq!(results.shipped_threshold, Some(0.6));
        assert_eq!(results.remark.as_deref(), Some("a teacher"));
        // Only of the photographs that are measured.
        assert_eq!(results.median_millis, Some(2.0));
        assert_eq!(results.found[0], []);
        assert_eq!(results.found[1].len(), 2);
        assert_eq!(results.found[1][0].landmarks, None);
        let results = read(&[FIRST, SECOND].join("\r\n"), &["a.jpg", "b.jpg"]).unwrap();
        assert_eq!(results.median_millis, Some(3.0));
        assert_eq!(results.shipped_threshold, None);
        let face = results.found[0][0];
        assert_eq!(face.rect, Rect::new(1.0, 2.0, 3.0, 4.0));
        assert_eq!(face.landmarks.unwrap().points[4], [8.0, 9.0]);
    }

    #[test]
    fn each_fault_is_named_with_its_line() {
        let faults = [
            (FIRST.replace("0.9", "NaN"), "expected value"),
            (FIRST.replace("0.9", "1e999"), "out of range"),
            (
                FIRST.replace("0.9", "1e39"),
                "detection 1: expected a finite",
            ),
            (FIRST.replace("[1,2,3", "[1,2,-3"), "detection 1"),
            (FIRST.replace("[8,9]", "[8,1e9]"), "detection 1"),
            (FIRST.replace(",[8,9]", ""), "invalid length 4"),
            (FIRST.replace("score", "confidence"), "unknown field"),
            (FIRST.replace("millis", "seconds"), "unknown field"),
            (FIRST.replace("{\"file\"", "[\"file\""), "expected"),
            (ABOUT.to_owned(), "unknown field `about`"),
            (THIRD.to_owned(), "line 1 too"),
        ];
        for (text, expected) in faults {
            let told = read(&format!("{THIRD}\n{text}"), &[])
                .unwrap_err()
                .to_string();
            assert!(told.starts_with("x.jsonl:2: "), "{told}");
            assert!(told.contains(expected), "{expected:?} is not in: {told}");
        }
        let told = read(FIRST, &["a.jpg", "b.jpg", "c.jpg"]).unwrap_err();
        let told = told.to_string();
        assert!(
            told.contains("\"b.jpg\"") && told.contains("2 of 3"),
            "{told}"
        );
    }

    #[test]
    fn no_bytes_panic() {
        let mut state = 3u32;
        let mut random = move |below: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize % below
        };
        let whole = [ABOUT, FIRST, SECOND].join("\n");
        let mut refused = 0;
        for _ in 0..4000 {
            let mut bytes = whole.as_bytes().to_vec();
            for _ in 0..=random(3) {
                let at = random(bytes.len());
                match random(3) {
                    0 => bytes[at] = random(256) as u8,
                    1 => bytes.insert(at, b"0-[{,\"e\n"[random(8)]),
                    _ => drop(bytes.remove(at)),
                }
            }
            refused += usize::from(parse("x", Path::new("x"), &bytes, &["a.jpg"]).is_err());
        }
        assert!(refused > 1000, "{refused}");
    }

    #[test]
    fn a_detector_sees_each_photograph_in_colour() {
        let photos = [1u8, 2].map(|value| LabelledPhoto {
            file: String::new(),
            source: String::new(),
            width: 1,
            height: 1,
            rgb: vec![value, 9, 8],
            faces: vec![],
        });
        let mut seen = vec![];
        let mut detect = |frame: Frame<'_>| {
            seen.push(frame.rgba().to_vec());
            Ok::<_, FrameError>(vec![])
        };
        let results = run("ours", &photos, &mut detect, &mut |_, _| {}).unwrap();
        assert_eq!(results.found, [vec![], vec![]]);
        assert!(results.median_millis.is_some_and(|millis| millis >= 0.0));
        assert_eq!(seen, [[1, 9, 8, 255], [2, 9, 8, 255]]);
    }
}
