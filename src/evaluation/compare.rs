//! Compares networks in one table, like the paper's Table I with further columns.

use std::fmt::Write as _;
use std::time::Instant;

use serde::Serialize;
use thiserror::Error;

use super::evaluate::{EvaluateError, Predictor, predict};
use super::metrics::{ClassificationReport, MetricsError};
use super::plots;
use super::report::{markdown, text};
use crate::data::FerItem;
use crate::emotion::Emotion;
use crate::spec::InputSpec;
use crate::spec::cost::Cost;
use crate::vision::FaceCrop;

/// Number of untimed forward passes: the first ones allocate and compile.
const WARM_UP: usize = 3;

/// Number of timed forward passes.
const TIMED: usize = 15;

/// Error of measuring a network.
#[derive(Debug, Error)]
pub enum CompareError {
    /// The forward pass failed.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// The metrics could not be computed.
    #[error(transparent)]
    Metrics(#[from] MetricsError),
}

/// Accuracy of a network on one split.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    /// Name of the split.
    pub split: String,
    /// Number of images.
    pub images: usize,
    /// Accuracy, 0 to 1.
    pub accuracy: f64,
    /// The 95 % interval of the accuracy: its lower and upper end.
    pub interval: [f64; 2],
    /// Mean F1 of the seven classes, 0 to 1.
    pub macro_f1: f64,
}

/// Measurements of one network.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Name in the table.
    pub name: String,
    /// Side of the network's input in pixels.
    pub input_size: usize,
    /// Score on the test split; `None` if the network is untrained or there is no data.
    pub private_test: Option<Score>,
    /// Score on the validation split, which selected the epoch; `None` as above.
    pub public_test: Option<Score>,
    /// Number of parameters and multiply-accumulates.
    #[serde(flatten)]
    pub cost: Cost,
    /// Size of the 8-bit weights file in bytes.
    pub int8_bytes: usize,
    /// Time for one face in milliseconds; see [`latency_ms`].
    pub latency_ms: f64,
}

/// Measures a network on the images of a split; `None` if the split is empty.
///
/// # Errors
/// A [`CompareError`] if the engine fails or the metrics cannot be computed.
pub fn score(
    predictor: &mut Predictor<'_>,
    (split, items): (&str, &[FerItem]),
    on_progress: &mut dyn FnMut(usize, usize),
) -> Result<Option<Score>, CompareError> {
    if items.is_empty() {
        return Ok(None);
    }
    let predicted = predict(predictor, items, on_progress)?;
    let targets: Vec<Emotion> = items.iter().map(|item| item.emotion).collect();
    let report = ClassificationReport::new(&predicted, &targets)?;
    Ok(Some(Score {
        split: split.into(),
        images: items.len(),
        accuracy: report.accuracy.value,
        interval: [report.accuracy.low, report.accuracy.high],
        macro_f1: report.macro_f1(),
    }))
}

/// Returns the median time of a forward pass with one face in milliseconds, from the crop to the
/// logits on the host, after a warm-up. It depends on the machine and its load.
///
/// # Errors
/// [`CompareError::Evaluate`] if the engine fails.
pub fn latency_ms(predictor: &mut Predictor<'_>, input: &InputSpec) -> Result<f64, CompareError> {
    let crop = FaceCrop::new(std::array::from_fn(|at| (at % 251) as u8));
    let mut times = Vec::with_capacity(TIMED);
    for pass in 0..WARM_UP + TIMED {
        let started = Instant::now();
        predictor.logits(input.planes(std::slice::from_ref(&crop)))?;
        if pass >= WARM_UP {
            times.push(started.elapsed().as_secs_f64() * 1e3);
        }
    }
    times.sort_by(f64::total_cmp);
    Ok(times[TIMED / 2])
}

/// A table of text: a header, rows with the same number of cells, and notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
}

