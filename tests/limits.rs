//! What the limits of `vision::quality` take their numbers from: faces spoiled step by step, and
//! how often the shipped network still names them as most of FER+'s raters did.

use std::path::Path;

use moue::data::augment::degrade::blurred;
use moue::data::{Expression, FerItem, LoadOptions, load_joined};
use moue::emotion::Emotion;
use moue::engine::Plan;
use moue::engine::cpu::CpuProgram;
use moue::evaluation::recrop::{in_the_middle, photograph};
use moue::pipeline::finder::{FaceFinder, Search};
use moue::pipeline::{Analyzer, load_plan};
use moue::spec::Manifest;
use moue::vision::quality::{Light, yaw};
use moue::vision::{FaceCrop, FaceSquare, crop_face};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// Every so many of the faces are read.
const STEP: usize = 2;

/// A spoiled face, what people see in it, and what says how far it is spoiled.
struct Spoiled {
    crop: FaceCrop,
    seen: Emotion,
    measure: f32,
}

fn folder() -> String {
    std::env::var("MODEL").unwrap_or_else(|_| "www/model".into())
}

/// Loads the model of the folder that MODEL names, the shipped one otherwise.
fn model() -> (Plan, Manifest) {
    let read = |name: &str| std::fs::read(Path::new(&folder()).join(name)).expect("it is there");
    let json = read("manifest.json");
    let manifest = Manifest::parse(&json).expect("a manifest");
    load_plan(&json, &read(&manifest.weights.file)).expect("a plan")
}

/// About normal, of the given deviation.
fn noise(rng: &mut ChaCha8Rng, deviation: f32) -> f32 {
    2.0 * deviation * (0..3).map(|_| rng.random::<f32>() - 0.5).sum::<f32>()
}

fn changed(crop: &FaceCrop, mut change: impl FnMut(f32) -> f32) -> FaceCrop {
    let pixels = crop.pixels().iter();
    let pixels = pixels.map(|pixel| change(f32::from(*pixel)).round().clamp(0.0, 255.0) as u8);
    FaceCrop::square(pixels.collect(), crop.side()).expect("as many pixels")
}

/// Prints the share that is named as people did, in bins of the measure.
#[allow(clippy::print_stdout, reason = "the measurement")]
fn table(
    name: &str,
    edges: &[f32],
    faces: &[Spoiled],
    analyzer: &mut Analyzer<CpuProgram>,
    manifest: &Manifest,
) {
    let calibration = manifest.calibration.clone().unwrap_or_default();
    let crops: Vec<FaceCrop> = faces.iter().map(|face| face.crop.clone()).collect();
    let heads = pollster::block_on(analyzer.read_crops(&crops)).expect("the CPU computes");
    let mut bins = vec![(0, 0, 0, 0); edges.len() + 1];
    for (face, heads) in faces.iter().zip(&heads) {
        let (named, sure) = calibration.read(heads).top();
        let bin = &mut bins[edges.iter().filter(|edge| face.measure >= **edge).count()];
        let (is_right, is_named) = (named == face.seen, sure >= calibration.unsure_below);
        bin.0 += 1;
        bin.1 += i32::from(is_right);
        bin.2 += i32::from(is_named);
        bin.3 += i32::from(is_right && is_named);
    }
    println!("{name}: from, faces, right %, named %, right of named %");
    for (at, (all, right, named, both)) in bins.into_iter().enumerate() {
        let from = at.checked_sub(1).map_or(f32::NEG_INFINITY, |at| edges[at]);
        let share = |part: i32, all: i32| 100.0 * part as f32 / all.max(1) as f32;
        let (right, of_named) = (share(right, all), share(both, named));
        println!(
            "  {from:8.3} {all:6} {right:6.1} {:6.1} {of_named:6.1}",
            share(named, all)
        );
    }
}

