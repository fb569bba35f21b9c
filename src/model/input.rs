//! THE normalization: from a [`FaceCrop`](crate::vision::FaceCrop) to the network's input tensor.
