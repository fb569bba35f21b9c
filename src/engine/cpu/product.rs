//! Matrix products: dense convolutions of every kind.
//!
//! A row of the left matrix is a run of numbers in the input (several runs, one for each row of the
//! kernel, where it has more than one pixel), so the input is read in place. The weights are
//! rearranged: into panels of two or three vectors of output channels, one after the other. A tile
//! of the output, some rows by one panel, stays in registers while the whole depth is summed, and
//! is bounded and added to the residual before it is written.

use crate::platform::simd::{Lanes, SimdKernel};

use super::activate::Clamp;
use super::buffer::{Buffer, padded};

/// Bytes of the left matrix that are multiplied with every panel before going on: what the
/// second-level cache holds beside a panel.
const CHUNK_BYTES: usize = 64 << 10;

/// Weights in the layout that [`MatmulOp`] reads.
#[derive(Debug)]
pub struct Panels {
    depth: usize,
    width: usize,
    numbers: Buffer,
    bias: Buffer,
}

impl Panels {
    /// Packs `weights`, `[depth, width]`, for [`Lanes`] of `lanes` numbers.
    pub fn new(weights: &[f32], bias: &[f32], lanes: usize) -> Self {
        let width = bias.len();
        let depth = weights.len() / width.max(1);
        let mut numbers = Buffer::default();
        numbers.resize(depth * padded(width));
        numbers.fill(0.0);
        let mut panel = 0;
        while panel < padded(width) {
            let wide = lanes * panel_vectors((padded(width) - panel) / lanes);
            for row in 0..depth {
                for column in panel..width.min(panel + wide) {
                    numbers[panel * depth + row * wide + column - panel] =
                        weights[row * width + column];
                }
            }
            panel += wide;
        }
        Self {
            depth,
            width,
            numbers,
            bias: Buffer::with_rows(bias.iter().copied(), width),
        }
    }
}

/// Returns the number of vectors of the next panel, where `left` vectors are left. Three make full
/// use of the registers too, one does not.
#[inline(always)]
fn panel_vectors(left: usize) -> usize {
    match left {
        3 => 3,
        _ => left.min(2),
    }
}

/// Where the rows of the left matrix are in the input: images of lines of columns. All distances
/// are in numbers.
#[derive(Clone, Copy, Debug)]
pub struct Rows {
    /// Number of images.
    pub images: usize,
    /// Lines of output pixels per image.
    pub lines: usize,
    /// Output pixels per line.
    pub columns: usize,
    /// Distance from one image to the next.
    pub image_step: usize,
    /// Distance from one line to the next.
    pub line_step: usize,
    /// Distance from one column to the next.
    pub column_step: usize,
    /// Runs per row.
    pub runs: usize,
    /// Numbers per run.
    pub run_length: usize,
    /// Distance from one run to the next.
    pub run_step: usize,
}

impl Rows {
    fn end(&self) -> usize {
        let before = |count: usize, step: usize| count.saturating_sub(1) * step;
        before(self.images, self.image_step)
            + before(self.lines, self.line_step)
            + before(self.columns, self.column_step)
            + before(self.runs, self.run_step)
            + self.run_length
    }
}

/// Computes clamp(rows · weights + bias) + add.
pub struct MatmulOp<'a> {
    /// The numbers that hold the rows.
    pub input: &'a [f32],
    /// Where the rows are in `input`.
    pub rows: Rows,
    /// The right matrix, packed.
    pub weights: &'a Panels,
    /// Bounds of each sum.
    pub clamp: Clamp,
    /// Numbers to add last, in the output's shape.
    pub add: Option<&'a [f32]>,
    /// A padded row for each row of the left matrix.
    pub output: &'a mut [f32],
}

impl SimdKernel for MatmulOp<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let Self { rows, weights, .. } = self;
        let stride = padded(weights.width);
        let count = rows.images * rows.lines * rows.columns;
        assert!(count == 0 || rows.end() <= self.input.len());
        assert_eq!(rows.runs * rows.run_length, weights.depth);
        assert_eq!(self.output.len(), count * stride);
        assert!(self.add.is_none_or(|add| add.len() == self.output.len()));
        let job = Job {
            rows,
            stride,
            input: self.input.as_ptr(),
            weights: weights.numbers.as_ptr(),
            bias: weights.bias.as_ptr(),
            add: self.add.map(<[f32]>::as_ptr),
            output: self.output.as_mut_ptr(),
            low: V::splat(self.clamp.low),
            high: V::splat(self.clamp.high),
        };
        let chunk = (CHUNK_BYTES / 4 / weights.depth.max(1)).next_multiple_of(12);
        for image in 0..rows.images {
            for line in 0..rows.lines {
                let from = image * rows.image_step + line * rows.line_step;
                let to = (image * rows.lines + line) * rows.columns * stride;
                let mut column = 0;
                while column < rows.columns {
                    let end = rows.columns.min(column + chunk);
                    let mut panel = 0;
                    while panel < stride {
                        let vectors = panel_vectors((stride - panel) / V::COUNT);
                        // SAFETY: the assertions above hold for every row and every panel.
                        unsafe { job.panel(vectors, panel, [from, to], [column, end]) };
                        panel += vectors * V::COUNT;
                    }
                    column = end;
                }
            }
        }
    }
}

