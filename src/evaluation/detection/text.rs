//! The comparison of detectors as text for a terminal and as a Markdown document.

use super::calibration::TRUSTED;
use super::figures::{OperatingPoint, Recall};
use super::points::PointErrors;
use super::report::{DetectionReport, DetectorReport, PICTURE};
use super::sizes::{HEADLINE, SIZE_GROUPS};
use crate::evaluation::metrics::wilson_interval;
use crate::evaluation::report::markdown::{escaped, table as markdown_table};
use crate::evaluation::report::text::{table, wrapped, wrapped_list};

const COLUMNS: usize = SIZE_GROUPS.len() + 7;
const NONE: &str = "–";

/// Returns the column heads of the table: the size groups and the other metrics.
fn heads() -> [&'static str; COLUMNS] {
    let sizes = SIZE_GROUPS.map(|group| group.name);
    let [a, b, c, d, e] = sizes;
    [
        "recall by size",
        a,
        b,
        c,
        d,
        e,
        HEADLINE.name,
        "points off",
        "in use",
        "upright",
        "false/photo",
        "ms",
    ]
}

/// Returns a row with the numbers of labelled faces, then one row per detector.
fn rows(report: &DetectionReport) -> Vec<[String; COLUMNS]> {
    let mut rows: Vec<[String; COLUMNS]> = vec![];
    for detector in &report.detectors {
        let at = &detector.figures.at_budget;
        if rows.is_empty() {
            rows.push(row(
                "labelled faces",
                &sized(at, |recall| recall.faces.to_string()),
                [],
            ));
        }
        let shipped = detector.figures.at_shipped.as_ref();
        let none = || NONE.to_owned();
        let rest = [
            points_off(at),
            shipped.map_or_else(none, |at| share(&at.headline)),
            shipped.map_or_else(none, |at| share(&at.right_way_up)),
            shipped.map_or_else(none, |at| format!("{:.2}", at.false_per_image)),
            detector
                .median_millis
                .map_or_else(none, |millis| format!("{millis:.1}")),
        ];
        rows.push(row(&detector.name, &sized(at, share), rest));
    }
    rows
}

fn row(name: &str, sized: &[String], rest: impl IntoIterator<Item = String>) -> [String; COLUMNS] {
    let fields = [name.to_owned()].into_iter().chain(sized.iter().cloned());
    let mut fields = fields.chain(rest);
    std::array::from_fn(|_| fields.next().unwrap_or_default())
}

/// Returns one field for each size group, with the headline's last.
fn sized(at: &OperatingPoint, field: impl Fn(&Recall) -> String) -> Vec<String> {
    let groups = at.by_size.iter().chain([&at.headline]);
    groups.map(field).collect()
}

fn share(recall: &Recall) -> String {
    recall.share().map_or_else(|| NONE.to_owned(), percent)
}

