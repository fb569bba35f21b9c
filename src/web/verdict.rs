//! Numbers and readings in the page's words.

pub use crate::emotion::Verdict;
use crate::pipeline::{Analysis, FaceReading};

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
pub fn summary(analysis: &Analysis) -> String {
    let left_out = analysis.left_out;
    let said: Vec<String> = match analysis.faces.as_slice() {
        [] => return "No face found.".to_owned(),
        [only] => vec![sentence("The face", only)],
        _ => analysis
            .numbered()
            .map(|(number, face)| sentence(&format!("Face {number}"), face))
            .collect(),
    };
    let mut text = said.join(" ");
    if left_out > 0 {
        text.push_str(&format!(" {left_out} more were left out."));
    }
    text
}

fn sentence(subject: &str, face: &FaceReading) -> String {
    let verdict = face.verdict();
    match verdict {
        Verdict::LooksLike(_) => format!("{subject} {verdict}."),
        Verdict::Unsure => format!("{subject}: {verdict}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emotion::{Emotion, Probabilities, UNSURE_BELOW};
    use crate::vision::{Landmarks, Rect};

    /// `share` for happy, the rest spread over the other six.
    fn happy(share: f32) -> Probabilities {
        let other = ((1.0 - share) / 6.0).ln();
        let mut logits = [other; Emotion::COUNT];
        logits[Emotion::Happy.index()] = share.ln();
        Probabilities::from_logits(logits)
    }

    fn face(track: Option<u32>, share: f32) -> FaceReading {
        FaceReading {
            track,
            rect_in_frame: Rect::new(0.0, 0.0, 9.0, 9.0),
            score: 1.0,
            landmarks: Landmarks {
                points: [[0.0; 2]; Landmarks::COUNT],
            },
            probabilities: happy(share),
            unsure_below: UNSURE_BELOW,
            problem: None,
            attention: None,
            logits: [0.0; Emotion::COUNT],
            millis: 1.0,
        }
    }

    #[test]
    fn the_summary_names_every_face() {
        let summary = |faces: Vec<FaceReading>, left_out| {
            summary(&Analysis {
                faces,
                left_out,
                ..Analysis::default()
            })
        };
        assert_eq!(summary(vec![], 0), "No face found.");
        assert_eq!(
            summary(vec![face(Some(4), 0.9)], 0),
            "The face looks happy."
        );
        assert_eq!(
            summary(vec![face(None, 0.9), face(None, 0.2)], 3),
            "Face 1 looks happy. Face 2: unsure. 3 more were left out."
        );
        assert_eq!(
            summary(vec![face(Some(2), 0.9), face(Some(5), 0.2)], 0),
            "Face 2 looks happy. Face 5: unsure."
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
