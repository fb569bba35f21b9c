//! The report on several detectors on the same photographs, and its files.
//!
//! ```text
//! detection.json   a DetectionReport
//! report.md        the same as a document, with the plot
//! froc.svg         recall against false boxes per photograph
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::figures::{DetectionMetrics, measure};
use super::matching::Protocol;
use super::results::DetectorResults;
use super::{PhotoTruth, text};
use crate::data::faces::LabelledPhoto;
use crate::evaluation::plots::froc;
use crate::evaluation::report::folder::WriteError;
use crate::platform::files::write_atomically;

/// Version of `detection.json`, increased when the name or meaning of a field changes.
pub const SCHEMA_VERSION: u32 = 1;

/// File name of the plot beside `report.md`.
pub const PICTURE: &str = "froc.svg";

/// Comparison of detectors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetectionReport {
    /// Version of the format, [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Version of moue that made the report.
    pub moue: String,
    /// Rules for matching boxes.
    pub protocol: Protocol,
    /// Angle by which the photographs were rotated, in degrees, clockwise.
    pub turned_degrees: f32,
    /// Numbers of photographs and faces.
    pub photos: PhotoCounts,
    /// Numbers of photographs and faces of each source, by its name.
    pub sources: BTreeMap<String, PhotoCounts>,
    /// Results of the detectors, in the order given.
    pub detectors: Vec<DetectorReport>,
}

/// Numbers of photographs and labelled faces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhotoCounts {
    /// Number of photographs.
    pub images: usize,
    /// Number of photographs without faces or ignored regions, where every box is false.
    pub without_faces: usize,
    /// Number of faces, without ignored regions.
    pub faces: usize,
    /// Number of ignored regions.
    pub ignored: usize,
}

/// Results of one detector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetectorReport {
    /// Name of the detector.
    pub name: String,
    /// A remark for the notes of the report.
    pub remark: Option<String>,
    /// Median time per photograph in milliseconds, on the machine that the detector ran on.
    pub median_millis: Option<f64>,
    /// Metrics of the detector.
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
    /// Measures the results of each detector on the photographs, which must be in the same order.
    pub fn new(photos: &[LabelledPhoto], results: &[DetectorResults], protocol: Protocol) -> Self {
        let truths: Vec<PhotoTruth<'_>> = photos.iter().map(PhotoTruth::from).collect();
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

/// Writes all files into `folder` and returns their paths.
///
/// # Errors
/// A [`WriteError`] if the plot cannot be drawn or a file cannot be written.
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

    /// Returns a report on twenty photographs of 100 pixels, every other one with a face of 30 and
    /// one of 8 pixels, and two detectors, of which the first is better and gives landmarks.
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
        let results = |name: &str, find: &dyn Fn(usize) -> Vec<FoundFace>| DetectorResults {
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
        // Its boxes of the highest scores are often false, and only two false ones are allowed.
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
