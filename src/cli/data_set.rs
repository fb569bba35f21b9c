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
    /// A set that is added, as in `--data fer2013.csv --data my-faces`, may have any size. A folder
    /// holds train/happy, train/sad and so on, and joins what is learned from; where it has a test/
    /// as well, that joins the split that is measured, whose name in every report then says so.
    /// Nothing is held out of it: the first set alone selects the epoch. Pictures are gray or
    /// colour, PNG or JPEG, cut to the face, and are stretched to 48×48 pixels.
    ///
    /// A folder with labels.csv is one source or several, for a network that reads faces as people
    /// do: the columns file (in the folder, or in a .tar there) and expression (anger, disgust,
    /// fear, happy, sad, surprise, neutral), and where they apply set (the source's name) and
    /// box_x, box_y, box_w, box_h (the face, in pixels). 15 in 100 pictures, chosen by their names,
    /// are kept from training and select.
    #[arg(long, value_name = "PATH", required = true)]
    data: Vec<PathBuf>,
    /// Accept other counts than FER2013's in the first set
    #[arg(long)]
    any_size: bool,
    /// FER+'s votes, fer2013new.csv (also .gz or .xz); they go with the original fer2013.csv
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
