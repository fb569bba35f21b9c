//! Evaluates the reading head on every set that has people's answers.
//!
//! Each set was collected with other shares of the expressions, and some have only a few of them;
//! so the metrics differ in the answers allowed and in whether the source is known:
//!
//! | figure | chosen among | knows the source |
//! |---|---|---|
//! | [`ReadingMetrics::with_bias`] | what the set collected; FER+'s eight expressions | yes, by its bias |
//! | [`ReadingMetrics::own_classes`] | what the set collected, of the seven | no |
//! | [`ReadingMetrics::own_classes_shown`] | what the set collected, of the seven, with the page's prior ([`Calibration::prior`]) | no |
//! | [`ReadingMetrics::shown`] | the seven, as the page shows them ([`Calibration`]) | no |

use serde::{Deserialize, Serialize};

use super::evaluate::{EvaluateError, Predictor, predict_logits};
use super::metrics::Accuracy;
use crate::data::sources::NOT_COLLECTED;
use crate::data::{Expression, Fer2013, FerItem, Split};
use crate::emotion::Emotion;
use crate::spec::Calibration;
use crate::spec::heads::{CONTEMPT, HeadLogits, NOT_A_FACE, READING_ANSWERS};
use crate::spec::manifest::SourceBias;
use crate::vision::Affine;

/// A set of faces with the network's logits and people's answers.
#[derive(Clone, Debug)]
pub struct ReadSet {
    /// Name of the split or source.
    pub name: String,
    /// Whether the epoch or the calibration was selected on this set.
    pub selected_on: bool,
    /// Logits of each face.
    pub logits: Vec<HeadLogits>,
    /// People's answer for each face, as an index of the reading head's answers.
    pub targets: Vec<usize>,
    /// Whether the source has each answer, in its training faces or in this set.
    pub collected: [bool; READING_ANSWERS],
    /// Whether the targets are FER+'s majorities instead of single labels.
    pub is_voted: bool,
    /// The source's bias of the reading head's logits; `None` if it was not trained on.
    pub bias: Option<[f32; READING_ANSWERS]>,
}

/// Metrics of the reading head on a set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingMetrics {
    /// Name of the split or source.
    pub name: String,
    /// Number of faces.
    pub images: usize,
    /// Whether the epoch or the calibration was selected on this set.
    pub selected_on: bool,
    /// Accuracy among the set's answers except "not a face", with the source's bias.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with_bias: Option<Accuracy>,
    /// Accuracy among the set's answers that are one of the seven expressions, without bias.
    pub own_classes: Accuracy,
    /// As `own_classes`, with the prior that the page adds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_classes_shown: Option<Accuracy>,
    /// Accuracy among the seven expressions, calibrated as on the page; a face with another answer
    /// is an error.
    pub shown: Accuracy,
    /// Share of faces that are named, 0 to 1.
    pub named: f64,
    /// Share of the named faces whose name is right, 0 to 1.
    pub right_of_named: f64,
}

impl ReadSet {
    /// Computes the metrics, with `calibration` for those of the page.
    pub fn figures(&self, calibration: &Calibration) -> ReadingMetrics {
        let pairs = || self.logits.iter().zip(&self.targets);
        let accuracy = |right: usize, of: usize| Accuracy::of(right as u64, of as u64);
        let of_seven = |target: usize| target < Emotion::COUNT;
        let best =
            |heads: &HeadLogits, bias: &[f32; READING_ANSWERS], allowed: &dyn Fn(usize) -> bool| {
                let reading = reading(heads);
                let answers = (0..READING_ANSWERS)
                    .filter(|answer| self.collected[*answer] && allowed(*answer));
                answers.max_by(|a, b| (reading[*a] + bias[*a]).total_cmp(&(reading[*b] + bias[*b])))
            };
        let right = |bias: &[f32; READING_ANSWERS], allowed: &dyn Fn(usize) -> bool| {
            let right =
                pairs().filter(|(heads, target)| best(heads, bias, allowed) == Some(**target));
            right.count()
        };
        let (mut shown, mut named, mut right_of_named) = (0, 0, 0);
        for (heads, target) in pairs() {
            let (emotion, sure) = calibration.read(heads).top();
            let is_right = emotion.index() == *target;
            shown += usize::from(is_right);
            if sure >= calibration.unsure_below {
                named += 1;
                right_of_named += usize::from(is_right);
            }
        }
        let images = self.targets.len();
        let seven = self
            .targets
            .iter()
            .filter(|target| of_seven(**target))
            .count();
        ReadingMetrics {
            name: self.name.clone(),
            images,
            selected_on: self.selected_on,
            with_bias: self
                .bias
                .map(|bias| accuracy(right(&bias, &|answer| answer != NOT_A_FACE), images)),
            own_classes: accuracy(right(&[0.0; READING_ANSWERS], &of_seven), seven),
            own_classes_shown: calibration
                .prior
                .map(|prior| accuracy(right(&prior, &of_seven), seven)),
            shown: accuracy(shown, images),
            named: named as f64 / images.max(1) as f64,
            right_of_named: right_of_named as f64 / named.max(1) as f64,
        }
    }
}

