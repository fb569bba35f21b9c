//! `moue predict` as a real process.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::cli::{argument, moue_in, text};

const EXPRESSIONS: [&str; 8] = [
    "anger", "disgust", "fear", "happy", "sad", "surprise", "neutral", "other",
];

fn copy(fixture: &str, to: &Path) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    fs::copy(fixtures.join(fixture), to).expect("the folder is writable");
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn the_json_is_the_pages_and_says_what_was_not_read() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for name in ["happy.png", "no-face.png"] {
        copy(name, &folder.path().join(name));
    }
    let photos = ["happy.png", "missing.png", "no-face.png"];
    let output = moue_in(
        folder.path(),
        &[&["predict", "--json"], &photos[..]].concat(),
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("missing.png: cannot be read"));
    let json = json(&output);
    assert_eq!(json["format"], moue::page::record::export::FORMAT);
    assert_eq!(json["engine"], "CPU");
    assert_eq!(json["model_sha256"].as_str().map(str::len), Some(64));
    assert!(
        json["made"]
            .as_str()
            .is_some_and(|made| made.ends_with('Z'))
    );
    assert_eq!(json["unread"][0]["photo"], "missing.png");
    assert!(
        json["unread"][0]["error"]
            .as_str()
            .is_some_and(|error| error.contains("cannot"))
    );
    let rows = json["rows"].as_array().expect("rows");
    let [happy, none] = rows.as_slice() else {
        panic!("{json}")
    };
    assert_eq!(
        (&happy["photo"], &happy["photo_width"]),
        (&"happy.png".into(), &400.into())
    );
    assert_eq!(
        (&happy["face"], &happy["verdict"]),
        (&1.into(), &"happy".into())
    );
    let shares = EXPRESSIONS.map(|name| happy[name].as_f64().expect("a probability"));
    assert!(
        (shares.iter().sum::<f64>() - 1.0).abs() < 1e-3,
        "{shares:?}"
    );
    assert_eq!(
        (&none["photo"], &none["verdict"]),
        (&"no-face.png".into(), &"no-face".into())
    );
    for name in happy.as_object().expect("a row").keys() {
        assert!(json["units"][name].is_string(), "{name} has a unit");
    }
}

#[cfg(unix)]
#[test]
fn a_name_that_is_no_text_costs_no_result() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let folder = tempfile::tempdir().expect("a temporary folder");
    copy("happy.png", &folder.path().join("happy.png"));
    let strange = folder.path().join(OsStr::from_bytes(b"caf\xe9.png"));
    copy("neutral.png", &strange);
    for arguments in [&["predict", "--json", "."][..], &["predict", "."]] {
        let output = moue_in(folder.path(), arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let told = text(&output.stdout);
        assert!(
            told.contains("caf\u{fffd}.png") && told.contains("happy.png"),
            "{told}"
        );
    }
}

#[test]
fn of_a_folder_the_pictures_are_read_in_order() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let below = folder.path().join("photos/below");
    fs::create_dir_all(&below).expect("the folder is writable");
    copy("surprise.png", &below.join("C.PNG"));
    copy("happy.png", &folder.path().join("photos/b.png"));
    copy("neutral.png", &folder.path().join("photos/a.png"));
    fs::write(below.join("notes.txt"), "notes").expect("the folder is writable");
    fs::write(folder.path().join("photos/film.mp4"), "a film").expect("the folder is writable");
    let output = moue_in(folder.path(), &["predict", "--json", "photos"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(
        text(&output.stderr).contains("photos: files left out that are no pictures: 2"),
        "{}",
        text(&output.stderr)
    );
    let json = json(&output);
    let rows = json["rows"].as_array().expect("rows").iter();
    let read: Vec<_> = rows
        .map(|row| row["photo"].as_str().expect("a name"))
        .collect();
    let expected = ["a.png", "b.png", "below/C.PNG"].map(|name| Path::new("photos").join(name));
    assert_eq!(read, expected.each_ref().map(|path| argument(path)));

    fs::create_dir(folder.path().join("empty")).expect("the folder is writable");
    let output = moue_in(folder.path(), &["predict", "empty", "photos/b.png"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("empty: no pictures"),
        "{}",
        text(&output.stderr)
    );
    assert!(text(&output.stdout).contains("looks happy"));
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

#[test]
fn what_has_no_decoder_is_named_with_the_command_that_converts_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let files: [(&str, &[u8], &str); 5] = [
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        ("a.avif", b"\0\0\0\x1cftypavif\0\0\0\0", "AVIF"),
        ("a.jxl", b"\xff\x0a\xfa\x1f\0\0\0\0", "JPEG XL"),
        ("a.tif", b"II*\0\x08\0\0\0", "TIFF"),
        ("a.cr3", b"\0\0\0\x18ftypcrx \0\0\0\0", "camera raw"),
    ];
    for (name, bytes, format) in files {
        fs::write(folder.path().join(name), bytes).expect("the folder is writable");
        let output = moue_in(folder.path(), &["predict", name]);
        assert_eq!(output.status.code(), Some(1));
        let complaint = text(&output.stderr);
        assert_eq!(complaint.lines().count(), 1, "{complaint}");
        assert!(
            complaint.starts_with(&format!("{name}: {format}")),
            "{complaint}"
        );
        let command = format!("`magick \"{name}[0]\" \"a.converted.png\"`");
        assert!(complaint.contains(&command), "{complaint}");
    }
}
