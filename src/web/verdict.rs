//! How a reading is put into words: what a face looks like, and "unsure" when nothing stands out.

use crate::emotion::{Emotion, Probabilities};

/// Below this probability of the likeliest expression a reading says "unsure".
///
/// Chance is 1/7. Below 0.45 the rest together holds more than the likeliest with room to spare, so
/// naming it would be wrong more often than right.
pub const UNSURE_BELOW: f32 = 0.45;

/// A reading in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// One expression stands out.
    LooksLike(Emotion),
    /// None does.
    Unsure,
}

impl Verdict {
    /// Judges a reading.
    pub fn of(probabilities: &Probabilities) -> Self {
        let (emotion, probability) = probabilities.top();
        if probability < UNSURE_BELOW {
            Self::Unsure
        } else {
            Self::LooksLike(emotion)
        }
    }

    /// As said about a face: "looks happy", "unsure".
    pub fn phrase(self) -> String {
        match self {
            Self::LooksLike(emotion) => format!("looks {}", adjective(emotion)),
            Self::Unsure => "unsure".to_owned(),
        }
    }
}

/// The word that fits after "looks".
pub fn adjective(emotion: Emotion) -> &'static str {
    match emotion {
        Emotion::Anger => "angry",
        Emotion::Disgust => "disgusted",
        Emotion::Fear => "afraid",
        Emotion::Happy => "happy",
        Emotion::Sad => "sad",
        Emotion::Surprise => "surprised",
        Emotion::Neutral => "neutral",
    }
}

/// A probability in percent with one decimal: "97.3%".
pub fn percent(probability: f32) -> String {
    format!("{:.1}%", 100.0 * probability)
}

/// A duration: "8 ms", "0.7 ms", "1.2 s".
pub fn duration(millis: f64) -> String {
    if millis >= 1000.0 {
        format!("{:.1} s", millis / 1000.0)
    } else if millis >= 10.0 {
        format!("{millis:.0} ms")
    } else {
        format!("{millis:.1} ms")
    }
}

/// The one sentence that a screen reader hears when a picture was read.
pub fn summary(readings: &[Probabilities], left_out: usize) -> String {
    let said: Vec<String> = match readings {
        [] => return "No face found.".to_owned(),
        [only] => vec![sentence("The face", only)],
        many => many
            .iter()
            .enumerate()
            .map(|(index, reading)| sentence(&format!("Face {}", index + 1), reading))
            .collect(),
    };
    let mut text = said.join(" ");
    if left_out > 0 {
        text.push_str(&format!(" {left_out} more were left out."));
    }
    text
}

fn sentence(subject: &str, reading: &Probabilities) -> String {
    match Verdict::of(reading) {
        Verdict::LooksLike(emotion) => format!("{subject} looks {}.", adjective(emotion)),
        Verdict::Unsure => format!("{subject}: unsure."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `share` for happy, the rest spread over the other six.
    fn happy(share: f32) -> Probabilities {
        let other = ((1.0 - share) / 6.0).ln();
        let mut logits = [other; Emotion::COUNT];
        logits[Emotion::Happy.index()] = share.ln();
        Probabilities::from_logits(logits)
    }

    #[test]
    fn unsure_below_the_threshold_and_named_above() {
        assert_eq!(Verdict::of(&happy(0.44)), Verdict::Unsure);
        assert_eq!(
            Verdict::of(&happy(0.46)),
            Verdict::LooksLike(Emotion::Happy)
        );
        assert_eq!(Verdict::of(&happy(0.46)).phrase(), "looks happy");
        assert_eq!(Verdict::of(&happy(1.0 / 7.0)).phrase(), "unsure");
    }

    #[test]
    fn the_summary_names_every_face() {
        assert_eq!(summary(&[], 0), "No face found.");
        assert_eq!(summary(&[happy(0.9)], 0), "The face looks happy.");
        let two = summary(&[happy(0.9), happy(0.2)], 3);
        assert_eq!(
            two,
            "Face 1 looks happy. Face 2: unsure. 3 more were left out."
        );
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(percent(0.973_4), "97.3%");
        assert_eq!(duration(0.66), "0.7 ms");
        assert_eq!(duration(23.4), "23 ms");
        assert_eq!(duration(1234.0), "1.2 s");
    }
}
