//! Matrix products that read their operands in place: rows of a map, or its columns.

use rayon::prelude::*;

use crate::platform::simd::{Lanes, SimdKernel};

/// The left matrix, `[rows, depth]`. Distances are in numbers.
#[derive(Clone, Copy)]
pub struct Left<'a> {
    /// The numbers, from the first of the matrix on.
    pub numbers: &'a [f32],
    /// Distance from one row to the next.
    pub row_step: usize,
    /// Distance from one number of a row to the next.
    pub depth_step: usize,
}

/// The right matrix, `[depth, columns]`.
#[derive(Clone, Copy)]
pub enum Right<'a> {
    /// Row-major, with the distance from one row to the next.
    Rows(&'a [f32], usize),
    /// As [`pack`] wrote it; the first number is how many rows it packed, the second is the first
    /// row that the product reads.
    Packed(&'a [f32], usize, usize),
}

/// A number of runs, and how far apart they are in two operands.
#[derive(Clone, Copy)]
pub struct Runs {
    /// Number of runs.
    pub count: usize,
    /// Distance from one run to the next in the left matrix.
    pub left_step: usize,
    /// Distance from one run to the next in the right matrix, or in the output.
    pub other_step: usize,
}

impl Runs {
    /// A single run.
    pub const ONE: Self = Self {
        count: 1,
        left_step: 0,
        other_step: 0,
    };
}

/// Computes `output = left · right`, or `output += left · right`, for several lines of rows and a
/// depth that is cut into runs.
pub struct Gemm<'a> {
    /// `[images, lines, rows, depth]`.
    pub left: Left<'a>,
    /// `[depth, columns]`.
    pub right: Right<'a>,
    /// Images, and lines of rows in each; the other operand is the output.
    pub lines: [Runs; 2],
    /// Rows per line of the output.
    pub rows: usize,
    /// What is summed over: runs of runs; the other operand is the right matrix, unless it is
    /// packed and lies in one piece.
    pub runs: [Runs; 2],
    /// Numbers per run.
    pub depth: usize,
    /// Columns of the output, a multiple of the lanes.
    pub columns: usize,
    /// `[images, lines, rows, columns]`.
    pub output: &'a mut [f32],
    /// Distance from one row of the output to the next.
    pub output_step: usize,
    /// Whether the product is added to the output.
    pub accumulate: bool,
}

/// Returns the number of vectors of the next panel, where `left` vectors are left: three make full
/// use of the registers, one does not.
#[inline(always)]
fn panel_vectors(left: usize) -> usize {
    match left {
        3 => 3,
        _ => left.min(2),
    }
}

/// Packs the columns of a matrix into panels, each as wide as a tile of [`Gemm`], one after the
/// other. `number(row, column)` is read for each of `rows` by `columns`; the rest up to `padded`
/// is 0.
pub fn pack(
    rows: usize,
    columns: usize,
    padded: usize,
    lanes: usize,
    number: impl Fn(usize, usize) -> f32 + Sync,
    output: &mut Vec<f32>,
) {
    output.clear();
    output.resize(rows * padded, 0.0);
    let mut panels = vec![];
    let (mut rest, mut panel) = (&mut output[..], 0);
    while panel < padded {
        let wide = lanes * panel_vectors((padded - panel) / lanes);
        let (numbers, after) = rest.split_at_mut(rows * wide);
        panels.push((panel, wide, numbers));
        (rest, panel) = (after, panel + wide);
    }
    // Small matrices are not worth waking another thread.
    let least = (1 << 14) / (rows * lanes).max(1) + 1;
    panels
        .into_par_iter()
        .with_min_len(least)
        .for_each(|(panel, wide, numbers)| {
            let inside = wide.min(columns.saturating_sub(panel));
            for (row, numbers) in numbers.chunks_exact_mut(wide).enumerate() {
                for (column, to) in numbers[..inside].iter_mut().enumerate() {
                    *to = number(row, panel + column);
                }
            }
        });
}

