//! Formats a [`ClassificationReport`] as a table of text.

use std::fmt;

use crate::emotion::Emotion;
use crate::evaluation::metrics::{ClassificationReport, Scores};

const LABEL_WIDTH: usize = 12;
const COLUMN_WIDTH: usize = 10;

impl fmt::Display for ClassificationReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:LABEL_WIDTH$}", "")?;
        for column in ["precision", "recall", "f1", "images"] {
            write!(f, "{column:>COLUMN_WIDTH$}")?;
        }
        writeln!(f)?;
        for emotion in Emotion::ALL {
            write_scores(f, emotion.label(), self.scores(emotion))?;
        }
        writeln!(f)?;
        write_scores(f, "macro", &self.macro_average)?;
        write_scores(f, "weighted", &self.weighted_average)?;
        let accuracy = self.accuracy;
        writeln!(
            f,
            "\naccuracy {:.2} % (95 % interval {:.2} to {:.2}), macro-F1 {:.4}, \
             cross-entropy {:.4}, calibration error {:.4}",
            accuracy.value * 100.0,
            accuracy.low * 100.0,
            accuracy.high * 100.0,
            self.macro_f1(),
            self.cross_entropy,
            self.calibration_error,
        )?;
        writeln!(f, "\nrows: true class, columns: predicted class")?;
        write!(f, "{:LABEL_WIDTH$}", "")?;
        for emotion in Emotion::ALL {
            write!(f, "{emotion:>COLUMN_WIDTH$}")?;
        }
        for emotion in Emotion::ALL {
            write!(f, "\n{emotion:>LABEL_WIDTH$}")?;
            for count in self.confusion[emotion.index()] {
                write!(f, "{count:>COLUMN_WIDTH$}")?;
            }
        }
        Ok(())
    }
}

fn write_scores(f: &mut fmt::Formatter<'_>, label: &str, scores: &Scores) -> fmt::Result {
    let Scores {
        precision,
        recall,
        f1,
        support,
    } = scores;
    write!(f, "{label:>LABEL_WIDTH$}")?;
    for score in [precision, recall, f1] {
        write!(f, "{score:>COLUMN_WIDTH$.4}")?;
    }
    writeln!(f, "{support:>COLUMN_WIDTH$}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emotion::Probabilities;

    #[test]
    fn the_table_reads_as_it_should() {
        let sure = |emotion: Emotion| {
            let mut logits = [0.0; Emotion::COUNT];
            logits[emotion.index()] = 100.0;
            Probabilities::from_logits(logits)
        };
        let predicted = [Emotion::Anger, Emotion::Happy, Emotion::Happy].map(sure);
        let targets = [Emotion::Anger, Emotion::Happy, Emotion::Sad];
        let text = ClassificationReport::new(&predicted, &targets)
            .unwrap()
            .to_string();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0],
            "             precision    recall        f1    images"
        );
        assert_eq!(
            lines[4],
            "       happy    0.5000    1.0000    0.6667         1"
        );
        assert_eq!(
            lines[5],
            "         sad    0.0000    0.0000    0.0000         1"
        );
        assert_eq!(
            lines[9],
            "       macro    0.2143    0.2857    0.2381         3"
        );
        assert!(lines[12].starts_with("accuracy 66.67 % (95 % interval 20.77 to 93.85)"));
        assert_eq!(
            lines[20],
            "         sad         0         0         0         1         0         0         0"
        );
        assert!(!text.contains("NaN"));
    }
}
