//! Readings as the host page receives them: plain data with units.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::emotion::{Emotion, Probabilities, Verdict};
use crate::pipeline::{Analysis, FaceReading};
use crate::vision::Rect;
use crate::vision::quality::Problem;

/// The reading of a picture.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HostReading {
    /// The faces: of a stream in the order of their numbers, of a picture from left to right.
    pub faces: Vec<Face>,
    /// Width in pixels of the picture that was read.
    pub width: u32,
    /// Height in pixels of the picture that was read.
    pub height: u32,
    /// Time of a stream's frame, in seconds since the stream began; `None` for a picture.
    pub seconds: Option<f64>,
}

/// A face in a picture.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Face {
    /// Number of the face, from 1; in a stream it stays the same while the face is followed.
    pub number: u32,
    /// Box around the face, in pixels of the picture.
    #[serde(rename = "box")]
    pub place: FaceBox,
    /// The detector's confidence that this is a face, 0 to 1.
    pub score: f32,
    /// Whether the person drew the box, because the detector had missed the face.
    pub added: bool,
    /// The expression that it shows; `None` if unsure.
    pub expression: Option<Emotion>,
    /// Probability of each of the seven expressions and of `other`, none of them; they sum to 1.
    pub probabilities: BTreeMap<&'static str, f32>,
    /// Why the picture of the face is not good enough to name an expression; `None` if it is.
    pub problem: Option<Problem>,
}

/// A box in pixels of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FaceBox {
    /// Distance from the picture's left edge.
    pub x: f32,
    /// Distance from the picture's top edge.
    pub y: f32,
    /// Width of the box.
    pub width: f32,
    /// Height of the box.
    pub height: f32,
}

impl From<Rect> for FaceBox {
    fn from(rect: Rect) -> Self {
        Self {
            x: rect.x,
            y: rect.y,
            width: rect.width,
            height: rect.height,
        }
    }
}

impl HostReading {
    /// Converts what was read in a picture of this size.
    pub fn new(analysis: &Analysis, width: u32, height: u32, seconds: Option<f64>) -> Self {
        let faces = analysis.numbered();
        Self {
            faces: faces
                .map(|(number, face)| Face::new(number, face))
                .collect(),
            width,
            height,
            seconds,
        }
    }
}

impl Face {
    fn new(number: u32, face: &FaceReading) -> Self {
        let probabilities = Probabilities::names()
            .into_iter()
            .zip(*face.probabilities.as_array());
        Self {
            number,
            place: face.rect_in_frame.into(),
            score: face.score,
            added: face.is_added,
            expression: match face.verdict() {
                Verdict::LooksLike(emotion) => Some(emotion),
                Verdict::Unsure => None,
            },
            probabilities: probabilities.collect(),
            problem: face.problem,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::Landmarks;

    #[test]
    fn a_reading_is_plain_data_and_claims_nothing_when_unsure() {
        let mut logits = [0.0; Emotion::COUNT];
        logits[Emotion::Happy.index()] = 4.0;
        let happy = FaceReading {
            track: Some(3),
            rect_in_frame: Rect::new(1.0, 2.0, 30.0, 40.0),
            score: 0.75,
            is_added: false,
            landmarks: Landmarks {
                points: [[0.0; 2]; Landmarks::COUNT],
            },
            probabilities: Probabilities::from_logits(logits),
            unsure_below: 0.5,
            problem: None,
            attention: None,
            logits,
            millis: 1.0,
        };
        let dark = FaceReading {
            track: None,
            problem: Some(Problem::TooDark),
            ..happy.clone()
        };
        let analysis = Analysis {
            faces: vec![happy, dark],
            ..Analysis::default()
        };
        let reading = HostReading::new(&analysis, 640, 480, Some(1.5));
        let json = serde_json::to_value(&reading).unwrap();
        assert_eq!(json["seconds"], 1.5);
        assert_eq!(json["width"], 640);
        let faces = &json["faces"];
        assert_eq!(faces[0]["number"], 3);
        assert_eq!(faces[0]["expression"], "happy");
        assert_eq!(faces[0]["box"]["width"], 30.0);
        assert_eq!(faces[0]["problem"], serde_json::Value::Null);
        assert_eq!(faces[1]["number"], 2);
        assert_eq!(faces[1]["expression"], serde_json::Value::Null);
        assert_eq!(faces[1]["problem"], "too-dark");
        let sum: f32 = reading.faces[0].probabilities.values().sum();
        assert!((sum - 1.0).abs() < 1e-6);
        assert_eq!(reading.faces[0].probabilities.len(), 8);
    }
}
