//! Exponential moving average of the weights (Polyak and Juditsky 1992; exponential: Tarvainen and
//! Valpola 2017, <https://arxiv.org/abs/1703.01780>): smoother than the weights of the last step,
//! and usually a little better.

use std::any::Any;
use std::collections::VecDeque;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::Tensor;

use crate::kernels::average::ema;

/// Returns `average · decay + network · (1 − decay)` for all weights and running statistics. Both
/// must have the same architecture. The operation is not tracked by autodiff.
pub fn ema_update<M: Module>(average: M, network: &M, decay: f64) -> M {
    let mut current = Current::default();
    network.visit(&mut current);
    average.map(&mut Blend {
        current: current.tensors,
        decay,
    })
}

/// Returns the decay after `steps` steps: `(1 + steps) / (10 + steps)`, at most `decay`, so that
/// the initial weights are forgotten.
pub fn decay_after(steps: usize, decay: f64) -> f64 {
    decay.min((1.0 + steps as f64) / (10.0 + steps as f64))
}

/// Collects the network's tensors in the order of its modules, as `Tensor<D>` of any rank.
#[derive(Default)]
struct Current {
    tensors: VecDeque<Box<dyn Any>>,
}

impl ModuleVisitor for Current {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.tensors
            .push_back(Box::new(param.val().without_autodiff()));
    }
}

struct Blend {
    current: VecDeque<Box<dyn Any>>,
    decay: f64,
}

impl ModuleMapper for Blend {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, average, mapper) = param.consume();
        let current = self
            .current
            .pop_front()
            .and_then(|tensor| tensor.downcast::<Tensor<D>>().ok());
        let blended = match current {
            Some(current) => {
                let tracked = average.is_autodiff();
                let old = average.without_autodiff();
                let blended = ema(old, *current, self.decay);
                if tracked {
                    Tensor::from_inner(blended)
                } else {
                    blended
                }
            }
            None => average,
        };
        Param::from_mapped_value(id, blended, mapper)
    }
}

#[cfg(test)]
mod tests {
    use crate::nn::EmotionNet;
    use burn::tensor::Device;

    use super::*;
    use crate::nn::tensors::collect;
    use crate::spec::EmotionNetConfig;

    #[test]
    fn every_tensor_moves_by_the_same_share() {
        let config = EmotionNetConfig::moue().with_input_size(32);
        for device in [Device::flex(), Device::flex().autodiff()] {
            let (average, network) = (
                EmotionNet::new(&config, &device),
                EmotionNet::new(&config, &device),
            );
            let before = collect(&average).unwrap();
            let target = collect(&network).unwrap();
            let after = collect(&ema_update(average.no_grad(), &network, 0.75)).unwrap();
            assert_eq!(after.len(), before.len());
            let mut moved = 0;
            for (name, array) in &after {
                let rows = array.values.iter().zip(&before[name].values);
                for ((found, old), new) in rows.zip(&target[name].values) {
                    let expected = old * 0.75 + new * 0.25;
                    assert!((found - expected).abs() < 1e-5, "{name}");
                    moved += usize::from(found != old);
                }
            }
            assert!(moved > 1_000_000, "{moved}");
        }
    }

    #[test]
    fn the_beginning_is_forgotten() {
        assert!((decay_after(0, 0.999) - 0.1).abs() < 1e-9);
        assert!((decay_after(90, 0.999) - 0.91).abs() < 1e-9);
        assert!((decay_after(1_000_000, 0.999) - 0.999).abs() < 1e-9);
    }
}
