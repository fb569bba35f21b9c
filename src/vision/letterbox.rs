//! A whole picture at a detector's working size, without stretching it.

use super::gray::GrayView;
use super::rect::Rect;
use super::warp::resample;

/// The value beyond the picture, of 0 to 255: mid-gray, which the normalization takes to 0.
pub const FILL: f32 = 127.0;

/// How a picture is placed in the working picture: at its top left, scaled, with mid-gray to the
/// right and below, up to sides that the detector accepts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Letterbox {
    /// Width of the working picture, in pixels.
    pub width: usize,
    /// Height of the working picture, in pixels.
    pub height: usize,
    content_width: usize,
    content_height: usize,
    /// Working pixels per pixel of the frame.
    scale: f32,
}

impl Letterbox {
    /// Places a frame of this size so that its longest side becomes `longest_side` working pixels;
    /// the working sides are divisible by `multiple`. Zeros count as 1.
    pub fn new(frame_width: u32, frame_height: u32, longest_side: usize, multiple: usize) -> Self {
        let (width, height) = (frame_width.max(1) as f32, frame_height.max(1) as f32);
        let longest_side = longest_side.max(1);
        let scale = longest_side as f32 / width.max(height);
        let side = |pixels: f32| ((pixels * scale).round() as usize).clamp(1, longest_side);
        let (content_width, content_height) = (side(width), side(height));
        let multiple = multiple.max(1);
        Self {
            width: content_width.next_multiple_of(multiple),
            height: content_height.next_multiple_of(multiple),
            content_width,
            content_height,
            scale,
        }
    }

    /// As [`Letterbox::new`], in a square of `side` pixels.
    pub fn square(frame_width: u32, frame_height: u32, side: usize) -> Self {
        let side = side.max(1);
        Self {
            width: side,
            height: side,
            ..Self::new(frame_width, frame_height, side, 1)
        }
    }

    /// Returns the working pixels per pixel of the frame.
    pub fn scale(&self) -> f32 {
        self.scale
    }

    /// Draws a frame: `width × height` values of 0 to 255, row by row.
    pub fn draw(&self, frame: GrayView<'_>) -> Vec<f32> {
        // Exactly `scale` both ways: rounding the sides must not stretch the picture.
        let rect = Rect::new(
            0.0,
            0.0,
            self.content_width as f32 / self.scale,
            self.content_height as f32 / self.scale,
        );
        let content = resample(frame, rect, self.content_width, self.content_height);
        let mut values = vec![FILL; self.width * self.height];
        for (row, content) in values
            .chunks_exact_mut(self.width)
            .zip(content.chunks_exact(self.content_width))
        {
            row[..self.content_width].copy_from_slice(content);
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::super::gray::GrayImage;
    use super::*;

    #[test]
    fn a_picture_keeps_its_shape_and_the_rest_is_gray() {
        let frame = GrayImage::new(vec![255; 640 * 360], 640, 360).unwrap();
        let letterbox = Letterbox::new(640, 360, 160, 32);
        assert_eq!((letterbox.width, letterbox.height), (160, 96));
        let values = letterbox.draw(frame.view());
        assert!(
            values[..90 * 160]
                .iter()
                .all(|value| (value - 255.0).abs() < 1e-3)
        );
        assert!(values[90 * 160..].iter().all(|value| *value == FILL));
    }

    #[test]
    fn any_size_is_taken() {
        for (width, height) in [(1, 1), (1, 9000), (9000, 1), (31, 33), (0, 0)] {
            for longest in [0, 1, 160] {
                let letterbox = Letterbox::new(width, height, longest, 32);
                assert!(letterbox.width.is_multiple_of(32) && letterbox.height.is_multiple_of(32));
                let (width, height) = (width.max(1), height.max(1));
                let frame =
                    GrayImage::new(vec![9; (width * height) as usize], width, height).unwrap();
                let values = letterbox.draw(frame.view());
                assert_eq!(values.len(), letterbox.width * letterbox.height);
            }
        }
    }
}
