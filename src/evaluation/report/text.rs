//! The report as text for a terminal.

use super::rows::{
    self, FER_PLUS, FER_PLUS_NOTE, FIGURES, GROUPS, GROUPS_NOTE, READING, READING_NOTE, ROBUSTNESS,
    ROBUSTNESS_NOTE, headline, legend,
};
use super::{EvaluationReport, RunReport, SeedSummary};

const WIDTH: usize = 100;

/// Formats the report as text, without a final line end.
pub fn text(report: &EvaluationReport) -> String {
    let mut parts: Vec<String> = report.runs.iter().map(run_text).collect();
    parts.extend(report.over_runs.as_ref().map(summary_text));
    parts.join("\n\n\n")
}

fn run_text(run: &RunReport) -> String {
    let mut parts = vec![headline(run)];
    for views in rows::views(run) {
        parts.push(table(views.name(), &FIGURES, &rows::figures(run, views)));
    }
    parts.push(wrapped_list(&legend(run)));
    if !run.reading.is_empty() {
        parts.push(table("reading", &READING, &rows::reading(run)));
        parts.push(wrapped(READING_NOTE, ""));
    }
    if !run.groups.is_empty() {
        parts.push(table("groups", &GROUPS, &rows::groups(run)));
        parts.push(wrapped(GROUPS_NOTE, ""));
    }
    if !run.robustness.is_empty() {
        let rows = rows::robustness(run);
        parts.push(table("robustness", &ROBUSTNESS, &rows));
        parts.push(wrapped(ROBUSTNESS_NOTE, ""));
    }
    let mut voted = false;
    for views in rows::views(run) {
        let rows = rows::fer_plus(run, views);
        if !rows.is_empty() {
            voted = true;
            parts.push(table(&format!("FER+, {}", views.name()), &FER_PLUS, &rows));
        }
    }
    if voted {
        parts.push(wrapped(FER_PLUS_NOTE, ""));
    }
    if let Some(set) = run.sets.first()
        && let Some(single) = set.single()
    {
        parts.push(format!(
            "{}, single crop\n\n{}",
            rows::marked(set),
            single.report
        ));
    }
    parts.join("\n\n")
}

fn summary_text(summary: &SeedSummary) -> String {
    let title = format!("mean ± standard deviation over {} runs", summary.runs);
    let mut text = table(&title, &rows::SEEDS, &rows::seeds(summary));
    if let Some(caveat) = &summary.caveat {
        text += "\n\n";
        text += &wrapped(&format!("Caution: {caveat}."), "");
    }
    text
}

/// Formats a table with columns as wide as their widest field, the first aligned left, the others
/// right. `title` replaces the first head.
pub(in crate::evaluation) fn table(
    title: &str,
    head: &[impl AsRef<str>],
    rows: &[impl AsRef<[String]>],
) -> String {
    let names = head.iter().skip(1).map(AsRef::as_ref);
    let head: Vec<&str> = [title].into_iter().chain(names).collect();
    let rows = rows
        .iter()
        .map(|row| row.as_ref().iter().map(String::as_str).collect());
    let lines: Vec<Vec<&str>> = [head].into_iter().chain(rows).collect();
    let width = |column: usize| {
        let fields = lines.iter().filter_map(|line| line.get(column));
        fields.map(|field| field.chars().count()).max()
    };
    let widths: Vec<usize> = (0..).map_while(width).collect();
    let padded = lines.iter().map(|line| {
        let fields = line.iter().zip(&widths).enumerate();
        let padded = fields.map(|(column, (field, width))| match column {
            0 => format!("{field:<width$}"),
            _ => format!("{field:>width$}"),
        });
        let padded: Vec<String> = padded.collect();
        padded.join("  ").trim_end().to_owned()
    });
    padded.collect::<Vec<_>>().join("\n")
}

pub(in crate::evaluation) fn wrapped_list(lines: &[String]) -> String {
    let lines = lines.iter().map(|line| wrapped(line, "  "));
    lines.collect::<Vec<_>>().join("\n")
}

/// Breaks a text between words into lines of at most [`WIDTH`] characters, or of one longer word.
/// All lines but the first are indented by `indent`.
pub(in crate::evaluation) fn wrapped(text: &str, indent: &str) -> String {
    let mut lines: Vec<String> = vec![];
    let mut line = String::new();
    for word in text.split_whitespace() {
        let length = line.chars().count() + 1 + word.chars().count();
        if length > WIDTH && !line.trim().is_empty() {
            lines.push(std::mem::replace(&mut line, indent.into()));
        }
        if !line.trim().is_empty() {
            line.push(' ');
        }
        line += word;
    }
    lines.push(line);
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::tests::run;
    use super::*;

    #[test]
    fn every_figure_of_a_set_that_selected_is_marked() {
        let text = text(&EvaluationReport::new(vec![run(1, 3), run(2, 1)]));
        let figures = text.lines().filter(|line| line.starts_with("PublicTest"));
        let mut count = 0;
        for line in figures {
            count += 1;
            assert!(line.starts_with("PublicTest *"), "{line}");
        }
        assert!(count >= 9, "{text}");
        assert!(text.contains("PublicTest *: SELECTED ON"), "{text}");
        assert!(!text.contains("PrivateTest *"), "{text}");
    }

    #[test]
    fn the_tables_read_as_they_should() {
        let text = text(&EvaluationReport::new(vec![run(7, 3), run(8, 1)]));
        for line in [
            "runs/seed-7: moue, 96 px, seed 7, epoch 3 of 4 selected",
            "single crop   images  accuracy   95 % interval  macro-F1  cross-entropy  calibration error",
            "PrivateTest        4   75.00 %  30.06 to 95.44    0.2857         1.0114             0.0200",
            "single crop  50.00 % ± 35.36  0.1905 ± 0.1347",
        ] {
            assert!(text.contains(line), "{text}");
        }
        assert!(
            text.lines().all(|line| line.chars().count() <= 115),
            "{text}"
        );
    }

    #[test]
    fn words_wrap_and_are_never_lost() {
        let words = "word ".repeat(60);
        let text = wrapped(&words, "  ");
        assert!(text.lines().count() == 4 && text.lines().all(|line| line.len() <= WIDTH));
        assert_eq!(text.split_whitespace().count(), 60);
        assert_eq!(wrapped("", ""), "");
    }
}
