//! Accuracy for each group of people, with an interval, which is wide where there are few faces.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::evaluate::{EvaluateError, Predictor, predict_logits};
use super::metrics::Accuracy;
use super::reading::reading;
use crate::data::FerItem;
use crate::data::groups::GroupFace;
use crate::emotion::Emotion;
use crate::pipeline::baseline::{Baseline, logarithms};
use crate::spec::Calibration;
use crate::vision::Affine;

/// Metrics of a group of people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupMetrics {
    /// Name of the group: `all`, or a column and a value.
    pub group: String,
    /// Expression that the people were asked to show; `all` for any.
    pub expression: String,
    /// Number of photographs.
    pub images: usize,
    /// Number of photographs in which the detector found a face.
    pub found: usize,
    /// Accuracy among the expressions in the set, without bias; a missed face is an error.
    pub own_classes: Accuracy,
    /// Accuracy among all seven expressions, calibrated as on the page; a missed face is an error.
    pub shown: Accuracy,
    /// Number of photographs other than neutral whose person also has a neutral one.
    #[serde(default)]
    pub with_baseline: usize,
    /// As `shown`, over those photographs, each compared with the person's neutral one
    /// ([`Baseline`]); `None` if there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<Accuracy>,
}

/// Measures the network on each group of people, for all expressions and for each of them.
///
/// # Errors
/// An [`EvaluateError`] if the engine fails.
pub fn by_group(
    predictor: &mut Predictor<'_>,
    calibration: &Calibration,
    faces: &[GroupFace],
) -> Result<Vec<GroupMetrics>, EvaluateError> {
    if faces.is_empty() {
        return Ok(vec![]);
    }
    let items: Vec<FerItem> = faces
        .iter()
        .enumerate()
        .filter_map(|(row, face)| {
            Some(FerItem {
                crop: face.crop.clone()?,
                emotion: face.emotion,
                row,
                votes: None,
                source: 0,
            })
        })
        .collect();
    let identity = Affine::IDENTITY;
    let logits = predict_logits(predictor, &items, &identity, &mut |_, _| ())?;
    let has = |emotion: Emotion| faces.iter().any(|face| face.emotion == emotion);
    let own: Vec<Emotion> = Emotion::ALL
        .into_iter()
        .filter(|emotion| has(*emotion))
        .collect();
    let mut baselines: HashMap<&str, Baseline> = HashMap::new();
    for (item, heads) in items.iter().zip(&logits) {
        let person = faces[item.row].person.as_deref();
        if let (Some(person), Emotion::Neutral) = (person, item.emotion)
            && let Some(neutral) = &calibration.neutral
        {
            let at_rest = logarithms(&calibration.read(heads));
            baselines.insert(person, Baseline::new(&at_rest, neutral));
        }
    }
    let baseline = |face: &GroupFace| {
        let is_other = face.emotion != Emotion::Neutral;
        baselines.get(face.person.as_deref().filter(|_| is_other)?)
    };
    // Whether each face is right among the set's own expressions, as shown, and compared with the
    // person's neutral face; `None` if missed.
    let mut right = vec![None; faces.len()];
    for (item, heads) in items.iter().zip(&logits) {
        let reading = reading(heads);
        let best = own
            .iter()
            .max_by(|a, b| reading[a.index()].total_cmp(&reading[b.index()]));
        let shown = calibration.read(heads);
        let compared = baseline(&faces[item.row]).map(|it| it.compare(&shown));
        right[item.row] = Some([
            best == Some(&item.emotion),
            shown.top().0 == item.emotion,
            compared.is_some_and(|it| it.top().0 == item.emotion),
        ]);
    }
    let mut groups: Vec<&str> = faces
        .iter()
        .flat_map(|face| &face.groups)
        .map(String::as_str)
        .collect();
    groups.sort_unstable();
    groups.dedup();
    let mut rows = vec![];
    for group in ["all"].into_iter().chain(groups) {
        for expression in [None].into_iter().chain(own.iter().copied().map(Some)) {
            let of: Vec<(&GroupFace, Option<[bool; 3]>)> = faces
                .iter()
                .zip(right.iter().copied())
                .filter(|(face, _)| group == "all" || face.groups.iter().any(|it| it == group))
                .filter(|(face, _)| expression.is_none_or(|emotion| face.emotion == emotion))
                .collect();
            let seen = || of.iter().filter_map(|(_, right)| *right);
            let count = |at: usize| seen().filter(|right| right[at]).count() as u64;
            let with_baseline = of.iter().filter(|(face, _)| baseline(face).is_some());
            let with_baseline = with_baseline.count();
            rows.push(GroupMetrics {
                group: group.into(),
                expression: expression.map_or("all", Emotion::label).into(),
                images: of.len(),
                found: seen().count(),
                own_classes: Accuracy::of(count(0), of.len() as u64),
                shown: Accuracy::of(count(1), of.len() as u64),
                with_baseline,
                compared: (with_baseline > 0).then(|| Accuracy::of(count(2), with_baseline as u64)),
            });
        }
    }
    Ok(rows)
}
