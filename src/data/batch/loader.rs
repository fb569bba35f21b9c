//! A burn data loader whose batches come in an order that a resumed run repeats exactly.
//!
//! The order and the variation of an epoch are functions of (seed, epoch), where the epoch is the
//! start epoch plus the number of times that [`Loader::iter`] was called before. A thread prepares
//! the next batches while the network processes the current one.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::time::Instant;

use burn::data::dataloader::{DataLoader, DataLoaderIterator, Progress};
use burn::data::dataset::DatasetError;
use burn::tensor::Device;
use rand::seq::SliceRandom;
use thiserror::Error;

use super::clock::LoadClock;
use crate::data::augment::{RngStream, random_stream};

/// Capacity of the channel of prepared batches.
const BATCHES_AHEAD: usize = 2;

/// Error from the thread that prepares batches.
#[derive(Debug, Error)]
pub enum LoaderError {
    /// The operating system could not start the thread.
    #[error("the thread that prepares batches could not be started ({0}); close other programs")]
    Thread(std::io::Error),
    /// The thread ended before its last batch.
    #[error("the thread that prepares batches ended early; resume the run, and report its output")]
    Ended,
}

/// A data set whose items are batched on the host and then uploaded to a device.
pub trait BatchSource: Send + Sync + 'static {
    /// A batch in host memory.
    type Host: Send + 'static;
    /// A batch on a device.
    type Batch: 'static;

    /// Returns the number of items in the set.
    fn item_count(&self) -> usize;

    /// Returns the seed for shuffling each epoch; `None` keeps the order of the set.
    fn order_seed(&self) -> Option<u64>;

    /// Prepares the batch of the items at `indices`, as varied in `epoch`, which counts from 0.
    fn prepare(&self, epoch: u64, indices: &[usize]) -> Self::Host;

    /// Moves a batch to `device`.
    fn upload(host: Self::Host, device: &Device) -> Self::Batch;
}

/// Data loader over a set, or over a part of it.
pub struct Loader<S> {
    source: Arc<S>,
    /// The part of each epoch's order that this loader yields.
    range: Range<usize>,
    batch_size: usize,
    epoch: AtomicU64,
    clock: Arc<LoadClock>,
    device: Device,
}

impl<S: BatchSource> Loader<S> {
    /// Creates a loader for training on `devices` devices, with batches of `batch_size` on each.
    /// Items that do not fill the last batch of every device are left out of the epoch, different
    /// ones each time; a set smaller than one batch per device is used whole. Zeros count as 1.
    pub fn full_batches(source: S, batch_size: usize, devices: usize, device: Device) -> Self {
        let together = batch_size.max(1) * devices.max(1);
        let count = match source.item_count() {
            count if count >= together => count - count % together,
            count => count,
        };
        Self {
            range: 0..count,
            ..Self::every_item(source, batch_size, device)
        }
    }

    /// Creates a loader that yields every item in each epoch, in batches of at most `batch_size`; 0
    /// counts as 1.
    pub fn every_item(source: S, batch_size: usize, device: Device) -> Self {
        Self {
            range: 0..source.item_count(),
            source: Arc::new(source),
            batch_size: batch_size.max(1),
            epoch: AtomicU64::new(0),
            clock: Arc::default(),
            device,
        }
    }

    /// Sets the number of the first epoch (0 by default). A run that resumes after `n` finished
    /// epochs passes `n` and gets the same batches as an uninterrupted run.
    pub fn with_start_epoch(mut self, epoch: u64) -> Self {
        self.epoch = AtomicU64::new(epoch);
        self
    }

    /// Returns the clock that times the epochs of this loader and of all parts made of it.
    pub fn clock(&self) -> Arc<LoadClock> {
        Arc::clone(&self.clock)
    }

    /// Returns the set that batches are made of.
    pub fn source(&self) -> &Arc<S> {
        &self.source
    }

    fn part(&self, range: Range<usize>, device: Device) -> Self {
        Self {
            source: Arc::clone(&self.source),
            range,
            batch_size: self.batch_size,
            epoch: AtomicU64::new(self.epoch.load(Ordering::Relaxed)),
            clock: Arc::clone(&self.clock),
            device,
        }
    }

    /// Returns the indices of this loader's items in the order of `epoch`. Parts of a loader are
    /// slices of the same order.
    pub(super) fn order(&self, epoch: u64) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.source.item_count()).collect();
        if let Some(seed) = self.source.order_seed() {
            order.shuffle(&mut random_stream(seed, epoch, RngStream::Order));
        }
        order.drain(self.range.clone()).collect()
    }
}

impl<S: BatchSource> DataLoader<S::Batch> for Loader<S> {
    fn iter<'a>(&'a self) -> Box<dyn DataLoaderIterator<S::Batch> + 'a> {
        let epoch = self.epoch.fetch_add(1, Ordering::Relaxed);
        let order = self.order(epoch);
        let items_total = order.len();
        let (sender, receiver) = sync_channel(BATCHES_AHEAD);
        let source = Arc::clone(&self.source);
        let batch_size = self.batch_size;
        let prepare = move || {
            for indices in order.chunks(batch_size) {
                let batch = source.prepare(epoch, indices);
                if sender.send((batch, indices.len())).is_err() {
                    // The iterator was dropped early.
                    return;
                }
            }
        };
        let thread = thread::Builder::new()
            .name("batches".to_owned())
            .spawn(prepare);
        Box::new(LoaderIterator {
            loader: self,
            receiver,
            start_error: thread.err(),
            started: Instant::now(),
            items_processed: 0,
            items_total,
        })
    }

    fn num_items(&self) -> usize {
        self.range.len()
    }

    fn to_device(&self, device: &Device) -> Arc<dyn DataLoader<S::Batch>> {
        Arc::new(self.part(self.range.clone(), device.clone()))
    }

    fn slice(&self, start: usize, end: usize) -> Arc<dyn DataLoader<S::Batch>> {
        let place = |offset: usize| self.range.start.saturating_add(offset).min(self.range.end);
        let (start, end) = (place(start), place(end));
        Arc::new(self.part(start..end.max(start), self.device.clone()))
    }
}

struct LoaderIterator<'a, S: BatchSource> {
    loader: &'a Loader<S>,
    receiver: Receiver<(S::Host, usize)>,
    start_error: Option<std::io::Error>,
    started: Instant,
    items_processed: usize,
    items_total: usize,
}

impl<S: BatchSource> LoaderIterator<'_, S> {
    fn fail(&mut self, error: LoaderError) -> Option<Result<S::Batch, DatasetError>> {
        self.items_total = self.items_processed;
        Some(Err(DatasetError::new(error)))
    }
}

impl<S: BatchSource> Drop for LoaderIterator<'_, S> {
    fn drop(&mut self) {
        self.loader.clock.end_part(self.started);
    }
}

impl<S: BatchSource> Iterator for LoaderIterator<'_, S> {
    type Item = Result<S::Batch, DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.start_error.take() {
            return self.fail(LoaderError::Thread(error));
        }
        if self.items_processed >= self.items_total {
            return None;
        }
        let asked = Instant::now();
        let received = self.receiver.recv();
        self.loader.clock.add_wait(asked);
        let Ok((batch, count)) = received else {
            return self.fail(LoaderError::Ended);
        };
        self.items_processed += count;
        Some(Ok(S::upload(batch, &self.loader.device)))
    }
}

impl<S: BatchSource> DataLoaderIterator<S::Batch> for LoaderIterator<'_, S> {
    fn progress(&self) -> Progress {
        Progress::new(
            self.items_processed,
            self.items_total,
            Some("items".to_owned()),
        )
    }
}
