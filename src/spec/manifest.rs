//! The manifest beside the weights: everything that a reader must check before it uses them.
//!
//! `quantize` writes it, the loader in the browser and on the command line checks it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::EmotionNetConfig;
use super::calibration::Calibration;
use super::heads::READING_ANSWERS;
use super::input::InputSpec;
use crate::emotion::Emotion;

/// The version of the manifest that this program writes, and the newest that it reads.
pub const SCHEMA_VERSION: u32 = 3;
/// The oldest version that it reads. Version 1 has no calibration, version 2 no reading head.
pub const OLDEST_SCHEMA_VERSION: u32 = 1;

/// The manifest's file name.
pub const MANIFEST_FILE: &str = "manifest.json";

/// Why a manifest cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ManifestError {
    /// The manifest is not JSON, or not of this shape.
    #[error(
        "the model's manifest is not readable ({reason}); export the model again with `moue quantize`"
    )]
    Unreadable {
        /// Message of the parser.
        reason: String,
    },
    /// The manifest has a version that this program does not read.
    #[error(
        "the model's manifest has schema version {found}, this program reads versions {OLDEST_SCHEMA_VERSION} to {SCHEMA_VERSION}; use the model and the program of one release"
    )]
    WrongVersion {
        /// Version of the manifest.
        found: u32,
    },
    /// The labels or their order differ.
    #[error("the model's labels are {found:?}, expected {expected:?} in this order")]
    WrongLabels {
        /// Labels of this program.
        expected: Vec<String>,
        /// Labels of the manifest.
        found: Vec<String>,
    },
    /// Input and architecture contradict each other, or make no sense.
    #[error(
        "the model is described wrongly: {reason}; export the model again with `moue quantize`"
    )]
    WrongInput {
        /// The contradiction.
        reason: String,
    },
    /// The weights have another length than the manifest says.
    #[error(
        "the model file did not arrive whole: load it again (it has {found} bytes, the manifest \
         says {expected})"
    )]
    WrongSize {
        /// Length in the manifest, in bytes.
        expected: u64,
        /// Length of the file, in bytes.
        found: u64,
    },
    /// The weights have another checksum than the manifest says.
    #[error(
        "the model file is damaged or was changed: load it again (its sha256 begins with {}, the \
         manifest says {})",
        short(found),
        short(expected)
    )]
    WrongHash {
        /// Checksum in the manifest, in lower-case hexadecimal.
        expected: String,
        /// Checksum of the file, in lower-case hexadecimal.
        found: String,
    },
}

/// The file of weights beside the manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightsFile {
    /// File name, in the manifest's folder.
    pub file: String,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 of the whole file, in lower-case hexadecimal.
    pub sha256: String,
}

/// How the weights are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuantizationScheme {
    /// 8-bit weights without offset, a scale for each output channel, 32-bit biases; activations
    /// stay in floating point.
    Int8PerOutputChannel,
}

/// Accuracy on one split, from 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasuredAccuracy {
    /// `PublicTest` (selected on) or `PrivateTest` (never selected on) by FER2013's labels, which
    /// the label head answers; `…, FER+ majority` or the name of a source that selected, by what
    /// people said, which the reading head answers as the page shows it.
    pub split: String,
    /// Number of images.
    pub images: usize,
    /// Accuracy of the network as trained.
    pub before: f64,
    /// Accuracy of the network as written to the file.
    pub after: f64,
    /// Largest difference of one probability of one image between the two.
    pub max_probability_difference: f64,
    /// Number of images with one label (row) that the network as written gave one label
    /// (column), in label order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confusion: Option<[[u32; Emotion::COUNT]; Emotion::COUNT]>,
}

/// How well one expression is recognized, from a confusion matrix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassAccuracy {
    /// Number of images with this label.
    pub images: u32,
    /// Share of these that were called so, 0 to 1; `None` where there are none.
    pub recall: Option<f64>,
    /// Share with this label of the images that were called so; `None` where none was called so.
    pub precision: Option<f64>,
    /// The wrong label that these images were given most often; `None` where there is none.
    pub mistaken_for: Option<Emotion>,
}

impl MeasuredAccuracy {
    /// Returns how well one expression is recognized; `None` if that was not measured.
    pub fn class(&self, emotion: Emotion) -> Option<ClassAccuracy> {
        let confusion = self.confusion.as_ref()?;
        let at = emotion.index();
        let images: u32 = confusion[at].iter().sum();
        let called: u32 = confusion.iter().map(|row| row[at]).sum();
        let share = |of: u32| (of > 0).then(|| f64::from(confusion[at][at]) / f64::from(of));
        let others = Emotion::ALL.into_iter().filter(|other| *other != emotion);
        let mistaken_for = others.max_by_key(|other| confusion[at][other.index()]);
        Some(ClassAccuracy {
            images,
            recall: share(images),
            precision: share(called),
            mistaken_for: mistaken_for.filter(|other| confusion[at][other.index()] > 0),
        })
    }
}

