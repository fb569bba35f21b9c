//! The data set that several commands read.

use std::path::PathBuf;

use anyhow::Context as _;

use super::terminal;
use crate::data::{self, Fer2013, LoadOptions};

#[derive(Clone, Debug, clap::Args)]
pub(super) struct DataArguments {
    /// FER2013: fer2013.csv (also .gz or .xz), or a folder with train/ and test/. Repeat it to add
    /// images of your own
    ///
    /// An added set, as in `--data fer2013.csv --data my-faces`, may have any size. A folder has
    /// train/happy, train/sad and so on, which are added to the training split; an optional test/
    /// is added to the test split, and the split's name in reports says so. Nothing is held out of
    /// an added folder: only the first set selects the epoch. Pictures are gray or colour, PNG or
    /// JPEG, cropped to the face, and are stretched to 48×48 pixels.
    ///
    /// A folder with labels.csv has one or more sources, for a network with a reading head. The
    /// columns are file (in the folder, or in a .tar there), expression (anger, disgust, fear,
    /// happy, sad, surprise, neutral; contempt is skipped), and optionally set (the source's name)
    /// and box_x, box_y, box_w, box_h (the face, in pixels). 15 in 100 pictures, chosen by their
    /// names, are used for validation instead of training.
    #[arg(long, value_name = "PATH", required = true)]
    data: Vec<PathBuf>,
    /// Accept other counts than FER2013's in the first set
    #[arg(long)]
    any_size: bool,
    /// FER+'s votes, fer2013new.csv (also .gz or .xz), for the original fer2013.csv
    #[arg(long, value_name = "FILE")]
    fer_plus: Option<PathBuf>,
}

impl DataArguments {
    pub(super) fn load(&self) -> anyhow::Result<Fer2013> {
        let mut report = |done: u64, total: u64| {
            terminal::progress(&format!(
                "reading the data: {} %",
                done * 100 / total.max(1)
            ));
        };
        let options = LoadOptions {
            any_size: self.any_size,
            progress: Some(&mut report),
            seed: 0,
        };
        let data = data::load_joined(&self.data, self.fer_plus.as_deref(), options)
            .context("cannot load the data");
        terminal::end_progress();
        data
    }
}
