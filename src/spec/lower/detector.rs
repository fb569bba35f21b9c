//! The plan of the detector.

use super::Lowering;
use crate::engine::plan::{MapId, Operation, Plan};
use crate::spec::conv::ConvConfig;
use crate::spec::detector::output::{CHANNELS, STRIDES};
use crate::spec::detector::{DetectorConfig, Separable};
use crate::spec::weights::{NamedTensors, WeightsError};

/// Returns the plan of a folded detector; its outputs are a map for each of [`STRIDES`], with the
/// channels of [`crate::spec::detector::output`].
///
/// # Errors
/// [`WeightsError`]; [`WeightsError::NotFolded`] for a detector that is not.
pub fn detector_plan(config: &DetectorConfig, tensors: NamedTensors) -> Result<Plan, WeightsError> {
    if !config.folded {
        return Err(WeightsError::NotFolded);
    }
    let mut lowering = Lowering::new(1, config.style(), tensors);
    let mut map = lowering.convolve(Plan::INPUT, "stem.conv", &config.stem(), None, None)?;
    let mut maps = vec![];
    let names = ["to_stride4", "to_stride8", "to_stride16", "to_stride32"];
    for (stage, blocks) in names.into_iter().zip(config.stages()) {
        for (index, block) in blocks.iter().enumerate() {
            map = lowering.separable(map, &format!("{stage}.blocks.{index}"), block)?;
        }
        maps.push(map);
    }
    let join_block = config.join_block();
    let join = |lowering: &mut Lowering, name: &str, large: MapId, small: MapId| {
        let sum = lowering.plan.push(large, Operation::UpsampleAdd { small });
        lowering.separable(sum, name, &join_block)
    };
    let [_, stride8, stride16, stride32] = maps[..] else {
        return Err(WeightsError::NoPlan);
    };
    let [lateral16, lateral32] = config.laterals();
    let lateral = |lowering: &mut Lowering, name: &str, map, conv: Option<ConvConfig>| match conv {
        Some(conv) => lowering.convolve(map, &format!("{name}.conv"), &conv, None, None),
        None => Ok(map),
    };
    let stride16 = lateral(&mut lowering, "lateral16", stride16, lateral16)?;
    let stride32 = lateral(&mut lowering, "lateral32", stride32, lateral32)?;
    let stride16 = join(&mut lowering, "join16", stride16, stride32)?;
    let stride8 = join(&mut lowering, "join8", stride8, stride16)?;
    for (index, map) in [stride8, stride16, stride32].into_iter().enumerate() {
        let features = lowering.separable(map, &format!("heads.{index}.block"), &join_block)?;
        let name = format!("heads.{index}.guess");
        let guess =
            ConvConfig::pointwise(join_block.pointwise.channels_out, CHANNELS).without_activation();
        let guess = lowering.convolve(features, &name, &guess, None, None)?;
        lowering.plan.mark_output(guess);
    }
    debug_assert_eq!(lowering.plan.outputs().len(), STRIDES.len());
    lowering.finish()
}

impl Lowering {
    fn separable(
        &mut self,
        input: MapId,
        name: &str,
        block: &Separable,
    ) -> Result<MapId, WeightsError> {
        let depthwise = format!("{name}.depthwise");
        let mixed = self.depthwise(input, &depthwise, &block.depthwise, false)?;
        let pointwise = format!("{name}.pointwise.conv");
        let add = block.is_residual.then_some(input);
        self.convolve(mixed, &pointwise, &block.pointwise, None, add)
    }
}
