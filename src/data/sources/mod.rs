//! Data sources. Each source was collected with other shares of the expressions, and some have only
//! a few of them; the reading head has a bias for each source, so that the network does not learn
//! these shares.
//!
//! Further sources are in a folder with a table `labels.csv` (with the columns `file`, `expression`
//! and optionally `set`, the name of the source, and `box_x`, `box_y`, `box_w`, `box_h`, the face's
//! box in pixels) beside the pictures or `.tar` files of them. A picture without a box is the face;
//! one with a box is cropped as the page does ([`FaceSquare::of`]). Faces labelled contempt
//! are left out: an item has no label for it, and the network learns it from FER+'s votes.
//!
//! Pictures whose file name has a SHA-256 with a first byte below 38 (15 in 100) are used for
//! validation instead of training ([`is_validation`]).
//!
//! [`FaceSquare::of`]: crate::vision::FaceSquare::of

mod table;

pub use super::label_table::LABELS_FILE;
pub use table::load;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::item::{Fer2013, FerItem};
use crate::emotion::Emotion;
use crate::spec::heads::READING_ANSWERS;

/// The `ln` of the share of an answer that a source did not collect: so low that its probability is
/// 0 and it has no gradient.
pub const NOT_COLLECTED: f32 = -1e4;

/// Training options of a source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceConfig {
    /// Name of the source: the `set` of a `labels.csv`, or a file or folder without extension.
    pub name: String,
    /// Factor of the reading head's loss on the source's faces; 1 for a source that the recipe does
    /// not list.
    pub weight: f32,
    /// Whether the faces are cut out along their outline, with black around them. The black is then
    /// mostly replaced in training, so that it does not reveal the source.
    #[serde(default)]
    pub cut_out: bool,
}

/// Numbers of faces of a source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataSource {
    /// Name of the source.
    pub name: String,
    /// Number of training faces per answer of the reading head; FER+'s votes count in shares.
    pub learned: [f64; READING_ANSWERS],
    /// Number of validation faces per label.
    pub selecting: [usize; Emotion::COUNT],
}

impl DataSource {
    /// Returns the natural logarithm of each answer's share of the training faces;
    /// [`NOT_COLLECTED`] for answers without faces.
    pub fn log_shares(&self) -> [f32; READING_ANSWERS] {
        let total: f64 = self.learned.iter().sum();
        self.learned.map(|count| match count > 0.0 {
            true => (count / total).ln() as f32,
            false => NOT_COLLECTED,
        })
    }

    /// Returns whether the source has training faces for an answer.
    pub fn has(&self, answer: usize) -> bool {
        self.learned.get(answer).is_some_and(|count| *count > 0.0)
    }
}

/// Returns whether a picture of this name is used for validation instead of training.
pub fn is_validation(file: &str) -> bool {
    Sha256::digest(file.as_bytes())[0] < 38
}

/// Returns the target of the reading head: the shares of FER+'s votes if the item has votes, else
/// the label; `None` if all votes are `unknown`.
pub fn reading_target(item: &FerItem) -> Option<[f32; READING_ANSWERS]> {
    match &item.votes {
        Some(votes) => votes.answers(),
        None => {
            let mut target = [0.0; READING_ANSWERS];
            target[item.emotion.index()] = 1.0;
            Some(target)
        }
    }
}

/// Counts the faces of each source of `data`, in the order of [`FerItem::source`].
pub fn count(data: &Fer2013) -> Vec<DataSource> {
    let mut sources: Vec<DataSource> = data
        .sources
        .iter()
        .map(|name| DataSource {
            name: name.clone(),
            learned: [0.0; READING_ANSWERS],
            selecting: [0; Emotion::COUNT],
        })
        .collect();
    for item in &data.training {
        if let (Some(source), Some(target)) = (sources.get_mut(item.source), reading_target(item)) {
            for (count, share) in source.learned.iter_mut().zip(target) {
                *count += f64::from(share);
            }
        }
    }
    for item in &data.selecting {
        if let Some(source) = sources.get_mut(item.source) {
            source.selecting[item.emotion.index()] += 1;
        }
    }
    sources
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Form, Votes};
    use crate::spec::heads::{CONTEMPT, NOT_A_FACE};
    use crate::vision::FaceCrop;

    fn item(source: usize, emotion: Emotion, votes: Option<Votes>) -> FerItem {
        FerItem {
            crop: FaceCrop::new([0; FaceCrop::AREA]),
            emotion,
            row: 0,
            votes,
            source,
        }
    }

    #[test]
    fn sources_are_counted_by_votes_and_labels() {
        // Half neutral, a quarter contempt, a quarter not a face; `unknown` does not count.
        let votes = Votes::new([2, 0, 0, 0, 0, 0, 0, 1, 6, 1]);
        let nobody = Votes::new([0, 0, 0, 0, 0, 0, 0, 0, 10, 0]);
        let data = Fer2013 {
            form: Form::Table,
            training: vec![
                item(0, Emotion::Sad, Some(votes)),
                item(0, Emotion::Sad, Some(nobody)),
                item(1, Emotion::Happy, None),
                item(1, Emotion::Happy, None),
                item(1, Emotion::Anger, None),
            ],
            public_test: vec![],
            private_test: vec![],
            selecting: vec![item(1, Emotion::Anger, None)],
            sources: vec!["fer2013".into(), "web".into()],
        };
        let sources = count(&data);
        assert_eq!(
            sources[0].learned,
            [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5, 0.25, 0.25]
        );
        assert_eq!(sources[1].selecting, [1, 0, 0, 0, 0, 0, 0]);
        let shares = sources[1].log_shares();
        assert!((shares[Emotion::Happy.index()].exp() - 2.0 / 3.0).abs() < 1e-6);
        assert_eq!(shares[CONTEMPT], NOT_COLLECTED);
        assert!(sources[0].has(NOT_A_FACE) && !sources[1].has(NOT_A_FACE));
    }

    #[test]
    fn about_fifteen_in_a_hundred_select() {
        let count = (0..2000)
            .filter(|n| is_validation(&format!("a/{n}.webp")))
            .count();
        assert!((250..350).contains(&count), "{count}");
    }
}
