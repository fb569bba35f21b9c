//! `moue evaluate-detector`, on drawn faces.

use std::fs;
use std::path::Path;

use super::cli::{argument, moue, text};

const POINTS: &str = "[[150,200],[250,200],[200,240],[160,290],[240,290]]";
/// What `tests/fixtures/draw_faces.py` drew, as (file, pixels a side, box).
pub const DRAWN: [(&str, &str); 2] = [
    ("happy.png", "[95,130,210,210]"),
    ("neutral.png", "[95,130,210,210]"),
];

/// Two drawn faces, each its own source.
fn write_faces(folder: &Path) {
    write_copies(folder, &DRAWN.map(|(file, rect)| (file, file, rect, file)));
}

/// Copies of drawn faces with their labels, as (fixture, name, box, source).
pub fn write_copies(folder: &Path, copies: &[(&str, &str, &str, &str)]) {
    let mut labels = String::new();
    for (fixture, file, rect, source) in copies {
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures")
            .join(fixture);
        let bytes = fs::read(fixture).unwrap();
        let picture = moue::vision::decode(&bytes).unwrap();
        fs::write(folder.join(file), bytes).unwrap();
        labels += &format!(
            r#"{{"file":"{file}","width":{},"height":{},"source":"{source}","kind":"drawn","faces":[{{"box":{rect},"landmarks":{POINTS},"ignore":false}}]}}"#,
            picture.width, picture.height
        );
        labels.push('\n');
    }
    fs::write(folder.join("labels.jsonl"), labels).unwrap();
}

#[test]
fn ours_and_another_detector_are_measured_in_one_table() {
    let folder = tempfile::tempdir().unwrap();
    write_faces(folder.path());
    let other = folder.path().join("other.jsonl");
    let found = format!(
        r#"{{"about":{{"threshold":0.5,"remark":"a remark"}}}}
{{"file":"happy.png","millis":3.5,"detections":[{{"box":[100,130,210,210],"score":0.9,"landmarks":{POINTS}}}]}}
{{"file":"neutral.png","detections":[]}}"#
    );
    fs::write(&other, found).unwrap();
    let out = folder.path().join("report");
    let named = format!("other={}", other.display());
    let arguments = [
        "evaluate-detector",
        "--data",
        argument(folder.path()),
        "--all",
    ];
    let arguments = [
        &arguments[..],
        &["--detections", &named, "--out", argument(&out)],
    ]
    .concat();
    let measured = moue(&arguments);
    assert!(measured.status.success(), "{}", text(&measured.stderr));
    let told = text(&measured.stdout);
    let row = |name: &str| -> Vec<String> {
        let line = told.lines().find(|line| line.starts_with(name)).unwrap();
        line.split("  ")
            .map(|field| field.trim().to_owned())
            .filter(|field| !field.is_empty())
            .collect()
    };
    assert!(row("moue").contains(&"100.0 %".to_owned()), "{told}");
    assert!(row("other").contains(&"50.0 %".to_owned()), "{told}");
    assert_eq!(
        row("other").last().map(String::as_str),
        Some("3.5"),
        "{told}"
    );
    assert!(told.contains("other: a remark"), "{told}");
    let json = fs::read(out.join("detection.json")).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["photos"]["images"], 2);
    // Ours is measured twice: as it searches a photograph, and a camera's frame.
    assert_eq!(json["detectors"][2]["at_budget"]["headline"]["found"], 1);
    assert!(out.join("froc.svg").is_file() && out.join("report.md").is_file());
}

#[test]
fn what_is_wrong_is_named_before_anything_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    write_faces(folder.path());
    let data = argument(folder.path());
    let told = |arguments: &[&str]| {
        let output = moue(&[&["evaluate-detector", "--data", data], arguments].concat());
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
        text(&output.stderr)
    };
    // The sources held out by default are another set's.
    let error = told(&[]);
    assert!(
        error.contains("--all") && error.contains("happy.png, neutral.png"),
        "{error}"
    );
    let other = folder.path().join("other.jsonl");
    fs::write(&other, r#"{"file":"happy.png","detections":[]}"#).unwrap();
    let error = told(&[
        "--all",
        "--detections",
        &format!("other={}", other.display()),
    ]);
    assert!(error.contains("no line for \"neutral.png\""), "{error}");
    let error = told(&[
        "--held-out",
        "happy.png",
        "--detections",
        "other=absent.jsonl",
    ]);
    assert!(error.contains("absent.jsonl: cannot be read"), "{error}");
}
