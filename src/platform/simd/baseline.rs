//! The instruction set of every other machine: the one that the build asks for.

use super::{Four, Instructions, SimdKernel};

/// The instruction set that kernels are compiled for: that of the build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level;

impl Level {
    /// Returns the best of this machine.
    pub fn detect() -> Self {
        Self
    }

    /// Returns the one that every machine of the target has.
    pub fn lowest() -> Self {
        Self
    }

    /// Returns its name.
    pub fn instructions(self) -> Instructions {
        Instructions::Baseline
    }

    /// Returns the numbers per register.
    pub fn lanes(self) -> usize {
        <Four as super::Lanes>::COUNT
    }

    /// Runs a kernel with this instruction set.
    #[inline]
    pub fn run<K: SimdKernel>(self, kernel: K) -> K::Output {
        kernel.run::<Four>()
    }
}
