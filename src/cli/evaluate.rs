//! `moue evaluate`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use burn::tensor::Device;
use clap::ValueEnum;

use super::data_set::DataArguments;
use super::model::EngineArgument;
use super::{DeviceArguments, model, terminal};
use crate::data::groups::GroupFace;
use crate::data::{Fer2013, LoadOptions, groups};
use crate::evaluation::evaluate::Views;
use crate::evaluation::groups::by_group;
use crate::evaluation::reading::read_sets;
use crate::evaluation::recrop::{Recrop, recrop};
use crate::evaluation::report::measure::{MeasureOptions, measure};
use crate::evaluation::report::text::text;
use crate::evaluation::report::{EvaluationReport, RunReport, TrainingSummary, folder};
use crate::evaluation::robustness::robustness;
use crate::pipeline::finder::FaceFinder;
use crate::training::artifact::{ArtifactDir, EpochRecord};

/// Measure trained or quantized models and write a report.
///
/// The protocol: train on Training, select the epoch on PublicTest, report PrivateTest. Metrics on
/// images that the model was selected or trained on are marked. Accuracy comes with its 95 % Wilson
/// interval, beside macro-F1, cross-entropy, calibration error and a line for each class; also for
/// both test splits merged, and without the images that are also in Training. For a network with
/// two heads, all of that is the label head's; the reading head is measured on FER+'s majority
/// (with --fer-plus) and on the validation faces of further sources (with --data).
///
/// Writes report.json, report.md and plots (SVG): confusion matrix, scores of each class,
/// reliability diagram and, for a run, training curves.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct EvaluateArguments {
    #[command(flatten)]
    data: DataArguments,
    /// The folder of a finished run or of a quantized model; by default, the built-in model. Repeat
    /// it for runs of one recipe with different seeds, to report also their mean and deviation
    #[arg(long, value_name = "FOLDER")]
    model: Vec<PathBuf>,
    /// What to measure
    #[arg(long, value_enum, default_value = "all")]
    splits: Splits,
    /// Also average the probabilities over 2 views (flip) and over 10 views (flip and shifts) of
    /// each test face; takes ten times as long
    #[arg(long)]
    tta: bool,
    /// How the faces are cropped; can be combined with --turn
    #[arg(long, value_enum, default_value = "stored")]
    crop: Recrop,
    /// Rotate each face first by this angle, clockwise in even rows and counter-clockwise in odd
    /// ones, like tilted heads
    #[arg(
        long,
        value_name = "DEGREES",
        default_value_t = 0.0,
        allow_negative_numbers = true
    )]
    turn: f32,
    /// Also measure the reading head on the same faces cropped by our detector, rotated, blurred,
    /// with a larger box and flipped, and report the loss; requires --fer-plus
    #[arg(long, requires = "fer_plus")]
    robustness: bool,
    /// Also report the accuracy for groups of people, from photographs with self-reported sex, age
    /// or ethnicity: a folder with labels.csv (file, expression, sex, age, ethnicity) and the
    /// photographs, or .tar files of them. With a column person, a person's other photographs are
    /// also compared with their neutral one
    #[arg(long, value_name = "FOLDER")]
    groups: Option<PathBuf>,
    /// The folder for the report; files of an earlier report are replaced. By default report/ in
    /// the folder of a run; nothing is written for a quantized model or for several models
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Print report.json instead of text
    #[arg(long)]
    json: bool,
    /// Compute a quantized model with one of the page's engines instead of burn
    #[arg(long, value_enum, conflicts_with = "device")]
    engine: Option<EngineArgument>,
    #[command(flatten)]
    device: DeviceArguments,
}

const EXAMPLES: &str = "\
Examples:
  moue evaluate --data fer2013.csv --model artifacts/mine
  moue evaluate --data fer2013.csv --fer-plus fer2013new.csv --tta --splits tests \\
      --model artifacts/mine --out reports/mine
  moue evaluate --data fer2013.csv --fer-plus fer2013new.csv --data wild --robustness --splits tests
  moue evaluate --data fer2013.csv --splits tests --turn 20 --crop eyes
  moue evaluate --data fer2013.csv --out reports/seeds \\
      --model artifacts/seed-1 --model artifacts/seed-2 --model artifacts/seed-3";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Splits {
    /// PrivateTest, PublicTest, and Training last
    All,
    /// PrivateTest and PublicTest, a fifth of the images
    Tests,
}

/// A model with the recipe's summary and the history in its folder.
struct Candidate {
    loaded: model::LoadedModel,
    folder: Option<PathBuf>,
    training: Option<TrainingSummary>,
    history: Vec<EpochRecord>,
}

impl Candidate {
    fn load(folder: Option<&Path>, device: &Device) -> anyhow::Result<Self> {
        let loaded = model::load(folder, device)?;
        let (training, history) = match folder.filter(|_| !model::is_quantized(folder)) {
            None => (None, vec![]),
            Some(run) => {
                let (artifact, config) = ArtifactDir::open(run)?;
                let history = artifact.history()?;
                (Some(TrainingSummary::new(&config, &history)?), history)
            }
        };
        Ok(Self {
            loaded,
            folder: folder.map(Path::to_owned),
            training,
            history,
        })
    }

    fn name(&self) -> String {
        model::name(self.folder.as_deref())
    }
}

