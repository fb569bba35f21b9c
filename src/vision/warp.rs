//! Resampling gray pixels: one affine sampler and one rectangle sampler.
//!
//! Both use continuous coordinates in which pixel `i` covers `[i, i + 1)` and has its centre at
//! `i + 0.5`, so that a map which moves nothing returns the very pixels it was given. Outside
//! the picture both see its edge pixels repeated. Results are `f32` in the units of the input,
//! 0 to 255, so that a second step does not round twice.

use super::affine::Affine;
use super::gray::{GrayImage, GrayView};
use super::rect::Rect;

/// Samples `out_side`² values, row by row: each takes the point that `source_from_out` gives for
/// its centre, interpolated bilinearly between the four nearest pixel centres. It does not average:
/// to shrink by more than about two use [`resample`] first.
///
/// A map with NaN or infinities reads edge pixels and never panics.
pub fn warp_affine(source: GrayView<'_>, source_from_out: &Affine, out_side: usize) -> Vec<f32> {
    let width = source.width() as usize;
    let shown = out_side.saturating_mul(out_side);
    if source.pixels().len() > shown {
        return sample(source, source_from_out, out_side, |x, y| {
            corners(source, x, y)
        });
    }
    // Most pixels are read several times, so their neighbours are collected once.
    let mut found = Vec::with_capacity(source.pixels().len());
    for y in 0..source.height() as usize {
        found.extend((0..width).map(|x| corners(source, x, y)));
    }
    sample(source, source_from_out, out_side, |x, y| {
        found[y * width + x]
    })
}

/// Pixels that are computed together: their coordinates, then their neighbours, then their values,
/// so that all but the reading is done several at a time.
const TOGETHER: usize = 32;

/// As [`warp_affine`], with a function that returns the [`corners`] of a place.
#[inline]
fn sample(
    source: GrayView<'_>,
    source_from_out: &Affine,
    out_side: usize,
    corners: impl Fn(usize, usize) -> u32,
) -> Vec<f32> {
    let mut out = vec![0.0; out_side.saturating_mul(out_side)];
    for (out_y, row) in out.chunks_exact_mut(out_side.max(1)).enumerate() {
        for (index, values) in row.chunks_mut(TOGETHER).enumerate() {
            let (left, middle) = ((index * TOGETHER) as f32, out_y as f32 + 0.5);
            let (mut xs, mut ys) = ([0.0; TOGETHER], [0.0; TOGETHER]);
            for lane in 0..TOGETHER {
                (xs[lane], ys[lane]) = source_from_out.apply(left + (lane as f32 + 0.5), middle);
            }
            let (xs, along_x) = firsts(&xs, source.width());
            let (ys, along_y) = firsts(&ys, source.height());
            let mut around = [0; TOGETHER];
            for lane in 0..TOGETHER {
                around[lane] = corners(xs[lane] as usize, ys[lane] as usize);
            }
            let mut mixed = [0.0; TOGETHER];
            for lane in 0..TOGETHER {
                let corner = |index: u32| ((around[lane] >> (8 * index)) & 0xff) as i32 as f32;
                let top = lerp(corner(0), corner(1), along_x[lane]);
                let bottom = lerp(corner(2), corner(3), along_x[lane]);
                mixed[lane] = lerp(top, bottom, along_y[lane]);
            }
            values.copy_from_slice(&mixed[..values.len()]);
        }
    }
    out
}

/// Returns a pixel and the ones to its right, below it, and below to its right, a byte each from
/// the lowest on; beyond an edge, the edge pixel.
#[inline]
fn corners(source: GrayView<'_>, x: usize, y: usize) -> u32 {
    let (right, below) = (x + 1, y + 1);
    let right = right.min(source.width() as usize - 1);
    let below = below.min(source.height() as usize - 1);
    let (top, bottom) = (source.row(y), source.row(below));
    u32::from_le_bytes([top[x], top[right], bottom[x], bottom[right]])
}

/// Computes [`neighbours`] of several coordinates: the first pixels, and how far along.
#[inline]
fn firsts(coordinates: &[f32; TOGETHER], length: u32) -> ([u32; TOGETHER], [f32; TOGETHER]) {
    // Adding this to a smaller number leaves an integer in the lowest bits of the mantissa. A cast
    // is not vectorized on x86-64, whose own instruction does not saturate.
    const INTEGERS: f32 = (1 << 23) as f32;
    let last = (length - 1) as f32;
    let (mut firsts, mut along) = ([0; TOGETHER], [0.0; TOGETHER]);
    for lane in 0..TOGETHER {
        let position = coordinates[lane] - 0.5;
        // NaN fails the first comparison and becomes 0.
        let position = if position > 0.0 { position } else { 0.0 };
        let position = if position < last { position } else { last };
        let nearest = (position + INTEGERS) - INTEGERS;
        let first = if nearest > position {
            nearest - 1.0
        } else {
            nearest
        };
        firsts[lane] = (first + INTEGERS).to_bits() & ((1 << 23) - 1);
        along[lane] = position - first;
    }
    (firsts, along)
}

