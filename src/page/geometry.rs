//! Positions of face boxes over a displayed picture, and the size of captured frames.

use crate::vision::Rect;

/// The longest side of a captured camera frame, in pixels. A face that fills a tenth of it still
/// covers the 48×48 crop, and reading back and scanning a larger frame costs more than it finds.
pub const CAPTURE_MAX_SIDE: u32 = 640;

/// A box over a displayed picture, in percent of the picture's width and height, so that it is
/// correct at every display size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoxInPercent {
    /// Distance from the left edge of the displayed picture, in percent of its width.
    pub left: f32,
    /// Distance from the top edge, in percent of the picture's height.
    pub top: f32,
    /// Width, in percent of the picture's width.
    pub width: f32,
    /// Height, in percent of the picture's height.
    pub height: f32,
}

impl BoxInPercent {
    /// Converts `rect_in_frame`, in pixels of a `width` × `height` picture, and cuts it off at the
    /// picture's edges. With `mirrored` (the camera's preview) the box is mirrored too. `None` if
    /// no part of the rectangle is inside the picture.
    pub fn new(rect_in_frame: Rect, width: u32, height: u32, mirrored: bool) -> Option<Self> {
        let (width, height) = (width as f32, height as f32);
        let left = rect_in_frame.x.clamp(0.0, width);
        let right = (rect_in_frame.x + rect_in_frame.width).clamp(0.0, width);
        let top = rect_in_frame.y.clamp(0.0, height);
        let bottom = (rect_in_frame.y + rect_in_frame.height).clamp(0.0, height);
        let empty = right <= left || bottom <= top;
        if empty || !(left + right + top + bottom).is_finite() {
            return None;
        }
        let shown_left = if mirrored { width - right } else { left };
        Some(Self {
            left: 100.0 * shown_left / width,
            top: 100.0 * top / height,
            width: 100.0 * (right - left) / width,
            height: 100.0 * (bottom - top) / height,
        })
    }
}

/// Returns the width and height of a captured frame: the video's size, scaled down so that its
/// longest side is at most `max_side`, never scaled up, and at least 1 pixel a side. `None` for a
/// video without pixels (not playing yet).
pub fn capture_size(video_width: u32, video_height: u32, max_side: u32) -> Option<(u32, u32)> {
    if video_width == 0 || video_height == 0 {
        return None;
    }
    let longest = video_width.max(video_height);
    if longest <= max_side {
        return Some((video_width, video_height));
    }
    let scale = f64::from(max_side) / f64::from(longest);
    let scaled = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
    Some((scaled(video_width), scaled(video_height)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECT: Rect = Rect {
        x: 10.0,
        y: 20.0,
        width: 30.0,
        height: 40.0,
    };

    #[test]
    fn boxes_scale_with_the_picture() {
        let placed = BoxInPercent::new(RECT, 100, 200, false).unwrap();
        assert_eq!(
            placed,
            BoxInPercent {
                left: 10.0,
                top: 10.0,
                width: 30.0,
                height: 20.0
            }
        );
    }

    #[test]
    fn a_mirrored_box_keeps_its_distance_from_the_other_edge() {
        let placed = BoxInPercent::new(RECT, 100, 200, true).unwrap();
        assert_eq!(placed.left, 60.0);
        assert_eq!(placed.width, 30.0);
    }

    #[test]
    fn boxes_are_cut_at_the_edge_and_dropped_outside() {
        let over = Rect {
            x: -10.0,
            y: 150.0,
            width: 30.0,
            height: 100.0,
        };
        let placed = BoxInPercent::new(over, 100, 200, false).unwrap();
        assert_eq!(
            placed,
            BoxInPercent {
                left: 0.0,
                top: 75.0,
                width: 20.0,
                height: 25.0
            }
        );
        let outside = Rect { x: 100.0, ..RECT };
        assert_eq!(BoxInPercent::new(outside, 100, 200, false), None);
        assert_eq!(
            BoxInPercent::new(
                Rect {
                    x: f32::NAN,
                    ..RECT
                },
                100,
                200,
                false
            ),
            None
        );
        assert_eq!(BoxInPercent::new(RECT, 0, 0, true), None);
    }

    #[test]
    fn captures_keep_their_shape_and_never_grow() {
        assert_eq!(capture_size(1280, 720, 640), Some((640, 360)));
        assert_eq!(capture_size(720, 1280, 640), Some((360, 640)));
        assert_eq!(capture_size(320, 240, 640), Some((320, 240)));
        assert_eq!(capture_size(10_000, 1, 640), Some((640, 1)));
        assert_eq!(capture_size(0, 480, 640), None);
    }
}