/// The whole manifest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Schema version, from [`OLDEST_SCHEMA_VERSION`] to [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The network that the weights belong to; its convolutions are folded.
    pub architecture: EmotionNetConfig,
    /// The normalization that it was trained with.
    pub input: InputSpec,
    /// Emotion labels, in the order of each head's first seven logits ([`heads`](super::heads)).
    pub labels: Vec<String>,
    /// How the weights are stored.
    pub quantization: QuantizationScheme,
    /// The file that holds the weights.
    pub weights: WeightsFile,
    /// Accuracy before and after quantization, on each split.
    pub accuracy: Vec<MeasuredAccuracy>,
    /// How the logits are read; `None` if that was not measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<Calibration>,
    /// The bias that each source adds to the reading head's logits while training; a face is read
    /// without them. Empty without that head.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceBias>,
    /// What the weights were trained on, with its terms.
    pub training_data: String,
}

/// What the reading head learned of one source, apart from faces.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceBias {
    /// Name of the source; FER2013, with FER+'s votes, is the first.
    pub name: String,
    /// Added to the reading head's logits for its faces while training.
    pub bias: [f32; READING_ANSWERS],
}

impl Manifest {
    /// Parses a manifest and checks everything that can be checked without the weights.
    ///
    /// # Errors
    /// [`ManifestError::Unreadable`], [`ManifestError::WrongVersion`],
    /// [`ManifestError::WrongLabels`], [`ManifestError::WrongInput`].
    pub fn parse(json: &[u8]) -> Result<Self, ManifestError> {
        #[derive(Deserialize)]
        struct Versioned {
            schema_version: u32,
        }
        let unreadable = |error: serde_json::Error| ManifestError::Unreadable {
            reason: error.to_string(),
        };
        // The version first: another version's fields would only be reported as unknown.
        let Versioned { schema_version } = serde_json::from_slice(json).map_err(unreadable)?;
        if !(OLDEST_SCHEMA_VERSION..=SCHEMA_VERSION).contains(&schema_version) {
            return Err(ManifestError::WrongVersion {
                found: schema_version,
            });
        }
        let manifest: Self = serde_json::from_slice(json).map_err(unreadable)?;
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), ManifestError> {
        let expected = labels();
        if self.labels != expected {
            return Err(ManifestError::WrongLabels {
                expected,
                found: self.labels.clone(),
            });
        }
        let wrong = |reason: String| Err(ManifestError::WrongInput { reason });
        let InputSpec {
            size,
            channels,
            mean,
            std,
        } = self.input;
        if size != self.architecture.input_size || channels != self.architecture.input_channels {
            return wrong("its size or channels differ from the architecture's".into());
        }
        if let Err(error) = self.architecture.check() {
            return wrong(error.to_string());
        }
        if !mean.is_finite() || !std.is_finite() || std <= 0.0 {
            return wrong(format!("mean {mean} and standard deviation {std}"));
        }
        if let Some(fault) = self.calibration.as_ref().and_then(Calibration::fault) {
            return wrong(fault);
        }
        if self.weights.file.contains(['/', '\\']) || self.weights.file.is_empty() {
            return wrong(format!("`{}` is not a plain file name", self.weights.file));
        }
        Ok(())
    }

    /// Returns the accuracy on faces that were used neither for training nor for selection: by the
    /// majority of FER+'s raters, or by FER2013's label for a network without a reading head.
    /// `None` if it was not measured.
    pub fn held_out(&self) -> Option<&MeasuredAccuracy> {
        let find = |split| self.accuracy.iter().find(|row| row.split == split);
        find("PrivateTest, FER+ majority").or_else(|| find("PrivateTest"))
    }

    /// Returns the network's name for exported readings: the recipe's name for it, its backbone and
    /// how its weights are stored.
    pub fn name(&self) -> String {
        let EmotionNetConfig { name, backbone, .. } = &self.architecture;
        format!("{name}, {}, int8", backbone.title())
    }

    /// Checks that `bytes` are the weights that this manifest describes.
    ///
    /// # Errors
    /// [`ManifestError::WrongSize`] and [`ManifestError::WrongHash`].
    pub fn verify(&self, bytes: &[u8]) -> Result<(), ManifestError> {
        self.verify_hash(bytes.len(), sha256(bytes))
    }

    /// As [`Manifest::verify`], for weights of which the length in bytes and the SHA-256, in
    /// hexadecimal, are known.
    ///
    /// # Errors
    /// As [`Manifest::verify`].
    pub fn verify_hash(&self, bytes: usize, hash: String) -> Result<(), ManifestError> {
        let found = bytes as u64;
        if found != self.weights.bytes {
            return Err(ManifestError::WrongSize {
                expected: self.weights.bytes,
                found,
            });
        }
        if hash != self.weights.sha256 {
            return Err(ManifestError::WrongHash {
                expected: self.weights.sha256.clone(),
                found: hash,
            });
        }
        Ok(())
    }
}

/// Returns enough of a checksum to tell two apart by eye.
fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

