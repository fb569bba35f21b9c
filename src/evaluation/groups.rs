//! Accuracy for each group of people, with an interval, which is wide where there are few faces.

use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use super::evaluate::{EvaluateError, predict_logits};
use super::metrics::Accuracy;
use super::reading::reading;
use crate::data::FerItem;
use crate::data::groups::GroupFace;
use crate::emotion::Emotion;
use crate::nn::EmotionNet;
use crate::spec::{Calibration, InputSpec};
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
}

/// Measures the network on each group of people, for all expressions and for each of them.
///
/// # Errors
/// An [`EvaluateError`] if the engine fails.
pub fn by_group(
    network: &EmotionNet,
    input: &InputSpec,
    calibration: &Calibration,
    faces: &[GroupFace],
    device: &Device,
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
    let logits = predict_logits(network, input, &items, &identity, device, &mut |_, _| ())?;
    let has = |emotion: Emotion| faces.iter().any(|face| face.emotion == emotion);
    let own: Vec<Emotion> = Emotion::ALL
        .into_iter()
        .filter(|emotion| has(*emotion))
        .collect();
    // Whether each face is right among the set's own expressions, and as shown; `None` if missed.
    let mut right = vec![None; faces.len()];
    for (item, heads) in items.iter().zip(&logits) {
        let reading = reading(heads);
        let best = own
            .iter()
            .max_by(|a, b| reading[a.index()].total_cmp(&reading[b.index()]));
        let shown = calibration.read(heads).top().0;
        right[item.row] = Some([best == Some(&item.emotion), shown == item.emotion]);
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
            let of: Vec<Option<[bool; 2]>> = faces
                .iter()
                .zip(&right)
                .filter(|(face, _)| group == "all" || face.groups.iter().any(|it| it == group))
                .filter(|(face, _)| expression.is_none_or(|emotion| face.emotion == emotion))
                .map(|(_, right)| *right)
                .collect();
            let count = |at: usize| of.iter().flatten().filter(|right| right[at]).count() as u64;
            rows.push(GroupMetrics {
                group: group.into(),
                expression: expression.map_or("all", Emotion::label).into(),
                images: of.len(),
                found: of.iter().flatten().count(),
                own_classes: Accuracy::of(count(0), of.len() as u64),
                shown: Accuracy::of(count(1), of.len() as u64),
            });
        }
    }
    Ok(rows)
}
