//! `h5p.json`, a content's parameters and the library that shows them: the parts of an H5P package
//! (<https://h5p.org/documentation/developers/h5p-specification>).

use serde::Deserialize;
use serde_json::json;

use super::package::{PackageError, PackageFile};
use super::settings::Settings;

const LIBRARY_FILE: &str = "library.json";

/// What is read of `library.json`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Library {
    machine_name: String,
    major_version: u32,
    minor_version: u32,
}

/// Returns the package of a library with these files, and of a content with these settings. What an
/// author sets to report is left out: H5P has its own reports, and this library tells them nothing.
///
/// # Errors
/// [`PackageError::Missing`] without `library.json`, and [`PackageError::Json`] if it is none.
pub(super) fn around(
    settings: &Settings,
    files: Vec<PackageFile>,
) -> Result<Vec<PackageFile>, PackageError> {
    let library = files.iter().find(|(path, _)| path == LIBRARY_FILE);
    let (_, library) = library.ok_or(PackageError::Missing { name: LIBRARY_FILE })?;
    let library: Library = serde_json::from_slice(library)?;
    let folder = format!(
        "{}-{}.{}",
        library.machine_name, library.major_version, library.minor_version
    );
    let package = json!({
        "title": settings.title.trim(),
        "language": "und",
        "mainLibrary": library.machine_name,
        "embedTypes": ["iframe"],
        "license": "U",
        "preloadedDependencies": [{
            "machineName": library.machine_name,
            "majorVersion": library.major_version,
            "minorVersion": library.minor_version,
        }],
    });
    let mut content = serde_json::to_value(settings)?;
    if let Some(content) = content.as_object_mut() {
        content.remove("report");
    }
    let mut files: Vec<PackageFile> = files
        .into_iter()
        .map(|(path, bytes)| (format!("{folder}/{path}"), bytes))
        .collect();
    let text = |value| serde_json::to_string_pretty(value).map(|json| (json + "\n").into_bytes());
    files.push(("content/content.json".to_owned(), text(&content)?));
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files.insert(0, ("h5p.json".to_owned(), text(&package)?));
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_has_its_description_the_content_and_the_library() {
        let library = br#"{"machineName": "MoueFace", "majorVersion": 1, "minorVersion": 2}"#;
        let files = vec![(LIBRARY_FILE.to_owned(), library.to_vec())];
        let settings = Settings {
            title: "Mirror".to_owned(),
            report: true,
            ..Settings::default()
        };
        let packed = around(&settings, files).unwrap();
        let names: Vec<&str> = packed.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(
            names,
            [
                "h5p.json",
                "MoueFace-1.2/library.json",
                "content/content.json"
            ]
        );
        let content: serde_json::Value = serde_json::from_slice(&packed[2].1).unwrap();
        assert_eq!(content["title"], "Mirror");
        assert_eq!(content["purpose"], "self-reflection");
        assert!(content.get("report").is_none());
        let description: serde_json::Value = serde_json::from_slice(&packed[0].1).unwrap();
        assert_eq!(description["mainLibrary"], "MoueFace");
    }

    #[test]
    fn a_folder_without_its_description_is_refused() {
        let none = around(&Settings::default(), vec![]).unwrap_err();
        assert!(none.to_string().contains(LIBRARY_FILE), "{none}");
    }
}
