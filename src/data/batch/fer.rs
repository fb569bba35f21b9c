//! FER2013's faces as batches.

use std::sync::Arc;

use burn::tensor::Device;

use super::loader::{BatchSource, Loader};
use super::targets::Targets;
use super::{Batcher, FerBatch, HostBatch, Variation};
use crate::data::item::FerItem;
use crate::spec::input::InputSpec;

/// How the items of a training split are batched.
#[derive(Clone, Debug)]
pub struct TrainingBatches {
    /// Number of images per batch and device; 0 counts as 1.
    pub batch_size: usize,
    /// Number of devices that share an epoch, each with batches of its own; 0 counts as 1.
    pub devices: usize,
    /// Network input of each epoch; later epochs use the last one.
    pub inputs: Vec<InputSpec>,
    /// Augmentation, mixing and targets.
    pub variation: Variation,
}

/// Source of face batches: the items, and how each epoch varies them.
pub struct FerBatches {
    items: Arc<Vec<FerItem>>,
    shuffles: bool,
    inputs: Arc<[InputSpec]>,
    variation: Variation,
}

/// Data loader for batches of [`FerItem`]s.
pub type FerLoader = Loader<FerBatches>;

impl FerLoader {
    /// Creates a loader for training: shuffled and augmented anew each epoch, in full batches (see
    /// [`Loader::full_batches`]). `input` is used if `batches.inputs` is empty.
    pub fn training(
        items: Arc<Vec<FerItem>>,
        batches: TrainingBatches,
        input: InputSpec,
        device: Device,
    ) -> Self {
        let source = FerBatches {
            items,
            shuffles: true,
            inputs: match batches.inputs {
                inputs if inputs.is_empty() => [input].into(),
                inputs => inputs.into(),
            },
            variation: batches.variation,
        };
        Self::full_batches(source, batches.batch_size, batches.devices, device)
    }

    /// Creates a loader for evaluation: every item once, in order, unchanged, with these `targets`.
    /// A `batch_size` of 0 counts as 1.
    pub fn evaluation(
        items: Arc<Vec<FerItem>>,
        batch_size: usize,
        input: InputSpec,
        targets: Targets,
        device: Device,
    ) -> Self {
        let source = FerBatches {
            items,
            shuffles: false,
            inputs: [input].into(),
            variation: Variation {
                targets,
                ..Variation::NONE
            },
        };
        Self::every_item(source, batch_size, device)
    }
}

impl FerBatches {
    fn batcher(&self, epoch: u64) -> Batcher {
        let last = self.inputs.len().saturating_sub(1);
        Batcher {
            // Never empty, see `training`.
            input: self.inputs[last.min(epoch as usize)],
            variation: self.variation.clone(),
            epoch,
        }
    }
}

impl BatchSource for FerBatches {
    type Host = HostBatch;
    type Batch = FerBatch;

    fn item_count(&self) -> usize {
        self.items.len()
    }

    fn order_seed(&self) -> Option<u64> {
        self.shuffles.then_some(self.variation.seed)
    }

    fn prepare(&self, epoch: u64, indices: &[usize]) -> HostBatch {
        let items = indices.iter().map(|index| &self.items[*index]);
        self.batcher(epoch).prepare(items)
    }

    fn upload(host: HostBatch, device: &Device) -> FerBatch {
        host.upload(device)
    }
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Duration;

    use burn::data::dataloader::DataLoader;
    use burn::data::dataset::DatasetError;

    use super::super::clock::LoadTimes;
    use super::*;
    use crate::data::augment::AugmentConfig;
    use crate::emotion::Emotion;
    use crate::vision::FaceCrop;

    const INPUT_SIZE: usize = 48;

    fn items(count: usize) -> Arc<Vec<FerItem>> {
        let item = |row: usize| FerItem {
            crop: FaceCrop::new(std::array::from_fn(|index| (row * 31 + index * 7) as u8)),
            emotion: Emotion::ALL[row % Emotion::COUNT],
            row,
            votes: None,
            source: 0,
        };
        Arc::new((0..count).map(item).collect())
    }

    fn training(count: usize, augment: AugmentConfig, seed: u64) -> FerLoader {
        let batches = TrainingBatches {
            batch_size: 4,
            devices: 1,
            inputs: vec![],
            variation: Variation {
                augment,
                seed,
                ..Variation::NONE
            },
        };
        FerLoader::training(
            items(count),
            batches,
            InputSpec::new(INPUT_SIZE, 1),
            Device::flex(),
        )
    }

    fn evaluation(count: usize) -> FerLoader {
        FerLoader::evaluation(
            items(count),
            4,
            InputSpec::new(INPUT_SIZE, 1),
            Targets::HARD,
            Device::flex(),
        )
    }

    /// Returns the pixels and labels of each batch.
    fn epoch(loader: &dyn DataLoader<FerBatch>) -> Vec<(Vec<f32>, Vec<i64>)> {
        let read = |batch: Result<FerBatch, DatasetError>| {
            let batch = batch.unwrap();
            let images = batch.images.into_data().try_to_vec::<f32>().unwrap();
            (
                images,
                batch
                    .labels
                    .into_data()
                    .convert::<i64>()
                    .try_to_vec::<i64>()
                    .unwrap(),
            )
        };
        loader.iter().map(read).collect()
    }

    #[test]
    fn a_resumed_run_sees_what_an_unbroken_one_sees() {
        let unbroken = training(11, AugmentConfig::default(), 5);
        let epochs = [epoch(&unbroken), epoch(&unbroken), epoch(&unbroken)];
        assert_ne!(epochs[0], epochs[1]);
        let resumed = training(11, AugmentConfig::default(), 5).with_start_epoch(1);
        assert_eq!(epoch(&resumed), epochs[1]);
        assert_eq!(epoch(&resumed), epochs[2]);
        assert_ne!(epoch(&training(11, AugmentConfig::default(), 6)), epochs[0]);
    }