#[test]
#[ignore = "a measurement; FER2013=/path/to/fer2013.csv FERPLUS=/path/to/fer2013new.csv"]
fn how_far_a_face_may_be_spoiled() {
    let path = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"));
    let (table_path, votes) = (path("FER2013"), path("FERPLUS"));
    let data = load_joined(
        &[Path::new(&table_path)],
        Some(Path::new(&votes)),
        LoadOptions::default(),
    )
    .expect("it loads");
    let (plan, manifest) = model();
    let mut analyzer =
        Analyzer::new(&plan, &manifest, Box::new(CpuProgram::new(&plan))).expect("it loads");
    let seen = |item: &FerItem| match item.votes.as_ref()?.majority()? {
        Expression::Emotion(emotion) => Some((item.crop.clone(), emotion)),
        Expression::Contempt => None,
    };
    let faces: Vec<(FaceCrop, Emotion)> = data
        .public_test
        .iter()
        .filter_map(seen)
        .step_by(STEP)
        .collect();
    println!("{} faces of PublicTest, {}", faces.len(), folder());
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut spoil = |name: &str,
                     levels: &[f32],
                     edges: &[f32],
                     change: &mut dyn FnMut(&FaceCrop, f32, &mut ChaCha8Rng) -> FaceCrop,
                     measure: &dyn Fn(&FaceCrop, f32) -> f32| {
        let mut spoiled = vec![];
        for level in levels {
            spoiled.extend(faces.iter().map(|(crop, seen)| {
                let crop = change(crop, *level, &mut rng);
                Spoiled {
                    measure: measure(&crop, *level),
                    crop,
                    seen: *seen,
                }
            }));
        }
        table(name, edges, &spoiled, &mut analyzer, &manifest);
    };
    let middle = |crop: &FaceCrop, _: f32| Light::of(crop).middle;
    spoil(
        "untouched",
        &[0.0],
        &[],
        &mut |crop, _, _| crop.clone(),
        &middle,
    );
    let mut darken = |crop: &FaceCrop, level: f32, rng: &mut ChaCha8Rng| {
        changed(crop, |pixel| pixel * level + noise(rng, 4.0))
    };
    spoil(
        "darkened, with noise: mean of the middle",
        &[0.3, 0.2, 0.15, 0.1, 0.07, 0.05],
        &[5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 40.0],
        &mut darken,
        &middle,
    );
    let mut brighten = |crop: &FaceCrop, level: f32, _: &mut ChaCha8Rng| {
        changed(crop, |pixel| pixel * level + 20.0)
    };
    spoil(
        "overexposed: mean of the middle",
        &[1.5, 2.0, 3.0, 4.5],
        &[
            200.0, 210.0, 220.0, 225.0, 230.0, 235.0, 240.0, 245.0, 250.0,
        ],
        &mut brighten,
        &middle,
    );
    let mut flatten = |crop: &FaceCrop, level: f32, rng: &mut ChaCha8Rng| {
        let mean = Light::of(crop).middle;
        changed(crop, |pixel| {
            mean + (pixel - mean) * level + noise(rng, 2.0)
        })
    };
    let contrast = |crop: &FaceCrop, _: f32| Light::of(crop).contrast;
    spoil(
        "flattened, with noise: standard deviation",
        &[0.2, 0.1, 0.07, 0.05, 0.03],
        &[2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 15.0],
        &mut flatten,
        &contrast,
    );
    let sharpness = |crop: &FaceCrop, _: f32| Light::of(crop).sharpness;
    let edges = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.3];
    spoil(
        "blurred: sharpness",
        &[0.7, 1.0, 1.4, 1.8, 2.4, 3.0],
        &edges,
        &mut |crop, level, _| blurred(crop, level),
        &sharpness,
    );
    let mut shrink = |crop: &FaceCrop, level: f32, _: &mut ChaCha8Rng| {
        crop.resized(level as usize).resized(FaceCrop::CUT_SIDE)
    };
    let sides = [12.0, 16.0, 20.0, 24.0, 32.0];
    spoil("shrunk: sharpness", &sides, &edges, &mut shrink, &sharpness);
    spoil(
        "shrunk: pixels",
        &sides,
        &sides[1..],
        &mut shrink,
        &|_, level| level,
    );

    let mut finder = FaceFinder::built_in().expect("a detector");
    let mut found =
        |degrees: f32, measure: &dyn Fn(&moue::vision::Detection) -> f32| -> Vec<Spoiled> {
            let mut spoiled = vec![];
            for (at, (crop, seen)) in faces.iter().enumerate() {
                let sign = if at % 2 == 0 { 1.0 } else { -1.0 };
                let picture = photograph(crop, (sign * degrees).to_radians()).expect("a picture");
                let Some(face) = in_the_middle(finder.find(&picture, Search::Quick)) else {
                    continue;
                };
                let crop = crop_face(&picture, &FaceSquare::of(&face));
                spoiled.push(Spoiled {
                    measure: measure(&face),
                    crop,
                    seen: *seen,
                });
            }
            spoiled
        };
    let heads = found(0.0, &|face| yaw(&face.landmarks).abs());
    let tilted: Vec<Spoiled> = [10.0, 20.0, 30.0, 40.0, 45.0]
        .into_iter()
        .flat_map(|degrees| found(degrees, &|face| face.landmarks.roll().to_degrees().abs()))
        .collect();
    table(
        "heads turned by nature: yaw",
        &[0.05, 0.1, 0.15, 0.2, 0.25, 0.3],
        &heads,
        &mut analyzer,
        &manifest,
    );
    table(
        "tilted: roll of the eyes, degrees",
        &[10.0, 20.0, 25.0, 30.0, 35.0, 40.0],
        &tilted,
        &mut analyzer,
        &manifest,
    );
}

#[test]
#[ignore = "a measurement; FER2013=/path/to/fer2013.csv"]
#[allow(clippy::print_stdout, reason = "the measurement")]
fn where_the_gate_looks() {
    let table = std::env::var("FER2013").expect("FER2013 is not set");
    let data = load_joined(&[Path::new(&table)], None, LoadOptions::default()).expect("it loads");
    let (plan, manifest) = model();
    let (size, mut program) = (manifest.input.size, CpuProgram::new(&plan));
    let mut sums = vec![];
    let crops: Vec<FaceCrop> = data.public_test.into_iter().map(|item| item.crop).collect();
    for crops in crops.chunks(64) {
        let gates = &program.run(&manifest.input.pixels(crops), crops.len(), size, size)[1];
        let places = gates.len() / crops.len();
        sums.resize(places, [0.0, 0.0]);
        for gate in gates.chunks_exact(places) {
            for (sum, value) in sums.iter_mut().zip(gate) {
                let value = f64::from(*value);
                *sum = [sum[0] + value, sum[1] + value * value];
            }
        }
    }
    println!(
        "the gate over {} faces of PublicTest, row by row: mean, deviation",
        crops.len()
    );
    for [sum, squares] in sums {
        let mean = sum / crops.len() as f64;
        let variance = squares / crops.len() as f64 - mean * mean;
        println!("  {mean:6.3} {:6.3}", variance.max(0.0).sqrt());
    }
}