impl Table {
    /// Creates the table of `rows`, without empty columns. With `is_ablation`, it has a column with
    /// the difference of each row's validation accuracy from the first row's.
    pub fn new(rows: &[Row], is_ablation: bool) -> Self {
        let mut header = vec!["network".to_owned()];
        let mut cells: Vec<Vec<String>> = rows.iter().map(|row| vec![row.name.clone()]).collect();
        let mut notes = vec![];
        let mut column = |title: &str, cell: &dyn Fn(&Row) -> String| {
            header.push(title.into());
            for (cells, row) in cells.iter_mut().zip(rows) {
                cells.push(cell(row));
            }
        };
        let percent = |value: f64| format!("{:.2} %", value * 100.0);
        let or_dash = |cell: Option<String>| cell.unwrap_or_else(|| "–".into());
        let mut columns_of = |scores: fn(&Row) -> &Option<Score>, caveat: &str| {
            let Some(known) = rows.iter().find_map(|row| scores(row).as_ref()) else {
                return;
            };
            let mark = if caveat.is_empty() { "" } else { "*" };
            column(&format!("{}{mark}", known.split), &|row| {
                or_dash(scores(row).as_ref().map(|score| {
                    let half = (score.interval[1] - score.interval[0]) * 50.0;
                    format!("{} ± {half:.1}", percent(score.accuracy))
                }))
            });
            column(&format!("macro-F1{mark}"), &|row| {
                or_dash(
                    scores(row)
                        .as_ref()
                        .map(|score| format!("{:.3}", score.macro_f1)),
                )
            });
            if !caveat.is_empty() {
                notes.push(format!("* {}: {caveat}", known.split));
            }
        };
        columns_of(|row| &row.private_test, "");
        columns_of(
            |row| &row.public_test,
            "each network's epoch was selected on these images",
        );
        if is_ablation {
            let first = rows.first().and_then(|row| row.public_test.as_ref());
            column("difference*", &|row| {
                or_dash(row.public_test.as_ref().zip(first).map(|(score, first)| {
                    format!("{:+.2}", (score.accuracy - first.accuracy) * 100.0)
                }))
            });
            notes.push(
                "one seed each and few epochs: a difference inside the ± may be chance; it is \
                 taken where choosing is allowed, so that the other split stays unseen"
                    .into(),
            );
        }
        column("input", &|row| format!("{} px", row.input_size));
        column("parameters", &|row| plots::grouped(row.cost.parameters));
        column("MACs", &|row| {
            format!("{:.1} M", row.cost.macs as f64 / 1e6)
        });
        column("int8 bytes", &|row| plots::grouped(row.int8_bytes as u64));
        column("latency", &|row| format!("{:.1} ms", row.latency_ms));
        let is_scored = |row: &Row| row.private_test.is_some() || row.public_test.is_some();
        if rows.iter().any(is_scored) {
            notes.push("± half the 95 % interval".into());
        }
        notes.push(format!(
            "latency: one face, median of {TIMED} forward passes after \
             {WARM_UP} for warming up, of this machine as busy as it was"
        ));
        Self {
            header,
            rows: cells,
            notes,
        }
    }

    /// Formats the table and its notes as Markdown, with a line end.
    pub fn markdown(&self) -> String {
        let mut text = markdown::table(&self.header, &self.rows) + "\n";
        for note in &self.notes {
            write!(text, "\n{}.\n", markdown::escaped(note)).ok();
        }
        text
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let title = self.header.first().map_or("", String::as_str);
        writeln!(f, "{}", text::table(title, &self.header, &self.rows))?;
        for note in &self.notes {
            write!(f, "\n{note}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(split: &str, accuracy: f64) -> Option<Score> {
        Some(Score {
            split: split.into(),
            images: 100,
            accuracy,
            interval: [accuracy - 0.02, accuracy + 0.02],
            macro_f1: accuracy - 0.1,
        })
    }

    fn row(name: &str, accuracy: Option<f64>) -> Row {
        Row {
            name: name.into(),
            input_size: 96,
            private_test: accuracy.and_then(|accuracy| score("PrivateTest", accuracy)),
            public_test: accuracy.and_then(|accuracy| score("PublicTest", accuracy - 0.01)),
            cost: Cost {
                parameters: 4_016_108,
                macs: 73_456_789,
            },
            int8_bytes: 999,
            latency_ms: 12.34,
        }
    }

    #[test]
    fn untrained_networks_have_size_columns_only() {
        let text = Table::new(&[row("a", None), row("a longer name", None)], false).to_string();
        let mut lines = text.lines();
        assert_eq!(
            lines.next(),
            Some("network        input  parameters    MACs  int8 bytes  latency")
        );
        assert_eq!(
            lines.next(),
            Some("a              96 px   4,016,108  73.5 M         999  12.3 ms")
        );
    }

    #[test]
    fn what_selected_is_marked_and_the_difference_is_taken_there() {
        let rows = [row("a", Some(0.5)), row("b|c", Some(0.525)), row("d", None)];
        let markdown = Table::new(&rows, true).markdown();
        let lines: Vec<&str> = markdown.lines().collect();
        assert!(lines[0].starts_with(
            "| network | PrivateTest | macro-F1 | PublicTest\\* | macro-F1\\* | difference\\* | input |"
        ));
        assert!(
            lines[3].starts_with(
                "| b\\|c | 52.50 % ± 2.0 | 0.425 | 51.50 % ± 2.0 | 0.415 | +2.50 | 96 px |"
            ),
            "{}",
            lines[3]
        );
        assert!(lines[4].starts_with("| d | – | – | – | – | – | 96 px |"));
        assert!(markdown.contains("epoch was selected on these images"));
    }
}
