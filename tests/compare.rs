//! `moue compare` as a real process.

use std::fs;

use crate::cli::{argument, moue, moue_in, text, write_csv};

fn json(bytes: &[u8]) -> serde_json::Value {
    serde_json::from_slice(bytes).expect("JSON")
}

#[test]
fn presets_are_compared_by_size_without_any_data() {
    let output = moue(&["compare", "cnn", "paper", "moue"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let table = text(&output.stdout);
    for expected in [
        "cnn (untrained)",
        "15,178,055",
        "6,438,787",
        "4,027,637",
        "48 px",
        "224 px",
    ] {
        assert!(table.contains(expected), "`{expected}` is not in\n{table}");
    }
    assert!(
        !table.contains("PrivateTest") && !table.contains('–'),
        "{table}"
    );

    let output = moue(&["compare", "--json", "moue"]);
    let rows = json(&output.stdout);
    let row = &rows[0];
    assert_eq!(row["parameters"], 4_027_637);
    let bytes = row["int8_bytes"].as_u64().expect("a number");
    assert!((4_000_000..4_500_000).contains(&bytes), "{bytes}");
    assert!(row["latency_ms"].as_f64().expect("a number") > 0.0);
    assert!(row["private_test"].is_null());
}

#[test]
fn the_name_of_a_preset_is_no_path() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("smoke"), "a program").expect("the folder is writable");
    let preset = moue_in(folder.path(), &["compare", "smoke"]);
    assert!(preset.status.success(), "{}", text(&preset.stderr));
    let path = moue_in(folder.path(), &["compare", "./smoke"]);
    assert_eq!(path.status.code(), Some(1));
    let complaint = text(&path.stderr);
    assert!(
        complaint.contains("./smoke is not a training"),
        "{complaint}"
    );
}

#[test]
fn what_is_no_network_is_told_with_the_presets_that_there_are() {
    let output = moue(&["compare", "moue-not-there"]);
    assert_eq!(output.status.code(), Some(1));
    let complaint = text(&output.stderr);
    assert!(
        complaint.contains("moue-not-there") && complaint.contains("paper"),
        "{complaint}"
    );
    for wrong in [
        &["compare"][..],
        &["compare", "--ablation", "--out", "x"],
        &["compare", "--ablation", "--data", "x"],
        &["compare", "--ablation", "--data", "x", "--out", "y", "moue"],
    ] {
        assert_eq!(moue(wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn runs_are_measured_and_an_ablation_is_not_trained_twice() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let csv = write_csv(folder.path(), 16);
    let common = ["--data", argument(&csv), "--any-size"];
    let out = folder.path().join("ablation");
    let ablation = [
        "compare",
        "--ablation",
        "--preset",
        "smoke",
        "--epochs",
        "1",
        "--images",
        "40",
        "--out",
        argument(&out),
    ];
    let first = moue(&[&ablation[..], &common[..]].concat());
    assert!(first.status.success(), "{}", text(&first.stderr));
    let table = text(&first.stdout);
    for expected in [
        "as it is",
        "no attention",
        "SiLU",
        "without squeeze-excite",
        "PrivateTest",
    ] {
        assert!(table.contains(expected), "`{expected}` is not in\n{table}");
    }
    let rows = json(&fs::read(out.join("table.json")).expect("it was written"));
    let rows = rows.as_array().expect("rows");
    assert!(
        fs::read_to_string(out.join("table.md"))
            .expect("too")
            .contains("| no attention |")
    );
    assert!(rows.iter().all(|row| row["public_test"]["images"].is_u64()));

    let second = moue(&[&ablation[..], &common[..]].concat());
    assert!(second.status.success(), "{}", text(&second.stderr));
    assert!(
        !text(&second.stderr).contains("images/s"),
        "it trained again: {}",
        text(&second.stderr)
    );
    let again = json(&fs::read(out.join("table.json")).expect("it was written"));
    for (row, again) in rows.iter().zip(again.as_array().expect("rows")) {
        assert_eq!(row["private_test"], again["private_test"]);
    }

    let run = out.join("as-it-is");
    let markdown = folder.path().join("table.md");
    let arguments = [
        "compare",
        argument(&run),
        "smoke",
        "--out",
        argument(&markdown),
    ];
    let compared = moue(&[&arguments[..], &common[..]].concat());
    assert!(compared.status.success(), "{}", text(&compared.stderr));
    let markdown = fs::read_to_string(&markdown).expect("it was written");
    let lines: Vec<&str> = markdown.lines().collect();
    assert!(
        lines[0].contains("| PrivateTest | macro-F1 | PublicTest\\* |"),
        "{markdown}"
    );
    assert!(
        lines[3].starts_with("| smoke (untrained) | – |"),
        "{markdown}"
    );
}
