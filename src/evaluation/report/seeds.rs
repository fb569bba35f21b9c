//! Mean and standard deviation over runs of one recipe with different seeds.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::RunReport;
use crate::evaluation::evaluate::Views;

/// A mean and its sample standard deviation (divided by n − 1).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeanDeviation {
    /// The mean.
    pub mean: f64,
    /// The sample standard deviation.
    pub deviation: f64,
}

impl MeanDeviation {
    /// Computes both; `None` if there are fewer than two values.
    pub fn of(values: &[f64]) -> Option<Self> {
        if values.len() < 2 {
            return None;
        }
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Some(Self {
            mean,
            deviation: (squares / (count - 1.0)).sqrt(),
        })
    }
}

/// Summary of one set of images over the runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetSummary {
    /// Name of the set.
    pub name: String,
    /// Views of each face that the networks were given.
    pub views: Views,
    /// Whether the epoch was selected on the set, see [`SetReport`](super::SetReport).
    pub selected_on: bool,
    /// Accuracy, 0 to 1.
    pub accuracy: MeanDeviation,
    /// Macro-F1, 0 to 1.
    pub macro_f1: MeanDeviation,
}

/// Summary of all sets over the runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedSummary {
    /// Number of runs.
    pub runs: usize,
    /// Why the deviation may not be that of seeds only; `None` if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caveat: Option<String>,
    /// The sets that every run was measured on.
    pub sets: Vec<SetSummary>,
}

impl SeedSummary {
    /// Creates the summary; `None` if there are fewer than two runs.
    pub fn new(runs: &[RunReport]) -> Option<Self> {
        let (first, others) = runs.split_first()?;
        if others.is_empty() {
            return None;
        }
        let figures = first
            .sets
            .iter()
            .flat_map(|set| set.figures.iter().map(move |figures| (set, figures.views)));
        let sets = figures.filter_map(|(set, views)| {
            let reports: Option<Vec<_>> = runs
                .iter()
                .map(|run| {
                    let same = run.sets.iter().find(|other| other.name == set.name)?;
                    let figures = same.figures.iter().find(|other| other.views == views)?;
                    Some(&figures.report)
                })
                .collect();
            let reports = reports?;
            let of = |value: fn(&_) -> f64| {
                let values: Vec<f64> = reports.iter().map(value).collect();
                MeanDeviation::of(&values)
            };
            Some(SetSummary {
                name: set.name.clone(),
                views,
                selected_on: set.selected_on,
                accuracy: of(|report| report.accuracy.value)?,
                macro_f1: of(|report| report.macro_f1())?,
            })
        });
        Some(Self {
            runs: runs.len(),
            caveat: caveat(runs).map(str::to_owned),
            sets: sets.collect(),
        })
    }
}

fn caveat(runs: &[RunReport]) -> Option<&'static str> {
    let trained: Option<Vec<_>> = runs.iter().map(|run| run.training.as_ref()).collect();
    let Some(trained) = trained else {
        return Some(
            "a quantized model does not say how it was trained: whether these runs share a recipe \
             is not known",
        );
    };
    let recipes: BTreeSet<&str> = trained.iter().map(|one| one.recipe.as_str()).collect();
    let seeds: BTreeSet<u64> = trained.iter().map(|one| one.seed).collect();
    if recipes.len() > 1 {
        Some("the recipes differ in more than the seed: this deviation is not that of seeds")
    } else if seeds.len() < runs.len() {
        Some("a seed occurs twice: runs that share it are not independent")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::run;
    use super::*;

    #[test]
    fn the_deviation_is_that_of_a_sample() {
        let of = MeanDeviation::of(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]).unwrap();
        assert_eq!(of.mean, 5.0);
        assert!((of.deviation - (32.0f64 / 7.0).sqrt()).abs() < 1e-12);
        assert_eq!(MeanDeviation::of(&[1.0]), None);
    }

    #[test]
    fn runs_are_summed_up_set_by_set() {
        let summary = SeedSummary::new(&[run(1, 3), run(2, 1)]).unwrap();
        assert_eq!((summary.runs, summary.caveat.as_deref()), (2, None));
        let first = &summary.sets[0];
        assert_eq!(
            (first.name.as_str(), first.selected_on),
            ("PrivateTest", false)
        );
        // 3 and 1 of 4 right.
        assert!((first.accuracy.mean - 0.5).abs() < 1e-12);
        assert!((first.accuracy.deviation - 0.125f64.sqrt()).abs() < 1e-12);
        assert!(summary.sets.iter().any(|set| set.selected_on));
        assert_eq!(SeedSummary::new(&[run(1, 3)]), None);
    }

    #[test]
    fn runs_that_are_no_sample_of_seeds_say_so() {
        let caveat = |runs: &[RunReport]| SeedSummary::new(runs).unwrap().caveat.unwrap();
        assert!(caveat(&[run(1, 3), run(1, 3)]).contains("a seed occurs twice"));
        let mut other = run(2, 3);
        other.training.as_mut().unwrap().recipe = "b".into();
        assert!(caveat(&[run(1, 3), other]).contains("differ in more than the seed"));
        let mut quantized = run(2, 3);
        quantized.training = None;
        assert!(caveat(&[run(1, 3), quantized]).contains("not known"));
    }
}
