//! The report as a Markdown document, with the plots beside it.

use super::rows::{
    FER_PLUS, FER_PLUS_NOTE, FIGURES, GROUPS, GROUPS_NOTE, READING, READING_NOTE, ROBUSTNESS,
    ROBUSTNESS_NOTE, headline, legend,
};
use super::{EvaluationReport, RunReport, SeedSummary, SetReport, rows};
use crate::emotion::Emotion;
use crate::evaluation::metrics::Scores;

const PROTOCOL: &str = "\
Protocol: learn from Training, select the epoch on PublicTest, report PrivateTest. A single crop \
and test-time augmentation stand apart. `*` marks figures on images that selected the epoch, which \
are too high; `†` those on images that were learned from.";

/// Formats the report as Markdown. `pictures` has the titles of each run's plots and their paths,
/// relative to the document.
pub fn markdown(report: &EvaluationReport, pictures: &[Vec<(String, String)>]) -> String {
    let mut parts = vec!["# Evaluation".to_owned(), PROTOCOL.into()];
    parts.extend(report.over_runs.as_ref().map(summary));
    for (index, run) in report.runs.iter().enumerate() {
        let pictures = pictures.get(index).map_or(&[][..], Vec::as_slice);
        parts.extend(run_parts(run, pictures));
    }
    parts.push(format!("Measured with moue {}.", report.moue));
    parts.join("\n\n") + "\n"
}

fn run_parts(run: &RunReport, pictures: &[(String, String)]) -> Vec<String> {
    let mut parts = vec![format!("## {}", headline(run))];
    for views in rows::views(run) {
        parts.push(format!("### {}", capitalized(views.name())));
        parts.push(table(&FIGURES, &rows::figures(run, views)));
    }
    let lines = legend(run);
    let lines = lines.iter().map(|line| format!("- {line}"));
    parts.push(lines.collect::<Vec<_>>().join("\n"));
    if !run.reading.is_empty() {
        parts.push("### Reading".into());
        parts.push(table(&READING, &rows::reading(run)));
        parts.push(READING_NOTE.into());
    }
    if !run.groups.is_empty() {
        parts.push("### Groups of people".into());
        parts.push(table(&GROUPS, &rows::groups(run)));
        parts.push(GROUPS_NOTE.into());
    }
    if !run.robustness.is_empty() {
        parts.push("### Robustness".into());
        parts.push(table(&ROBUSTNESS, &rows::robustness(run)));
        parts.push(ROBUSTNESS_NOTE.into());
    }
    let mut voted = false;
    for views in rows::views(run) {
        let rows = rows::fer_plus(run, views);
        if !rows.is_empty() {
            voted = true;
            parts.push(format!("### FER+, {}", views.name()));
            parts.push(table(&FER_PLUS, &rows));
        }
    }
    if voted {
        parts.push(FER_PLUS_NOTE.into());
    }
    for (title, path) in pictures {
        parts.push(format!("![{title}]({path})"));
    }
    for (index, set) in run.sets.iter().enumerate() {
        parts.extend(class_parts(set, index == 0));
    }
    parts
}

/// Formats the scores and the confusion matrix of a set, collapsed unless `open`.
fn class_parts(set: &SetReport, open: bool) -> Option<String> {
    let report = &set.single()?.report;
    let title = format!("{}, class by class (single crop)", rows::marked(set));
    let row = |name: &str, scores: &Scores| {
        [
            name.to_owned(),
            format!("{:.4}", scores.precision),
            format!("{:.4}", scores.recall),
            format!("{:.4}", scores.f1),
            scores.support.to_string(),
        ]
    };
    let mut scores: Vec<_> = Emotion::ALL
        .map(|emotion| row(emotion.label(), report.scores(emotion)))
        .into();
    scores.push(row("macro", &report.macro_average));
    scores.push(row("weighted", &report.weighted_average));
    let scores = table(&["class", "precision", "recall", "F1", "images"], &scores);
    let mut head = [""; Emotion::COUNT + 1];
    head[0] = "true \\ predicted";
    for (slot, emotion) in head[1..].iter_mut().zip(Emotion::ALL) {
        *slot = emotion.label();
    }
    let counts = Emotion::ALL.map(|emotion| {
        let mut fields = [const { String::new() }; Emotion::COUNT + 1];
        fields[0] = emotion.label().into();
        let row = report.confusion[emotion.index()];
        for (slot, count) in fields[1..].iter_mut().zip(row) {
            *slot = count.to_string();
        }
        fields
    });
    let counts = table(&head, &counts);
    Some(if open {
        format!("### {title}\n\n{scores}\n\n{counts}")
    } else {
        format!("<details><summary>{title}</summary>\n\n{scores}\n\n{counts}\n\n</details>")
    })
}

fn summary(summary: &SeedSummary) -> String {
    let table = table(&rows::SEEDS, &rows::seeds(summary));
    let caveat = match &summary.caveat {
        Some(caveat) => format!("\n\n**Caution:** {caveat}."),
        None => String::new(),
    };
    let runs = summary.runs;
    format!("## Mean ± standard deviation over {runs} runs\n\n{table}{caveat}")
}

pub(in crate::evaluation) fn table(
    head: &[impl AsRef<str>],
    rows: &[impl AsRef<[String]>],
) -> String {
    let line = |fields: Vec<String>| format!("| {} |", fields.join(" | "));
    let rule = |column: usize| if column == 0 { "---" } else { "---:" }.to_owned();
    let mut lines = vec![
        line(head.iter().map(|name| escaped(name.as_ref())).collect()),
        line((0..head.len()).map(rule).collect()),
    ];
    let fields = rows
        .iter()
        .map(|row| row.as_ref().iter().map(|field| escaped(field)).collect());
    lines.extend(fields.map(line));
    lines.join("\n")
}

/// Escapes characters that would end a field or start emphasis.
pub(in crate::evaluation) fn escaped(field: &str) -> String {
    field
        .replace('\\', "\\\\")
        .replace('|', "\\|")
        .replace('*', "\\*")
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::super::tests::run;
    use super::*;

    #[test]
    fn tables_are_whole_and_marks_are_kept() {
        let report = EvaluationReport::new(vec![run(1, 3), run(2, 1)]);
        let picture = ("Confusion matrix".into(), "confusion.svg".into());
        let text = markdown(&report, &[vec![picture], vec![]]);
        for part in [
            "## Mean ± standard deviation over 2 runs",
            "| PrivateTest | single crop | 50.00 % ± 35.36 | 0.1905 ± 0.1347 |",
            "## runs/seed-1: moue, 96 px, seed 1, epoch 3 of 4 selected",
            "| PublicTest \\* | 4 | 75.00 % | 30.06 to 95.44 |",
            "- PublicTest *: SELECTED ON.",
            "### FER+, single crop",
            "![Confusion matrix](confusion.svg)",
            "<details><summary>PublicTest *, class by class (single crop)</summary>",
            "| true \\\\ predicted | anger |",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        let columns = |line: &str| line.replace("\\|", "").matches('|').count();
        let lines: Vec<&str> = text.lines().collect();
        for pair in lines
            .windows(2)
            .filter(|pair| pair.iter().all(|line| line.starts_with('|')))
        {
            assert_eq!(columns(pair[0]), columns(pair[1]), "{pair:?}");
        }
    }
}