/// A [`MatmulOp`] whose lengths were checked.
struct Job<V> {
    rows: Rows,
    stride: usize,
    input: *const f32,
    weights: *const f32,
    bias: *const f32,
    add: Option<*const f32>,
    output: *mut f32,
    low: V,
    high: V,
}

impl<V: Lanes> Job<V> {
    /// Computes some columns of a line with one panel.
    ///
    /// # Safety
    /// Line, columns and panel must be parts of the product.
    #[inline(always)]
    unsafe fn panel(
        &self,
        vectors: usize,
        panel: usize,
        [from, to]: [usize; 2],
        [mut column, end]: [usize; 2],
    ) {
        let most = match vectors {
            3 => V::TILE_ROWS / 2,
            _ => V::TILE_ROWS,
        };
        // Tiles as even as can be: nine rows are five and four.
        let mut tiles = (end - column).div_ceil(most);
        while tiles > 0 {
            let height = (end - column).div_ceil(tiles);
            let from = from + column * self.rows.column_step;
            let to = to + column * self.stride + panel;
            // SAFETY: the caller's promise.
            unsafe {
                match (vectors, height) {
                    (2, 6) => self.tile::<6, 2>(from, panel, to),
                    (2, 5) => self.tile::<5, 2>(from, panel, to),
                    (2, 4) => self.tile::<4, 2>(from, panel, to),
                    (2, 3) => self.tile::<3, 2>(from, panel, to),
                    (2, 2) => self.tile::<2, 2>(from, panel, to),
                    (2, _) => self.tile::<1, 2>(from, panel, to),
                    (3, 4) => self.tile::<4, 3>(from, panel, to),
                    (3, 3) => self.tile::<3, 3>(from, panel, to),
                    (3, 2) => self.tile::<2, 3>(from, panel, to),
                    (3, _) => self.tile::<1, 3>(from, panel, to),
                    (_, 6) => self.tile::<6, 1>(from, panel, to),
                    (_, 5) => self.tile::<5, 1>(from, panel, to),
                    (_, 4) => self.tile::<4, 1>(from, panel, to),
                    (_, 3) => self.tile::<3, 1>(from, panel, to),
                    (_, 2) => self.tile::<2, 1>(from, panel, to),
                    (_, _) => self.tile::<1, 1>(from, panel, to),
                }
            }
            column += height;
            tiles -= 1;
        }
    }

    /// # Safety
    /// As for `panel`.
    #[inline(always)]
    unsafe fn tile<const ROWS: usize, const VECTORS: usize>(
        &self,
        from: usize,
        panel: usize,
        to: usize,
    ) {
        // SAFETY: the caller's promise, for every access below.
        unsafe {
            let rows = &self.rows;
            let mut sums = [[self.low; VECTORS]; ROWS];
            for (vector, sum) in sums[0].iter_mut().enumerate() {
                *sum = V::load(self.bias.add(panel + vector * V::COUNT));
            }
            let first = sums[0];
            sums.fill(first);
            let mut weights = self.weights.add(panel * rows.runs * rows.run_length);
            for run in 0..rows.runs {
                let mut left = self.input.add(from + run * rows.run_step);
                for _ in 0..rows.run_length {
                    step(&mut sums, left, rows.column_step, weights);
                    weights = weights.add(VECTORS * V::COUNT);
                    left = left.add(1);
                }
            }
            for (row, sums) in sums.iter().enumerate() {
                for (vector, sum) in sums.iter().enumerate() {
                    let at = to + row * self.stride + vector * V::COUNT;
                    let mut sum = self.high.min(self.low.max(*sum));
                    if let Some(add) = self.add {
                        sum = sum.add(V::load(add.add(at)));
                    }
                    sum.store(self.output.add(at));
                }
            }
        }
    }
}

/// Adds the product of one number of each row with one row of the panel.
///
/// # Safety
/// `ROWS` numbers at `left`, `row_step` apart, and a panel's row at `weights` must be readable.
#[inline(always)]
unsafe fn step<V: Lanes, const ROWS: usize, const VECTORS: usize>(
    sums: &mut [[V; VECTORS]; ROWS],
    left: *const f32,
    row_step: usize,
    weights: *const f32,
) {
    let mut right = [sums[0][0]; VECTORS];
    for (vector, right) in right.iter_mut().enumerate() {
        // SAFETY: the caller's promise.
        *right = unsafe { V::load(weights.add(vector * V::COUNT)) };
    }
    for (row, sums) in sums.iter_mut().enumerate() {
        // SAFETY: the caller's promise.
        let left = V::splat(unsafe { *left.add(row * row_step) });
        for (sum, right) in sums.iter_mut().zip(right) {
            *sum = left.multiply_add(right, *sum);
        }
    }
}
