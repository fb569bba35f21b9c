//! A labelled face, the three splits, and the data set.

use std::fmt;

use super::fer_plus::Votes;
use crate::emotion::Emotion;
use crate::vision::FaceCrop;

/// A labelled face.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FerItem {
    /// Pixels of the face.
    pub crop: FaceCrop,
    /// Label. FER2013's labels are noisy: raters agree with about two in three.
    pub emotion: Emotion,
    /// Row of the table, from 0 at the first row below the header. It matches FER+'s votes and
    /// seeds the augmentation. For a folder, it counts the images in sorted order.
    pub row: usize,
    /// FER+'s votes, if they were loaded for this image.
    pub votes: Option<Votes>,
    /// Index into [`Fer2013::sources`].
    pub source: usize,
}

/// A part of FER2013, given in its `Usage` column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Split {
    /// Split for training.
    Training,
    /// Split for validation: selects the best epoch and the best recipe.
    PublicTest,
    /// Split for the test, measured once at the end.
    PrivateTest,
}

impl Split {
    /// All splits, in the table's order.
    pub const ALL: [Self; 3] = [Self::Training, Self::PublicTest, Self::PrivateTest];

    /// Returns the name in the `Usage` column.
    pub fn usage(self) -> &'static str {
        match self {
            Self::Training => "Training",
            Self::PublicTest => "PublicTest",
            Self::PrivateTest => "PrivateTest",
        }
    }

    /// Parses a `Usage` field; `None` if it is not one of the three names.
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

/// Form in which the data was stored on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The table `fer2013.csv`: three splits, with rows that match FER+'s.
    Table,
    /// `train/` and `test/` with one folder per class: the two test splits are merged in `test/`,
    /// and rows do not match FER+'s.
    Folder,
    /// Further sources: a table `labels.csv` and pictures, see [`sources`](super::sources).
    Sources {
        /// Number of pictures that could not be read and were left out.
        unreadable: usize,
    },
    /// Several sets, joined split by split.
    Joined {
        /// Name of each split, in the order of [`Split::ALL`].
        names: [&'static str; 3],
    },
}

impl Form {
    /// Returns a split's name for reports, so that a held-out part is not mistaken for PublicTest.
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

/// FER2013 in memory (about 83 MB), with the sets that were added to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fer2013 {
    /// Form of the data on disk.
    pub form: Form,
    /// Training split; for a folder, `train/` without the held-out part.
    pub training: Vec<FerItem>,
    /// Validation split: PublicTest; for a folder, the part held out of `train/`.
    pub public_test: Vec<FerItem>,
    /// Test split: PrivateTest; for a folder, all of `test/` (both test splits).
    pub private_test: Vec<FerItem>,
    /// Validation faces of further sources, beside PublicTest; see [`sources`](super::sources).
    pub selecting: Vec<FerItem>,
    /// Names of the sources, in the order of the sets.
    pub sources: Vec<String>,
}

impl Fer2013 {
    /// Returns the items of a split.
    pub fn split(&self, split: Split) -> &[FerItem] {
        match split {
            Split::Training => &self.training,
            Split::PublicTest => &self.public_test,
            Split::PrivateTest => &self.private_test,
        }
    }

    /// Returns a split's name for reports, so that a held-out part is not mistaken for PublicTest.
    pub fn split_name(&self, split: Split) -> &'static str {
        self.form.split_name(split)
    }

    /// Returns the number of images in the three splits.
    pub fn len(&self) -> usize {
        self.training.len() + self.public_test.len() + self.private_test.len()
    }

    /// Returns whether the three splits are empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
