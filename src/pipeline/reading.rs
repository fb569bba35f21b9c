//! What was found in a frame.

use serde::{Deserialize, Serialize};

use super::attention::Attention;
use crate::emotion::{Emotion, Probabilities, Verdict};
use crate::vision::quality::Problem;
use crate::vision::{Landmarks, Rect};

/// One face of a frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FaceReading {
    /// The face's number, from 1, the same in every frame while it is followed; `None` in a
    /// photograph.
    #[serde(default)]
    pub track: Option<u32>,
    /// Where the detector found it.
    pub rect_in_frame: Rect,
    /// How sure the detector is, 0 to 1.
    pub score: f32,
    /// Eyes, nose and mouth, in pixels of the frame.
    pub landmarks: Landmarks,
    /// What the face looks like, calibrated.
    pub probabilities: Probabilities,
    /// Below this probability of the likeliest expression no label is claimed.
    pub unsure_below: f32,
    /// Why the picture shows too little of the face to claim a label; of a face that is followed,
    /// what its last moments say together ([`judgment`](crate::vision::tracking::judgment)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    /// Where the network looked, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attention: Option<Attention>,
    /// What the network says of the seven, in label order; see
    /// [`HeadLogits::seven`](crate::spec::heads::HeadLogits::seven).
    pub logits: [f32; Emotion::COUNT],
    /// Its share of the time that crop and network took, in milliseconds.
    pub millis: f64,
}

impl FaceReading {
    /// What is claimed: nothing where the picture shows too little of the face, or where no
    /// expression stands out.
    pub fn verdict(&self) -> Verdict {
        match self.problem {
            Some(_) => Verdict::Unsure,
            None => Verdict::at(&self.probabilities, self.unsure_below),
        }
    }
}

/// All faces of a frame, the largest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// At most [`super::MAX_FACES`].
    pub faces: Vec<FaceReading>,
    /// How many smaller faces were not read.
    pub left_out: usize,
    /// What finding the faces took, in milliseconds.
    pub detect_millis: f64,
    /// What cropping and the network took, in milliseconds.
    pub network_millis: f64,
}

impl Analysis {
    /// The faces under the numbers that people see: those they are followed by, in a photograph
    /// from 1.
    pub fn numbered(&self) -> impl Iterator<Item = (u32, &FaceReading)> {
        (1..)
            .zip(&self.faces)
            .map(|(place, face)| (face.track.unwrap_or(place), face))
    }

    /// The face with this number.
    pub fn face(&self, number: u32) -> Option<&FaceReading> {
        self.numbered()
            .find(|(of, _)| *of == number)
            .map(|(_, face)| face)
    }
}
