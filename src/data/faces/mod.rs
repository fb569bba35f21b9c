//! Loads photographs with labelled faces for the face detector. Native only.
//!
//! A set is a folder with [`LABELS_FILE`], one object per line (see [`labels`]), and photographs as
//! files in the folder or in subfolders, or inside `.tar` files in the folder; or such a file of
//! labels by another name, with the photographs beside it. Coordinates are in pixels of the
//! photograph.
//!
//! **Why whole sources are held out.** Photographs of one source show the same people, rooms and
//! cameras, and are often frames of one film or crops of one picture. A random tenth would have
//! near copies in the training part, and would measure memorization. [`HELD_OUT`] names the sources
//! that are used for evaluation and never for training.

pub mod augment;
pub mod batches;
mod error;
pub mod folder;
pub mod labels;
mod spoil;
pub mod targets;

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

pub use error::FacesError;
use labels::labels_file;
pub use labels::{LABELS_FILE, LabelledFace, PhotoLabel, read_labels};

/// The sources for evaluation, never used in training: portraits (`bolly`, `caltech_faces`), people
/// and groups (`humanseg`) and pictures without a face (`caltech`); 850 of the 8,028 photographs.
pub const HELD_OUT: [&str; 4] = ["bolly", "caltech", "caltech_faces", "humanseg"];

/// Progress callback: photographs read so far, and their total number.
pub type OnProgress<'a> = &'a mut dyn FnMut(usize, usize);

/// A decoded photograph with its labelled faces.
#[derive(Clone, PartialEq)]
pub struct LabelledPhoto {
    /// Path in the folder or in the archive, with `/`.
    pub file: String,
    /// Name of the collection that the photograph comes from.
    pub source: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// RGB pixels in row-major order, `width * height * 3` bytes.
    pub rgb: Vec<u8>,
    /// Labelled faces and ignored regions.
    pub faces: Vec<LabelledFace>,
}

impl LabelledPhoto {
    /// Returns the pixels as opaque RGBA, four bytes each, for a [`Frame`](crate::vision::Frame).
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

/// Decoded photographs, in the order of their labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FaceSet {
    /// The photographs.
    pub photos: Vec<LabelledPhoto>,
}

impl FaceSet {
    /// Reads the labels of `path`, a folder or a file of labels, and decodes the photographs for
    /// which `keep` returns true, on all cores. The order is that of the labels.
    ///
    /// # Errors
    /// A [`FacesError`] with the file, the line and the remedy. All labels are checked, including
    /// those of photographs that are not kept.
    pub fn load(
        path: &Path,
        keep: impl Fn(&PhotoLabel) -> bool,
        on_progress: OnProgress<'_>,
    ) -> Result<Self, FacesError> {
        let mut wanted = read_labels(path)?;
        wanted.retain(|label| keep(label));
        let photos = folder::load(path, wanted, on_progress)?;
        Ok(Self { photos })
    }

    /// Splits the set by source into the photographs of all other sources and those of `sources`.
    pub fn hold_out(self, sources: &[impl AsRef<str>]) -> (Self, Self) {
        let (held_out, rest) = self
            .photos
            .into_iter()
            .partition(|photo| is_of(&photo.source, sources));
        (Self { photos: rest }, Self { photos: held_out })
    }

    /// Returns the number of faces that are not marked `ignore`.
    pub fn face_count(&self) -> usize {
        let faces = self.photos.iter().flat_map(|photo| &photo.faces);
        faces.filter(|face| !face.ignore).count()
    }
}

/// Returns whether `source` is one of `sources`.
pub fn is_of(source: &str, sources: &[impl AsRef<str>]) -> bool {
    sources.iter().any(|name| name.as_ref() == source)
}

/// Checks that each of `sources` has photographs, so that a misspelt name cannot put photographs to
/// hold out into the training set.
///
/// # Errors
/// [`FacesError::NoSuchSource`] for the first name without photographs.
pub fn check_sources(
    path: &Path,
    labels: &[PhotoLabel],
    sources: &[impl AsRef<str>],
) -> Result<(), FacesError> {
    let known: BTreeSet<&str> = labels.iter().map(|label| label.source.as_str()).collect();
    let absent = sources.iter().find(|name| !known.contains(name.as_ref()));
    absent.map_or(Ok(()), |absent| {
        Err(FacesError::NoSuchSource {
            path: labels_file(path),
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
            faces: vec![],
        });
        check_sources(Path::new("x"), &labels, &["b", "a"]).unwrap();
        let error = check_sources(Path::new("x"), &labels, &["b", "c"]).unwrap_err();
        let told = error.to_string();
        assert!(told.contains("\"c\"") && told.contains("a, b"), "{told}");
    }
}
