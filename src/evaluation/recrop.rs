//! Crops FER2013's faces anew, in the way that faces are cropped from photographs.
//!
//! A stored face is enlarged, extended beyond its edges and optionally rotated, which makes a small
//! photograph. The face that the detector finds in it is cropped by its box or by its eyes. So the
//! network can be trained and evaluated on crops as in use, and the effect of tilted heads can be
//! measured at a known angle.

use clap::ValueEnum;

use crate::data::FerItem;
use crate::pipeline::finder::{FaceFinder, Search};
use crate::vision::align::{FaceSquare, crop_face};
use crate::vision::detect::Detection;
use crate::vision::warp::{resample, to_byte, warp_affine};
use crate::vision::{Affine, FaceCrop, GrayError, GrayImage, Rect};

/// How a face is cropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Recrop {
    /// As the data set cropped it
    Stored,
    /// By the detector's box, upright, as the page does
    Box,
    /// By the detector's box, rotated so that the eyes are level
    Eyes,
}

/// Factor by which a stored face is enlarged.
const ENLARGEMENT: usize = 3;
/// Pixels of the stored face that are added beyond each edge.
const MARGIN: usize = 24;
const SIDE: usize = (FaceCrop::SIDE + 2 * MARGIN) * ENLARGEMENT;

/// Makes a photograph of a stored face, rotated clockwise by `radians` about the face's centre.
pub fn photograph(crop: &FaceCrop, radians: f32) -> Result<GrayImage, GrayError> {
    let side = FaceCrop::SIDE as f32;
    let margin = MARGIN as f32;
    let sharpness = crop.side() as f32 / side;
    let (start, extent) = (-margin * sharpness, (side + 2.0 * margin) * sharpness);
    let rect = Rect::new(start, start, extent, extent);
    let values = resample(crop.view(), rect, SIDE, SIDE);
    let pixels: Vec<u8> = values.into_iter().map(to_byte).collect();
    let middle = SIDE as f32 / 2.0;
    let upright_from_turned = Affine::rotation(-radians).about(middle, middle);
    let photograph = GrayImage::new(pixels, SIDE as u32, SIDE as u32)?;
    if radians == 0.0 {
        return Ok(photograph);
    }
    let turned = warp_affine(photograph.view(), &upright_from_turned, SIDE);
    let pixels = turned.into_iter().map(to_byte).collect();
    GrayImage::new(pixels, SIDE as u32, SIDE as u32)
}

/// Returns the square of the stored face in a photograph.
fn stored_square() -> FaceSquare {
    let middle = SIDE as f32 / 2.0;
    FaceSquare {
        centre: (middle, middle),
        side: (FaceCrop::SIDE * ENLARGEMENT) as f32,
        radians: 0.0,
    }
}

/// Returns the first face that covers the photograph's centre, if any.
pub fn in_the_middle(faces: Vec<Detection>) -> Option<Detection> {
    let middle = SIDE as f32 / 2.0;
    faces.into_iter().find(|face| {
        let rect = face.rect_in_frame;
        (rect.x..rect.right()).contains(&middle) && (rect.y..rect.bottom()).contains(&middle)
    })
}

/// Crops every face anew from its photograph, rotated by `degrees`, clockwise in even rows and
/// counter-clockwise in odd ones. Returns the number of faces that the detector found; the others
/// are cropped as in the data set.
///
/// # Errors
/// A [`GrayError`], which cannot happen for stored faces.
pub fn recrop(
    items: &mut [FerItem],
    how: Recrop,
    degrees: f32,
    finder: &mut FaceFinder,
    on_progress: &mut dyn FnMut(usize, usize),
) -> Result<usize, GrayError> {
    let (mut found, all) = (0, items.len());
    for (index, item) in items.iter_mut().enumerate() {
        let sign = if item.row % 2 == 0 { 1.0 } else { -1.0 };
        let photograph = photograph(&item.crop, (sign * degrees).to_radians())?;
        let mut find = || in_the_middle(finder.find(&photograph, Search::Quick));
        let square = match how {
            Recrop::Stored => None,
            Recrop::Box => find().as_ref().map(FaceSquare::of),
            Recrop::Eyes => find().as_ref().map(FaceSquare::aligned),
        };
        found += usize::from(square.is_some());
        item.crop = crop_face(&photograph, &square.unwrap_or_else(stored_square));
        on_progress(index + 1, all);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::data::{LoadOptions, load};

    /// Measures the numbers that [`crate::vision::align`] uses.
    #[test]
    #[ignore = "a measurement; FER2013=/path/to/fer2013.csv"]
    fn how_fer2013_frames_faces() {
        let path = std::env::var("FER2013").unwrap();
        let data = load(Path::new(&path), LoadOptions::default()).unwrap();
        let mut finder = FaceFinder::built_in().unwrap();
        let mut columns: [Vec<f32>; 9] = Default::default();
        let (mut seen, mut found) = (0, 0);
        for item in data.training.iter().step_by(14) {
            seen += 1;
            let photograph = photograph(&item.crop, 0.0).unwrap();
            let faces = finder.find(&photograph, Search::Quick);
            let Some(face) = in_the_middle(faces) else {
                continue;
            };
            found += 1;
            let frame = stored_square();
            let rect = face.rect_in_frame;
            let roll = face.landmarks.roll();
            // In the coordinate axes of the upright face.
            let upright = face
                .landmarks
                .map(&Affine::rotation(-roll).about(frame.centre.0, frame.centre.1));
            let ([ex, ey], [mx, my]) = (upright.between_eyes(), upright.mouth());
            let [lx, _] = upright.left_eye();
            let [rx, _] = upright.right_eye();
            let (eyes, eye_mouth, size) = (rx - lx, my - ey, rect.area().sqrt());
            let (x, y) = rect.centre();
            let rows = [
                frame.side / size,
                frame.side / rect.height,
                frame.side / eyes,
                frame.side / eye_mouth,
                frame.side / (eyes + eye_mouth),
                (frame.centre.1 - y) / size,
                (frame.centre.0 - x) / size,
                (frame.centre.1 - (ey + my) / 2.0) / frame.side,
                (frame.centre.0 - (ex + mx) / 2.0) / frame.side,
            ];
            for (column, value) in columns.iter_mut().zip(rows) {
                column.push(value);
            }
        }
        println!("found {found} of {seen}");
        let names = [
            "frame / box",
            "frame / box height",
            "frame / eyes",
            "frame / eyes to mouth",
            "frame / both",
            "below box",
            "right of box",
            "below points, frames",
            "right of points",
        ];
        for (name, mut column) in names.into_iter().zip(columns) {
            column.sort_by(f32::total_cmp);
            let at = |share: f32| column[(share * (column.len() - 1) as f32) as usize];
            println!("{name:24} {:.3} ({:.3} {:.3})", at(0.5), at(0.25), at(0.75));
        }
    }
}
