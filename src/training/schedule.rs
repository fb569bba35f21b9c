//! Creates the optimizer and the learning rate schedule of a recipe.

use burn::lr_scheduler::LrSchedulerConfig;
use burn::lr_scheduler::constant::ConstantLr;
use burn::lr_scheduler::cosine::CosineAnnealingLrSchedulerConfig;
use burn::lr_scheduler::linear::LinearLrSchedulerConfig;
use burn::lr_scheduler::module_lr_scheduler::ModuleLrScheduler;
use burn::lr_scheduler::sequential::SequentialLrSchedulerConfig;
use burn::optim::ModuleOptimizer;

use super::adamw::ClippedAdamW;
use super::config::{LearningRateSchedule, OptimizerConfig};
use crate::kernels::adamw::AdamWConstants;

/// Returns AdamW with gradient clipping per tensor.
pub fn optimizer(config: &OptimizerConfig) -> ModuleOptimizer {
    ClippedAdamW(AdamWConstants {
        beta_1: 0.9,
        beta_2: 0.999,
        epsilon: 1e-8,
        weight_decay: config.weight_decay,
        gradient_norm: config.gradient_norm,
    })
    .into()
}

/// Learning rate at the start of the warm-up, as a share of the peak.
const FIRST_FRACTION: f64 = 1.0 / 25.0;

/// Creates the schedule for `steps` steps in total: a linear warm-up to the peak, then the
/// configured schedule.
///
/// # Errors
/// Burn's message if the numbers are invalid.
pub fn schedule(config: &OptimizerConfig, steps: usize) -> Result<ModuleLrScheduler, String> {
    let peak = config.learning_rate;
    let warmup = (steps as f64 * config.warmup_fraction) as usize;
    if config.schedule == LearningRateSchedule::Constant && warmup == 0 {
        return Ok(ConstantLr::new(peak).into());
    }
    let warmup = warmup.max(1);
    let descent = steps.saturating_sub(warmup).max(1);
    let last = match config.schedule {
        LearningRateSchedule::Constant => 1.0,
        LearningRateSchedule::Cosine => config.final_fraction,
    };
    let first = peak * FIRST_FRACTION;
    SequentialLrSchedulerConfig::new(
        vec![
            LrSchedulerConfig::Linear(LinearLrSchedulerConfig::new(first, peak, warmup)),
            LrSchedulerConfig::Cosine(
                CosineAnnealingLrSchedulerConfig::new(peak, descent).with_min_lr(peak * last),
            ),
        ],
        vec![warmup],
    )
    .init()
}

#[cfg(test)]
mod tests {
    use super::super::config::Preset;
    use super::*;

    fn rates(schedule: LearningRateSchedule, warmup_fraction: f64, steps: usize) -> Vec<f64> {
        let config = OptimizerConfig {
            schedule,
            learning_rate: 0.1,
            warmup_fraction,
            final_fraction: 0.01,
            ..Preset::Smoke.config().unwrap().optimizer
        };
        let mut scheduler = super::schedule(&config, steps).unwrap();
        (0..steps)
            .map(|_| scheduler.step().lr_from_param(Default::default(), None))
            .collect()
    }

    #[test]
    fn one_cycle_rises_to_the_peak_and_falls_to_the_end() {
        let rates = rates(LearningRateSchedule::Cosine, 0.25, 100);
        let (peak_at, peak) = rates
            .iter()
            .enumerate()
            .max_by(|(_, a), (_, b)| a.total_cmp(b))
            .unwrap();
        assert!((20..30).contains(&peak_at), "{peak_at}");
        assert!((peak - 0.1).abs() < 1e-3, "{peak}");
        assert!(rates[0] < 0.01 && rates[99] < 0.0015, "{rates:?}");
        assert!(rates[peak_at..].is_sorted_by(|a, b| a >= b));
    }

    #[test]
    fn a_constant_one_stays() {
        assert!(
            rates(LearningRateSchedule::Constant, 0.0, 10)
                .iter()
                .all(|r| *r == 0.1)
        );
        let warmed = rates(LearningRateSchedule::Constant, 0.5, 10);
        assert!(
            warmed[0] < 0.05 && (warmed[9] - 0.1).abs() < 1e-9,
            "{warmed:?}"
        );
    }
}
