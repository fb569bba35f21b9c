//! `moue train-detector` and `moue quantize-detector`, on drawn faces.

use std::fs;
use std::path::Path;
use std::process::Output;

use moue::training::artifact::RunLock;

use super::cli::{argument, moue, text};
use super::detector::{DRAWN, write_copies};

/// Small enough to train in seconds.
const RECIPE: [(&str, &str); 6] = [
    ("epochs = 60", "epochs = 2"),
    ("batch_size = 16", "batch_size = 4"),
    ("sides = [160, 224, 256]", "sides = [32, 64]"),
    (
        r#"held_out = ["bolly", "caltech", "caltech_faces", "humanseg"]"#,
        r#"held_out = ["held-out"]"#,
    ),
    (
        "channels = [16, 32, 64, 96, 128]",
        "channels = [2, 4, 6, 6, 8]",
    ),
    ("blocks = [2, 4, 6, 6]", "blocks = [1, 1, 1, 1]"),
];

/// So many drawn faces to train on, and so many that are held out.
fn write_faces(folder: &Path, training: usize, held_out: usize) {
    let names: Vec<String> = (0..training + held_out)
        .map(|index| format!("{index}.png"))
        .collect();
    let copies: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let (fixture, rect) = DRAWN[index % DRAWN.len()];
            let source = if index < training {
                "source-0"
            } else {
                "held-out"
            };
            (fixture, name.as_str(), rect, source)
        })
        .collect();
    write_copies(folder, &copies);
}

/// The shipped recipe, made small.
fn recipe(folder: &Path) -> std::path::PathBuf {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/training/presets/detector.toml");
    let mut recipe = fs::read_to_string(shipped).unwrap();
    for (from, to) in RECIPE {
        assert!(recipe.contains(from), "the recipe has no `{from}`");
        recipe = recipe.replace(from, to);
    }
    let path = folder.join("recipe.toml");
    fs::write(&path, recipe).unwrap();
    path
}

fn train(data: &Path, run: &Path, arguments: &[&str]) -> Output {
    let fixed = [
        "train-detector",
        "--data",
        argument(data),
        "--out",
        argument(run),
    ];
    moue(&[&fixed[..], arguments].concat())
}

#[test]
fn a_detector_is_trained_resumed_quantized_and_measured() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("faces");
    fs::create_dir(&data).unwrap();
    write_faces(&data, 10, 2);
    let recipe = recipe(folder.path());
    let run = folder.path().join("run");
    let train = |arguments: &[&str]| train(&data, &run, arguments);
    let trained = train(&["--config", argument(&recipe), "--plain"]);
    assert!(trained.status.success(), "{}", text(&trained.stderr));
    let told = text(&trained.stdout);
    assert!(told.contains("10 faces in 10 photographs"), "{told}");
    assert!(told.contains("without those of held-out"), "{told}");
    let weights = run.join("detector.safetensors");
    let unbroken = fs::read(&weights).unwrap();

    let again = train(&["--config", argument(&recipe)]);
    let error = text(&again.stderr);
    assert!(
        !again.status.success() && error.contains("--resume"),
        "{error}"
    );

    // As if it had been killed in its second epoch.
    fs::remove_file(&weights).unwrap();
    for kind in ["model", "optim", "scheduler"] {
        fs::remove_file(run.join(format!("checkpoint/{kind}-2.bpk"))).unwrap();
    }
    let lock = RunLock::new(&run).unwrap();
    let error = text(&train(&["--resume", "--plain"]).stderr);
    assert!(error.contains("another process is training"), "{error}");
    drop(lock);
    let resumed = train(&["--resume", "--plain"]);
    assert!(resumed.status.success(), "{}", text(&resumed.stderr));
    assert!(
        fs::read(&weights).unwrap() == unbroken,
        "the resumed run has other weights"
    );

    let file = folder.path().join("faces.safetensors");
    let quantized = moue(&[
        "quantize-detector",
        "--model",
        argument(&run),
        "--out",
        argument(&file),
    ]);
    assert!(quantized.status.success(), "{}", text(&quantized.stderr));
    let measured = moue(&[
        "evaluate-detector",
        "--data",
        argument(&data),
        "--held-out",
        "held-out",
        "--model",
        argument(&file),
    ]);
    assert!(measured.status.success(), "{}", text(&measured.stderr));
    assert!(text(&measured.stdout).contains("moue, camera"));
}

#[test]
fn what_cannot_be_trained_is_named_before_the_first_step() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("faces");
    fs::create_dir(&data).unwrap();
    write_faces(&data, 3, 1);
    let run = folder.path().join("run");
    let told = |arguments: &[&str]| {
        let output = train(&data, &run, arguments);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
        text(&output.stderr)
    };
    // The shipped recipe holds out another set's sources.
    let error = told(&[]);
    assert!(error.contains("held-out, source-0"), "{error}");
    assert!(!run.exists());
    let recipe = recipe(folder.path());
    let error = told(&["--config", argument(&recipe), "--plain"]);
    assert!(error.contains("lower `batch_size`"), "{error}");
    let error = told(&["--resume", "--epochs", "3"]);
    assert!(error.contains("config.toml"), "{error}");
}
