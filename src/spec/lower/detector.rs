//! The plan of the detector.

use super::Lowering;
use crate::engine::plan::{MapId, Operation, Plan};
use crate::spec::conv::ConvConfig;
use crate::spec::detector::DetectorConfig;
use crate::spec::detector::output::{CHANNELS, STRIDES};
use crate::spec::weights::{NamedTensors, WeightsError};

/// The plan of a folded detector; it gives a map for each of [`STRIDES`], whose numbers are those of
/// [`crate::spec::detector::output`].
///
/// # Errors
/// [`WeightsError`], and [`WeightsError::NoPlan`] for a detector that is not folded.
pub fn detector_plan(config: &DetectorConfig, tensors: NamedTensors) -> Result<Plan, WeightsError> {
    if !config.folded {
        return Err(WeightsError::NoPlan);
    }
    let mut lowering = Lowering::new(1, config.style(), tensors);
    let [first, second, wide] = config.channels;
    let stem = ConvConfig {
        channels_in: 1,
        channels_out: first,
        kernel: 3,
        stride: 2,
        groups: 1,
        activated: true,
    };
    let stem = lowering.convolve(Plan::INPUT, "stem.conv", &stem, None, None)?;
    let mut map = stem;
    let mut maps = vec![];
    let stages = [
        ("to_stride4", first, second),
        ("to_stride8", second, wide),
        ("to_stride16", wide, wide),
        ("to_stride32", wide, wide),
    ];
    for ((stage, from, to), count) in stages.into_iter().zip(config.blocks) {
        for index in 0..count {
            let (channels, stride) = if index == 0 { (from, 2) } else { (to, 1) };
            let name = format!("{stage}.blocks.{index}");
            map = lowering.separable(map, &name, [channels, to], stride)?;
        }
        maps.push(map);
    }
    let join = |lowering: &mut Lowering, name: &str, large: MapId, small: MapId| {
        let sum = lowering.plan.push(large, Operation::AddEnlarged { small });
        lowering.separable(sum, name, [wide; 2], 1)
    };
    let [_, stride8, stride16, stride32] = maps[..] else {
        return Err(WeightsError::NoPlan);
    };
    let stride16 = join(&mut lowering, "join16", stride16, stride32)?;
    let stride8 = join(&mut lowering, "join8", stride8, stride16)?;
    for (index, map) in [stride8, stride16, stride32].into_iter().enumerate() {
        let features = lowering.separable(map, &format!("heads.{index}.block"), [wide; 2], 1)?;
        let name = format!("heads.{index}.guess");
        let guess = ConvConfig::pointwise(wide, CHANNELS).without_activation();
        let guess = lowering.convolve(features, &name, &guess, None, None)?;
        lowering.plan.give(guess);
    }
    debug_assert_eq!(lowering.plan.outputs().len(), STRIDES.len());
    lowering.finish()
}

impl Lowering {
    /// A depthwise convolution, then a pointwise one.
    fn separable(
        &mut self,
        input: MapId,
        name: &str,
        channels: [usize; 2],
        stride: usize,
    ) -> Result<MapId, WeightsError> {
        let [from, to] = channels;
        let conv = ConvConfig::depthwise(from, 3, stride).without_activation();
        let mixed = self.depthwise(input, &format!("{name}.depthwise"), &conv, false)?;
        let pointwise = ConvConfig::pointwise(from, to);
        let add = (stride == 1 && from == to).then_some(input);
        self.convolve(
            mixed,
            &format!("{name}.pointwise.conv"),
            &pointwise,
            None,
            add,
        )
    }
}
