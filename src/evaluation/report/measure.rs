//! Measures a network on the splits of a data set.

use thiserror::Error;

use super::{EvaluationMetrics, SetReport};
use crate::data::{Fer2013, FerItem, Form, Split, Votes, duplicates};
use crate::emotion::{Emotion, Probabilities};
use crate::evaluation::evaluate::{EvaluateError, Predictor, Views, predict_views};
use crate::evaluation::metrics::votes::FerPlusReport;
use crate::evaluation::metrics::{ClassificationReport, MetricsError};

/// Error of measuring a network.
#[derive(Debug, Error)]
pub enum MeasureError {
    /// The network could not be run.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// The metrics could not be computed.
    #[error(transparent)]
    Metrics(#[from] MetricsError),
    /// The splits to measure have no images.
    #[error(
        "the data hold no image of the splits to measure; name a set that has some, or --splits all"
    )]
    NoImages,
}

/// Options of a measurement.
#[derive(Clone, Copy, Debug)]
pub struct MeasureOptions {
    /// Whether Training is also measured, with a single crop.
    pub training: bool,
    /// Views for the test splits.
    pub views: Views,
}

/// How a set of images was used for making the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Measured,
    Selected,
    HalfSelected,
    Learned,
}

impl Role {
    fn of(split: Split) -> Self {
        match split {
            Split::Training => Self::Learned,
            Split::PublicTest => Self::Selected,
            Split::PrivateTest => Self::Measured,
        }
    }

    fn caveat(self, form: Form) -> &'static str {
        match (self, form) {
            (Self::Measured, Form::Folder) => {
                "neither learned from nor selected on, if the model was trained on this very \
                 folder; one trained on fer2013.csv selected its epoch on half of these images"
            }
            (Self::Measured, _) => "neither learned from nor selected on",
            (Self::Selected, _) => {
                "SELECTED ON: these images chose the epoch, so the figures are too high"
            }
            (Self::HalfSelected, _) => {
                "SELECTED ON IN PART: PublicTest, half of these images, chose the epoch, so the \
                 figures are half contaminated"
            }
            (Self::Learned, _) => "LEARNED FROM: the network was trained on these images",
        }
    }
}

/// A face with the network's probabilities for each kind of views.
struct Answered<'a> {
    item: &'a FerItem,
    answers: Vec<(Views, Probabilities)>,
    /// Whether Training has an image of the same pixels.
    repeats: bool,
}

/// Measures a network on `data`: PrivateTest, PublicTest, both merged, each without its copies of
/// Training images, and optionally Training. `on_progress` is called with the set's name, the
/// number of views done and their total number.
///
/// # Errors
/// A [`MeasureError`] if the engine fails or there are no images.
pub fn measure(
    predictor: &mut Predictor<'_>,
    data: &Fer2013,
    options: MeasureOptions,
    on_progress: &mut dyn FnMut(&str, usize, usize),
) -> Result<Vec<SetReport>, MeasureError> {
    let mut answer = |split: Split, views: Views| {
        let (name, items) = (data.split_name(split), data.split(split));
        let mut report = |done, all| on_progress(name, done, all);
        let kinds = predict_views(predictor, items, views, &mut report)?;
        let repeats = match split {
            Split::Training => vec![false; items.len()],
            _ => duplicates::repeats(items, &data.training),
        };
        let answered = items.iter().zip(repeats).enumerate();
        let answered = answered.map(|(index, (item, repeats))| Answered {
            item,
            answers: kinds
                .iter()
                .filter_map(|(kind, answers)| Some((*kind, *answers.get(index)?)))
                .collect(),
            repeats,
        });
        Ok::<Vec<Answered<'_>>, EvaluateError>(answered.collect())
    };
    let private_test = answer(Split::PrivateTest, options.views)?;
    let public_test = answer(Split::PublicTest, options.views)?;
    let training = match options.training {
        true => answer(Split::Training, Views::Single)?,
        false => vec![],
    };
    let sets = sets(data, &private_test, &public_test, &training)?;
    if sets.is_empty() {
        return Err(MeasureError::NoImages);
    }
    Ok(sets)
}