impl SimdKernel for Gemm<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let Self {
            rows,
            depth,
            columns,
            lines,
            runs,
            ..
        } = self;
        let counts = [
            lines[0].count,
            lines[1].count,
            rows,
            columns,
            runs[0].count,
            runs[1].count,
            depth,
        ];
        assert!(
            counts.iter().all(|count| *count > 0),
            "a product of nothing"
        );
        assert_eq!(columns % V::COUNT, 0);
        let before = |count: usize, step: usize| (count - 1) * step;
        let last = before(lines[0].count, lines[0].other_step)
            + before(lines[1].count, lines[1].other_step)
            + before(rows, self.output_step)
            + columns;
        assert!(self.output.len() >= last);
        let last = before(lines[0].count, lines[0].left_step)
            + before(lines[1].count, lines[1].left_step)
            + before(rows, self.left.row_step)
            + before(runs[0].count, runs[0].left_step)
            + before(runs[1].count, runs[1].left_step)
            + before(depth, self.left.depth_step);
        assert!(self.left.numbers.len() > last);
        let whole = runs[0].count * runs[1].count * depth;
        match self.right {
            Right::Rows(numbers, step) => {
                let last = before(runs[0].count, runs[0].other_step)
                    + before(runs[1].count, runs[1].other_step);
                assert!(numbers.len() >= last + before(depth, step) + columns);
            }
            Right::Packed(numbers, all, from) => {
                assert!(numbers.len() >= all * columns && from + whole <= all)
            }
        }
        let mut panel = 0;
        while panel < columns {
            let vectors = panel_vectors((columns - panel) / V::COUNT);
            let wide = vectors * V::COUNT;
            let (right, right_step, right_steps) = match self.right {
                Right::Rows(numbers, step) => (
                    numbers[panel..].as_ptr(),
                    step,
                    runs.map(|runs| runs.other_step),
                ),
                Right::Packed(numbers, all, from) => {
                    let at = panel * all + from * wide;
                    (
                        numbers[at..].as_ptr(),
                        wide,
                        [runs[1].count * depth * wide, depth * wide],
                    )
                }
            };
            let most = match vectors {
                3 => V::TILE_ROWS / 2,
                _ => V::TILE_ROWS,
            };
            let job = Job {
                row_step: self.left.row_step,
                depth_step: self.left.depth_step,
                counts: [runs[0].count, runs[1].count, depth],
                left_steps: runs.map(|runs| runs.left_step),
                right,
                right_step,
                right_steps,
                output_step: self.output_step,
                accumulate: self.accumulate,
            };
            for line in 0..lines[0].count * lines[1].count {
                let line = [line / lines[1].count, line % lines[1].count];
                let offset = |step: [usize; 2]| line[0] * step[0] + line[1] * step[1];
                let from = offset(lines.map(|lines| lines.left_step));
                let to = offset(lines.map(|lines| lines.other_step));
                // Tiles as even as can be: nine rows are five and four.
                let mut row = 0;
                let mut tiles = rows.div_ceil(most);
                while tiles > 0 {
                    let height = (rows - row).div_ceil(tiles);
                    // SAFETY: the assertions above hold for every line, row and panel.
                    unsafe {
                        let left = self
                            .left
                            .numbers
                            .as_ptr()
                            .add(from + row * self.left.row_step);
                        let to = to + row * self.output_step + panel;
                        let to = self.output.as_mut_ptr().add(to);
                        match (vectors, height) {
                            (2, 6) => job.tile::<V, 6, 2>(left, to),
                            (2, 5) => job.tile::<V, 5, 2>(left, to),
                            (2, 4) => job.tile::<V, 4, 2>(left, to),
                            (2, 3) => job.tile::<V, 3, 2>(left, to),
                            (2, 2) => job.tile::<V, 2, 2>(left, to),
                            (2, _) => job.tile::<V, 1, 2>(left, to),
                            (3, 4) => job.tile::<V, 4, 3>(left, to),
                            (3, 3) => job.tile::<V, 3, 3>(left, to),
                            (3, 2) => job.tile::<V, 2, 3>(left, to),
                            (3, _) => job.tile::<V, 1, 3>(left, to),
                            (_, 6) => job.tile::<V, 6, 1>(left, to),
                            (_, 5) => job.tile::<V, 5, 1>(left, to),
                            (_, 4) => job.tile::<V, 4, 1>(left, to),
                            (_, 3) => job.tile::<V, 3, 1>(left, to),
                            (_, 2) => job.tile::<V, 2, 1>(left, to),
                            (_, _) => job.tile::<V, 1, 1>(left, to),
                        }
                    }
                    row += height;
                    tiles -= 1;
                }
            }
            panel += wide;
        }
    }
}

/// A panel of a [`Gemm`] whose lengths were checked.
struct Job {
    row_step: usize,
    depth_step: usize,
    counts: [usize; 3],
    left_steps: [usize; 2],
    right: *const f32,
    right_step: usize,
    right_steps: [usize; 2],
    output_step: usize,
    accumulate: bool,
}

impl Job {
    /// # Safety
    /// `ROWS` rows from `left` on, the panel and as many rows from `to` on must be in the product.
    #[inline(always)]
    unsafe fn tile<V: Lanes, const ROWS: usize, const VECTORS: usize>(
        &self,
        left: *const f32,
        to: *mut f32,
    ) {
        // SAFETY: the caller's promise, for every access below.
        unsafe {
            let mut sums = [[V::splat(0.0); VECTORS]; ROWS];
            if self.accumulate {
                for (row, sums) in sums.iter_mut().enumerate() {
                    for (vector, sum) in sums.iter_mut().enumerate() {
                        *sum = V::load(to.add(row * self.output_step + vector * V::COUNT));
                    }
                }
            }
            for outer in 0..self.counts[0] {
                for inner in 0..self.counts[1] {
                    let mut left =
                        left.add(outer * self.left_steps[0] + inner * self.left_steps[1]);
                    let mut right = self
                        .right
                        .add(outer * self.right_steps[0] + inner * self.right_steps[1]);
                    for _ in 0..self.counts[2] {
                        let mut panel = [sums[0][0]; VECTORS];
                        for (vector, number) in panel.iter_mut().enumerate() {
                            *number = V::load(right.add(vector * V::COUNT));
                        }
                        for (row, sums) in sums.iter_mut().enumerate() {
                            let number = V::splat(*left.add(row * self.row_step));
                            for (sum, right) in sums.iter_mut().zip(panel) {
                                *sum = number.multiply_add(right, *sum);
                            }
                        }
                        left = left.add(self.depth_step);
                        right = right.add(self.right_step);
                    }
                }
            }
            for (row, sums) in sums.iter().enumerate() {
                for (vector, sum) in sums.iter().enumerate() {
                    sum.store(to.add(row * self.output_step + vector * V::COUNT));
                }
            }
        }
    }
}
