//! Whole runs on a data set that is made here: what is promised of a run, whatever its recipe.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use burn::data::dataloader::DataLoader as _;
use burn::tensor::Device;
use moue::data::{
    Fer2013, FerItem, FerLoader, Form, MixingConfig, SourceConfig, TrainingBatches, Variation,
    Votes, fer_plus,
};
use moue::emotion::Emotion;
use moue::training::artifact::{ArtifactDir, EpochRecord};
use moue::training::config::{Preset, Recipe, TrainingConfig};
use moue::training::error::{RunError, TrainingError};
use moue::training::init::InitError;
use moue::training::learner::{FinishedRun, Run, train};
use moue::training::progress::PlainProgress;
use moue::vision::FaceCrop;

use crate::cli::write_csv;

/// Faces of a kind that a network can tell apart: a bright bar whose height is the label.
fn item(row: usize) -> FerItem {
    let label = row % Emotion::COUNT;
    let crop = FaceCrop::new(std::array::from_fn(|at| {
        let lit = at / FaceCrop::SIDE / Emotion::COUNT == label;
        let noise = (at * 31 + row * 17) % 40;
        (if lit { 200 + noise } else { 20 + noise }) as u8
    }));
    FerItem {
        crop,
        emotion: Emotion::ALL[label],
        row,
        votes: None,
        source: 0,
    }
}

fn data() -> Fer2013 {
    Fer2013 {
        form: Form::Table,
        training: (0..70).map(item).collect(),
        public_test: (70..105).map(item).collect(),
        private_test: (105..140).map(item).collect(),
        selecting: vec![],
        sources: vec!["fer2013".into()],
    }
}

/// A recipe with everything random in it.
fn recipe() -> TrainingConfig {
    let mut config = Preset::Smoke.config().expect("a preset");
    config.epochs = 3;
    config.batch_size = 14;
    config.progressive_sizes = vec![32];
    config.network.input_size = 40;
    config.network.drop_path = 0.2;
    config.network.head.dropout = 0.3;
    config.optimizer.average_decay = 0.9;
    config.mixing.mixup_alpha = 0.4;
    config.mixing.cutmix_alpha = 1.0;
    config.augment.erase_probability = 0.5;
    config.loss.class_weight_power = 1.0;
    config.loss.logit_adjustment = 0.5;
    config
}

fn run(
    artifact: &ArtifactDir,
    config: &TrainingConfig,
    devices: usize,
) -> Result<FinishedRun, TrainingError> {
    train(Run {
        artifact,
        config,
        data: data(),
        init: None,
        devices: vec![Device::flex(); devices],
        renderer: Some(Box::new(PlainProgress::new(std::io::sink()))),
    })
}

fn start(root: &Path, config: &TrainingConfig) -> ArtifactDir {
    ArtifactDir::create(root, config).expect("an empty folder");
    ArtifactDir::open(root).expect("just created").0
}

/// The curve without the seconds it took.
fn curve(history: &[EpochRecord]) -> Vec<EpochRecord> {
    let timeless = |record: &EpochRecord| EpochRecord {
        training_seconds: 0.0,
        waiting_for_data: 0.0,
        ..*record
    };
    history.iter().map(timeless).collect()
}

/// Trains in a process of its own, because all threads of one share the CPU's random numbers, other
/// tests' among them.
fn train_apart(root: &Path, more: &[&str]) {
    let (succeeded, complaint) = run_train(root, more);
    assert!(succeeded, "{complaint}");
}

/// Whether `moue train` succeeds, and what it complains of.
fn run_train(root: &Path, more: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_moue"))
        .args(["train", "--any-size", "--out"])
        .arg(root)
        .args(more)
        .output()
        .expect("the binary starts");
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success(), complaint)
}

