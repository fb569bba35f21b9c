//! Draws frames, dots and numbers on an image, without a font.

use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};

use crate::vision::{Point, Rect};

/// Digits and signs as bitmaps, three pixels wide and five high: one number per row, from the top.
const GLYPHS: [(char, [u8; 5]); 12] = [
    ('0', [0b111, 0b101, 0b101, 0b101, 0b111]),
    ('1', [0b010, 0b110, 0b010, 0b010, 0b111]),
    ('2', [0b111, 0b001, 0b111, 0b100, 0b111]),
    ('3', [0b111, 0b001, 0b111, 0b001, 0b111]),
    ('4', [0b101, 0b101, 0b111, 0b001, 0b001]),
    ('5', [0b111, 0b100, 0b111, 0b001, 0b111]),
    ('6', [0b111, 0b100, 0b111, 0b101, 0b111]),
    ('7', [0b111, 0b001, 0b001, 0b010, 0b010]),
    ('8', [0b111, 0b101, 0b111, 0b101, 0b111]),
    ('9', [0b111, 0b101, 0b111, 0b001, 0b111]),
    ('.', [0b000, 0b000, 0b000, 0b000, 0b010]),
    ('-', [0b000, 0b000, 0b111, 0b000, 0b000]),
];
const GLYPH_WIDTH: u32 = 3;
const GLYPH_HEIGHT: u32 = 5;
/// Side of a glyph's pixel in canvas pixels.
const GLYPH_SCALE: u32 = 2;

/// An image to draw on. Drawings are clipped to it.
pub(super) struct Canvas {
    pub(super) image: RgbImage,
}

impl Canvas {
    pub(super) fn new(width: u32, height: u32, colour: Rgb<u8>) -> Self {
        Self {
            image: RgbImage::from_pixel(width, height, colour),
        }
    }

    /// Draws a photograph into a cell, given by its top left corner and its size, as large as
    /// possible and centred. Returns its top left corner, and its scale in canvas pixels per pixel.
    pub(super) fn photo(
        &mut self,
        photo: &RgbImage,
        (left, top): (u32, u32),
        (width, height): (u32, u32),
    ) -> (Point, f32) {
        let scale =
            (width as f32 / photo.width() as f32).min(height as f32 / photo.height() as f32);
        let side = |pixels: u32, most: u32| ((pixels as f32 * scale).round() as u32).clamp(1, most);
        let (wide, high) = (side(photo.width(), width), side(photo.height(), height));
        let small = imageops::resize(photo, wide, high, FilterType::Triangle);
        let (left, top) = (left + (width - wide) / 2, top + (height - high) / 2);
        imageops::replace(&mut self.image, &small, i64::from(left), i64::from(top));
        ([left as f32, top as f32], scale)
    }

    /// Fills a rectangle.
    pub(super) fn fill(&mut self, rect: Rect, colour: Rgb<u8>) {
        let inside = rect.clamp(self.image.width(), self.image.height());
        let whole = |from: f32, to: f32| from.round() as u32..to.round() as u32;
        for y in whole(inside.y, inside.bottom()) {
            for x in whole(inside.x, inside.right()) {
                self.image.put_pixel(x, y, colour);
            }
        }
    }

    /// Draws the inner edge of a rectangle, `thick` pixels wide.
    pub(super) fn frame(&mut self, rect: Rect, thick: f32, colour: Rgb<u8>) {
        let Rect {
            x,
            y,
            width,
            height,
        } = rect;
        let (right, bottom) = (rect.right() - thick, rect.bottom() - thick);
        for edge in [
            Rect::new(x, y, width, thick),
            Rect::new(x, bottom, width, thick),
            Rect::new(x, y, thick, height),
            Rect::new(right, y, thick, height),
        ] {
            self.fill(edge, colour);
        }
    }

    /// Draws a square dot.
    pub(super) fn dot(&mut self, [x, y]: Point, side: f32, colour: Rgb<u8>) {
        self.fill(Rect::from_centre(x, y, side, side), colour);
    }

    /// Draws a number with two decimals on a plate of `colour`, whose top left corner is given.
    pub(super) fn number(&mut self, value: f32, [x, y]: Point, colour: Rgb<u8>) {
        let text = format!("{value:.2}");
        let step = (GLYPH_WIDTH + 1) * GLYPH_SCALE;
        let plate = Rect::new(
            x,
            y,
            (text.len() as u32 * step + GLYPH_SCALE) as f32,
            ((GLYPH_HEIGHT + 2) * GLYPH_SCALE) as f32,
        );
        self.fill(plate, colour);
        let pixel = GLYPH_SCALE as f32;
        for (index, character) in text.chars().enumerate() {
            let glyph = GLYPHS.iter().find(|(known, _)| *known == character);
            let Some((_, rows)) = glyph else {
                continue;
            };
            for (row, bits) in rows.iter().enumerate() {
                for column in (0..GLYPH_WIDTH).filter(|column| bits >> (2 - column) & 1 == 1) {
                    let across = x + pixel + (index as u32 * step) as f32 + column as f32 * pixel;
                    let down = y + pixel + row as f32 * pixel;
                    self.fill(Rect::new(across, down, pixel, pixel), Rgb([255; 3]));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INK: Rgb<u8> = Rgb([9, 8, 7]);

    fn count(canvas: &Canvas, colour: Rgb<u8>) -> usize {
        canvas
            .image
            .pixels()
            .filter(|pixel| **pixel == colour)
            .count()
    }

    #[test]
    fn what_lies_outside_is_left_out() {
        let mut canvas = Canvas::new(20, 10, Rgb([0; 3]));
        canvas.frame(Rect::new(-5.0, 2.0, 10.0, 4.0), 1.0, INK);
        // Two edges of five pixels, and two more of the right one.
        assert_eq!(count(&canvas, INK), 12);
        for odd in [f32::NAN, f32::INFINITY, -1e30, 1e30] {
            canvas.frame(Rect::new(odd, 1.0, odd, odd), 1.0, INK);
            canvas.dot([odd, odd], 3.0, INK);
            canvas.number(odd, [odd, odd], INK);
        }
    }

    #[test]
    fn a_number_is_written() {
        let mut canvas = Canvas::new(60, 20, Rgb([0; 3]));
        canvas.number(0.17, [0.0, 0.0], INK);
        // Digits of 12, 1, 8 and 7 pixels, each of which is four canvas pixels.
        assert_eq!(count(&canvas, Rgb([255; 3])), (12 + 1 + 8 + 7) * 4);
    }

    #[test]
    fn a_photograph_fills_its_cell_one_way() {
        let mut canvas = Canvas::new(100, 60, Rgb([0; 3]));
        let photo = RgbImage::from_pixel(20, 5, Rgb([255; 3]));
        let (at, scale) = canvas.photo(&photo, (10, 10), (80, 40));
        assert_eq!((at, scale), ([10.0, 20.0], 4.0));
        assert_eq!(count(&canvas, Rgb([255; 3])), 80 * 20);
    }
}
