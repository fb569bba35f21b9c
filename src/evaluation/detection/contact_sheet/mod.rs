//! A contact sheet: one picture of photographs with the faces that a detector found and missed.
//!
//! The largest mistakes come first, then photographs without a mistake. Blue boxes are found faces,
//! vermilion ones false boxes, orange ones missed faces, gray ones ignored. The numbers are scores.

mod canvas;

use std::io::Cursor;

use self::canvas::Canvas;
use image::{ImageFormat, Rgb, RgbImage};
use thiserror::Error;

use super::FoundFace;
use super::matching::{BoxMatch, Protocol, match_photo};
use crate::data::faces::{LabelledFace, LabelledPhoto};
use crate::vision::{Point, Rect};

const COLUMNS: usize = 6;
const ROWS: usize = 4;
/// Width and height of a photograph's cell, in pixels of the sheet.
const CELL: (u32, u32) = (320, 240);
const GAP: u32 = 6;

const PAPER: Rgb<u8> = Rgb([24, 24, 24]);
const FOUND: Rgb<u8> = Rgb([0, 114, 178]);
const FALSE: Rgb<u8> = Rgb([213, 94, 0]);
const MISSED: Rgb<u8> = Rgb([230, 159, 0]);
const IGNORED: Rgb<u8> = Rgb([150, 150, 150]);
const POINT: Rgb<u8> = Rgb([255, 255, 0]);

/// Error of creating a contact sheet.
#[derive(Debug, Error)]
pub enum SheetError {
    /// The PNG could not be encoded.
    #[error(
        "the contact sheet could not be encoded ({0}); this is a fault of moue, please report it"
    )]
    Encode(#[from] image::ImageError),
}

/// A contact sheet.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The encoded PNG.
    pub png: Vec<u8>,
    /// Names of the photographs, row by row.
    pub rows: Vec<Vec<String>>,
}

/// A photograph with the boxes found in it.
struct Shown<'a> {
    photo: &'a LabelledPhoto,
    found: Vec<FoundFace>,
    matches: Vec<BoxMatch>,
}

impl<'a> Shown<'a> {
    fn new(
        photo: &'a LabelledPhoto,
        found: &[FoundFace],
        threshold: f32,
        protocol: &Protocol,
    ) -> Self {
        let found = found.iter().filter(|face| face.score >= threshold);
        let found: Vec<FoundFace> = found.copied().collect();
        let matches = match_photo(&photo.faces, &found, protocol);
        Self {
            photo,
            found,
            matches,
        }
    }

    fn is_missed(&self, index: usize, face: &LabelledFace) -> bool {
        !face.ignore && !self.matches.contains(&BoxMatch::Found(index))
    }

    /// Returns the size of the largest missed face or false box: its longer side divided by the
    /// photograph's; 0 if there is none.
    fn largest_mistake(&self) -> f32 {
        let side = |rect: &Rect| rect.width.max(rect.height);
        let faces = self.photo.faces.iter().enumerate();
        let missed = faces.filter(|(index, face)| self.is_missed(*index, face));
        let missed = missed.map(|(_, face)| side(&face.rect));
        let boxes = self.found.iter().zip(&self.matches);
        let false_boxes = boxes.filter(|(_, outcome)| **outcome == BoxMatch::False);
        let false_boxes = false_boxes.map(|(found, _)| side(&found.rect));
        let longest = self.photo.width.max(self.photo.height).max(1) as f32;
        missed.chain(false_boxes).fold(0.0, f32::max) / longest
    }
}

/// Draws the contact sheet of a detector, from boxes with a score of at least `threshold`. `found`
/// has the boxes of each photograph.
///
/// # Errors
/// A [`SheetError`] if the PNG cannot be encoded.
pub fn contact_sheet(
    photos: &[LabelledPhoto],
    found: &[Vec<FoundFace>],
    threshold: f32,
    protocol: &Protocol,
) -> Result<Sheet, SheetError> {
    let shown = photos.iter().zip(found);
    let shown = shown.map(|(photo, found)| Shown::new(photo, found, threshold, protocol));
    let chosen = choose(shown.collect());
    let height = chosen.len().div_ceil(COLUMNS) as u32 * (CELL.1 + GAP) + GAP;
    let width = COLUMNS as u32 * (CELL.0 + GAP) + GAP;
    let mut canvas = Canvas::new(width, height, PAPER);
    for (index, shown) in chosen.iter().enumerate() {
        let (row, column) = ((index / COLUMNS) as u32, (index % COLUMNS) as u32);
        let at = (GAP + column * (CELL.0 + GAP), GAP + row * (CELL.1 + GAP));
        draw(&mut canvas, at, shown);
    }
    let mut png = Cursor::new(Vec::new());
    canvas.image.write_to(&mut png, ImageFormat::Png)?;
    let rows = chosen.chunks(COLUMNS);
    Ok(Sheet {
        png: png.into_inner(),
        rows: rows
            .map(|row| row.iter().map(|shown| shown.photo.file.clone()).collect())
            .collect(),
    })
}

