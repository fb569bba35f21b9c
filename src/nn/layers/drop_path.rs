//! Stochastic depth (Huang et al. 2016, <https://arxiv.org/abs/1603.09382>).

use burn::tensor::{Device, Distribution, Tensor};

/// Returns the factor of each image's residual branch: while training, 0 with `probability` and
/// `1 / (1 - probability)` otherwise; `None` where nothing is dropped.
///
/// # Shapes
/// - output: `[batch]`
pub fn drop_path(batch: usize, probability: f64, device: &Device) -> Option<Tensor<1>> {
    if probability <= 0.0 || !device.is_autodiff() {
        return None;
    }
    let keep = 1.0 - probability;
    let kept = Tensor::<1>::random(
        [batch],
        Distribution::Bernoulli(keep),
        &device.clone().inner(),
    );
    Some(Tensor::from_inner(kept.div_scalar(keep)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_nothing_outside_training() {
        assert!(drop_path(4, 0.9, &Device::flex()).is_none());
        assert!(drop_path(4, 0.0, &Device::flex().autodiff()).is_none());
    }

    #[test]
    fn drops_whole_images_and_keeps_the_mean() {
        let device = Device::flex().autodiff();
        device.seed(7);
        let scales = drop_path(2000, 0.25, &device).unwrap();
        let scales = scales.into_data().try_to_vec::<f32>().unwrap();
        assert!(
            scales
                .iter()
                .all(|scale| *scale == 0.0 || (scale - 4.0 / 3.0).abs() < 1e-6)
        );
        let mean = scales.iter().sum::<f32>() / scales.len() as f32;
        assert!((mean - 1.0).abs() < 0.05, "mean {mean}");
    }
}