impl EvaluateArguments {
    fn out(&self) -> Option<PathBuf> {
        match (&self.out, self.model.as_slice()) {
            (Some(out), _) => Some(out.clone()),
            (None, [run]) if !model::is_quantized(Some(run)) => Some(run.join("report")),
            _ => None,
        }
    }

    fn options(&self) -> MeasureOptions {
        MeasureOptions {
            training: self.splits == Splits::All,
            views: if self.tta { Views::Ten } else { Views::Single },
        }
    }

    /// Crops the faces of the measured splits anew if `--crop` or `--turn` is given.
    fn recrop(&self, data: &mut Fer2013) -> anyhow::Result<()> {
        if self.crop == Recrop::Stored && self.turn == 0.0 {
            return Ok(());
        }
        let mut finder = FaceFinder::built_in()?;
        let mut splits = vec![
            &mut data.public_test,
            &mut data.private_test,
            &mut data.selecting,
        ];
        if self.splits == Splits::All {
            splits.push(&mut data.training);
        }
        let (mut found, mut all) = (0, 0);
        for items in splits {
            all += items.len();
            let progress = &mut |done, all| {
                terminal::progress(&format!("cutting faces out, {done}/{all}"));
            };
            found += recrop(items, self.crop, self.turn, &mut finder, progress)?;
            terminal::end_progress();
        }
        let how = match self.crop {
            Recrop::Stored => "cut where the data set cut them".to_owned(),
            _ => format!("{found} of them found by the detector, the others cut as stored"),
        };
        terminal::complain(&format!("{all} faces turned by {}°, {how}", self.turn));
        Ok(())
    }

    /// Loads the photographs of `--groups`; empty if it is not given.
    fn people(&self) -> anyhow::Result<Vec<GroupFace>> {
        let Some(folder) = &self.groups else {
            return Ok(vec![]);
        };
        let mut report = |done: u64, all: u64| {
            terminal::progress(&format!("finding faces, {done}/{all}"));
        };
        let mut options = LoadOptions {
            progress: Some(&mut report),
            ..LoadOptions::default()
        };
        let people = groups::load(folder, &mut options);
        terminal::end_progress();
        Ok(people?)
    }

    fn measure(
        &self,
        candidate: &Candidate,
        data: &Fer2013,
        people: &[GroupFace],
        device: &Device,
    ) -> anyhow::Result<RunReport> {
        let Candidate {
            loaded,
            folder,
            training,
            ..
        } = candidate;
        let (model, folder) = (candidate.name(), folder.as_deref());
        let mut predictor = loaded.predictor(folder, self.engine, device)?;
        let sets = measure(
            &mut predictor,
            data,
            self.options(),
            &mut |name, done, all| {
                terminal::progress(&format!("{model}: measuring {name}, {done}/{all}"));
            },
        );
        let reading = match loaded.config.head.reading {
            true => read_sets(
                &mut predictor,
                data,
                &loaded.sources,
                &mut |name, done, all| {
                    terminal::progress(&format!("{model}: reading {name}, {done}/{all}"));
                },
            )?,
            false => vec![],
        };
        let robustness = match loaded.sources.first() {
            Some(fer_plus) if self.robustness => robustness(
                &mut predictor,
                data,
                fer_plus,
                &mut FaceFinder::built_in()?,
                &mut |change, done, all| {
                    terminal::progress(&format!("{model}: {change}, {done}/{all}"));
                },
            )?,
            _ => vec![],
        };
        terminal::end_progress();
        Ok(RunReport {
            model,
            network: loaded.config.name.clone(),
            input_size: loaded.input.size,
            training: training.clone(),
            sets: sets?,
            reading: reading
                .iter()
                .map(|set| set.figures(&loaded.calibration))
                .collect(),
            robustness,
            groups: by_group(&mut predictor, &loaded.calibration, people)?,
        })
    }
}

pub(super) fn run(arguments: EvaluateArguments) -> anyhow::Result<ExitCode> {
    let device = arguments.device.open()?;
    let mut folders: Vec<_> = arguments
        .model
        .iter()
        .map(|it| Some(it.as_path()))
        .collect();
    if folders.is_empty() {
        folders.push(None);
    }
    let candidates = folders
        .into_iter()
        .map(|folder| Candidate::load(folder, &device))
        .collect::<anyhow::Result<Vec<_>>>()?;
    if arguments.robustness
        && let Some(plain) = candidates.iter().find(|it| it.loaded.sources.is_empty())
    {
        anyhow::bail!(
            "{} has no reading head, which --robustness measures; leave the option out",
            plain.name()
        );
    }
    let out = arguments.out();
    let mut data = arguments.data.load()?;
    arguments.recrop(&mut data)?;
    let people = arguments.people()?;
    if let Some(out) = &out {
        folder::create(out)?;
    }
    let runs = candidates
        .iter()
        .map(|candidate| arguments.measure(candidate, &data, &people, &device))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let report = EvaluationReport::new(runs);
    if let Some(out) = &out {
        let histories: Vec<_> = candidates.into_iter().map(|one| one.history).collect();
        let written = folder::write(out, &report, &histories)?;
        terminal::complain(&format!(
            "wrote {} files to {}\n",
            written.len(),
            out.display()
        ));
    } else if !arguments.json {
        terminal::complain(
            "no files written; name a folder with --out to have the report in files\n",
        );
    }
    if arguments.json {
        terminal::say(&serde_json::to_string_pretty(&report)?)?;
    } else {
        terminal::say(&text(&report))?;
    }
    Ok(ExitCode::SUCCESS)
}
