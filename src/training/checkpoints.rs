//! Which epochs are kept, and what they came to.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use burn::train::checkpoint::{CheckpointingAction, CheckpointingStrategy};
use burn::train::metric::store::{Aggregate, EventStoreClient, Split};
use burn::train::metric::{AccuracyMetric, LossMetric, Metric};

use super::artifact::{ArtifactDir, ArtifactError, EpochRecord, best};

/// Writes the history after each epoch and keeps the checkpoints of the best epoch and the last
/// two. Two, because records are saved one after the other: a run that is killed in between
/// resumes from the epoch before.
pub struct KeepBestAndLast {
    artifact: ArtifactDir,
    history: Vec<EpochRecord>,
    kept: BTreeSet<usize>,
    failure: Arc<Mutex<Option<ArtifactError>>>,
}

impl KeepBestAndLast {
    /// Continues `history`, whose checkpoints `kept` are on disk. A history that cannot be
    /// written is told through `failure`, since the trainer's interface cannot.
    pub fn new(
        artifact: ArtifactDir,
        history: Vec<EpochRecord>,
        kept: impl IntoIterator<Item = usize>,
        failure: Arc<Mutex<Option<ArtifactError>>>,
    ) -> Self {
        Self {
            artifact,
            history,
            kept: kept.into_iter().collect(),
            failure,
        }
    }

    fn actions(&mut self, record: EpochRecord) -> Vec<CheckpointingAction> {
        let epoch = record.epoch;
        self.history.push(record);
        self.kept.insert(epoch);
        let best_epoch = best(&self.history).map(|record| record.epoch);
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
        let (loss, accuracy) = (LossMetric::new().name(), AccuracyMetric::new().name());
        let record = EpochRecord {
            epoch,
            training_loss: find(&loss, &Split::Train),
            training_accuracy: find(&accuracy, &Split::Train) / 100.0,
            validation_loss: find(&loss, &Split::Valid),
            validation_accuracy: find(&accuracy, &Split::Valid) / 100.0,
        };
        let actions = self.actions(record);
        if let Err(error) = self.artifact.save_history(&self.history)
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

    #[test]
    fn the_best_and_the_last_two_stay() {
        let folder = tempfile::tempdir().unwrap();
        let config = Preset::Smoke.config().unwrap();
        let artifact = ArtifactDir::create(&folder.path().join("run"), &config).unwrap();
        let mut strategy = KeepBestAndLast::new(artifact, vec![], [], Arc::default());
        let mut actions = |epoch, validation_accuracy| {
            strategy.actions(EpochRecord {
                epoch,
                training_loss: 1.0,
                training_accuracy: 0.5,
                validation_loss: 1.0,
                validation_accuracy,
            })
        };
        assert_eq!(actions(1, 0.3), [Save]);
        assert_eq!(actions(2, 0.6), [Save]);
        assert_eq!(actions(3, 0.5), [Save, Delete(1)]);
        assert_eq!(actions(4, 0.4), [Save]); // 2 is the best
        assert_eq!(actions(5, 0.7), [Save, Delete(2), Delete(3)]);
    }
}
