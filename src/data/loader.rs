//! Burn's data loader over items: batches in an order that a resumed run repeats exactly.
//!
//! The order and the augmentation of an epoch are functions of (seed, epoch), where the epoch is
//! the start epoch plus the number of times that [`FerLoader::iter`] was called before. The next
//! batches are prepared by a thread while the network works on this one.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use burn::data::dataloader::{DataLoader, DataLoaderIterator, Progress};
use burn::data::dataset::DatasetError;
use burn::tensor::Device;
use rand::seq::SliceRandom;
use thiserror::Error;

use super::augment::{AugmentConfig, Purpose, random_stream};
use super::batcher::{Batcher, FerBatch, HostBatch};
use super::item::FerItem;
use crate::model::input::InputSpec;

/// Batches prepared ahead: one in the making, one to go on with.
const BATCHES_AHEAD: usize = 2;

/// Why there is no next batch.
#[derive(Debug, Error)]
pub enum LoaderError {
    /// The system gave no thread.
    #[error("the thread that prepares batches could not be started ({0}); close other programs")]
    Thread(std::io::Error),
    /// The thread ended before its last batch.
    #[error("the thread that prepares batches ended early; resume the run, and report its output")]
    Ended,
}

/// What to do with the items at the end that do not fill a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    Keep,
    /// Dropped, unless there is no full batch.
    Drop,
}

/// Batches of [`FerItem`]s.
pub struct FerLoader {
    items: Arc<Vec<FerItem>>,
    range: Range<usize>,
    batch_size: usize,
    shuffles: bool,
    rest: Rest,
    batcher: Batcher,
    epoch: AtomicU64,
    device: Device,
}

impl FerLoader {
    /// For training: shuffled and augmented anew each epoch. Items that do not fill the last batch
    /// are left out of the epoch, others each time; a set smaller than a batch is one batch.
    /// A `batch_size` of 0 counts as 1.
    pub fn training(
        items: Arc<Vec<FerItem>>,
        batch_size: usize,
        input: InputSpec,
        augment: Option<AugmentConfig>,
        seed: u64,
        device: Device,
    ) -> Self {
        let batcher = Batcher {
            input,
            augment,
            seed,
        };
        Self::new(items, batch_size, batcher, device).shuffled()
    }

    /// For evaluation: every item once, in order, as it is. A `batch_size` of 0 counts as 1.
    pub fn evaluation(
        items: Arc<Vec<FerItem>>,
        batch_size: usize,
        input: InputSpec,
        device: Device,
    ) -> Self {
        Self::new(
            items,
            batch_size,
            Batcher {
                input,
                augment: None,
                seed: 0,
            },
            device,
        )
    }

    /// Counts epochs from `epoch` (0 by default): a run that resumes after `n` finished epochs
    /// passes `n` and sees what an unbroken run would have seen.
    pub fn with_start_epoch(mut self, epoch: u64) -> Self {
        self.epoch = AtomicU64::new(epoch);
        self
    }

    fn new(items: Arc<Vec<FerItem>>, batch_size: usize, batcher: Batcher, device: Device) -> Self {
        Self {
            range: 0..items.len(),
            items,
            batch_size: batch_size.max(1),
            shuffles: false,
            rest: Rest::Keep,
            batcher,
            epoch: AtomicU64::new(0),
            device,
        }
    }

    fn shuffled(mut self) -> Self {
        self.shuffles = true;
        self.rest = Rest::Drop;
        self
    }

    fn copy(&self, range: Range<usize>, device: Device) -> Self {
        Self {
            items: Arc::clone(&self.items),
            range,
            batch_size: self.batch_size,
            shuffles: self.shuffles,
            rest: self.rest,
            batcher: self.batcher,
            epoch: AtomicU64::new(self.epoch.load(Ordering::Relaxed)),
            device,
        }
    }

    /// The items of `epoch`, in its order, as indices.
    fn order(&self, epoch: u64) -> Vec<usize> {
        let mut order: Vec<usize> = self.range.clone().collect();
        if self.shuffles {
            order.shuffle(&mut random_stream(self.batcher.seed, epoch, Purpose::Order));
        }
        order.truncate(self.num_items());
        order
    }
}

impl DataLoader<FerBatch> for FerLoader {
    fn iter<'a>(&'a self) -> Box<dyn DataLoaderIterator<FerBatch> + 'a> {
        let epoch = self.epoch.fetch_add(1, Ordering::Relaxed);
        let order = self.order(epoch);
        let items_total = order.len();
        let (sender, receiver) = sync_channel(BATCHES_AHEAD);
        let (items, batcher, batch_size) = (Arc::clone(&self.items), self.batcher, self.batch_size);
        let prepare = move || {
            for indices in order.chunks(batch_size) {
                let batch = batcher.prepare(indices.iter().map(|index| &items[*index]), epoch);
                if sender.send(batch).is_err() {
                    // The iterator was dropped before its end.
                    return;
                }
            }
        };
        let thread = thread::Builder::new()
            .name("batches".to_owned())
            .spawn(prepare);
        Box::new(FerIterator {
            loader: self,
            receiver,
            start_error: thread.err(),
            items_processed: 0,
            items_total,
        })
    }

    fn num_items(&self) -> usize {
        let count = self.range.len();
        match self.rest {
            Rest::Drop if count >= self.batch_size => count - count % self.batch_size,
            _ => count,
        }
    }

    fn to_device(&self, device: &Device) -> Arc<dyn DataLoader<FerBatch>> {
        Arc::new(self.copy(self.range.clone(), device.clone()))
    }

    fn slice(&self, start: usize, end: usize) -> Arc<dyn DataLoader<FerBatch>> {
        let place = |offset: usize| self.range.start.saturating_add(offset).min(self.range.end);
        let (start, end) = (place(start), place(end));
        Arc::new(self.copy(start..end.max(start), self.device.clone()))
    }
}

