//! Packages as zip files: the same files and settings give the same bytes everywhere.

use std::io::{Cursor, Write as _};

use thiserror::Error;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::manifest::{Edition, MANIFEST_FILE, manifest};
use super::scripts::{self, ScriptError};
use super::settings::{SETTINGS_FILE, Settings, SettingsError};

/// Level of deflate: the highest.
const LEVEL: i64 = 9;

/// Why a package cannot be made.
#[derive(Debug, Error)]
pub enum PackageError {
    /// The settings are not allowed.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The files cannot be carried in scripts.
    #[error(transparent)]
    Script(#[from] ScriptError),
    /// A file that every package has is missing.
    #[error("{name} is missing; make dist first, or copy the whole folder anew")]
    Missing {
        /// Path in the package.
        name: &'static str,
    },
    /// A value cannot be written.
    #[error("the settings cannot be written: {0}")]
    Json(#[from] serde_json::Error),
    /// The zip file cannot be written.
    #[error("the zip file cannot be written: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// Memory or the device is full.
    #[error("the zip file cannot be written: {0}")]
    Write(#[from] std::io::Error),
}

/// What the file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackageFormat {
    /// A platform that plays SCORM.
    Scorm(Edition),
    /// A platform that plays H5P.
    H5p,
}

impl PackageFormat {
    /// All of them.
    pub const ALL: [Self; 3] = [
        Self::Scorm(Edition::Scorm12),
        Self::Scorm(Edition::Scorm2004),
        Self::H5p,
    ];

    /// Returns the name of the package's file.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Scorm(Edition::Scorm12) => "moue-scorm12.zip",
            Self::Scorm(Edition::Scorm2004) => "moue-scorm2004.zip",
            Self::H5p => "moue.h5p",
        }
    }

    /// Returns the format whose file has this name.
    pub fn of(file_name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|format| format.file_name() == file_name)
    }
}

/// What an author chooses beside the settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PackageOptions {
    /// Leave the WebGPU program out: the processor computes.
    pub without_webgpu: bool,
    /// Carry programs and weights in scripts, for platforms that serve neither `.wasm` nor
    /// `.safetensors`; without the WebGPU program. A package for H5P is always so.
    pub in_scripts: bool,
}

impl PackageOptions {
    /// Returns the options as they hold for `format`.
    fn for_format(self, format: PackageFormat) -> Self {
        let in_scripts = self.in_scripts || format == PackageFormat::H5p;
        Self {
            without_webgpu: self.without_webgpu || in_scripts,
            in_scripts,
        }
    }
}

