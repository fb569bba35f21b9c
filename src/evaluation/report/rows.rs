//! The metrics of a run as rows of text, for every kind of table.

use super::seeds::SetSummary;
use super::{RunReport, SeedSummary, SetReport};
use crate::evaluation::evaluate::Views;
use crate::evaluation::groups::GroupMetrics;
use crate::evaluation::metrics::Accuracy;
use crate::evaluation::metrics::votes::CountedAccuracy;
use crate::evaluation::reading::ReadingMetrics;
use crate::evaluation::robustness::ChangedReading;

/// Column heads of [`figures`].
pub(super) const FIGURES: [&str; 7] = [
    "set",
    "images",
    "accuracy",
    "95 % interval",
    "macro-F1",
    "cross-entropy",
    "calibration error",
];

/// Column heads of [`fer_plus`].
pub(super) const FER_PLUS: [&str; 8] = [
    "set",
    "majority, 8",
    "images",
    "majority, 7",
    "images",
    "agreement",
    "at most",
    "vote cross-entropy",
];

/// Column heads of [`seeds`].
pub(super) const SEEDS: [&str; 4] = ["set", "views", "accuracy", "macro-F1"];

/// Column heads of [`reading`].
pub(super) const READING: [&str; 8] = [
    "set",
    "images",
    "with its bias",
    "own classes",
    "with the prior",
    "of seven, as shown",
    "named",
    "right of named",
];

/// Note below the table of [`READING`].
pub(super) const READING_NOTE: &str = "The reading head, by what people said. \"With its bias\" knows the \
source and chooses among what it collected (of FER+ eight expressions, the published protocol); \"own classes\" \
does not know it, \"with the prior\" neither, but adds the page's prior; \"as shown\" is what the page says, of all \
seven names, and \"named\" how often it is not unsure.";

/// Returns a row for each set that the reading head was measured on.
pub(super) fn reading(run: &RunReport) -> Vec<[String; READING.len()]> {
    let row = |set: &ReadingMetrics| {
        let mark = if set.selected_on { " *" } else { "" };
        let optional = |accuracy: Option<Accuracy>| {
            accuracy.map_or_else(|| "-".into(), |accuracy| percent(accuracy.value))
        };
        [
            format!("{}{mark}", set.name),
            set.images.to_string(),
            optional(set.with_bias),
            percent(set.own_classes.value),
            optional(set.own_classes_shown),
            percent(set.shown.value),
            percent(set.named),
            percent(set.right_of_named),
        ]
    };
    run.reading.iter().map(row).collect()
}

/// Column heads of [`robustness`].
pub(super) const ROBUSTNESS: [&str; 5] =
    ["pictures", "images", "right", "points lost", "relabelled"];

/// Note below the table of [`ROBUSTNESS`].
pub(super) const ROBUSTNESS_NOTE: &str = "PublicTest, FER+ majority, eight expressions, with FER+'s bias: what \
is lost where the same faces look otherwise, and how many are read as another of the seven than before.";

/// Returns a row for each change of the pictures.
pub(super) fn robustness(run: &RunReport) -> Vec<[String; ROBUSTNESS.len()]> {
    let row = |changed: &ChangedReading| {
        [
            changed.change.clone(),
            changed.images.to_string(),
            percent(changed.right),
            format!("{:.2}", changed.lost),
            percent(changed.relabelled),
        ]
    };
    run.robustness.iter().map(row).collect()
}

/// Column heads of [`groups`].
pub(super) const GROUPS: [&str; 7] = [
    "group",
    "expression",
    "photographs",
    "found",
    "own classes",
    "of seven, as shown",
    "compared with their neutral face",
];

/// Note below the table of [`GROUPS`].
pub(super) const GROUPS_NOTE: &str = "Found by the detector, cut and read as the page does; in brackets the 95 % \
interval, which says how few the photographs are. Compared: of the photographs other than neutral, of seven, after \
the person's own neutral photograph was taken as their face at rest. Nothing was learned from them, selected on them \
or tuned on them.";

/// Returns a row for each group of people, for all expressions and for each of them.
pub(super) fn groups(run: &RunReport) -> Vec<[String; GROUPS.len()]> {
    let with_interval =
        |accuracy: Accuracy| format!("{} ({})", percent(accuracy.value), interval(&accuracy));
    let row = |group: &GroupMetrics| {
        [
            group.group.clone(),
            group.expression.clone(),
            group.images.to_string(),
            group.found.to_string(),
            with_interval(group.own_classes),
            with_interval(group.shown),
            group.compared.map_or_else(|| "-".into(), with_interval),
        ]
    };
    run.groups.iter().map(row).collect()
}

