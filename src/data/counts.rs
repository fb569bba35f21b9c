//! FER2013's exact class counts, and a check against them.

use std::path::Path;

use super::error::DataError;
use super::item::{FerItem, Split};
use crate::emotion::Emotion;

/// Number of images per class, in label order.
pub type ClassCounts = [usize; Emotion::COUNT];

/// Returns the class counts of a split of the original `fer2013.csv` (MD5
/// `f8428a1edbd21e88f42c73edd2a14f95`).
pub fn expected(split: Split) -> ClassCounts {
    match split {
        Split::Training => [3995, 436, 4097, 7215, 4830, 3171, 4965],
        Split::PublicTest => [467, 56, 496, 895, 653, 415, 607],
        Split::PrivateTest => [491, 55, 528, 879, 594, 416, 626],
    }
}

/// Returns the counts of the folder form's merged `test/`: PublicTest plus PrivateTest.
pub fn expected_merged_test() -> ClassCounts {
    let private_test = expected(Split::PrivateTest);
    let mut counts = expected(Split::PublicTest);
    for (count, more) in counts.iter_mut().zip(private_test) {
        *count += more;
    }
    counts
}

/// Counts the items of each class.
pub fn class_counts<'a>(items: impl IntoIterator<Item = &'a FerItem>) -> ClassCounts {
    let mut counts = [0; Emotion::COUNT];
    for item in items {
        counts[item.emotion.index()] += 1;
    }
    counts
}

/// Counts the items of each class that the label head learns from: those of the first source if
/// there is a reading head (`has_reading_head`), which learns from the other sources, and all items
/// if not.
pub fn label_counts(items: &[FerItem], has_reading_head: bool) -> ClassCounts {
    class_counts(
        items
            .iter()
            .filter(|item| item.source == 0 || !has_reading_head),
    )
}

/// Checks that `items` has exactly the `expected` counts. `split` is its name for the error.
///
/// # Errors
/// [`DataError::Counts`] for the first class that differs.
pub fn check(
    path: &Path,
    split: &'static str,
    items: &[FerItem],
    expected: ClassCounts,
) -> Result<(), DataError> {
    let found = class_counts(items);
    for emotion in Emotion::ALL {
        let (expected, found) = (expected[emotion.index()], found[emotion.index()]);
        if expected != found {
            return Err(DataError::Counts {
                path: path.to_owned(),
                split,
                emotion,
                expected,
                found,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::FaceCrop;

    #[test]
    fn the_table_adds_up() {
        assert_eq!(expected(Split::Training).iter().sum::<usize>(), 28_709);
        assert_eq!(expected(Split::PublicTest).iter().sum::<usize>(), 3_589);
        assert_eq!(expected(Split::PrivateTest).iter().sum::<usize>(), 3_589);
        assert_eq!(
            expected_merged_test(),
            [958, 111, 1024, 1774, 1247, 831, 1233]
        );
    }

    #[test]
    fn one_image_too_few_is_named() {
        let crop = FaceCrop::new([0; FaceCrop::AREA]);
        let items = [FerItem {
            crop,
            emotion: Emotion::Fear,
            row: 0,
            votes: None,
            source: 0,
        }];
        assert!(check(Path::new("a"), "Training", &items, [0, 0, 1, 0, 0, 0, 0]).is_ok());
        let error = check(Path::new("a"), "Training", &items, [0, 0, 2, 0, 0, 0, 0]).unwrap_err();
        let message = error.to_string();
        assert!(
            message.contains("expected 2 fear images in Training"),
            "{message}"
        );
        assert!(message.contains("found 1"), "{message}");
    }
}
