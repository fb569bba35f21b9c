//! Loads data sets and turns them into batches. Native only.
//!
//! FER2013 (Goodfellow et al. 2013, <https://arxiv.org/abs/1307.0414>) is 35,887 gray faces of
//! 48×48 pixels, gathered by image search and labelled with one of seven expressions:
//!
//! | split (`Usage`) | anger | disgust | fear | happy | sad | surprise | neutral | all |
//! |---|---|---|---|---|---|---|---|---|
//! | Training | 3995 | 436 | 4097 | 7215 | 4830 | 3171 | 4965 | 28709 |
//! | PublicTest | 467 | 56 | 496 | 895 | 653 | 415 | 607 | 3589 |
//! | PrivateTest | 491 | 55 | 528 | 879 | 594 | 416 | 626 | 3589 |
//!
//! [`load`] reads the original table or its folder form and checks these counts; [`load_joined`]
//! adds the user's own sets and further [`sources`]; [`fer_plus`] has ten raters' votes on the same
//! faces; [`augment`] moves faces a little, [`augment::degrade`] reduces their quality,
//! [`augment::mixing`] mixes pairs of them, [`batch::targets`] computes the targets of the loss;
//! [`batch`] and [`batch::loader`] make batches. The normalization is that of
//! [`spec::input`](crate::spec::input). Pixels are 0 to 255, angles radians unless named `degrees`.
//!
//! [`faces`] reads photographs with labelled faces, for the face detector.
//!
//! **Terms.** The set was made for a challenge at ICML 2013 and is offered for research; it has no
//! clear open licence, and the people in it were not asked. It is not part of this project. Weights
//! trained on it should be published with a note that they were.
//!
//! **Known flaws.** The labels are noisy: ten raters (FER+) agree by majority with about two in
//! three. 288 PrivateTest and 280 PublicTest images have an exact copy in Training, 1,236 Training
//! rows repeat within Training, 102 rows sit in groups of copies with conflicting labels, and 12
//! images are blank. Accuracies measured here include all of them, as published ones do;
//! [`duplicates`] finds the copies, for metrics without them.

mod archive;
pub mod augment;
pub mod batch;
mod counts;
pub mod duplicates;
mod error;
pub mod faces;
mod fer2013;
pub mod fer_plus;
mod folder;
pub mod groups;
mod item;
mod join;
mod label_table;
mod lines;
mod pictures;
mod row;
pub mod sources;

use std::fmt;
use std::path::Path;

pub use augment::AugmentConfig;
pub use batch::fer::{FerLoader, TrainingBatches};
pub use batch::{FerBatch, Variation};
pub use counts::{ClassCounts, class_counts, label_counts};
pub use error::DataError;
pub use fer_plus::{Expression, Votes};
pub use item::{Fer2013, FerItem, Form, Split};
pub use join::load_joined;

pub use augment::mixing::MixingConfig;
pub use batch::targets::{LossConfig, Targets};
pub use sources::{DataSource, SourceConfig};

/// Progress callback: bytes or files read so far, and their total number.
pub type ReportProgress<'a> = &'a mut dyn FnMut(u64, u64);

/// Options for loading a data set.
#[derive(Default)]
pub struct LoadOptions<'a> {
    /// Whether other counts than FER2013's are accepted, for small sets and the user's own. False
    /// by default.
    pub any_size: bool,
    /// Seed for choosing the part of a folder's `train/` that is held out. 0 by default.
    pub seed: u64,
    /// Called from time to time while loading.
    pub progress: Option<ReportProgress<'a>>,
}

impl LoadOptions<'_> {
    fn report(&mut self, done: u64, total: u64) {
        if let Some(progress) = &mut self.progress {
            progress(done, total);
        }
    }
}

impl fmt::Debug for LoadOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoadOptions")
            .field("any_size", &self.any_size)
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}

/// Loads FER2013 from `fer2013.csv` (plain, gzip or xz, whatever its name) or from a folder.
///
/// # Errors
/// A [`DataError`] with the file, the line if there is one, and the remedy.
pub fn load(path: impl AsRef<Path>, mut options: LoadOptions<'_>) -> Result<Fer2013, DataError> {
    load_with(path.as_ref(), &mut options)
}

/// Returns the name of a set: its file or folder without extensions.
fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split('.')
        .find(|part| !part.is_empty())
        .unwrap_or("data")
        .to_owned()
}

fn load_with(path: &Path, options: &mut LoadOptions<'_>) -> Result<Fer2013, DataError> {
    if path.join(sources::LABELS_FILE).is_file() {
        sources::load(path, options)
    } else if path.is_dir() {
        folder::load(path, options)
    } else {
        fer2013::load(path, options)
    }
}
