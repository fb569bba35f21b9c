//! Predictions of a network for a split, from one view of each face or from several.
//!
//! Test-time augmentation gives the network several views of each face and averages the
//! probabilities. The views are fixed, so that results are reproducible, and use the same affine
//! warp as training and the plain crop:
//!
//! - [`Views::Flip`], 2 views: the face, and the face flipped horizontally;
//! - [`Views::Ten`], 10 views: both of these unshifted, and shifted by ([`SHIFT`], [`SHIFT`]) of 48
//!   pixels towards each of the four corners. Edge pixels are repeated. There is no zoom.

use std::sync::mpsc;

use burn::tensor::Device;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::data::FerItem;
use crate::emotion::Probabilities;
use crate::engine::{EngineError, Program};
use crate::nn::EmotionNet;
use crate::nn::input::from_planes;
use crate::spec::InputSpec;
use crate::spec::heads::HeadLogits;
use crate::vision::{Affine, FaceCrop};

/// Number of images per forward pass.
const BATCH: usize = 64;
/// Largest number of batches that wait for the network.
const AHEAD: usize = 2;

/// Shift of the shifted views along each axis, in pixels of 48: as much as the centre moves in the
/// usual ten crops of 44 out of 48 pixels at the corners.
pub const SHIFT: f32 = 2.0;

/// Error of predicting.
#[derive(Debug, Error)]
pub enum EvaluateError {
    /// burn failed.
    #[error("the engine failed while computing ({reason}); try --device cpu")]
    Engine {
        /// burn's error message.
        reason: String,
    },
    /// One of the page's engines failed.
    #[error(transparent)]
    Program(#[from] EngineError),
}

/// A network, and what computes it.
pub struct Predictor<'a> {
    input: &'a InputSpec,
    computes: Computes<'a>,
}

enum Computes<'a> {
    Burn {
        network: &'a EmotionNet,
        device: &'a Device,
    },
    Engine(Box<dyn Program>),
}

impl<'a> Predictor<'a> {
    /// Computes with burn, on one of its devices.
    pub fn burn(network: &'a EmotionNet, input: &'a InputSpec, device: &'a Device) -> Self {
        let computes = Computes::Burn { network, device };
        Self { input, computes }
    }

    /// Computes with one of the page's engines; `program`'s first output are the logits.
    pub fn engine(program: Box<dyn Program>, input: &'a InputSpec) -> Self {
        let computes = Computes::Engine(program);
        Self { input, computes }
    }

    /// Returns the logits of each of some planes of [`InputSpec::plane`].
    ///
    /// # Errors
    /// [`EvaluateError`] if what computes fails.
    pub fn logits(&mut self, planes: Vec<f32>) -> Result<Vec<HeadLogits>, EvaluateError> {
        let batch = planes.len() / self.input.area().max(1);
        let values = match &mut self.computes {
            Computes::Burn { network, device } => {
                let logits = network
                    .forward(from_planes(self.input, planes, device))
                    .logits;
                let values = logits.into_data().try_to_vec(); // [batch, 7 or 16]
                values.map_err(|error| EvaluateError::Engine {
                    reason: format!("{error:?}"),
                })?
            }
            Computes::Engine(program) => {
                let (size, pixels) = (self.input.size, self.input.with_channels(planes));
                let outputs = pollster::block_on(program.forward(&pixels, batch, size, size))?;
                outputs.into_iter().next().unwrap_or_default()
            }
        };
        HeadLogits::split_rows(&values, batch).ok_or_else(|| EvaluateError::Engine {
            reason: format!("{} values for {batch} faces", values.len()),
        })
    }
}

/// The views of each face that the network is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Views {
    /// One view: the face unchanged.
    Single,
    /// Two views: the face unchanged and flipped.
    Flip,
    /// Ten views: the face unchanged, shifted towards each corner, and all of these flipped.
    Ten,
}

impl Views {
    /// All kinds; the views of each start with those of the one before.
    pub const ALL: [Self; 3] = [Self::Single, Self::Flip, Self::Ten];

    /// Returns the number of views of a face.
    pub const fn count(self) -> usize {
        match self {
            Self::Single => 1,
            Self::Flip => 2,
            Self::Ten => 10,
        }
    }

