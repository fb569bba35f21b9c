//! Photographs as batches for the detector.

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use rand::Rng as _;

use super::LabelledPhoto;
use super::augment::{FaceAugmentConfig, Scene};
use super::targets::{TARGETS, assign};
use crate::data::augment::{Purpose, random_stream};
use crate::data::loader::{BatchSource, Loader};
use crate::model::detector::{STRIDES, normalize};
use crate::vision::letterbox::Letterbox;
use crate::vision::{Affine, GrayImage};

/// A batch of pictures on a device.
#[derive(Clone, Debug)]
pub struct SceneBatch {
    /// `[batch, 1, side, side]`, normalized.
    pub images: Tensor<4>,
    /// `[batch, places, TARGETS]`, see [`super::targets`].
    pub targets: Tensor<3>,
}

/// Photographs, and how each epoch shows them.
pub struct SceneBatches {
    photos: Arc<Vec<LabelledPhoto>>,
    augment: Option<(FaceAugmentConfig, u64)>,
    /// Pixels along a side of each epoch's pictures; later epochs have the last one's.
    sides: Vec<usize>,
}

/// Batches of [`LabelledPhoto`]s.
pub type SceneLoader = Loader<SceneBatches>;

impl SceneBatches {
    /// Shuffled and varied anew each epoch; `sides` holds the pixels along a side of each epoch's
    /// pictures, divisible by 32.
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

    /// Every photograph as it is, letterboxed into a square.
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
        let rng = &mut random_stream(*seed, epoch, Purpose::Augment { row: index });
        augment.draw(
            photo,
            &mut |rng| &self.photos[rng.random_range(0..self.photos.len())],
            side,
            rng,
        )
    }
}

fn letterboxed(photo: &LabelledPhoto, side: usize) -> Scene {
    let letterbox = Letterbox::square(photo.picture.width, photo.picture.height, side);
    let gray = GrayImage::from_rgb(
        &photo.picture.rgb,
        photo.picture.width,
        photo.picture.height,
    );
    let scale = Affine::scale(letterbox.scale());
    Scene {
        side,
        values: gray.map_or_else(
            |_| vec![0.0; side * side],
            |gray| letterbox.draw(gray.view()),
        ),
        faces: photo
            .faces
            .iter()
            .map(|face| super::LabelledFace {
                rect: face.rect.scale(letterbox.scale()),
                landmarks: face.landmarks.map(&scale),
                ignore: face.ignore,
            })
            .collect(),
    }
}

/// A batch before it is moved to a device.
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
mod look {
    use super::*;
    use crate::data::faces::FaceSet;
    #[test]
    #[ignore]
    fn look_at_scenes() {
        let set = FaceSet::load(std::path::Path::new("/work/shared/data/faces"), |l| l.line % 40 == 0, &mut |_, _| ()).unwrap();
        let batches = SceneBatches::training(Arc::new(set.photos), FaceAugmentConfig::default(), 1, vec![160]);
        let (cols, rows, side) = (8, 5, 160);
        let mut sheet = image::RgbImage::new(cols * side, rows * side);
        let start = std::time::Instant::now();
        for i in 0..(cols * rows) as usize {
            let scene = batches.scene(3, i * 3);
            let (ox, oy) = ((i as u32 % cols) * side, (i as u32 / cols) * side);
            let mut put = |x: f32, y: f32, c: [u8; 3]| if x >= 0.0 && y >= 0.0 && x < 160.0 && y < 160.0 { sheet.put_pixel(ox + x as u32, oy + y as u32, image::Rgb(c)) };
            for (at, v) in scene.values.iter().enumerate() { let g = *v as u8; put((at % 160) as f32, (at / 160) as f32, [g; 3]); }
            for f in &scene.faces {
                let c = if f.ignore { [255, 0, 255] } else { [0, 255, 0] };
                for t in 0..200 { let t = t as f32 / 200.0;
                    for (x, y) in [(t, 0.0), (t, 1.0), (0.0, t), (1.0, t)] { put(f.rect.x + x * f.rect.width, f.rect.y + y * f.rect.height, c); } }
                if !f.ignore { for (k, p) in f.landmarks.points.iter().enumerate() { let c = [[255,0,0],[0,0,255],[255,255,0],[255,128,0],[0,255,255]][k]; for d in [(0.,0.),(1.,0.),(0.,1.),(1.,1.)] { put(p[0] + d.0, p[1] + d.1, c); } } }
            }
        }
        println!("{:?} a scene", start.elapsed() / (cols * rows));
        sheet.save("/tmp/scenes.png").unwrap();
    }
}