/// Returns the value at a place, interpolated between the four nearest pixel centres.
#[inline]
pub fn bilinear(source: GrayView<'_>, x: f32, y: f32) -> f32 {
    let (left, right, along_x) = neighbours(x, source.width() as usize);
    let (top, bottom, along_y) = neighbours(y, source.height() as usize);
    let mix = |row: &[u8]| lerp(f32::from(row[left]), f32::from(row[right]), along_x);
    lerp(mix(source.row(top)), mix(source.row(bottom)), along_y)
}

fn lerp(from: f32, to: f32, along: f32) -> f32 {
    from + (to - from) * along
}

/// Returns the two pixels whose centres enclose a continuous coordinate, and how far along from the
/// first to the second it lies, 0 to 1. `length` is at least 1.
fn neighbours(coordinate: f32, length: usize) -> (usize, usize, f32) {
    let last = length - 1;
    // Clamped before the cast: NaN fails both comparisons of `max` and `min` and becomes 0.
    let position = (coordinate - 0.5).max(0.0).min(last as f32);
    let first = (position as usize).min(last);
    (first, (first + 1).min(last), position - first as f32)
}

/// Resamples the rectangle `rect_in_source` to `out_width`×`out_height` values, row by row. The
/// rectangle may have fractional edges and reach outside the picture.
///
/// Each axis by itself: shrinking averages exactly the area that an output pixel covers, fractions
/// of pixels included, so that fine patterns do not alias; enlarging interpolates linearly between
/// pixel centres. At a factor of 1 both are the same, and at whole offsets both are a copy.
pub fn resample(
    source: GrayView<'_>,
    rect_in_source: Rect,
    out_width: usize,
    out_height: usize,
) -> Vec<f32> {
    let rect = rect_in_source.sanitized();
    let columns = Taps::along(rect.x, rect.width, source.width() as usize, out_width);
    let rows = Taps::along(rect.y, rect.height, source.height() as usize, out_height);
    let mut out = Vec::with_capacity(out_width.saturating_mul(out_height));
    // Output rows read overlapping runs of source rows in order; each is resampled once.
    let mut shrunk: Vec<(usize, Vec<f32>)> = Vec::new();
    for (first, weights) in rows.iter() {
        shrunk.retain(|(y, _)| *y >= first);
        let mut sums = vec![0.0f32; out_width];
        for (offset, &weight) in weights.iter().enumerate() {
            let y = first + offset;
            let index = match shrunk.iter().position(|(cached, _)| *cached == y) {
                Some(index) => index,
                None => {
                    shrunk.push((y, columns.gather(source.row(y))));
                    shrunk.len() - 1
                }
            };
            for (sum, value) in sums.iter_mut().zip(&shrunk[index].1) {
                *sum += weight * value;
            }
        }
        out.extend(sums);
    }
    out
}

/// Resamples the whole picture to another size; see [`resample`]. Sides of 0 become 1.
pub fn resize(source: GrayView<'_>, out_width: u32, out_height: u32) -> GrayImage {
    let (out_width, out_height) = (out_width.max(1), out_height.max(1));
    let whole = Rect::new(0.0, 0.0, source.width() as f32, source.height() as f32);
    let values = resample(source, whole, out_width as usize, out_height as usize);
    GrayImage::trusted(
        values.into_iter().map(to_byte).collect(),
        out_width,
        out_height,
    )
}

/// Rounds to the nearest of 0 to 255, halves upwards.
pub fn to_byte(value: f32) -> u8 {
    // The cast saturates and takes NaN to 0.
    (value + 0.5) as u8
}

/// For each output pixel along one axis: the first source pixel, and the weights of it and of those
/// that follow, which sum to 1.
struct Taps {
    firsts: Vec<usize>,
    /// Where each output pixel's weights end in `weights`.
    ends: Vec<usize>,
    weights: Vec<f32>,
}

impl Taps {
    fn along(start: f32, extent: f32, length: usize, out_length: usize) -> Self {
        let mut taps = Self {
            firsts: Vec::with_capacity(out_length),
            ends: Vec::with_capacity(out_length),
            weights: Vec::new(),
        };
        // In f64: a source of 16384 pixels in f32 would leave 1/1000 of a pixel.
        let start = f64::from(start);
        let step = f64::from(extent) / out_length.max(1) as f64;
        for index in 0..out_length {
            let from = start + step * index as f64;
            if step > 1.0 {
                taps.push_area(from, from + step, length);
            } else {
                taps.push_linear(from + step / 2.0, length);
            }
        }
        taps
    }

