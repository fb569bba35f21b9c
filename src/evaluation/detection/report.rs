//! Several detectors on the same photographs: what `detection.json` holds, and its files.
//!
//! ```text
//! detection.json   a DetectionReport
//! report.md        the same for people, with the picture
//! froc.svg         recall against false boxes in a photograph
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::figures::{DetectionMetrics, measure};
use super::matching::Protocol;
use super::results::Results;
use super::{Truth, text};
use crate::data::faces::LabelledPhoto;
use crate::evaluation::plots::froc;
use crate::evaluation::report::folder::WriteError;
use crate::platform::files::write_atomically;

/// The version of `detection.json`; it grows when a field changes its name or its meaning.
pub const SCHEMA_VERSION: u32 = 1;

/// The picture's name beside `report.md`.
pub const PICTURE: &str = "froc.svg";

/// Detectors side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetectionReport {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The version of moue that measured.
    pub moue: String,
    /// When a box counts.
    pub protocol: Protocol,
    /// The angle by which the photographs were turned, in degrees, clockwise.
    pub turned_degrees: f32,
    /// What was measured on.
    pub photos: PhotoCounts,
    /// The sources of the photographs, by name.
    pub sources: BTreeMap<String, PhotoCounts>,
    /// Each detector, in the order given.
    pub detectors: Vec<DetectorReport>,
}

/// How much there is to find.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhotoCounts {
    /// Photographs.
    pub images: usize,
    /// Those without any face, where every box is false.
    pub without_faces: usize,
    /// Faces that count.
    pub faces: usize,
    /// Regions that do not.
    pub ignored: usize,
}

/// One detector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetectorReport {
    /// Its name.
    pub name: String,
    /// What readers of its figures must know.
    pub remark: Option<String>,
    /// The median time for a photograph, in milliseconds, on the machine that it ran on.
    pub median_millis: Option<f64>,
    /// What was measured.
    #[serde(flatten)]
    pub figures: DetectionMetrics,
}

impl PhotoCounts {
    fn add(&mut self, photo: &LabelledPhoto) {
        let ignored = photo.faces.iter().filter(|face| face.ignore).count();
        self.images += 1;
        self.without_faces += usize::from(photo.faces.is_empty());
        self.faces += photo.faces.len() - ignored;
        self.ignored += ignored;
    }
}

impl DetectionReport {
    /// Measures each detector's results on the photographs, which are in the same order.
    pub fn new(photos: &[LabelledPhoto], results: &[Results], protocol: Protocol) -> Self {
        let truths: Vec<Truth<'_>> = photos.iter().map(Truth::from).collect();
        let mut all = PhotoCounts::default();
        let mut sources: BTreeMap<String, PhotoCounts> = BTreeMap::new();
        for photo in photos {
            all.add(photo);
            sources.entry(photo.source.clone()).or_default().add(photo);
        }
        let detectors = results.iter().map(|one| DetectorReport {
            name: one.name.clone(),
            remark: one.remark.clone(),
            median_millis: one.median_millis,
            figures: measure(&truths, &one.found, one.shipped_threshold, &protocol),
        });
        Self {
            schema_version: SCHEMA_VERSION,
            moue: env!("CARGO_PKG_VERSION").to_owned(),
            protocol,
            turned_degrees: 0.0,
            photos: all,
            sources,
            detectors: detectors.collect(),
        }
    }
}

/// Writes all files and returns their paths.
///
/// # Errors
/// [`WriteError`].
pub fn write(folder: &Path, report: &DetectionReport) -> Result<Vec<PathBuf>, WriteError> {
    let files = [
        (PICTURE, froc(report)?.into_bytes()),
        ("detection.json", serde_json::to_vec_pretty(report)?),
        ("report.md", text::markdown(report).into_bytes()),
    ];
    let paths = files.into_iter().map(|(name, bytes)| {
        let path = folder.join(name);
        write_atomically(&path, &bytes)?;
        Ok(path)
    });
    paths.collect()
}

#[cfg(test)]
pub(in crate::evaluation) mod tests {
    use std::fs;

    use super::super::FoundFace;
    use super::super::tests::{face, found, ignored, points_of};
    use super::*;

    /// Twenty photographs of 100 pixels, every other one with a face of 30 and one of 8, and two
    /// detectors of which the first is the better one and gives points.
    pub fn report() -> DetectionReport {
        let photo = |index: usize| LabelledPhoto {
            file: format!("{index}.jpg"),
            source: if index < 12 { "film" } else { "street" }.to_owned(),
            faces: match index % 2 {
                0 => vec![face(0.0, 30.0), face(60.0, 8.0), ignored(80.0, 9.0)],
                _ => vec![],
            },
            width: 100,
            height: 50,
            rgb: vec![],
        };
        let photos: Vec<_> = (0..20).map(photo).collect();
        let score = |index: usize| 0.9 - index as f32 / 50.0;
        let good = |index: usize| {
            let mut face = found(1.0, 30.0, score(index));
            face.landmarks = Some(points_of(face.rect));
            match index % 2 {
                0 => vec![face, found(60.0, 8.0, score(index) / 2.0)],
                _ => vec![found(40.0, 9.0, score(index) / 3.0)],
            }
        };
        let weak = |index: usize| -> Vec<FoundFace> {
            let boxes = [
                found(3.0, 30.0, score(index)),
                found(0.0, 9.0, score(index)),
            ];
            boxes[..1 + index % 3 / 2].to_vec()
        };
        let results = |name: &str, find: &dyn Fn(usize) -> Vec<FoundFace>| Results {
            name: name.to_owned(),
            shipped_threshold: Some(0.25),
            remark: (name == "weak").then(|| "finds no points".to_owned()),
            found: (0..20).map(find).collect(),
            median_millis: (name == "weak").then_some(12.5),
        };
        let results = [results("good", &good), results("weak", &weak)];
        DetectionReport::new(&photos, &results, Protocol::default())
    }

    #[test]
    fn photographs_are_counted_by_source() {
        let report = report();
        let counts = |images, without_faces, faces, ignored| PhotoCounts {
            images,
            without_faces,
            faces,
            ignored,
        };
        assert_eq!(report.photos, counts(20, 10, 20, 10));
        assert_eq!(report.sources["street"], counts(8, 4, 8, 4));
        let [good, weak] = report.detectors.as_slice() else {
            panic!("{report:?}");
        };
        assert_eq!(good.figures.at_budget.headline.share(), Some(1.0));
        // Its surest boxes are false ones as often as not, and two false ones are all it may have.
        assert_eq!(weak.figures.at_budget.headline.found, 2);
    }

    #[test]
    fn the_files_are_whole_and_read_back() {
        let root = tempfile::tempdir().unwrap();
        let report = report();
        let written = write(&root.path().join("new"), &report).unwrap();
        assert_eq!(written.len(), 3);
        let json = fs::read(&written[1]).unwrap();
        let read: DetectionReport = serde_json::from_slice(&json).unwrap();
        assert_eq!(format!("{read:.9?}"), format!("{report:.9?}"));
        let document = fs::read_to_string(&written[2]).unwrap();
        assert!(document.contains("(froc.svg)"), "{document}");
    }
}
