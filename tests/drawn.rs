//! The drawn pictures of `tests/fixtures`: decoded and searched, they show what they were drawn to show.

use std::fs;
use std::path::Path;

use burn::tensor::Device;
use moue::model::detector::{FaceFinder, Search};
use moue::vision::{GrayImage, decode};

/// The faces found in a fixture, as (left, top, width) in its pixels.
fn faces(name: &str) -> Vec<(f32, f32, f32)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name);
    let picture = decode(&fs::read(path).unwrap()).unwrap();
    let gray = GrayImage::from_frame(picture.frame().unwrap());
    let finder = FaceFinder::built_in(Device::flex()).unwrap();
    let found = pollster::block_on(finder.find(&gray, Search::Twice)).unwrap();
    found
        .iter()
        .map(|face| face.rect_in_frame)
        .map(|rect| (rect.x, rect.y, rect.width))
        .collect()
}

#[test]
fn one_face_is_found_where_it_was_drawn() {
    // The JPEG lies on its side, and its EXIF orientation says so.
    for name in ["happy.png", "surprise.png", "neutral.png", "happy.jpg"] {
        let found = faces(name);
        let &[(left, top, width)] = found.as_slice() else {
            panic!("{name}: {found:?}")
        };
        let centre = (left + width / 2.0, top + width / 2.0);
        assert!(
            (centre.0 - 200.0).abs() < 20.0 && (centre.1 - 235.0).abs() < 30.0,
            "{name}: {centre:?}"
        );
        assert!((180.0..270.0).contains(&width), "{name}: {width}");
    }
}

#[test]
fn forty_faces_are_found_one_in_each_cell() {
    let found = faces("crowd.png");
    let mut cells: Vec<(usize, usize)> = found
        .iter()
        .map(|(left, top, width)| {
            let (x, y) = (left + width / 2.0, top + width / 2.0);
            ((x / 116.0) as usize, (y / 136.0) as usize)
        })
        .collect();
    cells.sort_unstable();
    let every: Vec<(usize, usize)> = (0..8).flat_map(|x| (0..5).map(move |y| (x, y))).collect();
    assert_eq!(cells, every);
}

#[test]
fn no_face_is_found_where_none_was_drawn() {
    assert_eq!(faces("no-face.png"), []);
}