/// Formats the mean errors of the landmarks of all found faces and of those of [`HEADLINE`] size.
fn points_off(at: &OperatingPoint) -> String {
    match (at.points, at.points_of_headline) {
        (Some(all), Some(headline)) => {
            format!("{:.1} / {}", all.mean * 100.0, percent(headline.mean))
        }
        (Some(all), None) => percent(all.mean),
        (None, _) => NONE.to_owned(),
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn title(report: &DetectionReport) -> String {
    let counts = &report.photos;
    let sources: Vec<&str> = report.sources.keys().map(String::as_str).collect();
    let turned = match report.turned_degrees {
        0.0 => String::new(),
        degrees => format!(", turned by {degrees}°"),
    };
    format!(
        "{} photographs ({}; {} without faces){turned}, {} faces, {} ignored regions",
        counts.images,
        sources.join(", "),
        counts.without_faces,
        counts.faces,
        counts.ignored
    )
}

/// Returns notes that explain the columns.
fn notes(report: &DetectionReport) -> Vec<String> {
    let protocol = &report.protocol;
    let mut notes = vec![
        format!(
            "recall: the share of faces found where the detector makes {} false boxes a photograph; \
             a box finds a face from an overlap (IoU) of {}; size: the longer side over the \
             photograph's",
            protocol.false_per_image, protocol.same_face_iou
        ),
        format!(
            "points off: the mean distance of the five points from the labelled ones, in widths of \
             the face's box, over the faces found / those of {} size",
            HEADLINE.name
        ),
        "in use: the share of faces of ≥ 10 % size at the threshold that the detector is used with; upright: those \
         of them whose points stand as the labelled ones do, to the quarter turn; false/photo: false boxes there, in a \
         photograph; ms: median time for one, on whatever the detector ran on"
            .to_owned(),
    ];
    notes.extend(report.detectors.iter().filter_map(|detector| {
        let line = detector.figures.calibration?;
        let trusted = line.trusted_from.map_or_else(
            || "never".to_owned(),
            |score| format!("from a score of {score:.3}"),
        );
        Some(format!(
            "{}: {} of 100 boxes are faces {trusted}; its score's logit × {:.3} {:+.3} is that of the \
             probability",
            detector.name,
            TRUSTED * 100.0,
            line.scale,
            line.shift
        ))
    }));
    // One more false box would still be within the budget, but the detector gave no more boxes.
    let one = 1.0 / report.photos.images.max(1) as f64;
    let ends_early = report.detectors.iter().filter(|detector| {
        let weakest = detector.figures.curve.last();
        weakest.is_some_and(|weakest| weakest.false_per_image + one <= protocol.false_per_image)
    });
    notes.extend(ends_early.map(|detector| {
        format!(
            "{}: compared at {:.2} false boxes, because it gave no weaker ones; its recall at {} \
             could be higher",
            detector.name, detector.figures.at_budget.false_per_image, protocol.false_per_image
        )
    }));
    let mut remarks: Vec<(&str, Vec<&str>)> = vec![];
    for detector in &report.detectors {
        let Some(remark) = detector.remark.as_deref() else {
            continue;
        };
        match remarks.iter_mut().find(|(known, _)| *known == remark) {
            Some((_, names)) => names.push(&detector.name),
            None => remarks.push((remark, vec![&detector.name])),
        }
    }
    let remarks = remarks.iter();
    notes.extend(remarks.map(|(remark, names)| format!("{}: {remark}", names.join("; "))));
    notes
}

/// Formats the table and its notes for a terminal, without a final line end.
pub fn text(report: &DetectionReport) -> String {
    let table = table(heads()[0], &heads(), &rows(report));
    let notes = wrapped_list(&notes(report));
    format!("{}\n\n{table}\n\n{notes}", wrapped(&title(report), ""))
}

/// Formats the report as Markdown, with the plot and the details of each detector.
pub fn markdown(report: &DetectionReport) -> String {
    let notes: Vec<String> = notes(report)
        .iter()
        .map(|note| format!("- {}", escaped(note)))
        .collect();
    let mut parts = vec![
        "# Face detection".to_owned(),
        format!("{}. Measured by moue {}.", title(report), report.moue),
        markdown_table(&heads(), &rows(report)),
        notes.join("\n"),
        format!("![Recall against false boxes]({PICTURE})"),
    ];
    parts.extend(report.detectors.iter().map(details));
    parts.join("\n\n") + "\n"
}

fn details(detector: &DetectorReport) -> String {
    let figures = &detector.figures;
    let mut parts = vec![format!("## {}", escaped(&detector.name))];
    let points = [
        ("compared", Some(&figures.at_budget)),
        ("shipped", figures.at_shipped.as_ref()),
    ];
    let rows: Vec<[String; 7]> = points
        .iter()
        .filter_map(|(name, at)| Some(thresholds(name, at.as_ref()?)))
        .collect();
    let heads = [
        "threshold",
        "score from",
        "false boxes",
        "a photograph",
        "recall, all",
        "recall, ≥ 10 %",
        "95 % interval",
    ];
    parts.push(markdown_table(&heads, &rows));
    let sources: Vec<[String; 3]> = figures
        .at_budget
        .by_source
        .iter()
        .map(|recall| [recall.name.clone(), recall.faces.to_string(), share(recall)])
        .collect();
    parts.push(markdown_table(&["source", "faces", "recall"], &sources));
    let errors = [
        ("all", figures.at_budget.points),
        (HEADLINE.name, figures.at_budget.points_of_headline),
    ];
    let rows: Vec<[String; 9]> = errors
        .iter()
        .filter_map(|(name, errors)| Some(point_errors(name, errors.as_ref()?)))
        .collect();
    if !rows.is_empty() {
        let heads = [
            "points off",
            "faces",
            "mean",
            "median",
            "left eye",
            "right eye",
            "nose",
            "mouth, left",
            "mouth, right",
        ];
        parts.push(markdown_table(&heads, &rows));
    }
    parts.join("\n\n")
}

fn thresholds(name: &str, at: &OperatingPoint) -> [String; 7] {
    let (low, high) = wilson_interval(at.headline.found as u64, at.headline.faces as u64);
    [
        name.to_owned(),
        at.threshold
            .map_or_else(|| NONE.to_owned(), |score| format!("{score:.3}")),
        at.false_boxes.to_string(),
        format!("{:.3}", at.false_per_image),
        share(&at.all),
        share(&at.headline),
        format!("{:.1} to {}", low * 100.0, percent(high)),
    ]
}

fn point_errors(name: &str, errors: &PointErrors) -> [String; 9] {
    let shares = [errors.mean, errors.median].into_iter();
    let mut shares = shares.chain(errors.per_point).map(percent);
    let mut fields = [name.to_owned(), errors.faces.to_string()]
        .into_iter()
        .chain(shares.by_ref());
    std::array::from_fn(|_| fields.next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::report;
    use super::*;

    #[test]
    fn the_table_reads_as_it_should() {
        let text = text(&report());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0],
            "20 photographs (film, street; 10 without faces), 20 faces, 10 ignored regions"
        );
        let fields = |start: &str| -> Vec<&str> {
            let line = lines.iter().find(|line| line.starts_with(start)).unwrap();
            line[start.len()..]
                .split("  ")
                .map(str::trim)
                .filter(|field| !field.is_empty())
                .collect()
        };
        assert_eq!(fields("labelled faces"), ["0", "10", "0", "10", "0", "10"]);
        let good = fields("good");
        assert_eq!(good[..6], ["–", "100.0 %", "–", "100.0 %", "–", "100.0 %"]);
        // An error of one pixel in thirty; four false boxes of 0.25 and more in twenty photographs.
        assert_eq!(
            good[6..],
            ["3.3 / 3.3 %", "100.0 %", "100.0 %", "0.20", "–"]
        );
        assert_eq!(fields("weak").last(), Some(&"12.5"));
        assert!(text.contains("weak: finds no points"), "{text}");
        assert!(
            lines.iter().all(|line| line.chars().count() <= 120),
            "{text}"
        );
    }

    #[test]
    fn the_document_has_every_detector_and_source() {
        let text = markdown(&report());
        for part in [
            "## good",
            "## weak",
            "| film | 12 |",
            "| street | 8 |",
            "mouth, right",
        ] {
            assert!(text.contains(part), "{part:?} is not in\n{text}");
        }
        assert!(!text.contains("NaN") && !text.contains("turned"));
        let mut tilted = report();
        tilted.turned_degrees = -20.0;
        assert!(markdown(&tilted).contains("without faces), turned by -20°, 20 faces"));
    }
}
