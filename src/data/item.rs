//! One labelled face, the three splits, and the data set they make.

use std::fmt;

use super::fer_plus::Votes;
use crate::emotion::Emotion;
use crate::vision::FaceCrop;

/// A labelled face.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FerItem {
    /// The pixels.
    pub crop: FaceCrop,
    /// The label. FER2013's labels are noisy: raters agree with about two in three.
    pub emotion: Emotion,
    /// The row of the table, from 0 at the first row below the header. FER+ votes align by it,
    /// augmentation draws by it. In a folder it counts the images in sorted order.
    pub row: usize,
    /// What FER+'s raters saw, where they were asked.
    pub votes: Option<Votes>,
    /// Which of [`Fer2013::sources`] it comes from.
    pub source: usize,
}

/// Which part of FER2013 (its `Usage` column).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Split {
    /// What the network learns from.
    Training,
    /// What selects the best epoch and the best recipe.
    PublicTest,
    /// What is measured once, at the end.
    PrivateTest,
}

impl Split {
    /// All three, in the table's order.
    pub const ALL: [Self; 3] = [Self::Training, Self::PublicTest, Self::PrivateTest];

    /// The name in the `Usage` column.
    pub fn usage(self) -> &'static str {
        match self {
            Self::Training => "Training",
            Self::PublicTest => "PublicTest",
            Self::PrivateTest => "PrivateTest",
        }
    }

    /// The split of a `Usage` field.
    pub fn from_usage(usage: &[u8]) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|split| split.usage().as_bytes() == usage)
    }
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.usage())
    }
}

/// How the data lay on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The table `fer2013.csv`: three splits, rows that align with FER+.
    Table,
    /// `train/` and `test/` with a folder a class: the two test splits are merged in `test/`, and
    /// rows do not align with FER+.
    Folder,
    /// Further sources: a table `labels.csv` and pictures, see [`sources`](super::sources).
    Sources {
        /// Pictures that could not be read and were left out.
        unreadable: usize,
    },
    /// Several sets, joined split by split.
    Joined {
        /// What each split is called, in the order of [`Split::ALL`].
        names: [&'static str; 3],
    },
}

impl Form {
    /// What a report must call a split, so that a held-out part is never read as PublicTest.
    pub fn split_name(self, split: Split) -> &'static str {
        match (self, split) {
            (Self::Table | Self::Sources { .. }, split) => split.usage(),
            (Self::Folder, Split::Training) => "train",
            (Self::Folder, Split::PublicTest) => "held out of train",
            (Self::Folder, Split::PrivateTest) => "test",
            (Self::Joined { names }, split) => names[split as usize],
        }
    }
}

/// FER2013 in memory, about 83 MB, with the sets that were added to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fer2013 {
    /// Where the splits come from.
    pub form: Form,
    /// The training split; from a folder, `train/` without the part held out.
    pub training: Vec<FerItem>,
    /// The split to select on: PublicTest; from a folder, the part held out of `train/`.
    pub public_test: Vec<FerItem>,
    /// The split to measure on: PrivateTest; from a folder, all of `test/` (both test splits).
    pub private_test: Vec<FerItem>,
    /// Faces of further sources that select beside PublicTest, see [`sources`](super::sources).
    pub selecting: Vec<FerItem>,
    /// The names of the sources, the first set's first.
    pub sources: Vec<String>,
}

impl Fer2013 {
    /// The items of a split.
    pub fn split(&self, split: Split) -> &[FerItem] {
        match split {
            Split::Training => &self.training,
            Split::PublicTest => &self.public_test,
            Split::PrivateTest => &self.private_test,
        }
    }

    /// What a report must call a split, so that a held-out part is never read as PublicTest.
    pub fn split_name(&self, split: Split) -> &'static str {
        self.form.split_name(split)
    }

    /// How many images there are.
    pub fn len(&self) -> usize {
        self.training.len() + self.public_test.len() + self.private_test.len()
    }

    /// Whether there are no images at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