/// A recipe for both heads, with everything random that several sources allow.
fn reading_recipe() -> TrainingConfig {
    let mut config = recipe();
    config.mixing = MixingConfig::NONE;
    config.network.head.reading = true;
    config.loss.reading_weight = 1.0;
    config.loss.label_smoothing = 0.1;
    config.augment.degrade_probability = 0.5;
    config.sources = vec![SourceConfig {
        name: "web".into(),
        weight: 0.7,
        cut_out: true,
    }];
    config
}

/// A folder of further faces, `web`, happy and sad, and FER+'s votes for the table `csv`.
fn write_sources(folder: &Path, csv: &Path) -> [PathBuf; 2] {
    let web = folder.join("web");
    fs::create_dir_all(&web).expect("writable");
    let mut table = "file,expression\n".to_owned();
    for index in 0..40u8 {
        let name = ["happy", "sad"][usize::from(index % 2)];
        table += &format!("{index}.png,{name}\n");
        let shade = |x: u32, y: u32| match (8..40).contains(&x) && (8..40).contains(&y) {
            true => image::Luma([100 + index % 2 * 80 + (x * y) as u8 % 20]),
            false => image::Luma([0]),
        };
        let picture = image::GrayImage::from_fn(48, 48, shade);
        picture
            .save(web.join(format!("{index}.png")))
            .expect("writable");
    }
    fs::write(web.join("labels.csv"), table).expect("writable");
    let mut votes = format!("Usage,{}", fer_plus::COLUMNS.join(","));
    let text = fs::read_to_string(csv).expect("a table");
    for (row, line) in text.lines().skip(1).enumerate() {
        let usage = line.rsplit(',').next().expect("a usage");
        votes += &format!("\n{usage},{},{},1,0,1,0,0,1,0,1", row % 5, 5 - row % 5);
    }
    let path = folder.join("votes.csv");
    fs::write(&path, votes).expect("writable");
    [web, path]
}

/// That a run whose third epoch was killed ends as an unbroken one does, to the bit.
fn resumes(folder: &Path, config: &TrainingConfig, data: &[&str]) {
    let recipe = folder.join("recipe.toml");
    fs::write(&recipe, config.to_toml().expect("TOML")).expect("writable");
    let recipe = ["--config", recipe.to_str().expect("text")];
    let train = |root: &Path, more: &[&str]| train_apart(root, &[data, more].concat());
    let open = |name: &str| {
        let root = folder.join(name);
        let (artifact, config) = ArtifactDir::open(&root).expect("a run");
        assert_eq!(config.epochs, 3);
        let history = curve(&artifact.history().expect("it ended"));
        let weights = fs::read(artifact.model_path()).expect("it ended");
        let sources = artifact.sources().expect("it ended");
        (artifact, history, weights, sources)
    };
    train(&folder.join("unbroken"), &recipe);
    let (unbroken, history, weights, sources) = open("unbroken");
    assert_eq!(history.len(), 3);

    // What a run that was killed in its third epoch leaves.
    let killed = start(&folder.join("killed"), config);
    killed.save_history(&history[..2]).expect("writable");
    fs::create_dir_all(killed.root().join("checkpoint")).expect("writable");
    for epoch in [1, 2] {
        let files = unbroken.checkpoint_paths(epoch);
        for (from, to) in files.iter().zip(killed.checkpoint_paths(epoch)) {
            // The first epoch's are there only if it is the best.
            assert!(epoch == 1 || from.is_file(), "the last two epochs are kept");
            fs::copy(from, to).ok();
        }
    }
    train(killed.root(), &["--resume"]);
    let (_, resumed_history, resumed_weights, resumed_sources) = open("killed");
    assert_eq!(resumed_history, history);
    assert!(resumed_weights == weights, "the weights differ");
    assert_eq!(resumed_sources, sources);

    train(
        &folder.join("other"),
        &[&recipe[..], &["--seed", "2"]].concat(),
    );
    assert_ne!(open("other").1, history, "another seed is another run");
}

