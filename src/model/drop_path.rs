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

    #[cfg(feature = "native")]
    #[test]
    fn drops_whole_samples_and_keeps_the_mean() {
        let device = Device::flex().autodiff();
        device.seed(7);
        let ones = Tensor::<4>::ones([2000, 1, 1, 2], &device);
        let values = drop_path(ones, 0.25).into_data().to_vec::<f32>().unwrap();
        for sample in values.chunks(2) {
            assert_eq!(sample[0], sample[1]);
            assert!(sample[0] == 0.0 || (sample[0] - 4.0 / 3.0).abs() < 1e-6);
        }
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        assert!((mean - 1.0).abs() < 0.05, "mean {mean}");
    }
}