    #[test]
    fn augmentation_follows_the_row_and_not_the_place_in_the_batch() {
        let loader = training(4, AugmentConfig::default(), 5);
        let forwards = loader
            .source()
            .batcher(0)
            .prepare(loader.source().items.iter());
        let backwards = loader
            .source()
            .batcher(0)
            .prepare(loader.source().items.iter().rev());
        let area = INPUT_SIZE * INPUT_SIZE;
        assert!(
            forwards
                .planes
                .chunks(area)
                .eq(backwards.planes.chunks(area).rev())
        );
        assert_ne!(
            forwards,
            loader
                .source()
                .batcher(1)
                .prepare(loader.source().items.iter())
        );
    }

    #[test]
    fn evaluation_keeps_every_item_in_order_and_training_full_batches() {
        let loader = evaluation(11);
        let batches = epoch(&loader);
        let labels: Vec<i64> = batches
            .iter()
            .flat_map(|(_, labels)| labels.clone())
            .collect();
        assert_eq!(labels, [0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3]);
        assert_eq!(batches[2].1.len(), 3);
        assert_eq!(batches, epoch(&loader));
        assert_eq!(batches[0].0[0], -127.0 / 128.0);

        let loader = training(11, AugmentConfig::NONE, 5);
        assert_eq!(loader.num_items(), 8);
        assert!(epoch(&loader).iter().all(|(_, labels)| labels.len() == 4));
        assert_eq!(epoch(&training(3, AugmentConfig::NONE, 5)).len(), 1);
        assert!(epoch(&training(0, AugmentConfig::NONE, 5)).is_empty());
    }

    #[test]
    fn a_shuffled_epoch_is_a_permutation() {
        let loader = training(12, AugmentConfig::NONE, 5);
        let mut order = loader.order(0);
        assert_ne!(order, (0..12).collect::<Vec<_>>());
        assert_ne!(order, loader.order(1));
        order.sort_unstable();
        assert_eq!(order, (0..12).collect::<Vec<_>>());
    }

    #[test]
    fn progress_ends_at_the_number_of_items() {
        let loader = evaluation(11);
        let mut iterator = loader.iter();
        assert_eq!(iterator.progress().items_total, loader.num_items());
        iterator.next().unwrap().unwrap();
        assert_eq!(iterator.progress().items_processed, 4);
        iterator.by_ref().for_each(drop);
        assert!(iterator.progress().is_completed());
    }

    #[test]
    fn slices_and_copies_keep_the_epoch() {
        let loader = evaluation(11);
        let slice = loader.slice(4, 8);
        assert_eq!(slice.num_items(), 4);
        assert_eq!(epoch(slice.as_ref())[0], epoch(&loader)[1]);
        assert_eq!(loader.slice(8, 400).num_items(), 3);
        assert_eq!(loader.slice(9, 2).num_items(), 0);

        let loader = training(12, AugmentConfig::NONE, 5);
        epoch(&loader);
        let copy = loader.to_device(&Device::flex());
        assert_eq!(epoch(copy.as_ref()), epoch(&loader));
    }

    #[test]
    fn devices_share_out_one_epoch_between_them() {
        let mut batches = TrainingBatches {
            batch_size: 2,
            devices: 2,
            inputs: vec![],
            variation: Variation::NONE,
        };
        let input = InputSpec::new(INPUT_SIZE, 1);
        let whole = FerLoader::training(items(11), batches.clone(), input, Device::flex());
        assert_eq!(whole.num_items(), 8);
        let halves = [whole.slice(0, 4), whole.slice(4, 8)];
        let rows = |loader: &dyn DataLoader<FerBatch>| epoch(loader);
        let shared: Vec<_> = halves.iter().flat_map(|half| rows(half.as_ref())).collect();
        assert_eq!(shared.len(), 4);
        assert_eq!(shared, epoch(&whole));
        batches.devices = 1;
        let alone = FerLoader::training(items(11), batches, input, Device::flex());
        assert_eq!(alone.num_items(), 10);
    }

    #[test]
    fn each_epoch_has_its_input_and_later_ones_the_last() {
        let batches = TrainingBatches {
            batch_size: 4,
            devices: 1,
            inputs: [32, 48].map(|size| InputSpec::new(size, 1)).to_vec(),
            variation: Variation::NONE,
        };
        let loader = FerLoader::training(items(4), batches, InputSpec::new(48, 1), Device::flex());
        let sizes: Vec<usize> = (0..3).map(|_| epoch(&loader)[0].0.len() / 4).collect();
        assert_eq!(sizes, [32 * 32, 48 * 48, 48 * 48]);
    }

    #[test]
    fn the_clock_counts_waiting_as_a_part_of_the_whole() {
        let loader = training(40, AugmentConfig::default(), 1);
        epoch(&loader);
        let times = loader.clock().take();
        assert!(times.waited > Duration::ZERO && times.waited <= times.total);
        assert_eq!(loader.clock().take(), LoadTimes::default());
    }

    #[test]
    fn an_iterator_dropped_early_stops_its_thread() {
        let loader = training(400, AugmentConfig::NONE, 5);
        let items = Arc::downgrade(&loader.source().items);
        drop(loader.iter());
        drop(loader);
        for _ in 0..200 {
            if items.strong_count() == 0 {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("the thread still holds the items");
    }
}
