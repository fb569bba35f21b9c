//! What the reading head says of every set that people's answers are known of.
//!
//! Each set was collected with other shares of the expressions, and some collected a few of them
//! only; so a figure says which answers the network chose among and whether it knew the source:
//!
//! | figure | chosen among | knows the source |
//! |---|---|---|
//! | [`ReadingFigures::with_bias`] | what the set collected; FER+'s eight expressions | yes, by its bias |
//! | [`ReadingFigures::own_classes`] | what the set collected, of the seven | no |
//! | [`ReadingFigures::shown`] | the seven, as the page shows them ([`Calibration`]) | no |

use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use super::evaluate::{EvaluateError, predict_logits};
use super::metrics::Accuracy;
use crate::data::sources::NOT_COLLECTED;
use crate::data::{Expression, Fer2013, FerItem, Split};
use crate::emotion::Emotion;
use crate::nn::EmotionNet;
use crate::spec::heads::{ANSWERS, CONTEMPT, HeadLogits, NOT_A_FACE};
use crate::spec::manifest::SourceBias;
use crate::spec::{Calibration, InputSpec};
use crate::vision::Affine;

/// Faces, what people said of them, and what the network did.
#[derive(Clone, Debug)]
pub struct ReadSet {
    /// The split or the source.
    pub name: String,
    /// Whether it selected the epoch or the calibration.
    pub selected_on: bool,
    /// The faces' logits.
    pub logits: Vec<HeadLogits>,
    /// What people said of each, an answer of the reading head.
    pub targets: Vec<usize>,
    /// Which answers the source collected, of what was learned from or is measured here.
    pub collected: [bool; ANSWERS],
    /// Whether people's votes were counted, and not one label read.
    pub is_voted: bool,
    /// The source's bias on the reading head's logits, where it was learned from.
    pub bias: Option<[f32; ANSWERS]>,
}

/// What a set comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingFigures {
    /// The split or the source.
    pub name: String,
    /// How many faces.
    pub images: usize,
    /// Whether it selected the epoch or the calibration.
    pub selected_on: bool,
    /// Right among the answers that the set collected, with the source's bias.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with_bias: Option<Accuracy>,
    /// Right among those of the seven expressions that the set collected, without bias.
    pub own_classes: Accuracy,
    /// Right among the seven, as the page shows them; a face of another answer is a mistake.
    pub shown: Accuracy,
    /// The share of faces that are named at all, 0 to 1.
    pub named: f64,
    /// The share of these whose name is right, 0 to 1.
    pub right_of_named: f64,
}

impl ReadSet {
    /// Counts what is right, read by `calibration`.
    pub fn figures(&self, calibration: &Calibration) -> ReadingFigures {
        let pairs = || self.logits.iter().zip(&self.targets);
        let accuracy = |right: usize, of: usize| Accuracy::of(right as u64, of as u64);
        let of_seven = |target: usize| target < Emotion::COUNT;
        let best = |heads: &HeadLogits, bias: &[f32; ANSWERS], allowed: &dyn Fn(usize) -> bool| {
            let reading = reading(heads);
            let answers = (0..ANSWERS).filter(|answer| self.collected[*answer] && allowed(*answer));
            answers.max_by(|a, b| (reading[*a] + bias[*a]).total_cmp(&(reading[*b] + bias[*b])))
        };
        let right = |bias: &[f32; ANSWERS], allowed: &dyn Fn(usize) -> bool| {
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
        ReadingFigures {
            name: self.name.clone(),
            images,
            selected_on: self.selected_on,
            with_bias: self
                .bias
                .map(|bias| accuracy(right(&bias, &|answer| answer != NOT_A_FACE), images)),
            own_classes: accuracy(right(&[0.0; ANSWERS], &of_seven), seven),
            shown: accuracy(shown, images),
            named: named as f64 / images.max(1) as f64,
            right_of_named: right_of_named as f64 / named.max(1) as f64,
        }
    }
}

/// The reading head's logits; those of the label head where there is no other.
pub(super) fn reading(heads: &HeadLogits) -> [f32; ANSWERS] {
    heads.reading.unwrap_or_else(|| {
        let mut reading = [f32::NEG_INFINITY; ANSWERS];
        reading[..Emotion::COUNT].copy_from_slice(&heads.label);
        reading
    })
}

/// Faces with the answer that people gave, before they are read.
struct Unread<'a> {
    name: String,
    selected_on: bool,
    is_voted: bool,
    faces: Vec<(&'a FerItem, usize)>,
    source: usize,
}

/// Reads the faces of both test splits that FER+'s raters agree on by majority, and those of each
/// source that select. `on_progress` is told the set's name, how many are done and of how many.
///
/// # Errors
/// [`EvaluateError`].
pub fn read_sets(
    network: &EmotionNet,
    input: &InputSpec,
    data: &Fer2013,
    biases: &[SourceBias],
    device: &Device,
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
        let logits = predict_logits(network, input, &items, &identity, device, &mut report)?;
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

/// The answer of the majority of FER+'s raters, where there is one.
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

    /// Happy by the logits, contempt with the bias; a face of a source that collected happy and
    /// sad.
    fn set() -> ReadSet {
        let mut reading = [0.0; ANSWERS];
        reading[Emotion::Happy.index()] = 4.0;
        reading[CONTEMPT] = 3.5;
        let heads = HeadLogits {
            label: [0.0; Emotion::COUNT],
            reading: Some(reading),
        };
        let mut bias = [0.0; ANSWERS];
        bias[CONTEMPT] = 1.0;
        let mut collected = [false; ANSWERS];
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
