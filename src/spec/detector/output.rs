//! The detector's predictions at each place of its maps: their channels and units.
//!
//! | channels | meaning |
//! |---|---|
//! | 0 | logit of the score: how well the box here would overlap a face, 0 to 1 |
//! | 1, 2 | the box's centre less the place's, x and y, in strides |
//! | 3, 4 | natural logarithm of the box's width and height in strides |
//! | 5 … 14 | five points less the place, x and y each, in strides |
//!
//! A place is the middle of the square of input pixels that it stands for.

use crate::vision::detect::Detection;
use crate::vision::{Landmarks, Rect};

/// Input pixels from one place to the next, for each map.
pub const STRIDES: [usize; 3] = [8, 16, 32];
/// Numbers per place.
pub const CHANNELS: usize = POINTS + 2 * Landmarks::COUNT;
/// Channel of the score's logit.
pub const SCORE: usize = 0;
/// First of the four channels of the box.
pub const BOX: usize = 1;
/// First channel of the points.
pub const POINTS: usize = 5;

/// Natural logarithm of a box's largest side in strides, whatever the network predicts; in training
/// too, so that no early prediction overflows.
pub const LARGEST_LOGARITHM: f32 = 4.0;

/// Returns the places of a picture and the stride of the map that each belongs to, in the order of
/// the network's output: `(x, y, stride)` in input pixels.
pub fn places(width: usize, height: usize) -> impl Iterator<Item = (f32, f32, f32)> {
    STRIDES.into_iter().flat_map(move |stride| {
        let (columns, rows) = (width / stride, height / stride);
        (0..columns * rows).map(move |index| {
            let centre = |place: usize| (place as f32 + 0.5) * stride as f32;
            (
                centre(index % columns),
                centre(index / columns),
                stride as f32,
            )
        })
    })
}

/// Reads the predictions with a score of at least `threshold`, 0 to 1, of a picture of
/// `width × height` pixels, in its pixels. Predictions with numbers that are not finite are left
/// out.
///
/// `values` are those of the network's three maps of one picture, joined; missing ones count as
/// none.
pub fn decode(values: &[f32], width: usize, height: usize, threshold: f32) -> Vec<Detection> {
    let least_logit = (threshold / (1.0 - threshold)).ln();
    let (rows, _) = values.as_chunks::<CHANNELS>();
    rows.iter()
        .zip(places(width, height))
        .filter(|(row, _)| row[SCORE] >= least_logit && row.iter().all(|value| value.is_finite()))
        .map(|(row, (x, y, stride))| {
            let at = |channel: usize| row[channel] * stride;
            let side = |channel: usize| row[channel].min(LARGEST_LOGARITHM).exp() * stride;
            let point = |index: usize| {
                let channel = POINTS + 2 * index;
                [x + at(channel), y + at(channel + 1)]
            };
            Detection {
                rect_in_frame: Rect::from_centre(
                    x + at(BOX),
                    y + at(BOX + 1),
                    side(BOX + 2),
                    side(BOX + 3),
                ),
                score: 1.0 / (1.0 + (-row[SCORE]).exp()),
                landmarks: Landmarks {
                    points: std::array::from_fn(point),
                },
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_the_middles_of_their_squares() {
        let places: Vec<_> = places(64, 32).collect();
        assert_eq!(places.len(), 8 * 4 + 4 * 2 + 2);
        assert_eq!(places[0], (4.0, 4.0, 8.0));
        assert_eq!(places[9], (12.0, 12.0, 8.0));
        assert_eq!(places[32], (8.0, 8.0, 16.0));
        assert_eq!(places[41], (48.0, 16.0, 32.0));
    }

    #[test]
    fn a_guess_is_read_in_strides_from_its_place() {
        let mut values = vec![-9.0; CHANNELS * (16 + 4 + 1)];
        // The second place of stride 16, at (24, 8).
        let row = &mut values[17 * CHANNELS..][..CHANNELS];
        row.fill(0.0);
        row[SCORE] = 2.0;
        row[BOX] = 0.5;
        row[BOX + 3] = 2.0f32.ln();
        row[POINTS + 3] = -0.25;
        let found = decode(&values, 32, 32, 0.5);
        assert_eq!(found.len(), 1);
        let rect = found[0].rect_in_frame;
        assert!(
            (rect.x - 24.0).abs() < 1e-4 && (rect.width - 16.0).abs() < 1e-4,
            "{rect:?}"
        );
        assert!(
            (rect.y + 8.0).abs() < 1e-4 && (rect.height - 32.0).abs() < 1e-4,
            "{rect:?}"
        );
        assert!((found[0].score - 0.880_797).abs() < 1e-5);
        assert_eq!(found[0].landmarks.points[1], [24.0, 4.0]);
        assert_eq!(decode(&values, 32, 32, 0.9), []);
    }

    #[test]
    fn no_number_panics_or_becomes_a_face_without_a_place() {
        let odd = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e38, -1e38, 0.0];
        for (index, first) in odd.into_iter().enumerate() {
            let values: Vec<f32> = (0..CHANNELS * 21)
                .map(|at| {
                    if at % CHANNELS == 0 {
                        5.0
                    } else if at % 3 == 0 {
                        first
                    } else {
                        odd[(at + index) % 6]
                    }
                })
                .collect();
            for found in decode(&values, 32, 32, 0.3) {
                assert!(found.rect_in_frame.area().is_finite());
            }
        }
        assert_eq!(decode(&[5.0; CHANNELS - 1], 32, 32, 0.3), []);
    }
}
