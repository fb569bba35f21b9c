//! The model that ships: its files are a test subject like any code.

use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use moue::emotion::Emotion;
use moue::engine::cpu::CpuProgram;
use moue::nn::EmotionNet;
use moue::nn::tensors::apply;
use moue::page::protocol::error_code::ErrorCode;
use moue::pipeline::{Analyzer, known_answer, load_plan};
use moue::spec::manifest::Manifest;
use moue::spec::weights::decode;
use moue::vision::FaceCrop;

use crate::golden::noise;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("www/model")
}

fn files() -> (Vec<u8>, Vec<u8>) {
    let json = fs::read(folder().join("manifest.json")).expect("the manifest ships");
    let manifest = Manifest::parse(&json).expect("the manifest is valid");
    let weights = fs::read(folder().join(&manifest.weights.file)).expect("the weights ship");
    (json, weights)
}

#[test]
fn it_decodes_and_its_size_hash_labels_and_accuracies_are_as_promised() {
    let (json, weights) = files();
    let manifest = Manifest::parse(&json).expect("the manifest is valid");
    manifest.verify(&weights).expect("length and checksum");
    assert!(weights.len() <= 4_500_000, "{} bytes", weights.len());
    let labels: Vec<&str> = manifest.labels.iter().map(String::as_str).collect();
    assert_eq!(labels, Emotion::ALL.map(Emotion::label));
    let tensors = decode(&weights).expect("safetensors");
    apply(
        EmotionNet::new(&manifest.architecture, &Device::flex()),
        tensors,
    )
    .expect("the architecture's tensors");

    let measured = |split: &str| {
        let row = manifest.accuracy.iter().find(|row| row.split == split);
        row.unwrap_or_else(|| panic!("{split} was not measured"))
    };
    let splits = ["PublicTest", "PrivateTest"];
    let voted = splits.map(|split| measured(&format!("{split}, FER+ majority")));
    let labelled = splits.map(measured);
    assert_eq!(labelled.map(|row| row.images), [3589, 3589]);
    assert_eq!(manifest.held_out(), Some(voted[1]), "what the page tells");
    for row in labelled.into_iter().chain(voted) {
        let cost = row.before - row.after;
        assert!(cost <= 0.005, "quantization cost {cost} on {}", row.split);
    }
    assert!(labelled[0].before >= 0.60, "{}", labelled[0].before);
    assert!(voted[0].before >= 0.75, "{}", voted[0].before);
}

#[test]
fn its_logits_equal_an_independent_implementation() {
    let (json, weights) = files();
    let (mut analyzer, manifest) = Analyzer::load(&json, &weights).expect("it loads");
    let golden = include_str!("fixtures/golden/logits.json");
    let golden: serde_json::Value = serde_json::from_str(golden).expect("JSON");
    assert_eq!(
        golden["weights_sha256"], manifest.weights.sha256,
        "logits.json belongs to other weights: run tests/fixtures/golden/make_logits.py"
    );
    let mut crops: Vec<FaceCrop> = (0..3)
        .map(|index| {
            let numbers = noise(&format!("face {index}"), FaceCrop::AREA);
            let pixels: Vec<u8> = numbers.iter().map(|n| ((n + 1.0) * 127.5) as u8).collect();
            FaceCrop::new(pixels.try_into().expect("48×48"))
        })
        .collect();
    crops[2] = drawn();
    let rows = pollster::block_on(analyzer.read_crops(&crops)).expect("the CPU computes");
    for (row, expected) in rows.iter().zip(golden["logits"].as_array().expect("rows")) {
        let row: Vec<f32> = row
            .label
            .into_iter()
            .chain(row.reading.into_iter().flatten())
            .collect();
        let expected = expected.as_array().expect("logits");
        assert_eq!(row.len(), expected.len());
        for (found, expected) in row.iter().zip(expected) {
            let expected = expected.as_f64().expect("a number") as f32;
            assert!(
                (found - expected).abs() < 1e-3,
                "{row:?}, expected {expected}"
            );
        }
    }
}

/// The oval of make_logits.py.
fn drawn() -> FaceCrop {
    let mut pixels = [60u8; FaceCrop::AREA];
    for (at, pixel) in pixels.iter_mut().enumerate() {
        let (y, x) = ((at / 48) as i32, (at % 48) as i32);
        if (x - 24) * (x - 24) * 2 + (y - 24) * (y - 24) < 500 {
            *pixel = 190;
        }
        let eye = (16..20).contains(&y) && ((12..20).contains(&x) || (28..36).contains(&x));
        let mouth = (34..37).contains(&y) && (16..32).contains(&x);
        if eye || mouth {
            *pixel = 30;
        }
    }
    FaceCrop::new(pixels)
}

#[test]
fn a_flipped_bit_and_a_lost_tail_are_refused_by_name() {
    let (json, weights) = files();
    let mut flipped = weights.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x10;
    let code = |weights: &[u8]| {
        Analyzer::load(&json, weights).map(drop).map_err(|error| {
            assert!(!error.to_string().is_empty());
            ErrorCode::from(&error).name()
        })
    };
    assert_eq!(code(&flipped), Err("model-damaged"));
    assert_eq!(code(&weights[..weights.len() - 1]), Err("model-truncated"));
    assert_eq!(code(&[]), Err("model-truncated"));
    assert_eq!(code(&weights), Ok(()));
}

#[test]
fn the_known_answer_is_the_same_for_the_same_network_and_for_no_other() {
    let (json, weights) = files();
    let answer = |json: &[u8]| {
        let (plan, manifest) = load_plan(json, &weights).expect("it loads");
        let size = manifest.input.size;
        CpuProgram::new(&plan).run(&known_answer::pixels(&manifest.input), 1, size, size)
    };
    let json = String::from_utf8(json).expect("text");
    let other = json.replace("\"mean\": 127.0", "\"mean\": 135.0");
    assert_ne!(json, other, "the manifest has its input's mean");
    let expected = answer(json.as_bytes());
    for (manifest, agrees) in [(&json, true), (&other, false)] {
        let difference = known_answer::difference(&answer(manifest.as_bytes()), &expected);
        assert_eq!(
            difference <= known_answer::TOLERANCE,
            agrees,
            "{difference}"
        );
    }
}
