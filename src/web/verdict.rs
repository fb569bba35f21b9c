//! Numbers and readings in the page's words.

use crate::emotion::Probabilities;
pub use crate::emotion::Verdict;

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
    let verdict = Verdict::of(reading);
    match verdict {
        Verdict::LooksLike(_) => format!("{subject} {verdict}."),
        Verdict::Unsure => format!("{subject}: {verdict}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emotion::Emotion;

    /// `share` for happy, the rest spread over the other six.
    fn happy(share: f32) -> Probabilities {
        let other = ((1.0 - share) / 6.0).ln();
        let mut logits = [other; Emotion::COUNT];
        logits[Emotion::Happy.index()] = share.ln();
        Probabilities::from_logits(logits)
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