    /// Adds the share of `[from, to)` that each pixel covers; the edge pixels reach to infinity.
    fn push_area(&mut self, from: f64, to: f64, length: usize) {
        let last = length - 1;
        // Float casts saturate: below 0 is 0.
        let first = (from.floor() as usize).min(last);
        let end = ((to.ceil() - 1.0) as usize).clamp(first, last);
        for pixel in first..=end {
            let left = if pixel == 0 {
                f64::NEG_INFINITY
            } else {
                pixel as f64
            };
            let right = if pixel == last {
                f64::INFINITY
            } else {
                (pixel + 1) as f64
            };
            let covered = (to.min(right) - from.max(left)).max(0.0);
            self.weights.push((covered / (to - from)) as f32);
        }
        self.firsts.push(first);
        self.ends.push(self.weights.len());
    }

    fn push_linear(&mut self, centre: f64, length: usize) {
        let last = length - 1;
        let position = (centre - 0.5).clamp(0.0, last as f64);
        let first = position.floor() as usize;
        let along = position - first as f64;
        self.weights.push((1.0 - along) as f32);
        if along > 0.0 {
            self.weights.push(along as f32);
        }
        self.firsts.push(first);
        self.ends.push(self.weights.len());
    }

    fn iter(&self) -> impl Iterator<Item = (usize, &[f32])> {
        let weights = &self.weights;
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        self.firsts
            .iter()
            .zip(starts.zip(&self.ends))
            .map(move |(&first, (start, &end))| (first, &weights[start..end]))
    }

