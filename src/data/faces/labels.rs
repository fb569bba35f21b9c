//! `labels.jsonl`: which faces a photograph shows, one object a line.
//!
//! ```text
//! {"file": "a.jpg", "width": 320, "height": 240, "source": "film",
//!  "faces": [{"box": [x, y, width, height], "landmarks": [[x, y], …five], "ignore": false}]}
//! {"file": "b.jpg", "width": 80, "height": 80, "source": "news", "landmarks": [[x, y], …five]}
//! ```
//!
//! Coordinates are in pixels of the photograph; boxes and points may lie a little outside of it. A
//! face has a box, landmarks or both; a box that is missing is estimated from the landmarks. Where
//! `landmarks` stand in the line itself, the photograph shows that one face. `ignore` is false where
//! it is missing, and other keys are not read.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use super::error::FacesError;
use crate::vision::decode::MAX_SIDE;
use crate::vision::{Landmarks, Point, Rect};

/// Name of the file of labels in its folder.
pub const LABELS_FILE: &str = "labels.jsonl";

/// Largest absolute value of a coordinate, in multiples of the photograph's longer side. A face cut
/// by the edge reaches out by its own size; a typing error or another unit lies much farther out.
const FARTHEST_SIDES: f32 = 4.0;

/// A labelled face, or a region to ignore.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabelledFace {
    /// Bounding box in pixels of the photograph; never empty.
    pub rect: Rect,
    /// The five landmarks, in pixels of the photograph; `None` where only a box was labelled.
    pub landmarks: Option<Landmarks>,
    /// Whether the region is ignored because nobody can tell if it is a face: a detection there is
    /// neither right nor wrong, and nothing is learned from it.
    pub ignore: bool,
}

