//! `moue compare`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail, ensure};
use burn::tensor::Device;
use clap::ValueEnum as _;

use super::data_set::DataArguments;
use super::model::{EngineArgument, LoadedModel};
use super::{DeviceArguments, model, terminal};
use crate::data::{Fer2013, Split};
use crate::evaluation::compare::{Row, Table, latency_ms, score};
use crate::evaluation::evaluate::Predictor;
use crate::nn::EmotionNet;
use crate::nn::fold::fold;
use crate::platform::files::write_atomically;
use crate::quantize::export::encode_network;
use crate::spec::Calibration;
use crate::spec::cost::Cost;
use crate::training::ablation::{Ablation, variants};
use crate::training::config::{Preset, Recipe, TrainingConfig};
use crate::training::progress::PlainProgress;

/// Compare networks: accuracy, macro-F1, parameters, multiply-accumulates, size in 8 bits, and
/// latency on this machine.
///
/// Each network is the folder of a finished run, the folder of a quantized model, the name of a
/// preset, or a recipe file. The latter two are untrained, and have no accuracy. A folder or file
/// with the name of a preset is given as ./NAME.
///
/// With --ablation, short runs are trained instead, each with one part of a preset changed. A
/// finished run is not trained again, and one that was stopped continues.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct CompareArguments {
    /// Folders of runs or of quantized models, presets, recipe files
    #[arg(
        value_name = "NETWORK",
        required_unless_present = "ablation",
        conflicts_with = "ablation"
    )]
    networks: Vec<String>,
    #[command(flatten)]
    data: Option<DataArguments>,
    /// Print one JSON document instead of text
    #[arg(long)]
    json: bool,
    /// Also write the table to this Markdown file; with --ablation, the folder for the runs,
    /// table.md and table.json
    #[arg(long, value_name = "PATH", required_if_eq("ablation", "true"))]
    out: Option<PathBuf>,
    /// Compute quantized models with one of the page's engines instead of burn
    #[arg(long, value_enum, conflicts_with_all = ["device", "ablation"])]
    engine: Option<EngineArgument>,
    #[command(flatten)]
    device: DeviceArguments,
    /// Train one short run for each change of a preset, and compare them
    #[arg(long, requires = "data", help_heading = "Ablation")]
    ablation: bool,
    /// The preset that is changed
    #[arg(long, value_enum, default_value = "moue", help_heading = "Ablation")]
    preset: Preset,
    /// Number of passes over the training images, instead of the preset's
    #[arg(long, value_name = "N", help_heading = "Ablation")]
    epochs: Option<usize>,
    /// Train on this many training images, evenly spread
    #[arg(long, value_name = "N", help_heading = "Ablation")]
    images: Option<usize>,
    /// ImageNet weights that every run starts from; without them, a few epochs learn very little
    #[arg(long, value_name = "FILE", help_heading = "Ablation")]
    init: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  moue compare cnn paper moue
  moue compare www/model artifacts/mine --data fer2013.csv.xz --out table.md
  moue compare --ablation --data fer2013.csv.xz --init efficientnet_lite0.safetensors \\
      --epochs 2 --images 8000 --out artifacts/ablation";

