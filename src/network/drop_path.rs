//! Stochastic depth (Huang et al. 2016, <https://arxiv.org/abs/1603.09382>).

use burn::tensor::{Distribution, Tensor};

/// Drops the residual branch of each sample with `probability` while training, and scales the
/// kept ones by `1 / (1 - probability)`; the identity otherwise.
///
/// # Shapes
/// - `branch`, output: `[batch, channels, height, width]`
pub fn drop_path(branch: Tensor<4>, probability: f64) -> Tensor<4> {
    let device = branch.device();
    if probability <= 0.0 || !device.is_autodiff() {
        return branch;
    }
    let [batch, ..] = branch.dims();
    let keep = 1.0 - probability;
    let mask = Tensor::<4>::random(
        [batch, 1, 1, 1],
        Distribution::Bernoulli(keep),
        &device.inner(),
    );
    branch * Tensor::from_inner(mask.div_scalar(keep))
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;

    #[test]
    fn is_the_identity_outside_training() {
        let ones = Tensor::<4>::ones([4, 1, 1, 1], &Device::flex());
        let sum: f32 = drop_path(ones, 0.9).sum().into_scalar();
        assert_eq!(sum, 4.0);
    }
}
