//! The façade: frame → faces with probabilities.

use serde::{Deserialize, Serialize};

use crate::emotion::Probabilities;
use crate::vision::Rect;

/// One face of a frame.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FaceReading {
    /// Where the face is.
    pub rect_in_frame: Rect,
    /// The detector's score; larger is surer.
    pub score: f32,
    /// What the face looks like.
    pub probabilities: Probabilities,
}
