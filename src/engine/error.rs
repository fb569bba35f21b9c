//! Errors of the engines.

/// Why a forward pass has no result. The CPU engine never fails.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// There is no adapter, or it provides no device.
    #[error("no graphics device is to be had ({0}): use the CPU engine")]
    Unavailable(String),
    /// The device is gone: the driver was reset, the adapter unplugged, or someone destroyed it.
    #[error("the graphics device was lost ({0}): open a new one, or use the CPU engine")]
    Lost(String),
    /// A buffer could not be allocated.
    #[error("the graphics device has no memory left: close other pages, or use the CPU engine")]
    OutOfMemory,
    /// The driver rejected a kernel or a command.
    #[error("the graphics driver rejects the network's kernels ({0}): use the CPU engine")]
    Rejected(String),
    /// The result could not be read.
    #[error("the graphics device gave no result back ({0}): open a new one, or use the CPU engine")]
    Unreadable(String),
    /// The input's length does not match the announced size.
    #[error(
        "the input has {found} numbers where {expected} were announced: pass batch × height × width × channels"
    )]
    InputLength {
        /// Announced length: batch × height × width × channels.
        expected: usize,
        /// Length of the input.
        found: usize,
    },
    /// A map of the network exceeds what every WebGPU device supports.
    #[error(
        "{what} of {found} is beyond the {limit} that this engine computes on a GPU: use a smaller input, or the CPU engine"
    )]
    TooLarge {
        /// Name of the quantity that is too large.
        what: &'static str,
        /// Its value.
        found: usize,
        /// Largest value that works.
        limit: usize,
    },
    /// An engine that is another WebAssembly program failed, with this message.
    #[error("{0}")]
    OtherProgram(String),
}