    fn gather(&self, row: &[u8]) -> Vec<f32> {
        self.iter()
            .map(|(first, weights)| {
                let pixels = &row[first..first + weights.len()];
                pixels
                    .iter()
                    .zip(weights)
                    .map(|(&pixel, weight)| f32::from(pixel) * weight)
                    .sum()
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(pixels: &[u8], width: u32) -> GrayView<'_> {
        GrayView::new(pixels, width, pixels.len() as u32 / width).unwrap()
    }

    fn assert_near(found: &[f32], expected: &[f32]) {
        assert_eq!(found.len(), expected.len());
        for (found_value, expected_value) in found.iter().zip(expected) {
            assert!(
                (found_value - expected_value).abs() < 1e-3,
                "{found:?} is not {expected:?}"
            );
        }
    }

    /// Returns pixels without a pattern, the same in every run.
    fn noise(count: usize) -> Vec<u8> {
        let mut state = 1u32;
        let next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        std::iter::repeat_with(next).take(count).collect()
    }

    #[test]
    fn what_moves_nothing_changes_nothing() {
        let pixels = noise(48 * 48);
        let same: Vec<f32> = pixels.iter().copied().map(f32::from).collect();
        assert_eq!(warp_affine(view(&pixels, 48), &Affine::IDENTITY, 48), same);
        assert_eq!(
            resample(view(&pixels, 48), Rect::new(0.0, 0.0, 48.0, 48.0), 48, 48),
            same
        );
        assert_eq!(resize(view(&pixels, 48), 48, 48).pixels(), pixels);
    }

    #[test]
    fn doubling_puts_values_between_pixel_centres() {
        // Output centres lie at source 0.25, 0.75, 1.25, 1.75; pixel centres at 0.5 and 1.5.
        let row = [0.0, 25.0, 75.0, 100.0];
        let expected = [row, row, row, row].concat();
        let source = [0, 100, 0, 100];
        assert_near(
            &warp_affine(view(&source, 2), &Affine::scale(0.5), 4),
            &expected,
        );
        assert_near(
            &resample(view(&source, 2), Rect::new(0.0, 0.0, 2.0, 2.0), 4, 4),
            &expected,
        );
    }

    #[test]
    fn both_samplers_agree_on_an_upscale() {
        let pixels = noise(48 * 48);
        for side in [64usize, 96, 224] {
            let warped = warp_affine(view(&pixels, 48), &Affine::scale(48.0 / side as f32), side);
            let whole = Rect::new(0.0, 0.0, 48.0, 48.0);
            assert_near(&warped, &resample(view(&pixels, 48), whole, side, side));
        }
    }

    #[test]
    fn turns_and_mirrors_move_whole_pixels() {
        let source = [1, 2, 3, 4];
        let quarter = Affine::rotation(std::f32::consts::FRAC_PI_2).about(1.0, 1.0);
        // The map says where an output pixel reads, so the picture turns the other way.
        assert_near(
            &warp_affine(view(&source, 2), &quarter, 2),
            &[2.0, 4.0, 1.0, 3.0],
        );
        assert_near(
            &warp_affine(view(&source, 2), &Affine::flip(2.0), 2),
            &[2.0, 1.0, 4.0, 3.0],
        );
        // One pixel to the right: the edge repeats.
        let right = Affine::shift(1.0, 0.0);
        assert_near(
            &warp_affine(view(&source, 2), &right, 2),
            &[2.0, 2.0, 4.0, 4.0],
        );
    }

    #[test]
    fn maps_compose_in_order() {
        let map = Affine::scale(2.0).then(&Affine::shift(1.0, -1.0));
        assert_eq!(map.apply(3.0, 4.0), (7.0, 7.0));
        let back = Affine::flip(10.0).then(&Affine::flip(10.0));
        assert_eq!(back.apply(3.0, 4.0), (3.0, 4.0));
        assert_eq!(
            Affine::scale(3.0).about(5.0, 6.0).apply(5.0, 6.0),
            (5.0, 6.0)
        );
    }

    #[test]
    fn shrinking_averages_covered_area() {
        let halves = resample(
            view(&[0, 10, 20, 40], 4),
            Rect::new(0.0, 0.0, 4.0, 1.0),
            2,
            1,
        );
        assert_near(&halves, &[5.0, 30.0]);
        // [0, 1.5) covers 0 and half of 30; [1.5, 3) the other half and 90.
        let thirds = resample(view(&[0, 30, 90], 3), Rect::new(0.0, 0.0, 3.0, 1.0), 2, 1);
        assert_near(&thirds, &[10.0, 70.0]);
        let square = resample(
            view(&[0, 10, 20, 70], 2),
            Rect::new(0.0, 0.0, 2.0, 2.0),
            1,
            1,
        );
        assert_near(&square, &[25.0]);
    }

    #[test]
    fn a_fine_pattern_becomes_gray_and_not_stripes() {
        let side = 700;
        let pixels: Vec<u8> = (0..side * side)
            .map(|i| {
                if (i % side + i / side) % 2 == 0 {
                    255
                } else {
                    0
                }
            })
            .collect();
        let small = resize(view(&pixels, side as u32), 48, 48);
        assert!(
            small
                .pixels()
                .iter()
                .all(|pixel| (121..=134).contains(pixel))
        );
    }

    #[test]
    fn outside_the_picture_its_edge_repeats() {
        let source = [10, 20];
        let enlarged = resample(view(&source, 2), Rect::new(-2.0, 0.0, 4.0, 1.0), 4, 1);
        assert_near(&enlarged, &[10.0, 10.0, 10.0, 20.0]);
        // [0, 4) covers 10 once and 20 three times.
        let shrunk = resample(view(&source, 2), Rect::new(-4.0, 0.0, 8.0, 1.0), 2, 1);
        assert_near(&shrunk, &[10.0, 17.5]);
        let far = resample(
            view(&source, 2),
            Rect::new(500.0, -900.0, 300.0, 300.0),
            2,
            2,
        );
        assert_near(&far, &[20.0; 4]);
    }

    #[test]
    fn fractional_offsets_do_not_jump_at_a_factor_of_one() {
        let pixels = noise(16);
        let below = resample(view(&pixels, 16), Rect::new(1.3, 0.0, 7.999, 1.0), 8, 1);
        let above = resample(view(&pixels, 16), Rect::new(1.3, 0.0, 8.001, 1.0), 8, 1);
        for (below, above) in below.iter().zip(&above) {
            assert!((below - above).abs() < 0.5, "{below} {above}");
        }
    }

    #[test]
    fn no_map_and_no_rectangle_panics() {
        let pixels = noise(6);
        let numbers = [
            f32::NAN,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::MAX,
            -3.0,
            0.0,
            1e-30,
        ];
        for a in numbers {
            for b in numbers {
                let map = Affine {
                    xx: a,
                    xy: b,
                    x0: a,
                    yx: b,
                    yy: a,
                    y0: b,
                };
                let warped = warp_affine(view(&pixels, 3), &map, 4);
                assert!(
                    warped.iter().all(|value| (0.0..=255.0).contains(value)),
                    "{map:?}"
                );
                let rect = Rect {
                    x: a,
                    y: b,
                    width: b,
                    height: a,
                };
                let values = resample(view(&pixels, 3), rect, 5, 4);
                assert!(
                    values.iter().all(|value| (0.0..=255.01).contains(value)),
                    "{rect:?}"
                );
            }
        }
        assert!(resample(view(&pixels, 3), Rect::new(0.0, 0.0, 1.0, 1.0), 0, 0).is_empty());
        assert_eq!(resize(view(&pixels, 3), 0, 0).pixels().len(), 1);
    }

    #[test]
    fn bytes_round_to_nearest_and_saturate() {
        let values = [-3.0, 0.49, 0.5, 254.4, 300.0, f32::NAN];
        assert_eq!(values.map(to_byte), [0, 0, 1, 254, 255, 0]);
    }
}
