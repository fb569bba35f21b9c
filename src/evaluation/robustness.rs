//! Robustness of the reading head: accuracy on the faces of PublicTest with a majority of FER+'s
//! votes, cropped by our detector, rotated, blurred, with a larger box, and flipped.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::evaluate::{EvaluateError, Predictor, predict_logits};
use super::reading::{ReadSet, voted};
use super::recrop::{Recrop, recrop};
use crate::data::augment::degrade::blurred;
use crate::data::{Fer2013, FerItem};
use crate::emotion::Emotion;
use crate::pipeline::finder::FaceFinder;
use crate::spec::Calibration;
use crate::spec::heads::READING_ANSWERS;
use crate::spec::manifest::SourceBias;
use crate::vision::{Affine, FaceCrop, GrayError};

/// Angle of the rotation, in degrees.
const TURN: f32 = 20.0;
/// Standard deviation of the blur, in 48ths of the side.
const SIGMA: f32 = 1.0;
/// Factor by which the box is enlarged.
const LARGER: f32 = 1.3;

/// Error of measuring the robustness.
#[derive(Debug, Error)]
pub enum RobustnessError {
    /// The network could not be run.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// A face could not be made into a photograph, which cannot happen for stored faces.
    #[error(transparent)]
    Gray(#[from] GrayError),
}

/// Metrics for one change of the pictures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangedReading {
    /// Name of the change.
    pub change: String,
    /// Number of faces.
    pub images: usize,
    /// Accuracy among eight expressions with FER+'s bias, 0 to 1.
    pub right: f64,
    /// Loss of accuracy against the unchanged pictures, in percentage points.
    pub lost: f64,
    /// Share of faces that are read as another of the seven expressions than without the change, 0
    /// to 1.
    pub relabelled: f64,
}

/// Measures each change; the first row is for the unchanged pictures.
///
/// # Errors
/// A [`RobustnessError`] if the engine fails.
pub fn robustness(
    predictor: &mut Predictor<'_>,
    data: &Fer2013,
    bias: &SourceBias,
    finder: &mut FaceFinder,
    on_progress: &mut dyn FnMut(&str, usize, usize),
) -> Result<Vec<ChangedReading>, RobustnessError> {
    let faces: Vec<(FerItem, usize)> = data
        .public_test
        .iter()
        .filter_map(voted)
        .map(|(item, answer)| (item.clone(), answer))
        .collect();
    let items: Vec<FerItem> = faces.iter().map(|(item, _)| item.clone()).collect();
    let side = FaceCrop::SIDE as f32;
    let cut = |how: Recrop, degrees: f32, finder: &mut FaceFinder| {
        let mut items = items.clone();
        recrop(&mut items, how, degrees, finder, &mut |_, _| ()).map(|_| items)
    };
    let detected = cut(Recrop::Box, 0.0, finder)?;
    let turned = cut(Recrop::Stored, TURN, finder)?;
    let soft = items.iter().map(|item| FerItem {
        crop: blurred(&item.crop, SIGMA),
        ..item.clone()
    });
    let soft: Vec<FerItem> = soft.collect();
    let larger = Affine::scale(LARGER).about(side / 2.0, side / 2.0);
    let mirror = Affine::flip(side);
    let rows: [(&str, &[FerItem], Affine); 6] = [
        ("as stored", &items, Affine::IDENTITY),
        ("cut by our detector", &detected, Affine::IDENTITY),
        (
            &format!("turned by {TURN} degrees"),
            &turned,
            Affine::IDENTITY,
        ),
        ("blurred", &soft, Affine::IDENTITY),
        (&format!("box {LARGER} times as large"), &items, larger),
        ("mirrored", &items, mirror),
    ];
    let mut readings: Vec<ChangedReading> = vec![];
    let mut unchanged: Vec<Emotion> = vec![];
    for (change, items, view) in rows {
        let mut report = |done, all| on_progress(change, done, all);
        let logits = predict_logits(predictor, items, &view, &mut report)?;
        let plain = Calibration::default();
        let names = logits.iter().map(|heads| plain.read(heads).top().0);
        let names: Vec<Emotion> = names.collect();
        if unchanged.is_empty() {
            unchanged.clone_from(&names);
        }
        let other = names.iter().zip(&unchanged).filter(|(a, b)| a != b).count();
        let set = ReadSet {
            name: change.into(),
            selected_on: true,
            logits,
            targets: faces.iter().map(|(_, answer)| *answer).collect(),
            collected: [true; READING_ANSWERS],
            is_voted: true,
            bias: Some(bias.bias),
        };
        let figures = set.figures(&plain);
        let right = figures.with_bias.map_or(0.0, |accuracy| accuracy.value);
        let before = readings.first().map_or(right, |first| first.right);
        readings.push(ChangedReading {
            change: change.into(),
            images: items.len(),
            right,
            lost: 100.0 * (before - right),
            relabelled: other as f64 / items.len().max(1) as f64,
        });
    }
    Ok(readings)
}
