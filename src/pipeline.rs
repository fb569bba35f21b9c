//! The façade: frame → faces with probabilities.

use serde::{Deserialize, Serialize};

use crate::emotion::{Emotion, Probabilities};
use crate::vision::Rect;

/// What was found in one frame.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Analysis {
    /// The faces, most certain first.
    pub faces: Vec<FaceReading>,
    /// Faces beyond the limit, found and not read.
    pub left_out: usize,
    /// Milliseconds of the search for faces.
    pub detect_millis: f64,
    /// Milliseconds of the network, all faces together.
    pub network_millis: f64,
}

/// One face of a frame.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FaceReading {
    /// Where the face is.
    pub rect_in_frame: Rect,
    /// The detector's score; larger is surer.
    pub score: f32,
    /// What the network said, before the softmax.
    pub logits: [f32; Emotion::COUNT],
    /// What the face looks like.
    pub probabilities: Probabilities,
    /// Milliseconds of the network for this face.
    pub millis: f64,
}