    /// Returns the name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Single => "single crop",
            Self::Flip => "2 views (flip)",
            Self::Ten => "10 views (flip, shifts)",
        }
    }

    /// Returns the views, as maps from the view's pixels to the face's.
    pub fn face_from_view(self) -> Vec<Affine> {
        let flip = Affine::flip(FaceCrop::SIDE as f32);
        let corners = [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)];
        let shifts = corners.map(|(x, y)| Affine::shift(x * SHIFT, y * SHIFT));
        [Affine::IDENTITY]
            .into_iter()
            .chain(shifts)
            .flat_map(|shift| [shift, shift.then(&flip)])
            .take(self.count())
            .collect()
    }
}

/// Computes the label head's probabilities for each item, from one view and without augmentation.
///
/// # Errors
/// [`EvaluateError`] if what computes fails.
pub fn predict(
    predictor: &mut Predictor<'_>,
    items: &[FerItem],
    on_progress: &mut dyn FnMut(usize, usize),
) -> Result<Vec<Probabilities>, EvaluateError> {
    let view = &Affine::IDENTITY;
    let logits = predict_logits(predictor, items, view, on_progress)?;
    Ok(logits.iter().map(of_label_head).collect())
}

fn of_label_head(logits: &HeadLogits) -> Probabilities {
    Probabilities::from_logits(logits.label)
}

/// Computes the label head's probabilities for each item, averaged over views, for each kind of
/// views from [`Views::Single`] to `views`, in the order of [`Views::ALL`]. Each view is computed
/// once.
///
/// # Errors
/// [`EvaluateError`] if what computes fails.
pub fn predict_views(
    predictor: &mut Predictor<'_>,
    items: &[FerItem],
    views: Views,
    on_progress: &mut dyn FnMut(usize, usize),
) -> Result<Vec<(Views, Vec<Probabilities>)>, EvaluateError> {
    let total = views.count() * items.len();
    let mut answers: Vec<Vec<Probabilities>> = vec![Vec::with_capacity(views.count()); items.len()];
    for (index, face_from_view) in views.face_from_view().iter().enumerate() {
        let before = index * items.len();
        let mut report = |done, _| on_progress(before + done, total);
        let logits = predict_logits(predictor, items, face_from_view, &mut report)?;
        for (answers, logits) in answers.iter_mut().zip(&logits) {
            answers.push(of_label_head(logits));
        }
    }
    let mean_of = |kind: Views| {
        let means = answers
            .iter()
            .filter_map(|answers| Probabilities::mean(&answers[..kind.count()]));
        (kind, means.collect())
    };
    let kinds = Views::ALL.into_iter();
    Ok(kinds
        .filter(|kind| kind.count() <= views.count())
        .map(mean_of)
        .collect())
}

