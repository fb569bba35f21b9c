//! Finds images that occur more than once.
//!
//! FER2013 was gathered by image search, and 288 PrivateTest and 280 PublicTest images have an
//! exact copy in Training. A network may have memorized their labels, so reports also give metrics
//! without them.

use std::collections::HashSet;

use super::item::FerItem;

/// Returns for each of `items` whether `known` has an image of the same pixels, with any label.
pub fn repeats(items: &[FerItem], known: &[FerItem]) -> Vec<bool> {
    let known: HashSet<&[u8]> = known.iter().map(|item| item.crop.pixels()).collect();
    items
        .iter()
        .map(|item| known.contains(item.crop.pixels()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{LoadOptions, load};
    use crate::emotion::Emotion;
    use crate::vision::FaceCrop;

    fn item(row: usize, value: u8, last: u8) -> FerItem {
        let mut pixels = [value; FaceCrop::AREA];
        pixels[FaceCrop::AREA - 1] = last;
        FerItem {
            crop: FaceCrop::new(pixels),
            emotion: Emotion::ALL[row % 7],
            row,
            votes: None,
            source: 0,
        }
    }

    #[test]
    fn a_copy_has_the_same_pixels_whatever_its_label() {
        let known = [item(0, 7, 7), item(1, 8, 8)];
        let items = [item(5, 8, 8), item(1, 8, 9), item(0, 9, 9), item(6, 7, 7)];
        assert_eq!(repeats(&items, &known), [true, false, false, true]);
        assert_eq!(repeats(&items, &[]), [false; 4]);
        assert!(repeats(&[], &known).is_empty());
    }

    /// Runs on the real file only if `MOUE_FER2013` names it; the data set is not in the project.
    #[test]
    fn the_original_table_has_its_known_copies() {
        let Some(path) = std::env::var_os("MOUE_FER2013") else {
            println!("skipped: MOUE_FER2013 does not name fer2013.csv");
            return;
        };
        let fer = load(path, LoadOptions::default()).unwrap();
        let copies = |items: &[FerItem]| {
            let marks = repeats(items, &fer.training);
            marks.into_iter().filter(|mark| *mark).count()
        };
        assert_eq!(copies(&fer.private_test), 288);
        assert_eq!(copies(&fer.public_test), 280);
    }
}