#[test]
fn a_resumed_run_has_the_curve_and_the_weights_of_an_unbroken_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let csv = write_csv(folder.path(), 16);
    let data = ["--data", csv.to_str().expect("text")];
    resumes(folder.path(), &recipe(), &data);
    for option in [
        ["--preset", "moue"],
        ["--config", "mine.toml"],
        ["--seed", "2"],
    ] {
        let options = [&["--resume"], &data[..], &option[..]].concat();
        let (succeeded, complaint) = run_train(&folder.path().join("unbroken"), &options);
        assert!(
            !succeeded && complaint.contains("resume it without"),
            "{option:?}: {complaint}"
        );
    }
    let table = csv.to_str().expect("text");
    let options = [&["--resume", "--init", table], &data[..]].concat();
    let (succeeded, complaint) = run_train(&folder.path().join("unbroken"), &options);
    assert!(
        !succeeded && complaint.contains("random weights"),
        "{complaint}"
    );
}

#[test]
fn so_has_one_with_two_heads_and_several_sources() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let csv = write_csv(folder.path(), 16);
    let [web, votes] = write_sources(folder.path(), &csv);
    let text = |path: &Path| path.to_str().expect("text").to_owned();
    let [csv, web, votes] = [&csv, &web, &votes].map(|path: &PathBuf| text(path));
    let data = ["--data", &csv, "--fer-plus", &votes, "--data", &web];
    resumes(folder.path(), &reading_recipe(), &data);
    let (artifact, _) = ArtifactDir::open(&folder.path().join("unbroken")).expect("a run");
    let fewer = ["--resume", "--data", &csv, "--fer-plus", &votes];
    let (succeeded, complaint) = run_train(artifact.root(), &fewer);
    assert!(
        !succeeded && complaint.contains("began with small"),
        "{complaint}"
    );
    let sources = artifact.sources().expect("it ended");
    let names: Vec<&str> = sources.iter().map(|it| it.source.name.as_str()).collect();
    assert_eq!(names, ["small", "web"]);
    let bias = sources[1].bias.expect("a reading head");
    let [anger, happy] = [Emotion::Anger, Emotion::Happy].map(|emotion| bias[emotion.index()]);
    assert!(
        anger < -1e3 && happy.abs() < 2.0,
        "what was not collected has no chance: {bias:?}"
    );
    assert!(sources[0].bias.expect("a reading head")[Emotion::Anger.index()] > -20.0);
}

#[test]
fn what_a_recipe_wants_of_its_sources_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let told = |name: &str, change: fn(&mut TrainingConfig, &mut Fer2013)| {
        let (mut config, mut data) = (reading_recipe(), data());
        for item in &mut data.training {
            item.votes = Some(Votes::new([10, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        }
        data.sources.push("web".into());
        change(&mut config, &mut data);
        let artifact = start(&folder.path().join(name), &config);
        let error = train(Run {
            artifact: &artifact,
            config: &config,
            data,
            init: None,
            devices: vec![Device::flex()],
            renderer: Some(Box::new(PlainProgress::new(std::io::sink()))),
        });
        error.expect_err(name).to_string()
    };
    let error = told("votes", |_, data| {
        data.training.iter_mut().for_each(|it| it.votes = None)
    });
    assert!(error.contains("--fer-plus"), "{error}");
    let error = told("mixed", |config, _| config.mixing = recipe().mixing);
    assert!(error.contains("mixing.probability"), "{error}");
}

#[test]
fn two_devices_and_accumulated_batches_learn_too() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, devices, accumulation) in [("devices", 2, 1), ("accumulated", 1, 2)] {
        let mut config = Preset::Smoke.config().expect("a preset");
        config.epochs = 8;
        config.batch_size = 14;
        config.optimizer.learning_rate = 4e-3;
        config.optimizer.accumulation = accumulation;
        let artifact = start(&folder.path().join(name), &config);
        let history = run(&artifact, &config, devices).expect("it trains").history;
        let (first, last) = (history[0].training_loss, history[7].training_loss);
        assert!(last < first * 0.9, "{name}: from {first} to {last} nats");
    }
    let mut config = recipe();
    config.batch_size = 15;
    let artifact = start(&folder.path().join("uneven"), &config);
    let error = run(&artifact, &config, 2).expect_err("15 in two halves");
    assert!(
        matches!(error, TrainingError::Run(RunError::UnevenBatch { .. })),
        "{error}"
    );
}

