//! The faces of a frame, and their readings.

use serde::{Deserialize, Serialize};

use super::attention::Attention;
use crate::emotion::{Emotion, Probabilities, Verdict};
use crate::vision::quality::{Darkness, Problem};
use crate::vision::{Landmarks, Rect};

/// One face of a frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FaceReading {
    /// The face's number, from 1, the same in every frame while it is followed; `None` in a
    /// photograph.
    #[serde(default)]
    pub track: Option<u32>,
    /// The face's box, as the detector found it.
    pub rect_in_frame: Rect,
    /// Score of the detector, 0 to 1.
    pub score: f32,
    /// Whether a person drew the box, because the detector had missed the face.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_added: bool,
    /// Eyes, nose and mouth, in pixels of the frame.
    pub landmarks: Landmarks,
    /// Calibrated probabilities of what the face looks like.
    pub probabilities: Probabilities,
    /// Probability of the likeliest expression below which no label is claimed.
    pub unsure_below: f32,
    /// Why the picture shows too little of the face to claim a label; for a face that is followed,
    /// judged over its last moments ([`judgment`](crate::vision::tracking::judgment)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    /// Where the network looked, if that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attention: Option<Attention>,
    /// Logits of the seven expressions, in label order; see
    /// [`HeadLogits::seven`](crate::spec::heads::HeadLogits::seven).
    pub logits: [f32; Emotion::COUNT],
    /// Its share of the time that crop and network took, in milliseconds.
    pub millis: f64,
}

impl FaceReading {
    /// Returns what is claimed: nothing where the picture shows too little of the face, or where no
    /// expression stands out.
    pub fn verdict(&self) -> Verdict {
        match self.problem {
            Some(_) => Verdict::Unsure,
            None => Verdict::at(&self.probabilities, self.unsure_below),
        }
    }

    /// Whether another probability, "other" included, comes within 0.1 of the likeliest expression's,
    /// which is then named with "perhaps".
    pub fn is_close(&self) -> bool {
        let (top, probability) = self.probabilities.top();
        let all = self.probabilities.as_array().iter().enumerate();
        all.filter(|(at, _)| *at != top.index())
            .any(|(_, other)| probability - other < CLOSE)
    }
}

/// Lead of the likeliest expression, as a difference of probabilities, below which another is close.
const CLOSE: f32 = 0.1;

/// All faces of a frame: of a photo from left to right, of a stream by number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// The faces, at most [`super::MAX_FACES`].
    pub faces: Vec<FaceReading>,
    /// Boxes that may hold a face and were not read, in pixels of a photograph, largest first: the
    /// detector is not sure of them, or the network's reading head calls what is in them no face.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub maybe: Vec<Rect>,
    /// Number of smaller faces that were not read.
    pub left_out: usize,
    /// Time that finding the faces took, in milliseconds.
    pub detect_millis: f64,
    /// Time that cropping and the network took, in milliseconds.
    pub network_millis: f64,
    /// Why no face could be found, if the frame is dark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub darkness: Option<Darkness>,
}

impl Analysis {
    /// Returns the faces with the numbers that people see: those of their tracks, or from 1 in a
    /// photograph.
    pub fn numbered(&self) -> impl Iterator<Item = (u32, &FaceReading)> {
        (1..)
            .zip(&self.faces)
            .map(|(place, face)| (face.track.unwrap_or(place), face))
    }

    /// Returns the face with this number, as in [`Analysis::numbered`].
    pub fn face(&self, number: u32) -> Option<&FaceReading> {
        self.numbered()
            .find(|(of, _)| *of == number)
            .map(|(_, face)| face)
    }
}
