//! The attributes of `<moue-face>` and the options of `Moue.create`, as typed values.

use crate::page::protocol::EngineChoice;
use crate::page::words::Language;
use crate::pipeline::MAX_FACES;

use super::error::HostError;
use super::purpose::{self, Purpose};

/// The picture source of an element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The camera.
    #[default]
    Camera,
    /// A picture that the person chooses.
    Image,
    /// None: the host passes pictures to the element, which shows nothing.
    Headless,
}

/// Maximum half-life of the smoothing, in seconds: a longer one would show mainly old frames.
const MOST_SMOOTHING_SECONDS: f64 = 10.0;

/// All options of an element.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Purpose for which the host reads expressions, as written; [`Options::check_purpose`] checks it.
    pub purpose: Option<String>,
    /// Legal basis of the purpose, as written.
    pub legal_basis: Option<String>,
    /// Language of the element; `None` for the one that the person's browser prefers.
    pub language: Option<Language>,
    /// The picture source: camera, image or headless.
    pub mode: Mode,
    /// The requested engine.
    pub engine: EngineChoice,
    /// Maximum number of faces that are read, the largest first; `None` for [`MAX_FACES`].
    pub max_faces: Option<usize>,
    /// Half-life of the smoothing of a camera's readings, in seconds; `None` for the default.
    pub smoothing_seconds: Option<f64>,
    /// Whether the camera is shown mirrored; `None` decides by the camera.
    pub mirror: Option<bool>,
    /// Whether the answer to the question for consent holds only while the element is shown, and the
    /// person is not asked to share readings with the host.
    pub is_private: bool,
}

impl Options {
    /// Returns the declared purpose, if it is allowed.
    ///
    /// # Errors
    /// The errors of [`purpose::check_purpose`].
    pub fn check_purpose(&self) -> Result<Purpose, HostError> {
        purpose::check_purpose(self.purpose.as_deref(), self.legal_basis.as_deref())
    }

    /// Sets an attribute; `None` and an empty value mean the default. Unknown names change nothing.
    ///
    /// # Errors
    /// Code `attribute-invalid`, with the allowed values in the message. The default is used then.
    pub fn set(&mut self, name: &str, value: Option<&str>) -> Result<(), HostError> {
        let value = value.map(str::trim).filter(|it| !it.is_empty());
        let text = || value.map(str::to_owned);
        let (fits, may_be) = match name {
            "purpose" => {
                self.purpose = text();
                (true, String::new())
            }
            "legal-basis" => {
                self.legal_basis = text();
                (true, String::new())
            }
            "lang" => {
                // A language that is not available here gives English.
                self.language = value.map(|tag| Language::best([tag]));
                (true, String::new())
            }
            "mode" => {
                let mode = match value {
                    None | Some("camera") => Some(Mode::Camera),
                    Some("image") => Some(Mode::Image),
                    Some("headless") => Some(Mode::Headless),
                    Some(_) => None,
                };
                self.mode = mode.unwrap_or_default();
                (mode.is_some(), "camera, image or headless".to_owned())
            }
            "engine" => {
                let engine = EngineChoice::from_name(value.unwrap_or("auto"));
                self.engine = engine.unwrap_or_default();
                (engine.is_some(), "auto, webgpu or cpu".to_owned())
            }
            "max-faces" => {
                let count = value.and_then(|it| it.parse().ok());
                self.max_faces = count.filter(|it| (1..=MAX_FACES).contains(it));
                let fits = value.is_none() || self.max_faces.is_some();
                (fits, format!("a whole number from 1 to {MAX_FACES}"))
            }
            "smoothing" => {
                let seconds = value.and_then(|it| it.parse().ok());
                let range = 0.0..=MOST_SMOOTHING_SECONDS;
                self.smoothing_seconds = seconds.filter(|it| range.contains(it));
                let fits = value.is_none() || self.smoothing_seconds.is_some();
                (fits, format!("seconds from 0 to {MOST_SMOOTHING_SECONDS}"))
            }
            "mirror" => {
                let mirror = match value {
                    None | Some("auto") => Some(None),
                    Some("true") => Some(Some(true)),
                    Some("false") => Some(Some(false)),
                    Some(_) => None,
                };
                self.mirror = mirror.flatten();
                (mirror.is_some(), "auto, true or false".to_owned())
            }
            "private" => {
                let is_private = match value {
                    None | Some("false") => Some(false),
                    Some("true") => Some(true),
                    Some(_) => None,
                };
                self.is_private = is_private.unwrap_or_default();
                (is_private.is_some(), "true or false".to_owned())
            }
            _ => (true, String::new()),
        };
        if fits {
            return Ok(());
        }
        let value = value.unwrap_or_default();
        Err(HostError::new(
            "attribute-invalid",
            format!(
                "{name} is \"{value}\", which it cannot be: give it {may_be}. The default holds."
            ),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_taken() {
        let mut options = Options::default();
        for (name, value) in [
            ("purpose", "game"),
            ("lang", "de-AT"),
            ("mode", "image"),
            ("engine", "cpu"),
            ("max-faces", "3"),
            ("smoothing", " 0.5 "),
            ("mirror", "false"),
            ("private", "true"),
            ("data-other", "?"),
        ] {
            options.set(name, Some(value)).unwrap();
        }
        let expected = Options {
            purpose: Some("game".into()),
            legal_basis: None,
            language: Some(Language::German),
            mode: Mode::Image,
            engine: EngineChoice::Cpu,
            max_faces: Some(3),
            smoothing_seconds: Some(0.5),
            mirror: Some(false),
            is_private: true,
        };
        assert_eq!(options, expected);
        for name in [
            "purpose",
            "lang",
            "mode",
            "engine",
            "max-faces",
            "smoothing",
            "mirror",
            "private",
        ] {
            options.set(name, None).unwrap();
        }
        assert_eq!(options, Options::default());
    }

    #[test]
    fn what_does_not_fit_is_named_and_leaves_the_default() {
        for (name, value) in [
            ("mode", "video"),
            ("engine", "tpu"),
            ("max-faces", "0"),
            ("max-faces", "65"),
            ("max-faces", "-1"),
            ("max-faces", "two"),
            ("smoothing", "NaN"),
            ("smoothing", "-0.1"),
            ("smoothing", "1e9"),
            ("mirror", "yes"),
            ("private", "yes"),
        ] {
            let mut options = Options::default();
            let error = options.set(name, Some(value)).unwrap_err();
            assert_eq!(error.code, "attribute-invalid");
            assert!(error.message.contains(name), "{error:?}");
            assert!(error.message.contains(value), "{error:?}");
            assert_eq!(options, Options::default());
        }
    }
}
