//! Batches of photographs for the detector.

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use rand::Rng as _;

use super::augment::{FaceAugmentConfig, SMALLEST_LEARNED, Scene};
use super::targets::{TARGETS, assign};
use super::{LabelledFace, LabelledPhoto};
use crate::data::augment::{RngStream, random_stream};
use crate::data::batch::loader::{BatchSource, Loader};
use crate::spec::detector::{STRIDES, normalize};
use crate::vision::letterbox::Letterbox;
use crate::vision::{Affine, GrayImage};

/// A batch of pictures on a device.
#[derive(Clone, Debug)]
pub struct SceneBatch {
    /// Normalized images `[batch, 1, side, side]`.
    pub images: Tensor<4>,
    /// Targets `[batch, places, TARGETS]`, see [`super::targets`].
    pub targets: Tensor<3>,
}

/// Source of scene batches: the photographs, and how each epoch varies them.
pub struct SceneBatches {
    photos: Arc<Vec<LabelledPhoto>>,
    augment: Option<(FaceAugmentConfig, u64)>,
    /// Side of each epoch's pictures in pixels; later epochs use the last one.
    sides: Vec<usize>,
}

/// Data loader for batches of [`LabelledPhoto`]s.
pub type SceneLoader = Loader<SceneBatches>;

impl SceneBatches {
    /// Creates the batches for training, shuffled and augmented anew each epoch. `sides` holds the
    /// side of each epoch's pictures in pixels, divisible by 32.
    pub fn training(
        photos: Arc<Vec<LabelledPhoto>>,
        augment: FaceAugmentConfig,
        seed: u64,
        sides: Vec<usize>,
    ) -> Self {
        Self {
            photos,
            augment: Some((augment, seed)),
            sides,
        }
    }

    /// Creates the batches for evaluation: every photograph unchanged, letterboxed into a square.
    pub fn evaluation(photos: Arc<Vec<LabelledPhoto>>, side: usize) -> Self {
        Self {
            photos,
            augment: None,
            sides: vec![side],
        }
    }

    fn scene(&self, epoch: u64, index: usize) -> Scene {
        let last = self.sides.len().saturating_sub(1);
        let side = self.sides.get(last.min(epoch as usize)).copied();
        let side = side.unwrap_or(STRIDES[2]);
        let photo = &self.photos[index];
        let Some((augment, seed)) = &self.augment else {
            return letterboxed(photo, side);
        };
        let rng = &mut random_stream(*seed, epoch, RngStream::Augment { row: index });
        augment.draw(
            photo,
            &mut |rng| &self.photos[rng.random_range(0..self.photos.len())],
            side,
            rng,
        )
    }
}

fn letterboxed(photo: &LabelledPhoto, side: usize) -> Scene {
    let (width, height) = (photo.width, photo.height);
    let letterbox = Letterbox::square(width, height, side);
    let gray = GrayImage::from_rgb(&photo.rgb, width, height);
    let scale = letterbox.scale();
    let face = |face: &LabelledFace| {
        let rect = face.rect.scale(scale);
        LabelledFace {
            rect,
            landmarks: face
                .landmarks
                .map(|points| points.map(&Affine::scale(scale))),
            ignore: face.ignore || rect.width.max(rect.height) < SMALLEST_LEARNED,
        }
    };
    Scene {
        side,
        values: gray.map_or_else(
            |_| vec![0.0; side * side],
            |gray| letterbox.draw(gray.view()),
        ),
        faces: photo.faces.iter().map(face).collect(),
    }
}

/// A batch in host memory.
pub struct HostScenes {
    side: usize,
    pixels: Vec<f32>,
    targets: Vec<f32>,
}

impl BatchSource for SceneBatches {
    type Host = HostScenes;
    type Batch = SceneBatch;

    fn item_count(&self) -> usize {
        self.photos.len()
    }

    fn order_seed(&self) -> Option<u64> {
        self.augment.as_ref().map(|(_, seed)| *seed)
    }

    fn prepare(&self, epoch: u64, indices: &[usize]) -> HostScenes {
        let mut host = HostScenes {
            side: 0,
            pixels: vec![],
            targets: vec![],
        };
        for index in indices {
            let scene = self.scene(epoch, *index);
            host.side = scene.side;
            host.pixels
                .extend(scene.values.iter().copied().map(normalize));
            host.targets
                .extend(assign(&scene.faces, scene.side, scene.side));
        }
        host
    }