/// Label of a photograph: one line of [`LABELS_FILE`].
#[derive(Clone, Debug, PartialEq)]
pub struct PhotoLabel {
    /// Line number in [`LABELS_FILE`], from 1.
    pub line: usize,
    /// Path of the photograph in the folder or archive, with `/`.
    pub file: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Name of the collection that the photograph comes from.
    pub source: String,
    /// Labelled faces and ignored regions.
    pub faces: Vec<LabelledFace>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Line {
    file: String,
    width: u32,
    height: u32,
    source: String,
    faces: Option<Vec<Face>>,
    landmarks: Option<[Point; Landmarks::COUNT]>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with box, landmarks or both")]
struct Face {
    #[serde(rename = "box")]
    rect: Option<[f32; 4]>,
    landmarks: Option<[Point; Landmarks::COUNT]>,
    #[serde(default)]
    ignore: bool,
}

/// Returns the file of labels that a path names: the file itself, or that of the folder.
pub(super) fn labels_file(path: &Path) -> PathBuf {
    match path.is_file() {
        true => path.into(),
        false => path.join(LABELS_FILE),
    }
}

/// Reads and checks the labels of a file or a folder, in the order of the file. Blank lines are
/// skipped.
///
/// # Errors
/// A [`FacesError`] for the first invalid line, or if the file cannot be read.
pub fn read_labels(path: &Path) -> Result<Vec<PhotoLabel>, FacesError> {
    let path = labels_file(path);
    let bytes = std::fs::read(&path).map_err(|source| match source.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => {
            FacesError::LabelsMissing { path: path.clone() }
        }
        _ => FacesError::Read {
            path: path.clone(),
            source,
        },
    })?;
    parse(&path, &bytes)
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Vec<PhotoLabel>, FacesError> {
    let mut labels = Vec::new();
    let mut lines = HashMap::new();
    for (index, text) in bytes.split(|&byte| byte == b'\n').enumerate() {
        if text.trim_ascii().is_empty() {
            continue;
        }
        let label = parse_line(path, index + 1, text)?;
        if let Some(earlier) = lines.insert(label.file.clone(), label.line) {
            return Err(FacesError::Duplicate {
                path: path.into(),
                line: label.line,
                file: label.file,
                earlier,
            });
        }
        labels.push(label);
    }
    if labels.is_empty() {
        return Err(FacesError::Empty { path: path.into() });
    }
    Ok(labels)
}

fn parse_line(path: &Path, line: usize, text: &[u8]) -> Result<PhotoLabel, FacesError> {
    let found: Line = serde_json::from_slice(text).map_err(|error| FacesError::Line {
        path: path.into(),
        line,
        reason: without_line(&error),
    })?;
    if !is_inside(&found.file) {
        return Err(FacesError::Outside {
            path: path.into(),
            line,
            file: found.file,
        });
    }
    let sides = 1..=MAX_SIDE;
    if !sides.contains(&found.width) || !sides.contains(&found.height) {
        return Err(FacesError::Size {
            path: path.into(),
            line,
            width: found.width,
            height: found.height,
        });
    }
    let farthest = FARTHEST_SIDES * found.width.max(found.height) as f32;
    let faces = match (found.faces, found.landmarks) {
        (Some(faces), None) => faces,
        (None, Some(landmarks)) => vec![Face {
            rect: None,
            landmarks: Some(landmarks),
            ignore: false,
        }],
        _ => {
            return Err(FacesError::Line {
                path: path.into(),
                line,
                reason: "expected either `faces` or, of a single face, `landmarks`".into(),
            });
        }
    };
    let faces = faces.iter().enumerate().map(|(index, face)| {
        check_face(face, farthest).map_err(|(expected, found)| FacesError::Face {
            path: path.into(),
            line,
            face: index + 1,
            expected,
            found,
        })
    });
    Ok(PhotoLabel {
        line,
        faces: faces.collect::<Result<_, _>>()?,
        file: found.file,
        width: found.width,
        height: found.height,
        source: found.source,
    })
}

/// Returns the parser's message without its line number, which is always 1 as it is given one line.
fn without_line(error: &serde_json::Error) -> String {
    let told = error.to_string();
    match told.rsplit_once(" at line ") {
        Some((reason, _)) => format!("{reason} (byte {})", error.column()),
        None => told,
    }
}

/// Returns whether a name stays inside the folder on every system and has only one spelling.
fn is_inside(file: &str) -> bool {
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    let spelled_once = file
        .split('/')
        .all(|part| !part.is_empty() && part != "." && part != "..");
    spelled_once && !file.contains(['\\', '\0', ':']) && Path::new(file).components().all(plain)
}

fn check_face(face: &Face, farthest: f32) -> Result<LabelledFace, (&'static str, String)> {
    let near = |value: &f32| value.is_finite() && value.abs() <= farthest;
    if let Some(points) = &face.landmarks
        && !points.as_flattened().iter().all(near)
    {
        return Err((
            "five points [x, y] in pixels, in or near the photograph",
            format!("{points:?}"),
        ));
    }
    let landmarks = face.landmarks.map(|points| Landmarks { points });
    let rect = match (face.rect, &landmarks) {
        (Some(rect), _) => rect,
        (None, Some(landmarks)) => rect_around(landmarks),
        (None, None) => return Err(("a box, landmarks or both", "neither".into())),
    };
    let [x, y, width, height] = rect;
    if !rect.iter().all(near) || width <= 0.0 || height <= 0.0 {
        return Err((
            "a box [x, y, width, height] in pixels, in or near the photograph and not empty",
            format!("{rect:?}"),
        ));
    }
    Ok(LabelledFace {
        rect: Rect::new(x, y, width, height),
        landmarks,
        ignore: face.ignore,
    })
}

// The medians of 5,258 faces labelled with both, of at least 30 pixels, in roots of the sum of the
// squares of the distance between the eyes and of that from between the eyes to the mouth. Boxes
// estimated so overlap the labelled ones by 0.88 (median of the intersection over union; 0.68 or
// more in 95 of 100).

/// Width and height of the box.
const BOX_OF_LANDMARKS: (f32, f32) = (1.54, 2.02);
/// Distance of the box's centre above the point halfway between eyes and mouth.
const CENTRE_ABOVE: f32 = 0.13;
/// Distance that the centre lies on the other side of that point than the nose, in distances of the
/// nose: where a head is turned aside, its box reaches back to the ear.
const CENTRE_BEHIND: f32 = 1.15;

/// Estimates the box of a face from its landmarks: of a turned face, that around the turned ellipse.
/// Returns `[x, y, width, height]`.
fn rect_around(landmarks: &Landmarks) -> [f32; 4] {
    let ([eye_x, eye_y], [mouth_x, mouth_y]) = (landmarks.between_eyes(), landmarks.mouth());
    let middle = [(eye_x + mouth_x) / 2.0, (eye_y + mouth_y) / 2.0];
    let ([left_x, left_y], [right_x, right_y]) = (landmarks.left_eye(), landmarks.right_eye());
    let between_eyes = (right_x - left_x).hypot(right_y - left_y);
    let down = (mouth_x - eye_x).hypot(mouth_y - eye_y);
    let scale = between_eyes.hypot(down);
    // From the eyes down to the mouth, and to the right of that.
    let (sin, cos) = (-(mouth_x - eye_x) / down, (mouth_y - eye_y) / down);
    let [nose_x, nose_y] = landmarks.points[2];
    let nose = (nose_x - middle[0]) * cos + (nose_y - middle[1]) * sin;
    let (right, below) = (-CENTRE_BEHIND * nose, -CENTRE_ABOVE * scale);
    let (width, height) = (BOX_OF_LANDMARKS.0 * scale, BOX_OF_LANDMARKS.1 * scale);
    let wide = (width * cos).hypot(height * sin);
    let high = (width * sin).hypot(height * cos);
    let x = middle[0] + right * cos - below * sin;
    let y = middle[1] + right * sin + below * cos;
    [x - wide / 2.0, y - high / 2.0, wide, high]
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"file":"a/b.jpg","width":320,"height":180,"source":"film","kind":"scene","unsquashed":true,"faces":[{"box":[-2.5,26.7,63.4,90.2],"landmarks":[[226.4,61.1],[257.3,62.4],[238.8,81.3],[226.6,92.4],[254.9,93.5]],"score":0.953,"ignore":true,"small":1}]}"#;

    fn told(text: &str) -> String {
        parse(Path::new("x/labels.jsonl"), text.as_bytes())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn a_line_is_read() {
        let text = format!("\n{GOOD}\r\n\n");
        let labels = parse(Path::new("x"), text.as_bytes()).unwrap();
        let [label] = labels.as_slice() else {
            panic!("{labels:?}");
        };
        assert_eq!((label.line, label.file.as_str()), (2, "a/b.jpg"));
        assert_eq!((label.width, label.height), (320, 180));
        assert_eq!(label.source, "film");
        let face = label.faces[0];
        assert_eq!(face.rect, Rect::new(-2.5, 26.7, 63.4, 90.2));
        assert_eq!(face.landmarks.unwrap().points[4], [254.9, 93.5]);
        assert!(face.ignore);
    }

    #[test]
    fn a_face_with_a_box_alone_has_no_landmarks_and_one_with_landmarks_alone_has_a_box() {
        let text = r#"{"file":"a","width":99,"height":99,"source":"x","faces":[{"box":[1,2,3,4]}]}
            {"file":"b","width":99,"height":99,"source":"x","landmarks":[[40,40],[60,40],[50,50],[42,60],[58,60]]}"#;
        let labels = parse(Path::new("x"), text.as_bytes()).unwrap();
        assert_eq!(labels[0].faces[0].landmarks, None);
        let upright = labels[1].faces[0];
        let (x, y) = upright.rect.centre();
        assert!(
            (x - 50.0).abs() < 1e-3 && (45.0..50.0).contains(&y),
            "{upright:?}"
        );
        assert!((upright.rect.height / upright.rect.width - 2.02 / 1.54).abs() < 1e-3);

        let quarter =
            crate::vision::Affine::rotation(std::f32::consts::FRAC_PI_2).about(50.0, 50.0);
        let [x, _, width, _] = rect_around(&upright.landmarks.unwrap().map(&quarter));
        assert!((width - upright.rect.height).abs() < 1e-3, "{width}");
        assert!((x + width / 2.0 - (100.0 - y)).abs() < 1e-3, "{x}");

        let looks_right = Landmarks {
            points: [
                [40.0, 40.0],
                [60.0, 40.0],
                [58.0, 50.0],
                [42.0, 60.0],
                [58.0, 60.0],
            ],
        };
        let [x, _, width, _] = rect_around(&looks_right);
        assert!(x + width / 2.0 < 45.0, "{x}");
    }

    #[test]
    fn each_fault_is_named_with_its_line() {
        let with = |from: &str, to: &str| {
            let changed = GOOD.replace(from, to);
            assert_ne!(changed, GOOD, "{from} is not in the line");
            // The error is in line 3.
            format!("{}\n\n{changed}", GOOD.replace("a/b", "c"))
        };
        let faults = [
            (with("{\"file\"", "\"file\""), "expected an object"),
            (with(r#""source":"film","#, ""), "missing field `source`"),
            (with("[-2.5,26.7,", "[26.7,"), "invalid length 3"),
            (with("26.7", "NaN"), "expected value"),
            (with("26.7", "1e999"), "number out of range"),
            (with("26.7", "1e39"), "face 1: expected a box"),
            (with("26.7", "99999"), "face 1: expected a box"),
            (with("63.4", "-63.4"), "-63.4"),
            (with("90.2", "0"), "not empty"),
            (with("61.1", "-1e12"), "five points"),
            (
                with("\"landmarks\"", "\"points\"").replace("\"box\"", "\"rect\""),
                "box, landmarks or both",
            ),
            (with("\"faces\"", "\"heads\""), "either `faces`"),
            (with(",[254.9,93.5]]", "]"), "expected an array of length 5"),
            (with("\"width\":320", "\"width\":0"), "found 0×180"),
            (with("\"height\":180", "\"height\":20000"), "320×20000"),
            (with("\"width\":320", "\"width\":-1"), "invalid value"),
            (with("a/b.jpg", "../b.jpg"), "path inside the folder"),
            (with("a/b.jpg", "/etc/b.jpg"), "path inside the folder"),
            (with("a/b.jpg", "a//b.jpg"), "path inside the folder"),
            (with("a/b.jpg", "C:b.jpg"), "path inside the folder"),
            (with("a/b.jpg", r"a\\b.jpg"), "path inside the folder"),
            (with("a/b.jpg", ""), "path inside the folder"),
            (with("a/b.jpg", "c.jpg"), "line 1 too"),
        ];
        for (text, expected) in faults {
            let told = told(&text);
            assert!(told.contains(":3: "), "{told}");
            assert!(told.contains(expected), "{expected:?} is not in: {told}");
        }
        assert!(told(" \n\n").contains("found none"));
    }

    #[test]
    fn no_bytes_panic() {
        let mut state = 1u32;
        let mut random = move |below: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize % below
        };
        let mut refused = 0;
        for _ in 0..4000 {
            let mut bytes = GOOD.as_bytes().to_vec();
            for _ in 0..=random(4) {
                let at = random(bytes.len());
                match random(4) {
                    0 => bytes[at] = random(256) as u8,
                    1 => bytes.truncate(at.max(1)),
                    2 => bytes.insert(at, b"0-[{,\"e\n"[random(8)]),
                    _ => drop(bytes.remove(at)),
                }
                if bytes.is_empty() {
                    bytes.push(b'{');
                }
            }
            match parse(Path::new("x"), &bytes) {
                Ok(labels) => assert!(
                    labels
                        .iter()
                        .all(|label| label.faces.iter().all(|face| face.rect.area() > 0.0))
                ),
                Err(_) => refused += 1,
            }
        }
        assert!(refused > 1000, "{refused}");
    }
}
