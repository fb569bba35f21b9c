//! Quantizes a trained network into `www/model`, the files that the page downloads.
//!
//! Batch normalization is folded into the convolutions, weights become 8-bit integers with a scale
//! for each output channel, biases stay 32-bit floats, activations are not quantized. The accuracy
//! before and after is measured and written into the manifest, which the loader checks.
//!

pub mod detector;
pub mod export;
pub mod scheme;
