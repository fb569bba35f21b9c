//! The messages for readings.

use super::message::{Message, Value};
pub use crate::emotion::Verdict;
use crate::emotion::{Emotion, Probabilities};
use crate::pipeline::{Analysis, FaceReading};

/// Returns the key of the message about a face: "looks happy", "unsure".
pub fn key(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::LooksLike(Emotion::Anger) => "verdict-anger",
        Verdict::LooksLike(Emotion::Disgust) => "verdict-disgust",
        Verdict::LooksLike(Emotion::Fear) => "verdict-fear",
        Verdict::LooksLike(Emotion::Happy) => "verdict-happy",
        Verdict::LooksLike(Emotion::Sad) => "verdict-sad",
        Verdict::LooksLike(Emotion::Surprise) => "verdict-surprise",
        Verdict::LooksLike(Emotion::Neutral) => "verdict-neutral",
        Verdict::Unsure => "verdict-unsure",
    }
}

/// Returns the key of an expression's name.
pub fn name_key(emotion: Emotion) -> &'static str {
    match emotion {
        Emotion::Anger => "emotion-anger",
        Emotion::Disgust => "emotion-disgust",
        Emotion::Fear => "emotion-fear",
        Emotion::Happy => "emotion-happy",
        Emotion::Sad => "emotion-sad",
        Emotion::Surprise => "emotion-surprise",
        Emotion::Neutral => "emotion-neutral",
    }
}

/// Returns the names of all probabilities in their order: each as a name for programs and a key of
/// the name for people.
pub fn probability_names() -> [(&'static str, &'static str); Probabilities::COUNT] {
    let names = Probabilities::names();
    let key = |at| Emotion::from_index(at).map_or("emotion-other", name_key);
    std::array::from_fn(|at| (names[at], key(at)))
}

/// Returns the sentences that a screen reader announces about a picture: one for each face, and one
/// about the number of faces left out, if any.
pub fn summary(analysis: &Analysis) -> Vec<Message> {
    let mut said: Vec<Message> = match analysis.faces.as_slice() {
        [] => vec![Message::new("said-no-face")],
        [only] => vec![sentence(None, only)],
        _ => analysis
            .numbered()
            .map(|(number, face)| sentence(Some(number), face))
            .collect(),
    };
    if analysis.left_out > 0 {
        said.push(Message::new("said-left-out").with("count", analysis.left_out));
    }
    if !analysis.maybe.is_empty() {
        said.push(Message::new("said-maybe").with("count", analysis.maybe.len()));
    }
    said
}

/// Returns what is said of a face: "looks happy", "looks happy, perhaps", "unsure", or what the
/// picture lacks.
pub fn phrase(face: &FaceReading) -> Message {
    let verdict = face.verdict();
    match (face.problem, verdict) {
        (Some(problem), _) => Message::new(format!("quality-{}", problem.name())),
        (None, Verdict::LooksLike(_)) if face.is_close() => {
            Message::new("verdict-perhaps").with("verdict", Value::Message(key(verdict)))
        }
        (None, _) => Message::new(key(verdict)),
    }
}

fn sentence(number: Option<u32>, face: &FaceReading) -> Message {
    let verdict = face.verdict();
    let message = match (number, verdict) {
        (None, Verdict::LooksLike(_)) if face.is_close() => Message::new("said-face-perhaps"),
        (None, Verdict::LooksLike(_)) => Message::new("said-face"),
        (None, Verdict::Unsure) => return Message::new("said-face-unsure"),
        (Some(_), Verdict::LooksLike(_)) if face.is_close() => {
            Message::new("said-face-number-perhaps")
        }
        (Some(_), Verdict::LooksLike(_)) => Message::new("said-face-number"),
        (Some(_), Verdict::Unsure) => Message::new("said-face-number-unsure"),
    };
    let message = match number {
        Some(number) => message.with("number", number),
        None => message,
    };
    match verdict {
        Verdict::LooksLike(_) => message.with("verdict", Value::Message(key(verdict))),
        Verdict::Unsure => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emotion::UNSURE_BELOW;
    use crate::page::words::Language;
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
            is_added: false,
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
            let analysis = Analysis {
                faces,
                left_out,
                ..Analysis::default()
            };
            let said = summary(&analysis);
            let said: Vec<_> = said.iter().map(|it| it.text(Language::English)).collect();
            said.join(" ")
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
        let mut close = face(None, 0.9);
        close.probabilities =
            Probabilities::normalized([0.0, 0.0, 0.44, 0.5, 0.0, 0.0, 0.0, 0.06]).unwrap();
        assert_eq!(
            phrase(&close).text(Language::English),
            "looks happy, perhaps"
        );
        assert_eq!(summary(vec![close], 0), "The face looks happy, perhaps.");
        assert_eq!(
            summary(vec![face(Some(2), 0.9), face(Some(5), 0.2)], 0),
            "Face 2 looks happy. Face 5: unsure."
        );
    }

    #[test]
    fn every_expression_has_its_words_in_every_language() {
        for language in Language::ALL {
            let text = |key| Message::new(key).text(language);
            for emotion in Emotion::ALL {
                let looks = key(Verdict::LooksLike(emotion));
                assert_ne!(text(looks), looks);
                assert_ne!(text(name_key(emotion)), name_key(emotion));
            }
            assert_ne!(text(key(Verdict::Unsure)), key(Verdict::Unsure));
        }
    }
}
