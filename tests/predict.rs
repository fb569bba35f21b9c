//! `moue predict` as a real process.

use std::fs;
use std::path::Path;

use crate::cli::{argument, moue_in, text};

fn copy(fixture: &str, to: &Path) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    fs::copy(fixtures.join(fixture), to).expect("the folder is writable");
}

#[test]
fn commands_that_read_the_model_need_no_folder() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy("happy.png", &folder.path().join("happy.png"));
    let predicted = moue_in(folder.path(), &["predict", "happy.png"]);
    assert!(
        text(&predicted.stdout).contains("looks happy"),
        "{}",
        text(&predicted.stderr)
    );
    let doctor = moue_in(folder.path(), &["doctor"]);
    assert!(
        text(&doctor.stdout).contains("moue loads, 96 px"),
        "{}",
        text(&doctor.stdout)
    );
    let exported = moue_in(folder.path(), &["export-onnx"]);
    assert!(exported.status.success(), "{}", text(&exported.stderr));
    // What --model names is read, and nothing in its place.
    let other = moue_in(folder.path(), &["predict", "--model", ".", "happy.png"]);
    assert_eq!(other.status.code(), Some(1));
    assert!(
        text(&other.stderr).contains("manifest.json"),
        "{}",
        text(&other.stderr)
    );
}