/// The element's files in the built page's folder, and in every package.
const ELEMENT_FILES: [&str; 9] = [
    "element-words.js",
    "element.js",
    "element_bg.wasm",
    "embed.js",
    "engine-worker.js",
    "engine.js",
    "engine_bg.wasm",
    "model/manifest.json",
    "style.css",
];
const WEBGPU_FILES: [&str; 2] = ["gpu.js", "gpu_bg.wasm"];
/// Platforms for H5P take no `.md`, and no name without an end.
const LICENCES: [(&str, &str); 2] = [
    ("LICENSE-MIT", "LICENSE.txt"),
    ("NOTICES.md", "NOTICES.txt"),
];
/// The page around the element: path in the built page's folder, and in a SCORM package.
const SCORM_FILES: [(&str, &str); 7] = [
    LICENCES[0],
    LICENCES[1],
    ("frame.css", "frame.css"),
    (PAGE_SOURCE, PAGE),
    ("scorm/sco.js", "scorm/sco.js"),
    ("scorm/scorm-api.js", "scorm/scorm-api.js"),
    ("scorm/settings.js", "scorm/settings.js"),
];
const PAGE_SOURCE: &str = "scorm/index.html";
const PAGE: &str = "index.html";
/// The page's element with WebGPU where there is some, and without.
const ENGINES: [&str; 2] = [r#"data-engine="auto""#, r#"data-engine="cpu""#];
const H5P_FILES: [(&str, &str); 6] = [
    LICENCES[0],
    LICENCES[1],
    ("h5p/library.json", "library.json"),
    ("h5p/moue-face.css", "moue-face.css"),
    ("h5p/moue-face.js", "moue-face.js"),
    ("h5p/semantics.json", "semantics.json"),
];

/// A file of a package: its path in it, and its bytes.
pub type PackageFile = (String, Vec<u8>);

/// Returns the files that a package is made of: path in the built page's folder, and in the package.
/// `weights` is the file that the model's manifest names.
pub fn listing(
    format: PackageFormat,
    options: PackageOptions,
    weights: &str,
) -> Vec<(String, String)> {
    let webgpu = WEBGPU_FILES
        .iter()
        .filter(|_| !options.for_format(format).without_webgpu);
    let around: &[_] = match format {
        PackageFormat::Scorm(_) => &SCORM_FILES,
        PackageFormat::H5p => &H5P_FILES,
    };
    let same = ELEMENT_FILES.iter().chain(webgpu);
    same.map(|path| ((*path).to_owned(), (*path).to_owned()))
        .chain([(format!("model/{weights}"), format!("model/{weights}"))])
        .chain(
            around
                .iter()
                .map(|(from, to)| ((*from).to_owned(), (*to).to_owned())),
        )
        .collect()
}

/// Returns the zip file of a package of `files`, those of [`listing`].
///
/// # Errors
/// A [`PackageError`].
pub fn package(
    format: PackageFormat,
    options: PackageOptions,
    settings: &Settings,
    mut files: Vec<PackageFile>,
) -> Result<Vec<u8>, PackageError> {
    settings.check()?;
    let options = options.for_format(format);
    if options.in_scripts {
        scripts::carry(&mut files)?;
    }
    match format {
        PackageFormat::Scorm(edition) => {
            let page = files.iter_mut().find(|(path, _)| path == PAGE);
            let (_, page) = page.ok_or(PackageError::Missing { name: PAGE })?;
            if options.without_webgpu {
                scripts::replace(PAGE, page, ENGINES[0], ENGINES[1])?;
            }
            files.push((SETTINGS_FILE.to_owned(), settings.to_json()?.into_bytes()));
            files.sort_by(|a, b| a.0.cmp(&b.0));
            let names: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
            let manifest = manifest(edition, settings.title.trim(), &names);
            // First, as platforms look for it.
            files.insert(0, (MANIFEST_FILE.to_owned(), manifest.into_bytes()));
        }
        PackageFormat::H5p => files = super::h5p::around(settings, files)?,
    }
    zip(files)
}

fn zip(files: Vec<PackageFile>) -> Result<Vec<u8>, PackageError> {
    let mut zip = ZipWriter::new(Cursor::new(vec![]));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(LEVEL))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for (path, bytes) in files {
        zip.start_file(path, options)?;
        zip.write_all(&bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn files(format: PackageFormat, options: PackageOptions) -> Vec<PackageFile> {
        let text = |from: &str| match from {
            "scorm/index.html" => ENGINES[0].to_owned(),
            "h5p/library.json" => {
                r#"{"machineName": "MoueFace", "majorVersion": 1, "minorVersion": 2}"#.to_owned()
            }
            "embed.js" | "engine-worker.js" => "const IN_SCRIPTS = false;".to_owned(),
            other => format!("{other} itself"),
        };
        let listed = listing(format, options, "moue.safetensors").into_iter();
        listed
            .map(|(from, to)| (to, text(&from).into_bytes()))
            .collect()
    }

    fn text(bytes: &[u8], path: &str) -> String {
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        zip.by_name(path)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    fn names(bytes: &[u8]) -> Vec<String> {
        let zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        zip.file_names()
            .map(|name| name.unwrap().into_owned())
            .collect()
    }

    #[test]
    fn the_same_files_make_the_same_bytes_in_any_order() {
        let settings = Settings::default();
        for format in PackageFormat::ALL {
            assert_eq!(PackageFormat::of(format.file_name()), Some(format));
            for without_webgpu in [false, true] {
                let options = PackageOptions {
                    without_webgpu,
                    in_scripts: false,
                };
                let bytes = package(format, options, &settings, files(format, options)).unwrap();
                let mut turned = files(format, options);
                turned.reverse();
                assert_eq!(package(format, options, &settings, turned).unwrap(), bytes);
            }
        }
    }

    #[test]
    fn a_scorm_package_begins_with_its_manifest_and_has_the_settings() {
        let settings = Settings {
            title: "Mirror".to_owned(),
            ..Settings::default()
        };
        for edition in [Edition::Scorm12, Edition::Scorm2004] {
            let format = PackageFormat::Scorm(edition);
            let [with, without] = [false, true].map(|without_webgpu| {
                let options = PackageOptions {
                    without_webgpu,
                    in_scripts: false,
                };
                package(format, options, &settings, files(format, options)).unwrap()
            });
            let listed = names(&with);
            assert_eq!(listed[0], MANIFEST_FILE);
            assert_eq!(
                Settings::parse(&text(&with, SETTINGS_FILE)).unwrap(),
                settings
            );
            let manifest = text(&with, MANIFEST_FILE);
            for name in &listed[1..] {
                assert!(
                    manifest.contains(&format!("<file href=\"{name}\"/>")),
                    "{name}"
                );
            }
            assert_eq!(text(&with, PAGE), ENGINES[0]);
            assert_eq!(text(&without, PAGE), ENGINES[1]);
            assert!(listed.contains(&"gpu_bg.wasm".to_owned()));
            assert!(!names(&without).iter().any(|name| name.starts_with("gpu")));
        }
    }

    #[test]
    fn in_scripts_no_program_and_no_weights_are_files_of_their_own() {
        let options = PackageOptions {
            in_scripts: true,
            ..PackageOptions::default()
        };
        for format in PackageFormat::ALL {
            let bytes = package(
                format,
                options,
                &Settings::default(),
                files(format, options),
            )
            .unwrap();
            for name in names(&bytes) {
                assert!(
                    !name.ends_with(".wasm") && !name.ends_with(".safetensors"),
                    "{name}"
                );
                assert!(!name.contains("gpu"), "{name}");
            }
            assert!(
                names(&bytes)
                    .iter()
                    .any(|name| name.ends_with("engine_bg.wasm.js"))
            );
        }
    }

    #[test]
    fn what_is_missing_or_refused_is_named() {
        let format = PackageFormat::Scorm(Edition::Scorm12);
        let options = PackageOptions::default();
        let none = package(format, options, &Settings::default(), vec![]).unwrap_err();
        assert!(none.to_string().contains("index.html"), "{none}");
        let settings = Settings {
            purpose: "workplace".to_owned(),
            ..Settings::default()
        };
        let refused = package(format, options, &settings, files(format, options)).unwrap_err();
        assert!(
            refused.to_string().contains("purpose-prohibited"),
            "{refused}"
        );
    }
}
