//! Checkpoints to keep, the history of epochs, and early stopping.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use burn::train::EarlyStoppingStrategy;
use burn::train::checkpoint::{CheckpointingAction, CheckpointingStrategy};
use burn::train::metric::store::{Aggregate, EventStoreClient, Split};
use burn::train::metric::{AccuracyMetric, LossMetric, Metric};

use super::artifact::{ArtifactDir, ArtifactError, EpochRecord, best};
use crate::data::batch::clock::LoadClock;
use crate::platform::simd::Level;

/// Results of the finished epochs, shared between their writer and their readers.
#[derive(Clone, Debug, Default)]
pub struct TrainingHistory(Arc<Mutex<Vec<EpochRecord>>>);

impl TrainingHistory {
    /// Creates a history that starts with `records`.
    pub fn new(records: Vec<EpochRecord>) -> Self {
        Self(Arc::new(Mutex::new(records)))
    }

    fn records(&self) -> MutexGuard<'_, Vec<EpochRecord>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns whether `patience` epochs have passed since the best one; always false if it is 0.
pub fn is_out_of_patience(history: &[EpochRecord], patience: usize) -> bool {
    match (history.last(), best(history)) {
        (Some(last), Some(best)) if patience > 0 => last.epoch >= best.epoch + patience,
        _ => false,
    }
}

/// Early stopping when the validation accuracy no longer improves. It reads the history written by
/// [`KeepBestAndLast`], so that a resumed run counts its earlier epochs as well.
#[derive(Clone, Debug)]
pub struct Patience {
    history: TrainingHistory,
    epochs: usize,
}

impl Patience {
    /// Creates the strategy: stops `epochs` epochs after the best one; 0 never stops.
    pub fn new(history: TrainingHistory, epochs: usize) -> Self {
        Self { history, epochs }
    }
}

impl EarlyStoppingStrategy for Patience {
    fn should_stop(&mut self, _epoch: usize, _store: &EventStoreClient) -> bool {
        is_out_of_patience(&self.history.records(), self.epochs)
    }
}

/// Writes the history after each epoch and keeps the checkpoints of the best epoch and the last
/// two. Two, because the files of a checkpoint are saved one after the other: a run that is killed
/// in between resumes from the epoch before.
pub struct KeepBestAndLast {
    artifact: ArtifactDir,
    history: TrainingHistory,
    kept: BTreeSet<usize>,
    clock: Arc<LoadClock>,
    failure: Arc<Mutex<Option<ArtifactError>>>,
}

impl KeepBestAndLast {
    /// Creates a strategy that continues `history`; `kept` are the epochs with a checkpoint on
    /// disk, and `clock` measures the epochs' time. An error of writing the history is stored in
    /// `failure`, since the trainer's interface cannot return it.
    pub fn new(
        artifact: ArtifactDir,
        history: TrainingHistory,
        kept: impl IntoIterator<Item = usize>,
        clock: Arc<LoadClock>,
        failure: Arc<Mutex<Option<ArtifactError>>>,
    ) -> Self {
        Self {
            artifact,
            history,
            kept: kept.into_iter().collect(),
            clock,
            failure,
        }
    }

    fn actions(&mut self, record: EpochRecord) -> Vec<CheckpointingAction> {
        let epoch = record.epoch;
        self.kept.insert(epoch);
        let best_epoch = {
            let mut records = self.history.records();
            records.push(record);
            best(&records).map(|record| record.epoch)
        };
        let (keep, delete): (BTreeSet<usize>, BTreeSet<usize>) = self
            .kept
            .iter()
            .partition(|&&kept| kept + 1 >= epoch || Some(kept) == best_epoch);
        self.kept = keep;
        [CheckpointingAction::Save]
            .into_iter()
            .chain(delete.into_iter().map(CheckpointingAction::Delete))
            .collect()
    }
}

impl CheckpointingStrategy for KeepBestAndLast {
    fn checkpointing(
        &mut self,
        epoch: usize,
        store: &EventStoreClient,
    ) -> Vec<CheckpointingAction> {
        let find = |name: &str, split: &Split| {
            store
                .find_metric(name, epoch, Aggregate::Mean, split)
                .unwrap_or(f64::NAN)
        };
        let times = self.clock.take();
        let (loss, accuracy) = (LossMetric::new().name(), AccuracyMetric::new().name());
        let record = EpochRecord {
            epoch,
            training_loss: find(&loss, &Split::Train),
            training_accuracy: find(&accuracy, &Split::Train) / 100.0,
            validation_loss: find(&loss, &Split::Valid),
            validation_accuracy: find(&accuracy, &Split::Valid) / 100.0,
            training_seconds: times.total.as_secs_f64(),
            waiting_for_data: times.waited.as_secs_f64() / times.total.as_secs_f64().max(1e-9),
            instructions: Some(Level::detect().instructions()),
        };
        let actions = self.actions(record);
        let saved = self.artifact.save_history(&self.history.records());
        if let Err(error) = saved
            && let Ok(mut failure) = self.failure.lock()
        {
            failure.get_or_insert(error);
        }
        actions
    }
}

#[cfg(test)]
mod tests {
    use CheckpointingAction::{Delete, Save};

    use super::super::config::Preset;
    use super::*;

    fn record(epoch: usize, validation_accuracy: f64) -> EpochRecord {
        EpochRecord {
            epoch,
            training_loss: 1.0,
            training_accuracy: 0.5,
            validation_loss: 1.0,
            validation_accuracy,
            training_seconds: 1.0,
            waiting_for_data: 0.0,
            instructions: None,
        }
    }

    #[test]
    fn patience_ends_after_so_many_epochs_without_a_better_one() {
        let records = [
            record(1, 0.3),
            record(2, 0.5),
            record(3, 0.4),
            record(4, 0.5),
        ];
        let out = |count, patience| is_out_of_patience(&records[..count], patience);
        assert!(!out(3, 2) && out(4, 2), "an equal one is not better");
        assert!(out(3, 1) && !out(2, 1) && !out(0, 1));
        assert!(!out(4, 0), "0 never stops");
    }

    #[test]
    fn the_best_and_the_last_two_stay() {
        let folder = tempfile::tempdir().unwrap();
        let config = Preset::Smoke.config().unwrap();
        let artifact = ArtifactDir::create(&folder.path().join("run"), &config).unwrap();
        let mut strategy = KeepBestAndLast::new(
            artifact,
            TrainingHistory::default(),
            [],
            Arc::default(),
            Arc::default(),
        );
        let mut actions =
            |epoch, validation_accuracy| strategy.actions(record(epoch, validation_accuracy));
        assert_eq!(actions(1, 0.3), [Save]);
        assert_eq!(actions(2, 0.6), [Save]);
        assert_eq!(actions(3, 0.5), [Save, Delete(1)]);
        assert_eq!(actions(4, 0.4), [Save]); // 2 is the best
        assert_eq!(actions(5, 0.7), [Save, Delete(2), Delete(3)]);
    }
}
