//! Groups of faces by size: the box's longer side divided by the photograph's longer side.

use crate::data::faces::LabelledFace;

/// A range of sizes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SizeGroup {
    /// Name in tables.
    pub name: &'static str,
    /// Smallest size in the group.
    pub from: f32,
    /// Upper end of the group, exclusive.
    pub below: f32,
}

/// The size groups, by increasing size; each face is in exactly one of them.
pub const SIZE_GROUPS: [SizeGroup; 5] = [
    group("< 5 %", 0.0, 0.05),
    group("5–10 %", 0.05, 0.1),
    group("10–20 %", 0.1, 0.2),
    group("20–40 %", 0.2, 0.4),
    group("≥ 40 %", 0.4, f32::INFINITY),
];

/// The sizes that the detector is made for: faces in front of a camera, alone or in a group.
pub const HEADLINE: SizeGroup = group("≥ 10 %", 0.1, f32::INFINITY);

const fn group(name: &'static str, from: f32, below: f32) -> SizeGroup {
    SizeGroup { name, from, below }
}

impl SizeGroup {
    /// Returns whether a size is in the group.
    pub fn contains(&self, size: f32) -> bool {
        (self.from..self.below).contains(&size)
    }
}

/// Returns the size of a face: its longer side divided by `longest_side`, the photograph's.
pub fn size_of(face: &LabelledFace, longest_side: f32) -> f32 {
    face.rect.width.max(face.rect.height) / longest_side.max(1.0)
}

#[cfg(test)]
mod tests {
    use super::super::tests::face;
    use super::*;
    use crate::vision::Rect;

    #[test]
    fn every_size_is_in_one_group() {
        for step in 0..2000 {
            let size = step as f32 / 1000.0;
            let groups = SIZE_GROUPS.iter().filter(|group| group.contains(size));
            assert_eq!(groups.count(), 1, "{size}");
            assert_eq!(HEADLINE.contains(size), size >= 0.1);
        }
    }

    #[test]
    fn the_longer_sides_count() {
        let mut tall = face(0.0, 8.0);
        tall.rect = Rect::new(0.0, 0.0, 8.0, 32.0);
        // 32 of 320 is exactly a tenth, which is in the group.
        assert_eq!(size_of(&tall, 320.0), 0.1);
        assert!(HEADLINE.contains(size_of(&tall, 320.0)));
    }
}