struct FerIterator<'a> {
    loader: &'a FerLoader,
    receiver: Receiver<HostBatch>,
    start_error: Option<std::io::Error>,
    items_processed: usize,
    items_total: usize,
}

impl FerIterator<'_> {
    fn fail(&mut self, error: LoaderError) -> Option<Result<FerBatch, DatasetError>> {
        self.items_total = self.items_processed;
        Some(Err(DatasetError::new(error)))
    }
}

impl Iterator for FerIterator<'_> {
    type Item = Result<FerBatch, DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.start_error.take() {
            return self.fail(LoaderError::Thread(error));
        }
        if self.items_processed >= self.items_total {
            return None;
        }
        let Ok(batch) = self.receiver.recv() else {
            return self.fail(LoaderError::Ended);
        };
        self.items_processed += batch.targets.len();
        Some(Ok(self.loader.batcher.upload(batch, &self.loader.device)))
    }
}

impl DataLoaderIterator<FerBatch> for FerIterator<'_> {
    fn progress(&self) -> Progress {
        Progress::new(
            self.items_processed,
            self.items_total,
            Some("items".to_owned()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emotion::Emotion;
    use crate::vision::FaceCrop;

    const INPUT_SIZE: usize = 48;

    fn items(count: usize) -> Arc<Vec<FerItem>> {
        let item = |row: usize| FerItem {
            crop: FaceCrop::new(std::array::from_fn(|index| (row * 31 + index * 7) as u8)),
            emotion: Emotion::ALL[row % Emotion::COUNT],
            row,
            votes: None,
        };
        Arc::new((0..count).map(item).collect())
    }

    fn training(count: usize, augment: Option<AugmentConfig>, seed: u64) -> FerLoader {
        let input = InputSpec::new(INPUT_SIZE, 1);
        FerLoader::training(items(count), 4, input, augment, seed, Device::flex())
    }

    fn evaluation(count: usize) -> FerLoader {
        FerLoader::evaluation(
            items(count),
            4,
            InputSpec::new(INPUT_SIZE, 1),
            Device::flex(),
        )
    }

    /// Each batch's pixels and labels.
    fn epoch(loader: &dyn DataLoader<FerBatch>) -> Vec<(Vec<f32>, Vec<i64>)> {
        let read = |batch: Result<FerBatch, DatasetError>| {
            let batch = batch.unwrap();
            let images = batch.images.into_data().try_to_vec::<f32>().unwrap();
            (
                images,
                batch
                    .targets
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
        let unbroken = training(11, Some(AugmentConfig::default()), 5);
        let epochs = [epoch(&unbroken), epoch(&unbroken), epoch(&unbroken)];
        assert_ne!(epochs[0], epochs[1]);
        let resumed = training(11, Some(AugmentConfig::default()), 5).with_start_epoch(1);
        assert_eq!(epoch(&resumed), epochs[1]);
        assert_eq!(epoch(&resumed), epochs[2]);
        assert_ne!(
            epoch(&training(11, Some(AugmentConfig::default()), 6)),
            epochs[0]
        );
    }

    #[test]
    fn augmentation_follows_the_row_and_not_the_place_in_the_batch() {
        let loader = training(4, Some(AugmentConfig::default()), 5);
        let batcher = loader.batcher;
        let forwards = batcher.prepare(loader.items.iter(), 0);
        let backwards = batcher.prepare(loader.items.iter().rev(), 0);
        let area = INPUT_SIZE * INPUT_SIZE;
        assert!(
            forwards
                .planes
                .chunks(area)
                .eq(backwards.planes.chunks(area).rev())
        );
        assert_ne!(forwards, batcher.prepare(loader.items.iter(), 1));
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

        let loader = training(11, None, 5);
        assert_eq!(loader.num_items(), 8);
        assert!(epoch(&loader).iter().all(|(_, labels)| labels.len() == 4));
        assert_eq!(epoch(&training(3, None, 5)).len(), 1);
        assert!(epoch(&training(0, None, 5)).is_empty());
    }

    #[test]
    fn a_shuffled_epoch_is_a_permutation() {
        let loader = training(12, None, 5);
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

        let loader = training(12, None, 5);
        epoch(&loader);
        let copy = loader.to_device(&Device::flex());
        assert_eq!(epoch(copy.as_ref()), epoch(&loader));
    }

    #[test]
    fn an_iterator_dropped_early_stops_its_thread() {
        let loader = training(400, None, 5);
        let items = Arc::downgrade(&loader.items);
        drop(loader.iter());
        drop(loader);
        for _ in 0..200 {
            if items.strong_count() == 0 {
                return;
            }
            thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("the thread still holds the items");
    }
}
