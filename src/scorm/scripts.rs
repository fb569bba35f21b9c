//! Programs and weights carried in scripts, for platforms that serve `.js` and neither `.wasm` nor
//! `.safetensors`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use super::package::PackageFile;

/// Ends of names of the files that are carried in a script of their name with `.js`.
const CARRIED: [&str; 2] = [".wasm", ".safetensors"];
/// The scripts that fetch them, and what makes them import instead.
const READERS: [&str; 2] = ["embed.js", "engine-worker.js"];
const FETCHES: &str = "const IN_SCRIPTS = false;";
const IMPORTS: &str = "const IN_SCRIPTS = true;";

/// A file is not what this program belongs to.
#[derive(Debug, Error)]
#[error("{path} has \"{expected}\" not once; use the built page and this program of one release")]
pub struct ScriptError {
    path: String,
    expected: String,
}

/// Replaces the one place in a text file where `old` stands.
///
/// # Errors
/// Unless it stands there once.
pub(super) fn replace(
    path: &str,
    bytes: &mut Vec<u8>,
    old: &str,
    by: &str,
) -> Result<(), ScriptError> {
    let text = String::from_utf8_lossy(bytes);
    if text.matches(old).count() != 1 {
        return Err(ScriptError {
            path: path.to_owned(),
            expected: old.to_owned(),
        });
    }
    *bytes = text.replacen(old, by, 1).into_bytes();
    Ok(())
}

/// Puts programs and weights into modules whose default export returns their bytes, and has the
/// scripts that fetch them import these.
///
/// # Errors
/// A [`ScriptError`] if a script is of another release.
pub(super) fn carry(files: &mut [PackageFile]) -> Result<(), ScriptError> {
    for (path, bytes) in files {
        if READERS.contains(&path.as_str()) {
            replace(path, bytes, FETCHES, IMPORTS)?;
        } else if CARRIED.iter().any(|end| path.ends_with(end)) {
            let text = STANDARD.encode(&*bytes);
            *bytes = format!(
                "export default () => Uint8Array.from(atob(\"{text}\"), (character) => character.charCodeAt(0));\n"
            )
            .into_bytes();
            path.push_str(".js");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_of_another_release_is_refused() {
        let mut files = vec![("embed.js".to_owned(), b"export {};".to_vec())];
        let refused = carry(&mut files).unwrap_err().to_string();
        assert!(refused.contains("embed.js"), "{refused}");
    }

    #[test]
    fn bytes_ride_as_base64() {
        let mut files = vec![("a.wasm".to_owned(), vec![0, 97, 115, 109])];
        carry(&mut files).unwrap();
        assert_eq!(files[0].0, "a.wasm.js");
        assert!(String::from_utf8_lossy(&files[0].1).contains("atob(\"AGFzbQ==\")"));
    }
}