/// Chooses the photographs with the largest mistakes, then others at equal steps.
fn choose(shown: Vec<Shown<'_>>) -> Vec<Shown<'_>> {
    let (mut wrong, right): (Vec<_>, Vec<_>) = shown
        .into_iter()
        .partition(|shown| shown.largest_mistake() > 0.0);
    wrong.sort_by(|a, b| b.largest_mistake().total_cmp(&a.largest_mistake()));
    wrong.truncate(COLUMNS * ROWS);
    let room = COLUMNS * ROWS - wrong.len();
    let step = right.len().div_ceil(room.max(1)).max(1);
    wrong.extend(right.into_iter().step_by(step).take(room));
    wrong
}

fn draw(canvas: &mut Canvas, at: (u32, u32), shown: &Shown<'_>) {
    let photo = shown.photo;
    let Some(image) = RgbImage::from_raw(photo.width, photo.height, photo.rgb.clone()) else {
        return;
    };
    let ([left, top], scale) = canvas.photo(&image, at, CELL);
    let onto = |rect: &Rect| rect.scale(scale).shift(left, top);
    let cell = Rect::new(at.0 as f32, at.1 as f32, CELL.0 as f32, CELL.1 as f32);
    // Boxes are clipped to the photograph's cell.
    let inside = |rect: Rect| {
        rect.intersect(&cell)
            .unwrap_or(Rect::new(left, top, 0.0, 0.0))
    };
    for (index, face) in photo.faces.iter().enumerate() {
        if face.ignore {
            canvas.frame(inside(onto(&face.rect)), 1.0, IGNORED);
        } else if shown.is_missed(index, face) {
            canvas.frame(inside(onto(&face.rect)), 3.0, MISSED);
        }
    }
    for (found, outcome) in shown.found.iter().zip(&shown.matches) {
        let colour = match outcome {
            BoxMatch::Found(_) => FOUND,
            BoxMatch::False => FALSE,
            BoxMatch::Ignored => IGNORED,
        };
        let rect = inside(onto(&found.rect));
        canvas.frame(rect, 2.0, colour);
        for [x, y] in found.landmarks.iter().flat_map(|face| face.points) {
            let point: Point = [x * scale + left, y * scale + top];
            let is_inside = cell.intersect(&Rect::from_centre(point[0], point[1], 3.0, 3.0));
            if is_inside.is_some() {
                canvas.dot(point, 3.0, POINT);
            }
        }
        canvas.number(found.score, [rect.x, rect.y], colour);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{face, found};
    use super::*;

    fn photo(file: &str, faces: Vec<LabelledFace>) -> LabelledPhoto {
        LabelledPhoto {
            file: file.to_owned(),
            source: "s".to_owned(),
            width: 80,
            height: 60,
            rgb: vec![100; 80 * 60 * 3],
            faces,
        }
    }

    #[test]
    fn the_largest_mistakes_come_first() {
        let photos = [
            photo("right", vec![face(0.0, 40.0)]),
            photo("small miss", vec![face(0.0, 10.0)]),
            photo("empty", vec![]),
            photo("large false box", vec![]),
            photo("weak false box", vec![]),
        ];
        let boxes = [
            vec![found(0.0, 40.0, 0.9)],
            vec![],
            vec![],
            vec![found(0.0, 50.0, 0.9)],
            vec![found(0.0, 60.0, 0.3)],
        ];
        let sheet = contact_sheet(&photos, &boxes, 0.5, &Protocol::default()).unwrap();
        assert_eq!(
            sheet.rows,
            [[
                "large false box",
                "small miss",
                "right",
                "empty",
                "weak false box"
            ]]
        );
        let picture = image::load_from_memory(&sheet.png).unwrap().to_rgb8();
        let count = |colour| picture.pixels().filter(|pixel| **pixel == colour).count();
        // A frame of four edges, each 2 wide, around 200 pixels; the plate hides part of its
        // inside.
        let frame = 2 * 2 * (200 - 2) * 2;
        assert!(count(FALSE) >= frame, "{}", count(FALSE));
        assert!(count(FOUND) > 0 && count(MISSED) > 0);
    }

    #[test]
    fn many_photographs_fill_the_sheet_and_none_gives_an_empty_one() {
        let photos: Vec<_> = (0..100)
            .map(|index| photo(&index.to_string(), vec![]))
            .collect();
        let none = vec![vec![]; 100];
        let sheet = contact_sheet(&photos, &none, 0.5, &Protocol::default()).unwrap();
        assert_eq!(sheet.rows.len(), ROWS);
        assert_eq!(sheet.rows[0][..2], ["0", "5"]);
        let empty = contact_sheet(&[], &[], 0.5, &Protocol::default()).unwrap();
        assert!(empty.rows.is_empty());
        image::load_from_memory(&empty.png).unwrap();
    }
}