fn sets(
    data: &Fer2013,
    private_test: &[Answered<'_>],
    public_test: &[Answered<'_>],
    training: &[Answered<'_>],
) -> Result<Vec<SetReport>, MetricsError> {
    let name = |split: Split| data.split_name(split);
    let mut sets = vec![];
    let push =
        |sets: &mut Vec<SetReport>, name: String, role: Role, answered: Vec<&Answered<'_>>| {
            if !answered.is_empty() {
                let caveat = role.caveat(data.form).into();
                sets.push(set(name, role, caveat, &answered)?);
            }
            Ok::<(), MetricsError>(())
        };
    let splits = [
        (Split::PrivateTest, private_test),
        (Split::PublicTest, public_test),
    ];
    for (split, answered) in splits {
        push(
            &mut sets,
            name(split).into(),
            Role::of(split),
            answered.iter().collect(),
        )?;
    }
    // Splits with other names are not the two halves of FER2013's test set.
    let both = [Split::PublicTest, Split::PrivateTest];
    let merge = both.into_iter().all(|split| name(split) == split.usage());
    if merge && !public_test.is_empty() && !private_test.is_empty() {
        let merged = public_test.iter().chain(private_test).collect();
        push(
            &mut sets,
            "PublicTest + PrivateTest".into(),
            Role::HalfSelected,
            merged,
        )?;
    }
    for (split, answered) in splits {
        let fresh: Vec<_> = answered.iter().filter(|one| !one.repeats).collect();
        if fresh.len() < answered.len() {
            let role = Role::of(split);
            let caveat = format!(
                "{}; left out are the {} images that {} holds pixel by pixel",
                role.caveat(data.form),
                answered.len() - fresh.len(),
                name(Split::Training),
            );
            let name = format!("{} without copies", name(split));
            sets.push(set(name, role, caveat, &fresh)?);
        }
    }
    let split = Split::Training;
    push(
        &mut sets,
        name(split).into(),
        Role::of(split),
        training.iter().collect(),
    )?;
    Ok(sets)
}

fn set(
    name: String,
    role: Role,
    caveat: String,
    answered: &[&Answered<'_>],
) -> Result<SetReport, MetricsError> {
    let targets: Vec<Emotion> = answered.iter().map(|one| one.item.emotion).collect();
    let mut figures = vec![];
    for views in Views::ALL {
        let of_views = |one: &&Answered<'_>| {
            let found = one.answers.iter().find(|(kind, _)| *kind == views);
            found.map(|(_, probabilities)| *probabilities)
        };
        let predicted: Vec<Probabilities> = answered.iter().filter_map(of_views).collect();
        if predicted.is_empty() {
            continue;
        }
        let votes = answered.iter().map(|one| one.item.votes);
        let pairs = predicted.iter().zip(votes);
        let voted: Vec<(&Probabilities, Votes)> = pairs
            .filter_map(|(probabilities, votes)| Some((probabilities, votes?)))
            .collect();
        figures.push(EvaluationMetrics {
            views,
            report: ClassificationReport::new(&predicted, &targets)?,
            fer_plus: FerPlusReport::new(voted.iter().map(|(p, votes)| (*p, votes))),
        });
    }
    Ok(SetReport {
        name,
        images: answered.len(),
        selected_on: matches!(role, Role::Selected | Role::HalfSelected),
        learned_from: role == Role::Learned,
        caveat,
        figures,
    })
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use crate::nn::EmotionNet;
    use crate::training::config::Preset;
    use crate::vision::FaceCrop;

    fn item(row: usize, value: u8) -> FerItem {
        FerItem {
            crop: FaceCrop::new([value; FaceCrop::AREA]),
            emotion: Emotion::ALL[row % 7],
            row,
            votes: (row != 5).then(|| Votes::new([0, 10, 0, 0, 0, 0, 0, 0, 0, 0])),
            source: 0,
        }
    }

    fn faces(form: Form) -> Fer2013 {
        Fer2013 {
            form,
            training: vec![item(0, 10), item(1, 20)],
            public_test: vec![item(2, 30), item(3, 40)],
            private_test: vec![item(4, 20), item(5, 60), item(6, 70)],
            selecting: vec![],
            sources: vec!["fer2013".into()],
        }
    }

    fn measured(data: &Fer2013, options: MeasureOptions) -> Vec<SetReport> {
        let device = Device::flex();
        let config = Preset::Smoke.config().unwrap().network;
        let input = config.input();
        let network = EmotionNet::new(&config, &device);
        let mut predictor = Predictor::burn(&network, &input, &device);
        measure(&mut predictor, data, options, &mut |_, _, _| {}).unwrap()
    }

    const SINGLE: MeasureOptions = MeasureOptions {
        training: true,
        views: Views::Single,
    };

    #[test]
    fn every_set_has_its_images_and_its_role() {
        let sets = measured(&faces(Form::Table), SINGLE);
        let seen: Vec<_> = sets
            .iter()
            .map(|set| {
                (
                    set.name.as_str(),
                    set.images,
                    set.selected_on,
                    set.learned_from,
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("PrivateTest", 3, false, false),
                ("PublicTest", 2, true, false),
                ("PublicTest + PrivateTest", 5, true, false),
                ("PrivateTest without copies", 2, false, false),
                ("Training", 2, false, true),
            ]
        );
        assert!(sets[3].caveat.contains("the 1 images that Training holds"));
        for set in &sets {
            assert_eq!(
                set.caveat.contains("SELECTED ON"),
                set.selected_on,
                "{set:?}"
            );
            assert_eq!(set.caveat.contains("LEARNED FROM"), set.learned_from);
            assert_eq!(set.figures.len(), 1);
        }
        // One of the three PrivateTest images has no votes.
        let votes = sets[0].single().unwrap().fer_plus.unwrap();
        assert_eq!((votes.majority_8.images, votes.voted_images), (2, 2));
    }

    #[test]
    fn what_is_not_fer2013_is_not_merged_or_called_so() {
        let names = |form| {
            let sets = measured(&faces(form), SINGLE);
            sets.iter().map(|set| set.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(
            names(Form::Folder),
            ["test", "held out of train", "test without copies", "train"]
        );
        let joined = Form::Joined {
            names: ["Training and train", "PublicTest", "PrivateTest and test"],
        };
        assert_eq!(
            names(joined),
            [
                "PrivateTest and test",
                "PublicTest",
                "PrivateTest and test without copies",
                "Training and train"
            ]
        );
        let folder = measured(&faces(Form::Folder), SINGLE);
        assert!(folder[0].caveat.contains("one trained on fer2013.csv"));
    }

    #[test]
    fn views_stand_apart_and_training_is_seen_once() {
        let options = MeasureOptions {
            training: true,
            views: Views::Ten,
        };
        let sets = measured(&faces(Form::Table), options);
        let views = |set: &SetReport| set.figures.iter().map(|f| f.views).collect::<Vec<_>>();
        assert_eq!(views(&sets[0]), Views::ALL);
        assert_eq!(views(&sets[4]), [Views::Single]);
        let json = serde_json::to_string(&sets).unwrap();
        let read: Vec<SetReport> = serde_json::from_str(&json).unwrap();
        assert_eq!(format!("{read:.12?}"), format!("{sets:.12?}"));
    }

    #[test]
    fn nothing_to_measure_is_an_error() {
        let device = Device::flex();
        let config = Preset::Smoke.config().unwrap().network;
        let input = config.input();
        let data = Fer2013 {
            public_test: vec![],
            private_test: vec![],
            ..faces(Form::Table)
        };
        let options = MeasureOptions {
            training: false,
            views: Views::Single,
        };
        let network = EmotionNet::new(&config, &device);
        let mut predictor = Predictor::burn(&network, &input, &device);
        let outcome = measure(&mut predictor, &data, options, &mut |_, _, _| {});
        assert!(matches!(outcome, Err(MeasureError::NoImages)));
    }
}
