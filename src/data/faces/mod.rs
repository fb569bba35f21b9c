//! Photographs with labelled faces → pixels in memory, for the face detector. Native only.
//!
//! A set is a folder with [`LABELS_FILE`], one object a line (see [`labels`]), and the photographs
//! beside it: as files, in folders below, or inside `.tar` files at its top. Everything is in
//! pixels of the photograph.
//!
//! **Why whole sources are held out.** Photographs of one source show the same people, rooms and
//! cameras, and are often frames of one film or crops of one picture. A random tenth would have
//! near copies in the training part, and what is measured on it would be memory. [`HELD_OUT`]
//! names the sources that are measured on and never trained on.

pub mod augment;
pub mod batches;
mod error;
pub mod folder;
pub mod labels;
pub mod targets;

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

pub use error::FacesError;
pub use labels::{LABELS_FILE, LabelledFace, PhotoLabel, read_labels};

/// The sources that are measured on and never trained on: portraits (`bolly`, `caltech_faces`),
/// people and groups (`humanseg`) and pictures without a face (`caltech`); 850 of the 8,028
/// photographs.
pub const HELD_OUT: [&str; 4] = ["bolly", "caltech", "caltech_faces", "humanseg"];

/// Told how many photographs have been read, of how many.
pub type OnProgress<'a> = &'a mut dyn FnMut(usize, usize);

/// A photograph and the faces that its label names.
#[derive(Clone, PartialEq)]
pub struct LabelledPhoto {
    /// Its path in the folder or in the archive, with `/`.
    pub file: String,
    /// The collection that it comes from.
    pub source: String,
    /// Pixels across, as labelled.
    pub width: u32,
    /// Pixels down, as labelled.
    pub height: u32,
    /// Three bytes a pixel, row by row from the top left; `width * height * 3` of them.
    pub rgb: Vec<u8>,
    /// Its faces, and the regions that are neither face nor background.
    pub faces: Vec<LabelledFace>,
}

impl LabelledPhoto {
    /// Its pixels with four bytes each, opaque, as [`Frame`](crate::vision::Frame) takes them.
    pub fn rgba(&self) -> Vec<u8> {
        let (pixels, _) = self.rgb.as_chunks::<3>();
        let opaque = |&[red, green, blue]: &[u8; 3]| [red, green, blue, u8::MAX];
        pixels.iter().flat_map(opaque).collect()
    }
}

impl fmt::Debug for LabelledPhoto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LabelledPhoto")
            .field("file", &self.file)
            .field("source", &self.source)
            .field("width", &self.width)
            .field("height", &self.height)
            .field("faces", &self.faces)
            .finish_non_exhaustive()
    }
}

/// Photographs in memory, in the order of their labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FaceSet {
    /// The photographs.
    pub photos: Vec<LabelledPhoto>,
}

impl FaceSet {
    /// Reads the labels of `folder` and decodes, on every core, the photographs that `keep` wants.
    /// The order is that of the labels, whatever the number of cores.
    ///
    /// # Errors
    /// A [`FacesError`] that names the file, the line and the remedy. All labels are checked, also
    /// those of photographs that are not kept.
    pub fn load(
        folder: &Path,
        keep: impl Fn(&PhotoLabel) -> bool,
        on_progress: OnProgress<'_>,
    ) -> Result<Self, FacesError> {
        let mut wanted = read_labels(folder)?;
        wanted.retain(|label| keep(label));
        let photos = folder::load(folder, wanted, on_progress)?;
        Ok(Self { photos })
    }

    /// Splits by whole sources: the photographs of none of `sources`, then those of them.
    pub fn hold_out(self, sources: &[impl AsRef<str>]) -> (Self, Self) {
        let (held_out, rest) = self
            .photos
            .into_iter()
            .partition(|photo| is_of(&photo.source, sources));
        (Self { photos: rest }, Self { photos: held_out })
    }

    /// How many faces count: those that are not marked to be ignored.
    pub fn face_count(&self) -> usize {
        let faces = self.photos.iter().flat_map(|photo| &photo.faces);
        faces.filter(|face| !face.ignore).count()
    }
}

/// Whether `source` is one of `sources`.
pub fn is_of(source: &str, sources: &[impl AsRef<str>]) -> bool {
    sources.iter().any(|name| name.as_ref() == source)
}

/// Checks that each of `sources` has photographs, so that a misspelt name does not silently train
/// on what is to be held out.
///
/// # Errors
/// [`FacesError::NoSuchSource`].
pub fn check_sources(
    folder: &Path,
    labels: &[PhotoLabel],
    sources: &[impl AsRef<str>],
) -> Result<(), FacesError> {
    let known: BTreeSet<&str> = labels.iter().map(|label| label.source.as_str()).collect();
    let absent = sources.iter().find(|name| !known.contains(name.as_ref()));
    absent.map_or(Ok(()), |absent| {
        Err(FacesError::NoSuchSource {
            path: folder.join(LABELS_FILE),
            absent: absent.as_ref().to_owned(),
            known: known.into_iter().collect::<Vec<_>>().join(", "),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photo(source: &str) -> LabelledPhoto {
        LabelledPhoto {
            file: format!("{source}.png"),
            source: source.to_owned(),
            width: 1,
            height: 1,
            rgb: vec![0; 3],
            faces: vec![],
        }
    }

    #[test]
    fn sources_stay_whole() {
        let photos = ["bolly", "celeb", "bolly", "caltech_faces", "call"].map(photo);
        let set = FaceSet {
            photos: photos.to_vec(),
        };
        let (rest, held_out) = set.hold_out(&HELD_OUT);
        let names = |set: &FaceSet| -> Vec<String> {
            set.photos
                .iter()
                .map(|photo| photo.source.clone())
                .collect()
        };
        assert_eq!(names(&rest), ["celeb", "call"]);
        assert_eq!(names(&held_out), ["bolly", "bolly", "caltech_faces"]);
    }

    #[test]
    fn a_misspelt_source_is_told_with_the_known_ones() {
        let labels = ["a", "b"].map(|source| PhotoLabel {
            line: 1,
            file: String::new(),
            width: 1,
            height: 1,
            source: source.to_owned(),
            kind: String::new(),
            faces: vec![],
        });
        check_sources(Path::new("x"), &labels, &["b", "a"]).unwrap();
        let error = check_sources(Path::new("x"), &labels, &["b", "c"]).unwrap_err();
        let told = error.to_string();
        assert!(told.contains("\"c\"") && told.contains("a, b"), "{told}");
    }
}
