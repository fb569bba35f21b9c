//! The data set that several commands read.

use std::path::PathBuf;

use anyhow::Context as _;

use super::terminal;
use crate::data::{self, Fer2013, LoadOptions};

#[derive(Clone, Debug, clap::Args)]
pub(super) struct DataArguments {
    /// FER2013: fer2013.csv (also .gz or .xz), or a folder with train/ and test/
    #[arg(long, value_name = "PATH")]
    data: PathBuf,
    /// Accept other counts than FER2013's, for a set of your own
    #[arg(long)]
    any_size: bool,
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
        let data = data::load(&self.data, options).context("cannot load the data");
        terminal::end_progress();
        data
    }
}