#[test]
fn a_run_that_gets_no_better_stops_and_stays_stopped() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut config = Preset::Smoke.config().expect("a preset");
    config.epochs = 30;
    config.patience = 2;
    config.batch_size = 14;
    // Too little to change an answer.
    config.optimizer.learning_rate = 1e-12;
    let artifact = start(&folder.path().join("run"), &config);
    let outcome = run(&artifact, &config, 1).expect("it ends early");
    let epochs = outcome.history.len();
    assert!((3..30).contains(&epochs), "{epochs} epochs");
    assert_eq!(epochs, outcome.best.epoch + 2);
    let again = run(&artifact, &config, 1).expect("there is nothing left to do");
    assert_eq!(again.history, outcome.history);
}

#[test]
fn a_run_starts_from_the_file_that_its_recipe_names() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut config = recipe();
    config.initial_weights = Some("0".repeat(64));
    let artifact = start(&folder.path().join("run"), &config);
    let error = run(&artifact, &config, 1).expect_err("no file");
    assert!(
        matches!(error, TrainingError::Init(InitError::Missing { .. })),
        "{error}"
    );
    let other = folder.path().join("other.safetensors");
    fs::write(&other, "weights").expect("writable");
    let error = train(Run {
        artifact: &artifact,
        config: &config,
        data: data(),
        init: Some(&other),
        devices: vec![Device::flex()],
        renderer: Some(Box::new(PlainProgress::new(std::io::sink()))),
    });
    let error = error.expect_err("another file").to_string();
    assert!(
        error.contains("other.safetensors") && error.contains("--init"),
        "{error}"
    );
}

#[test]
fn votes_are_asked_for_where_the_recipe_needs_them() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut config = recipe();
    config.loss.fer_plus_share = 0.5;
    let artifact = start(&folder.path().join("run"), &config);
    let error = run(&artifact, &config, 1).expect_err("no votes");
    assert!(error.to_string().contains("--fer-plus"), "{error}");

    let mut voted = data();
    for item in &mut voted.training {
        item.votes = Some(Votes::new([10, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    }
    let outcome = train(Run {
        artifact: &artifact,
        config: &config,
        data: voted,
        init: None,
        devices: vec![Device::flex()],
        renderer: Some(Box::new(PlainProgress::new(std::io::sink()))),
    });
    assert!(outcome.is_ok(), "{:?}", outcome.err());
}

/// A measurement and no test: `cargo test --release --features native -- --ignored --nocapture
/// how_fast`.
#[test]
#[ignore = "prints a time"]
fn how_fast_batches_are_prepared() {
    let mut config = recipe();
    config.network.input_size = 112;
    let items: Vec<FerItem> = (0..6400).map(item).collect();
    for (name, mixing) in [("plain", MixingConfig::NONE), ("mixed", config.mixing)] {
        let batches = TrainingBatches {
            batch_size: 64,
            devices: 1,
            inputs: vec![],
            variation: Variation {
                augment: config.augment,
                mixing,
                ..Variation::NONE
            },
        };
        let items = Arc::new(items.clone());
        let loader = FerLoader::training(items, batches, config.input(), Device::flex());
        let start = Instant::now();
        let count: usize = loader
            .iter()
            .map(|batch| batch.unwrap().labels.dims()[0])
            .sum();
        let rate = count as f64 / start.elapsed().as_secs_f64();
        println!("{name}: {rate:.0} images of 112 px a second from one thread");
    }
}
