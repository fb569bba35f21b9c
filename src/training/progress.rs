//! Progress as plain lines, for logs and pipes; a terminal has burn's dashboard instead.

use std::io::Write;
use std::time::{Duration, Instant};

use burn::train::LearnerSummary;
use burn::train::logger::{EvaluationProgressLogger, TrainingProgressLogger};
use burn::train::metric::{MetricDefinition, MetricId};
use burn::train::renderer::{
    EvaluationName, MetricState, MetricsRenderer, MetricsRendererEvaluation,
    MetricsRendererTraining,
};

/// Shortest time between two lines within a split, which keeps logs short.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Prints lines with epoch, split, images, metrics, images per second and remaining time.
pub struct PlainProgress {
    out: Box<dyn Write + Send + Sync>,
    epochs: usize,
    epoch: usize,
    split: String,
    split_total: usize,
    split_done: usize,
    /// Number of items in each split of an epoch, known once the split has started.
    epoch_totals: Vec<(String, usize)>,
    started: Instant,
    done: usize,
    last_line: Option<Instant>,
    definitions: Vec<MetricDefinition>,
    values: Vec<(MetricId, String)>,
}

impl PlainProgress {
    /// Creates a renderer that writes to `out`. Errors of writing are ignored, since they must not
    /// stop a run.
    pub fn new(out: impl Write + Send + Sync + 'static) -> Self {
        Self {
            out: Box::new(out),
            epochs: 0,
            epoch: 1,
            split: String::new(),
            split_total: 0,
            split_done: 0,
            epoch_totals: vec![],
            started: Instant::now(),
            done: 0,
            last_line: None,
            definitions: vec![],
            values: vec![],
        }
    }

    fn write_line(&mut self) {
        let seconds = self.started.elapsed().as_secs_f64();
        let rate = self.done as f64 / seconds.max(1e-9);
        let epoch_total: usize = self.epoch_totals.iter().map(|(_, total)| total).sum();
        let before: usize = self
            .epoch_totals
            .iter()
            .take_while(|(name, _)| *name != self.split)
            .map(|(_, total)| total)
            .sum();
        let left = (self.epochs + 1).saturating_sub(self.epoch) * epoch_total;
        let left = left.saturating_sub(before + self.split_done);
        let metrics: String = self
            .values
            .iter()
            .filter_map(|(id, value)| {
                let name = self
                    .definitions
                    .iter()
                    .find(|row| row.metric_id == *id)?
                    .name
                    .as_str();
                Some(format!("  {} {value}", name.to_lowercase()))
            })
            .collect();
        writeln!(
            self.out,
            "epoch {}/{}  {}  {}/{}{metrics}  {rate:.0} images/s  about {} left",
            self.epoch,
            self.epochs,
            self.split,
            self.split_done,
            self.split_total,
            duration(left as f64 / rate.max(1e-9)),
        )
        .and_then(|()| self.out.flush())
        .ok();
        self.last_line = Some(Instant::now());
    }

    fn update(&mut self, state: MetricState) {
        let (entry, numeric) = match state {
            MetricState::Generic(entry) => (entry, None),
            MetricState::Numeric(entry, numeric) => (entry, numeric),
        };
        let value = match numeric {
            Some(numeric) => format!("{:.4}", numeric.current()),
            None => entry.serialized_entry.formatted,
        };
        match self
            .values
            .iter_mut()
            .find(|(id, _)| *id == entry.metric_id)
        {
            Some((_, old)) => *old = value,
            None => self.values.push((entry.metric_id, value)),
        }
    }
}

/// Formats a number of seconds: `45 s`, `12 min`, `3 h 05 min`.
pub fn duration(seconds: f64) -> String {
    let seconds = if seconds.is_finite() {
        seconds.max(0.0).round() as u64
    } else {
        0
    };
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes:02} min"),
    }
}

impl TrainingProgressLogger for PlainProgress {
    fn start(&mut self, epochs: usize, first: usize, _items: Option<usize>, _label: Option<&str>) {
        (self.epochs, self.epoch) = (epochs, first.max(1));
        (self.started, self.done) = (Instant::now(), 0);
    }

    fn update_epoch(&mut self, epoch: usize) {
        self.epoch = epoch + 1;
    }

    fn start_split(&mut self, split: &str, total_items: usize) {
        self.split = split.into();
        (self.split_total, self.split_done) = (total_items, 0);
        self.values.clear();
        if !self.epoch_totals.iter().any(|(name, _)| name == split) {
            self.epoch_totals.push((split.into(), total_items));
        }
    }

    fn update_split(&mut self, items_processed: usize) {
        self.done += items_processed.saturating_sub(self.split_done);
        self.split_done = items_processed;
        if self
            .last_line
            .is_none_or(|last| last.elapsed() >= LINE_EVERY)
        {
            self.write_line();
        }
    }

    fn end_split(&mut self) {
        self.write_line();
    }

    fn end(&mut self) {}

    /// Ignored: burn announces every iteration here, and the lines already count them.
    fn log_event_training(&mut self, _event: String) {}
}

impl MetricsRendererTraining for PlainProgress {
    fn update_train(&mut self, state: MetricState) {
        self.update(state);
    }

    fn update_valid(&mut self, state: MetricState) {
        self.update(state);
    }

    fn on_train_end(
        &mut self,
        _summary: Option<LearnerSummary>,
    ) -> Result<(), Box<dyn std::error::Error>> {
        Ok(())
    }
}

impl EvaluationProgressLogger for PlainProgress {
    fn start_global_progress(&mut self, _total_tests: usize) {}

    fn start_test(&mut self, _name: &str, _total_items: usize) {}

    fn update_test_progress(&mut self, _items_processed: usize) {}

    fn end_test(&mut self) {}

    fn end_global_progress(&mut self) {}

    fn log_event_evaluation(&mut self, _event: String) {}
}

impl MetricsRendererEvaluation for PlainProgress {
    fn update_test(&mut self, _name: EvaluationName, _state: MetricState) {}
}

impl MetricsRenderer for PlainProgress {
    fn manual_close(&mut self) {}

    fn register_metric(&mut self, definition: MetricDefinition) {
        self.definitions.push(definition);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn durations_read_well() {
        assert_eq!(duration(44.6), "45 s");
        assert_eq!(duration(720.0), "12 min");
        assert_eq!(duration(11_100.0), "3 h 05 min");
        assert_eq!(duration(f64::INFINITY), "0 s");
    }

    #[test]
    fn lines_name_the_epoch_the_split_and_the_time_left() {
        let shared = Shared::default();
        let mut progress = PlainProgress::new(shared.clone());
        progress.start(2, 1, None, None);
        progress.start_split("train", 100);
        progress.update_split(50);
        progress.end_split();
        let text = String::from_utf8(shared.0.lock().unwrap().clone()).unwrap();
        assert!(text.starts_with("epoch 1/2  train  50/100"), "{text}");
        assert!(text.trim_end().ends_with("left"), "{text}");
    }
}