/// Returns the labels in the order of the logits.
pub fn labels() -> Vec<String> {
    Emotion::ALL
        .map(|emotion| emotion.label().to_owned())
        .to_vec()
}

/// Returns the SHA-256 in lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Returns bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let architecture = EmotionNetConfig::moue().folded();
        Manifest {
            schema_version: SCHEMA_VERSION,
            input: InputSpec::new(architecture.input_size, architecture.input_channels),
            architecture,
            labels: labels(),
            quantization: QuantizationScheme::Int8PerOutputChannel,
            weights: WeightsFile {
                file: "w.safetensors".into(),
                bytes: 3,
                sha256: sha256(b"abc"),
            },
            accuracy: vec![],
            calibration: Some(Calibration::default()),
            sources: vec![],
            training_data: "none".into(),
        }
    }

    fn parse(change: impl FnOnce(&mut serde_json::Value)) -> Result<Manifest, ManifestError> {
        let mut json = serde_json::to_value(manifest()).unwrap();
        change(&mut json);
        Manifest::parse(json.to_string().as_bytes())
    }

    #[test]
    fn survives_the_round_trip_and_knows_its_weights() {
        let parsed = parse(|_| ()).unwrap();
        assert_eq!(parsed, manifest());
        // FIPS 180-2, appendix B.1.
        assert!(
            parsed
                .weights
                .sha256
                .starts_with("ba7816bf8f01cfea414140de5dae2223")
        );
        assert_eq!(parsed.verify(b"abc"), Ok(()));
        assert!(matches!(
            parsed.verify(b"abd"),
            Err(ManifestError::WrongHash { .. })
        ));
        assert_eq!(
            parsed.verify(b"ab"),
            Err(ManifestError::WrongSize {
                expected: 3,
                found: 2
            })
        );
    }

    #[test]
    fn a_manifest_from_before_calibration_is_still_read() {
        let parsed = parse(|json| {
            json["schema_version"] = 1.into();
            json.as_object_mut().unwrap().remove("calibration");
        });
        assert_eq!(parsed.unwrap().calibration, None);
    }

    #[test]
    fn each_class_is_read_off_the_confusion_matrix() {
        let mut confusion = [[0; Emotion::COUNT]; Emotion::COUNT];
        confusion[0] = [3, 0, 0, 0, 1, 0, 2];
        confusion[4] = [1, 0, 0, 0, 5, 0, 0];
        let mut measured = MeasuredAccuracy {
            split: "PrivateTest".into(),
            images: 12,
            before: 0.5,
            after: 0.5,
            max_probability_difference: 0.0,
            confusion: None,
        };
        assert_eq!(measured.class(Emotion::Anger), None);
        measured.confusion = Some(confusion);
        let expected = ClassAccuracy {
            images: 6,
            recall: Some(0.5),
            precision: Some(0.75),
            mistaken_for: Some(Emotion::Neutral),
        };
        assert_eq!(measured.class(Emotion::Anger), Some(expected));
        let unseen = measured.class(Emotion::Disgust).unwrap();
        assert_eq!((unseen.images, unseen.recall), (0, None));
        assert_eq!((unseen.precision, unseen.mistaken_for), (None, None));
    }

    #[test]
    fn every_contradiction_is_named() {
        use ManifestError::{Unreadable, WrongInput, WrongLabels, WrongVersion};
        assert!(matches!(Manifest::parse(b"{"), Err(Unreadable { .. })));
        assert!(matches!(Manifest::parse(b"[]"), Err(Unreadable { .. })));
        for found in [0, SCHEMA_VERSION + 1] {
            assert_eq!(
                parse(|json| json["schema_version"] = found.into()),
                Err(WrongVersion { found })
            );
        }
        assert!(matches!(
            parse(|json| json["colour"] = 1.into()),
            Err(Unreadable { .. })
        ));
        assert!(matches!(
            parse(|json| json["labels"][0] = "joy".into()),
            Err(WrongLabels { .. })
        ));
        for (field, value) in [("size", 97), ("channels", 3), ("std", 0)] {
            let parsed = parse(|json| json["input"][field] = value.into());
            assert!(
                matches!(parsed, Err(WrongInput { .. })),
                "{field}: {parsed:?}"
            );
        }
        let cold = parse(|json| json["calibration"]["temperature"] = 0.into());
        assert!(
            matches!(&cold, Err(WrongInput { reason }) if reason.contains("temperature")),
            "{cold:?}"
        );
        let immense = parse(|json| json["architecture"]["head"]["hidden"] = [1u64 << 40].into());
        assert!(
            matches!(&immense, Err(WrongInput { reason }) if reason.contains("head.hidden")),
            "{immense:?}"
        );
        for size in [0, 1 << 20] {
            let parsed = parse(|json| {
                json["input"]["size"] = size.into();
                json["architecture"]["input_size"] = size.into();
            });
            assert!(matches!(parsed, Err(WrongInput { .. })), "{size}");
        }
        let escape = parse(|json| json["weights"]["file"] = "../secret".into());
        assert!(matches!(escape, Err(WrongInput { .. })));
    }
}
