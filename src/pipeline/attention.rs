//! Where the network looked: the gate of its feature pixels, mapped back to the face.

use std::f32::consts::FRAC_PI_2;

use serde::{Deserialize, Serialize};

use crate::engine::Plan;
use crate::vision::{FaceSquare, Rect};

/// How much each part of a face counted in its reading, as coarse as the network's last feature map
/// (three by three for an input of 96 pixels). Each value weighs one place of that map, and each
/// place depends on far more of the face than it covers: it shows regions, not pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attention {
    /// Number of values across.
    pub width: usize,
    /// Number of values down.
    pub height: usize,
    /// Values from 0 (counted for nothing) to 1 (counted in full), row by row from the top left.
    pub values: Vec<f32>,
    /// The part of the frame that the map covers, in pixels: what the network was given.
    pub square_in_frame: Rect,
}

impl Attention {
    /// Returns the smallest and the largest value; `None` without values.
    pub fn range(&self) -> Option<(f32, f32)> {
        let first = *self.values.first()?;
        let range = self.values.iter().fold((first, first), |(low, high), &it| {
            (low.min(it), high.max(it))
        });
        Some(range)
    }

    /// Returns the map turned by a quarter.
    fn turned_clockwise(self) -> Self {
        let (width, height) = (self.width, self.height);
        let turned = (0..width * height).map(|at| {
            let (x, y) = (at % height, at / height);
            self.values[(height - 1 - x) * width + y]
        });
        Self {
            width: height,
            height: width,
            values: turned.collect(),
            ..self
        }
    }
}

/// Size of the gate among a plan's outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gate {
    height: usize,
    width: usize,
}

impl Gate {
    /// Returns the gate of a plan whose input has `size` pixels along a side; `None` where the plan
    /// has none (see [`crate::spec::lower::emotion_plan`]).
    pub(super) fn of(plan: &Plan, size: usize) -> Option<Self> {
        let map = *plan.outputs().get(1)?;
        let [height, width] = *plan.sizes(size, size).get(map)?;
        Some(Self { height, width })
    }

    /// Returns the maps of the faces cut by `squares`, from the gate's `values`,
    /// `[faces, height, width, 1]`. Empty where the counts disagree.
    pub(super) fn maps(self, values: &[f32], squares: &[FaceSquare]) -> Vec<Attention> {
        let area = self.height * self.width;
        if values.len() != area * squares.len() {
            return vec![];
        }
        let maps = values.chunks_exact(area).zip(squares);
        maps.map(|(values, square)| {
            let (x, y) = square.centre;
            let map = Attention {
                width: self.width,
                height: self.height,
                values: values.to_vec(),
                square_in_frame: Rect::from_centre(x, y, square.side, square.side),
            };
            let turns = (square.radians / FRAC_PI_2).round().rem_euclid(4.0) as u8;
            (0..turns).fold(map, |map, _| map.turned_clockwise())
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::cpu::CpuProgram;
    use crate::engine::reference;
    use crate::pipeline::load_plan;
    use crate::vision::FaceCrop;

    const MANIFEST: &[u8] = include_bytes!("../../www/model/manifest.json");
    const WEIGHTS: &[u8] = include_bytes!("../../www/model/moue-int8.safetensors");

    #[test]
    fn the_shipped_models_gate_is_what_its_definition_gives() {
        let (plan, manifest) = load_plan(MANIFEST, WEIGHTS).unwrap();
        let size = manifest.input.size;
        let gate = Gate::of(&plan, size).unwrap();
        assert_eq!([gate.height, gate.width], [3, 3]);
        let crops = [40, 90].map(|step| {
            let shade = |at: usize| ((at * step / 7 + at / 48 * 5) % 256) as u8;
            FaceCrop::new(std::array::from_fn(shade))
        });
        let pixels = manifest.input.pixels(&crops);
        let outputs = CpuProgram::new(&plan).run(&pixels, crops.len(), size, size);
        for (crop, found) in crops.iter().zip(outputs[1].chunks_exact(9)) {
            let pixels = manifest.input.pixels(std::slice::from_ref(crop));
            let expected = &reference::run(&plan, &pixels, size, size)[1];
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-3, "{found} {expected}");
            }
        }
    }

    #[test]
    fn every_face_gets_its_part_of_the_gate() {
        let gate = Gate {
            height: 1,
            width: 2,
        };
        let square = |x| FaceSquare {
            centre: (x, 20.0),
            side: 10.0,
            radians: 0.0,
        };
        let maps = gate.maps(&[0.1, 0.9, 0.4, 0.2], &[square(30.0), square(60.0)]);
        assert_eq!(maps.len(), 2);
        assert_eq!(maps[1].values, [0.4, 0.2]);
        assert_eq!(maps[1].range(), Some((0.2, 0.4)));
        assert_eq!(maps[0].square_in_frame, Rect::new(25.0, 15.0, 10.0, 10.0));
        assert!(gate.maps(&[0.1, 0.9, 0.4], &[square(30.0)]).is_empty());
    }

    #[test]
    fn the_map_of_a_turned_face_lies_as_the_face_does() {
        let gate = Gate {
            height: 2,
            width: 2,
        };
        let upside_down = FaceSquare {
            centre: (0.0, 0.0),
            side: 1.0,
            radians: std::f32::consts::PI,
        };
        let on_its_side = FaceSquare {
            radians: FRAC_PI_2,
            ..upside_down
        };
        let values = [1.0, 2.0, 3.0, 4.0];
        let maps = gate.maps(&[values, values].concat(), &[upside_down, on_its_side]);
        assert_eq!(maps[0].values, [4.0, 3.0, 2.0, 1.0]);
        assert_eq!(maps[1].values, [3.0, 1.0, 4.0, 2.0]);
    }
}