    fn upload(host: HostScenes, device: &Device) -> SceneBatch {
        let HostScenes {
            side,
            pixels,
            targets,
        } = host;
        let count = pixels.len() / (side * side).max(1);
        let places = targets.len() / TARGETS / count.max(1);
        SceneBatch {
            images: Tensor::from_data(TensorData::new(pixels, [count, 1, side, side]), device),
            targets: Tensor::from_data(TensorData::new(targets, [count, places, TARGETS]), device),
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::data::dataloader::DataLoader as _;

    use super::super::targets::FACE;
    use super::*;
    use crate::spec::detector::output::places;
    use crate::vision::{Landmarks, Rect};

    /// Returns a gray photograph with a white square for a face, and black eyes on it.
    pub fn photo(width: u32, height: u32, rect: Rect) -> LabelledPhoto {
        let share = |x: f32, y: f32| [rect.x + x * rect.width, rect.y + y * rect.height];
        let points = [
            share(0.3, 0.4),
            share(0.7, 0.4),
            share(0.5, 0.6),
            share(0.35, 0.8),
            share(0.65, 0.8),
        ];
        let mut rgb = vec![60; (width * height * 3) as usize];
        for y in 0..height {
            for x in 0..width {
                let (fx, fy) = (x as f32 + 0.5, y as f32 + 0.5);
                if (rect.x..rect.right()).contains(&fx) && (rect.y..rect.bottom()).contains(&fy) {
                    let at = ((y * width + x) * 3) as usize;
                    let eye = points[..2]
                        .iter()
                        .any(|[px, py]| (px - fx).abs().max((py - fy).abs()) < rect.width * 0.08);
                    rgb[at..at + 3].fill(if eye { 0 } else { 255 });
                }
            }
        }
        LabelledPhoto {
            file: "drawn".into(),
            source: "drawn".into(),
            faces: vec![LabelledFace {
                rect,
                landmarks: Some(Landmarks { points }),
                ignore: false,
            }],
            rgb,
            width,
            height,
        }
    }

    fn photos() -> Arc<Vec<LabelledPhoto>> {
        let sizes = [
            (200, 150, 60.0),
            (120, 160, 40.0),
            (320, 240, 90.0),
            (90, 90, 50.0),
        ];
        let photos = sizes
            .map(|(width, height, side)| photo(width, height, Rect::new(20.0, 30.0, side, side)));
        Arc::new(photos.to_vec())
    }

    #[test]
    fn a_face_is_where_its_label_says_after_every_turn_and_mirror() {
        let photos = photos();
        let plain = FaceAugmentConfig {
            light_probability: 0.0,
            blur_probability: 0.0,
            noise_probability: 0.0,
            cover_probability: 0.0,
            background_probability: 0.0,
            ..FaceAugmentConfig::default()
        };
        let batches = SceneBatches::training(photos, plain, 3, vec![160]);
        let mut seen = 0;
        for epoch in 0..40 {
            let scene = batches.scene(epoch, epoch as usize % 4);
            let value = |[x, y]: [f32; 2]| {
                let inside = |at: f32| (1.0..159.0).contains(&at);
                (inside(x) && inside(y)).then(|| scene.values[y as usize * 160 + x as usize])
            };
            for face in scene.faces.iter().filter(|face| !face.ignore) {
                if face.rect.width < 24.0 {
                    continue;
                }
                let landmarks = face.landmarks.unwrap();
                let eyes = [landmarks.left_eye(), landmarks.right_eye()];
                for eye in eyes {
                    assert!(
                        value(eye).is_none_or(|value| value < 100.0),
                        "{epoch} {face:?}"
                    );
                }
                let nose = landmarks.points[2];
                assert!(
                    value(nose).is_none_or(|value| value > 180.0),
                    "{epoch} {face:?}"
                );
                assert!(eyes[0][0] < eyes[1][0], "left is left, {face:?}");
                seen += 1;
            }
        }
        assert!(seen > 20, "{seen}");
    }

    #[test]
    fn a_scene_is_a_function_of_seed_epoch_and_photograph() {
        let scenes =
            |seed| SceneBatches::training(photos(), FaceAugmentConfig::default(), seed, vec![64]);
        assert_eq!(scenes(1).scene(2, 3), scenes(1).scene(2, 3));
        assert_ne!(scenes(1).scene(2, 3), scenes(1).scene(3, 3));
        assert_ne!(scenes(1).scene(2, 3), scenes(2).scene(2, 3));
        for epoch in 0..50 {
            let scene = scenes(5).scene(epoch, epoch as usize % 4);
            assert!(
                scene
                    .values
                    .iter()
                    .all(|value| (0.0..=255.0).contains(value))
            );
        }
    }

    #[test]
    fn each_epoch_has_its_side_and_a_batch_its_shapes() {
        let device = Device::flex();
        let batches =
            SceneBatches::training(photos(), FaceAugmentConfig::default(), 1, vec![64, 96]);
        let loader = SceneLoader::full_batches(batches, 2, 1, device.clone());
        for side in [64, 96, 96] {
            for batch in loader.iter() {
                let batch = batch.unwrap();
                assert_eq!(batch.images.dims(), [2, 1, side, side]);
                let count = places(side, side).count();
                assert_eq!(batch.targets.dims(), [2, count, TARGETS]);
            }
        }
    }

    #[test]
    fn evaluation_shows_photographs_as_they_are() {
        let batches = SceneBatches::evaluation(photos(), 96);
        let scene = batches.scene(7, 2);
        assert_eq!(scene, batches.scene(0, 2));
        // 320×240 at 96: a scale of 0.3.
        assert!((scene.faces[0].rect.width - 27.0).abs() < 1e-3);
        assert!((scene.values[0] - 60.0).abs() < 1.0);
        let targets = assign(&scene.faces, 96, 96);
        assert!(targets.chunks(TARGETS).any(|row| row[FACE] == 1.0));
    }
}