/// Computes both heads' logits for each item, in the view `face_from_view`. A thread prepares the
/// input planes while the network computes.
///
/// # Errors
/// [`EvaluateError`] if what computes fails.
pub fn predict_logits(
    predictor: &mut Predictor<'_>,
    items: &[FerItem],
    face_from_view: &Affine,
    on_progress: &mut dyn FnMut(usize, usize),
) -> Result<Vec<HeadLogits>, EvaluateError> {
    let input = predictor.input;
    let view_from_input = input.crop_from_input().then(face_from_view);
    std::thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel(AHEAD);
        scope.spawn(move || {
            for chunk in items.chunks(BATCH) {
                let planes = chunk.iter().map(|item| &item.crop);
                let planes = planes.flat_map(|crop| input.plane(crop, &view_from_input));
                // The receiver is dropped when the engine fails.
                if sender.send(planes.collect::<Vec<f32>>()).is_err() {
                    break;
                }
            }
        });
        let mut answers = Vec::with_capacity(items.len());
        for planes in receiver {
            answers.extend(predictor.logits(planes)?);
            on_progress(answers.len(), items.len());
        }
        Ok(answers)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emotion::Emotion;
    use crate::spec::EmotionNetConfig;
    use crate::training::config::Preset;

    fn item(row: usize) -> FerItem {
        let mut pixels = [0; FaceCrop::AREA];
        for (index, pixel) in pixels.iter_mut().enumerate() {
            *pixel = ((index * (row + 3)) % 251) as u8;
        }
        FerItem {
            crop: FaceCrop::new(pixels),
            emotion: Emotion::Sad,
            row,
            votes: None,
            source: 0,
        }
    }

    fn network(device: &Device) -> (EmotionNet, InputSpec) {
        let config: EmotionNetConfig = Preset::Smoke.config().unwrap().network;
        let input = config.input();
        (EmotionNet::new(&config, device), input)
    }

    #[test]
    fn the_views_are_the_face_its_mirror_image_and_eight_moved_ones() {
        let views = Views::Ten.face_from_view();
        let side = FaceCrop::SIDE as f32;
        // The position of the view's centre in the face, and whether the view is flipped.
        let seen: Vec<((f32, f32), bool)> = views
            .iter()
            .map(|view| (view.apply(side / 2.0, side / 2.0), view.xx < 0.0))
            .collect();
        let at = |x: f32, y: f32| (24.0 + x, 24.0 + y);
        assert_eq!(
            seen,
            [
                (at(0.0, 0.0), false),
                (at(0.0, 0.0), true),
                (at(-2.0, -2.0), false),
                (at(2.0, -2.0), true),
                (at(2.0, -2.0), false),
                (at(-2.0, -2.0), true),
                (at(-2.0, 2.0), false),
                (at(2.0, 2.0), true),
                (at(2.0, 2.0), false),
                (at(-2.0, 2.0), true),
            ]
        );
        assert_eq!(Views::Flip.face_from_view()[..], views[..2]);
        assert_eq!(Views::Single.face_from_view(), [Affine::IDENTITY]);
    }

    #[test]
    fn a_face_and_its_mirror_image_read_the_same_with_flip() {
        let device = Device::flex();
        let (network, input) = network(&device);
        let mut face = item(4);
        let mut pixels = face.crop.pixels().to_vec();
        for pixel in pixels
            .chunks_mut(FaceCrop::SIDE)
            .flat_map(|row| &mut row[..16])
        {
            *pixel = 255;
        }
        face.crop = FaceCrop::square(pixels, FaceCrop::SIDE).unwrap();
        let mut mirrored = [0; FaceCrop::AREA];
        for (index, pixel) in mirrored.iter_mut().enumerate() {
            let (row, column) = (index / FaceCrop::SIDE, index % FaceCrop::SIDE);
            *pixel = face.crop.pixels()[row * FaceCrop::SIDE + FaceCrop::SIDE - 1 - column];
        }
        let mirrored = FerItem {
            crop: FaceCrop::new(mirrored),
            ..face.clone()
        };
        let items = [face, mirrored];
        let mut predictor = Predictor::burn(&network, &input, &device);
        let kinds = predict_views(&mut predictor, &items, Views::Ten, &mut |_, _| {}).unwrap();
        assert_eq!(
            kinds.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(),
            Views::ALL
        );
        let differ = |answers: &[Probabilities]| {
            let pairs = answers[0].as_array().iter().zip(answers[1].as_array());
            pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
        };
        let [single, flip, ten] = [0, 1, 2].map(|kind| differ(&kinds[kind].1));
        assert!(single > 1e-6, "the network sees a difference, {single}");
        assert!(
            flip < single / 20.0,
            "the mean of both does not: {flip}, {single}"
        );
        assert!(ten < single / 20.0, "nor that of ten: {ten}, {single}");
    }

    #[test]
    fn answers_stay_in_order_over_batches_and_progress_reaches_the_end() {
        let device = Device::flex();
        let (network, input) = network(&device);
        let items: Vec<FerItem> = (0..BATCH + 5).map(item).collect();
        let mut last = (0, 0);
        let mut report = |done, all| last = (done, all);
        let mut predictor = Predictor::burn(&network, &input, &device);
        let all = predict(&mut predictor, &items, &mut report).unwrap();
        assert_eq!(last, (BATCH + 5, BATCH + 5));
        let lone = predict(&mut predictor, &items[BATCH + 2..], &mut |_, _| {}).unwrap();
        for (a, b) in all[BATCH + 2].as_array().iter().zip(lone[0].as_array()) {
            assert!((a - b).abs() < 1e-5);
        }
        assert!(
            predict(&mut predictor, &[], &mut |_, _| {})
                .unwrap()
                .is_empty()
        );
    }
}