pub(super) fn run(arguments: CompareArguments) -> anyhow::Result<ExitCode> {
    let device = arguments.device.open()?;
    let data = match &arguments.data {
        Some(data) => Some(data.load()?),
        None => None,
    };
    let mut rows = vec![];
    if arguments.ablation {
        let out = arguments.out.as_deref().context("--ablation needs --out")?;
        let data = data.context("--ablation needs --data")?;
        let mut base = arguments.preset.config()?;
        base.epochs = arguments.epochs.unwrap_or(base.epochs);
        let ablation = Ablation::open(out, data, arguments.images, arguments.init)?;
        let variants = variants(&base);
        for (at, (variant, config)) in variants.iter().enumerate() {
            terminal::complain(&format!("{}/{}: {}", at + 1, variants.len(), variant.name));
            let progress = Box::new(PlainProgress::new(std::io::stderr()));
            ablation.train(variant, config, &device, progress)?;
            let folder = ablation.folder(variant);
            let loaded = model::load(Some(&folder), &device)?;
            let engine = (folder.as_path(), None);
            let data = Some(ablation.data());
            rows.push(measure(variant.name, loaded, engine, data, &device)?);
        }
    } else {
        for name in &arguments.networks {
            let (loaded, is_trained) = find(name, &device)?;
            let data = data.as_ref().filter(|_| is_trained);
            let label = if is_trained {
                name.clone()
            } else {
                format!("{name} (untrained)")
            };
            let engine = (Path::new(name), arguments.engine);
            rows.push(measure(&label, loaded, engine, data, &device)?);
        }
    }
    let table = Table::new(&rows, arguments.ablation);
    let json = serde_json::to_string_pretty(&rows)?;
    match arguments.out.as_deref() {
        Some(out) if arguments.ablation => {
            write_atomically(&out.join("table.md"), table.markdown().as_bytes())?;
            write_atomically(&out.join("table.json"), format!("{json}\n").as_bytes())?;
        }
        Some(out) => write_atomically(out, table.markdown().as_bytes())?,
        None => (),
    }
    terminal::say(&if arguments.json {
        json
    } else {
        table.to_string()
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Loads a network by its argument, and returns whether it is trained. A preset's name is never a
/// path, whatever the current folder holds.
fn find(name: &str, device: &Device) -> anyhow::Result<(LoadedModel, bool)> {
    let path = Path::new(name);
    let config = if let Ok(preset) = Preset::from_str(name, true) {
        preset.config()?
    } else if path.is_dir() {
        return Ok((model::load(Some(path), device)?, true));
    } else if path.is_file() {
        TrainingConfig::read(path)?
    } else {
        let presets: Vec<String> = Preset::value_variants()
            .iter()
            .map(Preset::to_string)
            .collect();
        bail!(
            "{name} is no folder, no recipe file and no preset; the presets are {}",
            presets.join(", ")
        );
    };
    let config = config.network;
    ensure!(
        !config.style.folded,
        "{name}: `network.style.folded` is true; a recipe describes a network that trains"
    );
    let loaded = LoadedModel {
        network: EmotionNet::new(&config, device),
        input: config.input(),
        config,
        calibration: Calibration::default(),
        sources: vec![],
    };
    Ok((loaded, false))
}

fn measure(
    name: &str,
    loaded: LoadedModel,
    (folder, engine): (&Path, Option<EngineArgument>),
    data: Option<&Fer2013>,
    device: &Device,
) -> anyhow::Result<Row> {
    let mut predictor = loaded.predictor(Some(folder), engine, device)?;
    let mut score_on = |split: Split| {
        let Some(data) = data else { return Ok(None) };
        let title = data.split_name(split);
        let items = (title, data.split(split));
        score(&mut predictor, items, &mut |done, all| {
            terminal::progress(&format!("measuring {name} on {title}: {done}/{all}"));
        })
    };
    let (private_test, public_test) = (score_on(Split::PrivateTest)?, score_on(Split::PublicTest)?);
    terminal::progress(&format!("timing {name}"));
    // Folded, as it is exported.
    let folded = fold(loaded.network.clone());
    let mut predictor = match engine {
        Some(_) => predictor,
        None => Predictor::burn(&folded, &loaded.input, device),
    };
    let row = Row {
        name: name.into(),
        input_size: loaded.config.input_size,
        private_test,
        public_test,
        cost: Cost::of(&loaded.config),
        int8_bytes: encode_network(&folded)?.len(),
        latency_ms: latency_ms(&mut predictor, &loaded.input)?,
    };
    terminal::end_progress();
    Ok(row)
}