/// Returns the name of a set, marked if the set selected the epoch or was trained on.
pub(super) fn marked(set: &SetReport) -> String {
    let mark = match (set.selected_on, set.learned_from) {
        (true, _) => " *",
        (_, true) => " †",
        _ => "",
    };
    format!("{}{mark}", set.name)
}

/// Returns a row for each set of a summary over seeds.
pub(super) fn seeds(summary: &SeedSummary) -> Vec<[String; SEEDS.len()]> {
    let row = |set: &SetSummary| {
        let mark = if set.selected_on { " *" } else { "" };
        [
            format!("{}{mark}", set.name),
            set.views.name().into(),
            format!(
                "{} ± {:.2}",
                percent(set.accuracy.mean),
                set.accuracy.deviation * 100.0
            ),
            format!("{:.4} ± {:.4}", set.macro_f1.mean, set.macro_f1.deviation),
        ]
    };
    summary.sets.iter().map(row).collect()
}

/// Returns a line with the caveat of each set.
pub(super) fn legend(run: &RunReport) -> Vec<String> {
    let line = |set: &SetReport| format!("{}: {}.", marked(set), set.caveat);
    run.sets.iter().map(line).collect()
}

/// Returns the kinds of views that were measured, with single crops first.
pub(super) fn views(run: &RunReport) -> Vec<Views> {
    let has = |views| {
        let figures = run.sets.iter().flat_map(|set| &set.figures);
        figures.into_iter().any(|figures| figures.views == views)
    };
    Views::ALL.into_iter().filter(|&views| has(views)).collect()
}

/// Returns a row for each set that was measured with these views.
pub(super) fn figures(run: &RunReport, views: Views) -> Vec<[String; FIGURES.len()]> {
    let sets = run.sets.iter().flat_map(|set| {
        let figures = set.figures.iter().filter(|figures| figures.views == views);
        figures.map(move |figures| (set, &figures.report))
    });
    sets.map(|(set, report)| {
        [
            marked(set),
            set.images.to_string(),
            percent(report.accuracy.value),
            interval(&report.accuracy),
            format!("{:.4}", report.macro_f1()),
            format!("{:.4}", report.cross_entropy),
            format!("{:.4}", report.calibration_error),
        ]
    })
    .collect()
}

/// Returns a row for each set that was measured with these views and has votes.
pub(super) fn fer_plus(run: &RunReport, views: Views) -> Vec<[String; FER_PLUS.len()]> {
    let sets = run.sets.iter().flat_map(|set| {
        let figures = set.figures.iter().filter(|figures| figures.views == views);
        figures.filter_map(move |figures| Some((set, figures.fer_plus?)))
    });
    let measured = |measured: &CountedAccuracy| percent(measured.accuracy.value);
    sets.map(|(set, votes)| {
        [
            marked(set),
            measured(&votes.majority_8),
            votes.majority_8.images.to_string(),
            measured(&votes.majority_7),
            votes.majority_7.images.to_string(),
            percent(votes.agreement),
            percent(votes.best_agreement),
            format!("{:.4} ({:.4})", votes.cross_entropy, votes.vote_entropy),
        ]
    })
    .collect()
}

/// Note below the table of [`FER_PLUS`].
pub(super) const FER_PLUS_NOTE: &str = "\
Majority: the label that more than half of the raters chose, single votes left out, by the rule of \
the published labels; images without one are left out. Over 8 classes every image of contempt, \
which a head of seven classes cannot answer, counts as a mistake; over 7 these images are left \
out. Agreement: the chance that a rater who named an expression named the network's answer; at most: \
the same of the answer that most raters gave. Vote cross-entropy: against the raters' shares of the \
seven classes, and in brackets their entropy, the least that it can be.";

fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

fn interval(accuracy: &Accuracy) -> String {
    format!(
        "{:.2} to {:.2}",
        accuracy.low * 100.0,
        accuracy.high * 100.0
    )
}

/// Returns a line with the model, its network and its training.
pub(super) fn headline(run: &RunReport) -> String {
    let RunReport {
        model,
        network,
        input_size,
        ..
    } = run;
    let training = match &run.training {
        None => "quantized".into(),
        Some(training) => match training.selected_epoch {
            Some(epoch) => format!(
                "seed {}, epoch {epoch} of {} selected",
                training.seed, training.epochs
            ),
            None => format!("seed {}", training.seed),
        },
    };
    format!("{model}: {network}, {input_size} px, {training}")
}