/// Returns the reading head's logits, or the label head's if there is no reading head.
pub(super) fn reading(heads: &HeadLogits) -> [f32; READING_ANSWERS] {
    heads.reading.unwrap_or_else(|| {
        let mut reading = [f32::NEG_INFINITY; READING_ANSWERS];
        reading[..Emotion::COUNT].copy_from_slice(&heads.label);
        reading
    })
}

/// A set of faces with people's answers, before the network is run.
struct Unread<'a> {
    name: String,
    selected_on: bool,
    is_voted: bool,
    faces: Vec<(&'a FerItem, usize)>,
    source: usize,
}

/// Runs the network on the faces of both test splits with a majority of FER+'s votes, and on the
/// validation faces of each source. `on_progress` is called with the set's name, the number of
/// faces done and their total number.
///
/// # Errors
/// An [`EvaluateError`] if the engine fails.
pub fn read_sets(
    predictor: &mut Predictor<'_>,
    data: &Fer2013,
    biases: &[SourceBias],
    on_progress: &mut dyn FnMut(&str, usize, usize),
) -> Result<Vec<ReadSet>, EvaluateError> {
    let mut sets: Vec<Unread<'_>> = [Split::PrivateTest, Split::PublicTest]
        .into_iter()
        .map(|split| Unread {
            name: format!("{}, FER+ majority", data.split_name(split)),
            selected_on: split == Split::PublicTest,
            is_voted: true,
            faces: data.split(split).iter().filter_map(voted).collect(),
            source: 0,
        })
        .collect();
    for (source, name) in data.sources.iter().enumerate() {
        let faces = data.selecting.iter().filter(|item| item.source == source);
        sets.push(Unread {
            name: name.clone(),
            selected_on: true,
            is_voted: false,
            faces: faces.map(|item| (item, item.emotion.index())).collect(),
            source,
        });
    }
    sets.retain(|set| !set.faces.is_empty());
    let read = |set: Unread<'_>| {
        let items: Vec<FerItem> = set.faces.iter().map(|(item, _)| (*item).clone()).collect();
        let mut report = |done, all| on_progress(&set.name, done, all);
        let identity = Affine::IDENTITY;
        let logits = predict_logits(predictor, &items, &identity, &mut report)?;
        let targets: Vec<usize> = set.faces.iter().map(|(_, target)| *target).collect();
        let name = data.sources.get(set.source);
        let bias = biases.iter().find(|bias| Some(&bias.name) == name);
        let is_learned =
            |answer: usize| bias.is_some_and(|bias| bias.bias[answer] > NOT_COLLECTED / 2.0);
        Ok(ReadSet {
            name: set.name,
            selected_on: set.selected_on,
            logits,
            collected: std::array::from_fn(|answer| {
                is_learned(answer) || targets.contains(&answer)
            }),
            targets,
            is_voted: set.is_voted,
            bias: bias.map(|bias| bias.bias),
        })
    };
    sets.into_iter().map(read).collect()
}

/// Returns the item with the answer of the majority of FER+'s raters; `None` if there is none.
pub(super) fn voted(item: &FerItem) -> Option<(&FerItem, usize)> {
    let answer = match item.votes.as_ref()?.majority()? {
        Expression::Emotion(emotion) => emotion.index(),
        Expression::Contempt => CONTEMPT,
    };
    Some((item, answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a set of a source with happy and sad, whose face is happy by the logits and contempt
    /// with the bias.
    fn set() -> ReadSet {
        let mut reading = [0.0; READING_ANSWERS];
        reading[Emotion::Happy.index()] = 4.0;
        reading[CONTEMPT] = 3.5;
        let heads = HeadLogits {
            label: [0.0; Emotion::COUNT],
            reading: Some(reading),
        };
        let mut bias = [0.0; READING_ANSWERS];
        bias[CONTEMPT] = 1.0;
        let mut collected = [false; READING_ANSWERS];
        for answer in [Emotion::Happy.index(), Emotion::Sad.index(), CONTEMPT] {
            collected[answer] = true;
        }
        ReadSet {
            name: "set".into(),
            selected_on: true,
            logits: vec![heads; 4],
            targets: vec![3, 3, 4, CONTEMPT],
            collected,
            is_voted: true,
            bias: Some(bias),
        }
    }

    #[test]
    fn each_figure_chooses_among_its_own_answers() {
        let figures = set().figures(&Calibration::default());
        let value = |accuracy: Accuracy| accuracy.value;
        assert_eq!(
            figures.with_bias.map(value),
            Some(0.25),
            "contempt alone is right"
        );
        assert!(
            (value(figures.own_classes) - 2.0 / 3.0).abs() < 1e-9,
            "of three of the seven"
        );
        assert_eq!(value(figures.shown), 0.5);
        assert_eq!((figures.named, figures.right_of_named), (1.0, 0.5));
    }

    #[test]
    fn nothing_is_named_below_the_threshold() {
        let calibration = Calibration {
            unsure_below: 0.99,
            ..Calibration::default()
        };
        let figures = set().figures(&calibration);
        assert_eq!((figures.named, figures.right_of_named), (0.0, 0.0));
    }
}
