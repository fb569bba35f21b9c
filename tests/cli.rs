//! The command line as a real process, on a small data set that is made here.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

pub fn moue(arguments: &[&str]) -> Output {
    moue_in(Path::new(env!("CARGO_MANIFEST_DIR")), arguments)
}

pub fn moue_in(folder: &Path, arguments: &[&str]) -> Output {
    let output = command(arguments).current_dir(folder).output();
    output.expect("the binary starts")
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_moue"));
    command
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null());
    command
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Faces of a kind that a network can tell apart: a bright bar whose height is the label.
pub(crate) fn write_csv(folder: &Path, per_class: usize) -> PathBuf {
    let mut csv = String::from("emotion,pixels,Usage\n");
    for index in 0..per_class * 7 {
        let label = index % 7;
        let usage = ["Training", "Training", "PublicTest", "PrivateTest"][index / 7 % 4];
        let pixels: Vec<String> = (0..48 * 48)
            .map(|at| {
                let lit = at / 48 / 7 == label;
                let noise = (at * 31 + index * 17) % 40;
                (if lit { 200 + noise } else { 20 + noise }).to_string()
            })
            .collect();
        writeln!(csv, "{label},{},{usage}", pixels.join(" ")).expect("a string grows");
    }
    let path = folder.join("small.csv");
    fs::write(&path, csv).expect("the folder is writable");
    path
}

pub fn argument(path: &Path) -> &str {
    path.to_str().expect("temporary paths are text")
}

#[test]
fn help_teaches_and_wrong_arguments_exit_with_2() {
    let help = moue(&["--help"]);
    assert!(help.status.success());
    for word in [
        "train",
        "evaluate",
        "evaluate-detector",
        "compare",
        "quantize",
        "predict",
        "doctor",
        "Examples:",
    ] {
        assert!(
            text(&help.stdout).contains(word),
            "--help does not say `{word}`"
        );
    }
    let wrong = moue(&["predict"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("PHOTO"));
}

#[test]
fn data_errors_name_the_file_the_line_and_the_remedy() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = write_csv(folder.path(), 4);
    let good = fs::read_to_string(&path).expect("just written");
    let out = folder.path().join("run");
    let train = |csv: &str| {
        fs::write(&path, csv).expect("the folder is writable");
        let arguments = [
            "train",
            "--preset",
            "smoke",
            "--data",
            argument(&path),
            "--out",
            argument(&out),
        ];
        let output = moue(&[&arguments[..], &["--any-size"]].concat());
        assert_eq!(output.status.code(), Some(1));
        assert!(!out.exists(), "a run that cannot start leaves nothing");
        text(&output.stderr)
    };
    let eighth = train(&good.replacen("\n1,", "\n7,", 1));
    assert!(
        eighth.contains("small.csv") && eighth.contains('3') && eighth.contains('7'),
        "{eighth}"
    );
    // 47×48 pixels in the first row.
    let (pixels, usage) = good.split_once(",Training").expect("the first row trains");
    let kept: Vec<&str> = pixels.rsplitn(49, ' ').collect();
    let narrow = train(&format!("{},Training{usage}", kept[48]));
    assert!(
        narrow.contains("small.csv") && narrow.contains("2256") && narrow.contains("2304"),
        "{narrow}"
    );

    fs::write(&path, good).expect("the folder is writable");
    let all = moue(&[
        "train",
        "--preset",
        "smoke",
        "--data",
        argument(&path),
        "--out",
        argument(&out),
    ]);
    assert_eq!(all.status.code(), Some(1));
    assert!(
        text(&all.stderr).contains("--any-size"),
        "{}",
        text(&all.stderr)
    );
}

#[test]
fn a_split_without_images_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = write_csv(folder.path(), 4);
    let good = fs::read_to_string(&path).expect("just written");
    for (absent, told) in [
        ("PublicTest", "PublicTest of small is empty"),
        ("Training", "Training of small has 0 images"),
    ] {
        let rows = good.lines().filter(|line| !line.ends_with(absent));
        let rows: Vec<&str> = rows.collect();
        fs::write(&path, rows.join("\n")).expect("the folder is writable");
        let out = folder.path().join(absent);
        let train = [
            "train",
            "--preset",
            "smoke",
            "--any-size",
            "--out",
            argument(&out),
        ];
        let output = moue(&[&train[..], &["--data", argument(&path)]].concat());
        let complaint = text(&output.stderr);
        assert!(complaint.contains(told), "{complaint}");
        assert!(!complaint.contains("batch of 1;"), "{complaint}");
    }
}

#[test]
fn a_result_that_cannot_be_written_is_an_error() {
    let Ok(full) = fs::File::options().write(true).open("/dev/full") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let onnx = folder.path().join("moue.onnx");
    for arguments in [
        &["predict", "tests/fixtures/happy.png"][..],
        &["predict", "--json", "tests/fixtures/no-face.png"],
        &["doctor"],
        &["compare", "smoke"],
        &["export-onnx", "--out", argument(&onnx)],
    ] {
        let stdout = full.try_clone().expect("a file can be shared");
        let output = command(arguments).stdout(stdout).output();
        let output = output.expect("the binary starts");
        let complaint = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {complaint}");
        assert!(
            complaint.contains("standard output") && complaint.contains("No space left"),
            "{arguments:?}: {complaint}"
        );
    }
    assert!(onnx.is_file(), "files are written before they are told of");
}

#[test]
fn nothing_is_said_of_a_reader_that_went_away() {
    let mut child = command(&["predict", "tests/fixtures/happy.png"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(text(&output.stderr), "");
    assert_eq!(output.status.code(), Some(141), "as of a signal");
}

#[test]
fn the_cause_of_an_error_is_told_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let csv = write_csv(folder.path(), 4);
    let missing = folder.path().join("missing");
    let (csv, missing) = (argument(&csv), argument(&missing));
    let in_missing = format!("{csv}/below");
    let data = ["--any-size", "--data", csv];
    for arguments in [
        &["predict", missing][..],
        &["predict", "--model", missing, "tests/fixtures/happy.png"],
        &["doctor", "--model", missing],
        &["export-onnx", "--model", missing],
        &["export-onnx", "--out", &in_missing],
        &["evaluate", "--model", missing, "--data", csv],
        &["evaluate-detector", "--data", missing],
        &["evaluate-detector", "--data", missing, "--model", missing],
        &["quantize", "--model", missing, "--data", csv],
        &["quantize-detector", "--model", missing],
        &["calibrate", "--model", missing, "--data", csv],
        &["train-detector", "--data", missing, "--out", missing],
        &["train", "--data", missing, "--out", missing],
        &[&["train", "--out", missing, "--config", missing], &data[..]].concat(),
        &[&["train", "--out", missing, "--init", missing], &data[..]].concat(),
        &[
            &["train", "--out", &in_missing, "--preset", "smoke"],
            &data[..],
        ]
        .concat(),
    ] {
        let output = moue(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let told = text(&output.stderr) + &text(&output.stdout);
        for line in told.lines() {
            assert!(line.matches("(os error").count() < 2, "{line}");
            let parts: Vec<&str> = line.split(": ").collect();
            let again = (1..parts.len()).find(|at| parts[..*at].contains(&parts[*at]));
            assert!(again.is_none(), "{line}");
        }
    }
}

#[test]
fn a_killed_run_resumes_at_its_last_epoch_and_its_model_is_measured_and_quantized() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let csv = write_csv(folder.path(), 16);
    let run = folder.path().join("run");
    let common = ["--data", argument(&csv), "--any-size"];
    let start = [
        "train",
        "--preset",
        "smoke",
        "--epochs",
        "40",
        "--out",
        argument(&run),
    ];
    let mut child = Command::new(env!("CARGO_BIN_EXE_moue"))
        .args(start)
        .args(common)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let history = run.join("history.json");
    let deadline = Instant::now() + Duration::from_secs(120);
    let epochs = || {
        let json = fs::read(&history).unwrap_or_default();
        serde_json::from_slice::<serde_json::Value>(&json)
            .ok()
            .and_then(|value| value.as_array().map(Vec::len))
            .unwrap_or(0)
    };
    while epochs() < 3 {
        assert!(Instant::now() < deadline, "no third epoch in two minutes");
        assert!(
            child.try_wait().expect("a child can be asked").is_none(),
            "it ended too early"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    let second = moue(&[&["train", "--resume", "--out", argument(&run)], &common[..]].concat());
    assert!(
        text(&second.stderr).contains("another process is training"),
        "{}",
        text(&second.stderr)
    );
    child.kill().expect("a child can be killed");
    child.wait().expect("a child can be awaited");
    let before = fs::read_to_string(&history).expect("three epochs have ended");
    assert!(!run.join("model.safetensors").exists());

    let unfinished = moue(&[&["evaluate", "--model", argument(&run)], &common[..]].concat());
    assert!(
        text(&unfinished.stderr).contains("--resume"),
        "{}",
        text(&unfinished.stderr)
    );
    let occupied = moue(&[&start[..], &common[..]].concat());
    assert!(
        text(&occupied.stderr).contains("--resume"),
        "{}",
        text(&occupied.stderr)
    );

    let resumed = moue(&[&["train", "--resume", "--out", argument(&run)], &common[..]].concat());
    assert!(resumed.status.success(), "{}", text(&resumed.stderr));
    assert!(
        !text(&resumed.stdout).contains("epoch 1/40"),
        "it started over"
    );
    assert_eq!(epochs(), 40);
    let after: serde_json::Value =
        serde_json::from_slice(&fs::read(&history).expect("it ended")).expect("JSON");
    let before: serde_json::Value = serde_json::from_str(&before).expect("JSON");
    assert_eq!(after[0], before[0], "finished epochs stay as they were");

    let evaluated = moue(
        &[
            &["evaluate", "--json", "--model", argument(&run)],
            &common[..],
        ]
        .concat(),
    );
    assert!(evaluated.status.success(), "{}", text(&evaluated.stderr));
    let report: serde_json::Value = serde_json::from_slice(&evaluated.stdout).expect("JSON");
    let accuracy = private_test_accuracy(&report);
    assert!(
        accuracy > 0.5,
        "bars at seven heights are easy, found {accuracy}"
    );
    let saved =
        fs::read(run.join("report/report.json")).expect("a run's report lies in its folder");
    let saved: serde_json::Value = serde_json::from_slice(&saved).expect("JSON");
    assert_eq!(saved, report);
    assert_eq!(report["runs"][0]["training"]["epochs"], 40);
    let sets = report["runs"][0]["sets"].as_array().expect("a list");
    for (name, selected_on, learned_from) in [
        ("PrivateTest", false, false),
        ("PublicTest", true, false),
        ("PublicTest + PrivateTest", true, false),
        ("Training", false, true),
    ] {
        let set = sets.iter().find(|set| set["name"] == name);
        let set = set.unwrap_or_else(|| panic!("no {name} in {report}"));
        assert_eq!(set["selected_on"], selected_on, "{name}");
        assert_eq!(set["learned_from"], learned_from, "{name}");
    }
    let document = fs::read_to_string(run.join("report/report.md")).expect("written too");
    for picture in ["confusion", "classes", "reliability", "curves"] {
        let name = format!("{picture}.svg");
        assert!(document.contains(&name), "{document}");
        let svg = fs::read_to_string(run.join("report").join(&name)).expect("a picture");
        assert!(svg.trim_end().ends_with("</svg>"), "{name} is cut off");
    }

    let model = folder.path().join("model");
    let quantize = [
        "quantize",
        "--model",
        argument(&run),
        "--out",
        argument(&model),
        "--allowed-loss",
        "10",
    ];
    let quantized = moue(&[&quantize[..], &common[..]].concat());
    assert!(quantized.status.success(), "{}", text(&quantized.stderr));
    let again = moue(
        &[
            &["evaluate", "--json", "--model", argument(&model)],
            &common[..],
        ]
        .concat(),
    );
    let again: serde_json::Value = serde_json::from_slice(&again.stdout).expect("JSON");
    let after = private_test_accuracy(&again);
    assert!(
        !model.join("report").exists(),
        "nothing is written beside a quantized model unasked"
    );
    assert!(
        (after - accuracy).abs() <= 0.1,
        "{accuracy} before, {after} after"
    );

    let by_engine = |model: &Path| {
        let evaluate = [
            "evaluate",
            "--json",
            "--engine",
            "cpu",
            "--model",
            argument(model),
        ];
        moue(&[&evaluate[..], &common[..]].concat())
    };
    let by_page = by_engine(&model);
    assert!(by_page.status.success(), "{}", text(&by_page.stderr));
    let by_page: serde_json::Value = serde_json::from_slice(&by_page.stdout).expect("JSON");
    let answers = |report: &serde_json::Value| {
        report["runs"][0]["sets"][0]["figures"][0]["report"]["confusion"].clone()
    };
    assert_eq!(
        answers(&by_page),
        answers(&again),
        "the page's engine agrees"
    );
    let refused = by_engine(&run);
    assert!(!refused.status.success());
    let complaint = text(&refused.stderr);
    assert!(complaint.contains("is not quantized"), "{complaint}");
}

/// The accuracy of a single crop in the set that is reported first.
fn private_test_accuracy(report: &serde_json::Value) -> f64 {
    let set = &report["runs"][0]["sets"][0];
    assert_eq!(set["name"], "PrivateTest");
    assert_eq!(set["figures"][0]["views"], "single");
    let value = &set["figures"][0]["report"]["accuracy"]["value"];
    value.as_f64().expect("a number")
}

/// Votes for the rows of `csv`, most of them for happiness: the file and its text.
fn write_votes(folder: &Path, csv: &Path) -> (PathBuf, String) {
    let mut votes = String::from(
        "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n",
    );
    let rows = fs::read_to_string(csv).expect("just written");
    for line in rows.lines().skip(1) {
        let usage = line.rsplit(',').next().expect("a field");
        writeln!(votes, "{usage},,0,6,0,2,0,0,0,0,2,0").expect("a string grows");
    }
    let path = folder.join("fer2013new.csv");
    fs::write(&path, &votes).expect("the folder is writable");
    (path, votes)
}

/// Writes the drawn faces as two people's photographs, one of whom has no neutral face.
fn write_people(folder: &Path) -> PathBuf {
    let people = folder.join("people");
    fs::create_dir_all(&people).expect("the folder is writable");
    for name in ["happy.png", "neutral.png", "no-face.png", "surprise.png"] {
        fs::copy(Path::new("tests/fixtures").join(name), people.join(name)).expect("it is there");
    }
    let table = "file,expression,person,sex\nneutral.png,neutral,a,female\n\
        happy.png,happy,a,female\nno-face.png,sad,a,female\nsurprise.png,surprise,b,male\n\
        happy.png,happy,,male\n";
    fs::write(people.join("labels.csv"), table).expect("the folder is writable");
    people
}

#[test]
fn several_models_several_sets_and_votes_are_measured_and_marked() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let csv = write_csv(folder.path(), 4);
    let (fer_plus, votes) = write_votes(folder.path(), &csv);
    let my_faces = folder.path().join("my-faces");
    let own = my_faces.join("test/happy");
    fs::create_dir_all(&own).expect("the folder is writable");
    fs::copy("tests/fixtures/happy.png", own.join("me.png")).expect("the fixture is there");
    let out = folder.path().join("report");
    let data = [
        "--data",
        argument(&csv),
        "--data",
        argument(&my_faces),
        "--any-size",
    ];
    let models = ["--model", "www/model", "--model", "www/model"];
    let measure = ["evaluate", "--splits", "tests", "--fer-plus"];
    let people = write_people(folder.path());
    let rest = [
        argument(&fer_plus),
        "--tta",
        "--groups",
        argument(&people),
        "--out",
        argument(&out),
    ];
    let output = moue(&[&measure[..], &rest, &data, &models].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    for part in [
        "single crop",
        "2 views (flip)",
        "10 views (flip, shifts)",
        "FER+, single crop",
        "PrivateTest and test  ",
        "PublicTest *",
        "SELECTED ON",
        "mean ± standard deviation over 2 runs",
    ] {
        assert!(printed.contains(part), "{part} is not in\n{printed}");
    }
    let json = fs::read(out.join("report.json")).expect("it was asked for");
    let json: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    assert_eq!(json["runs"][1]["sets"][1]["selected_on"], true);
    assert_eq!(json["over_runs"]["sets"][0]["accuracy"]["deviation"], 0.0);
    let votes_seen = &json["runs"][0]["sets"][0]["figures"][0]["fer_plus"];
    assert_eq!(
        votes_seen["majority_8"]["images"], 7,
        "the added face has no votes"
    );
    let groups = json["runs"][0]["groups"].as_array().expect("groups");
    let group = |name: &str, expression: &str| {
        let mut found = groups
            .iter()
            .filter(|row| row["group"] == name && row["expression"] == expression);
        found.next().expect("the group is there")
    };
    let everybody = group("all", "all");
    assert_eq!(
        (&everybody["images"], &everybody["found"]),
        (&5.into(), &4.into())
    );
    assert_eq!(
        everybody["with_baseline"], 2,
        "the other faces of whoever has a neutral one, the face that was not found too"
    );
    let smile = group("sex: female", "happy");
    assert_eq!(
        (&smile["with_baseline"], &smile["compared"]["value"]),
        (&1.into(), &1.0.into())
    );
    assert!(group("all", "neutral").get("compared").is_none());
    assert!(group("sex: male", "surprise").get("compared").is_none());
    assert!(out.join("2-model/confusion.svg").is_file());

    fs::write(&fer_plus, votes.replacen("PublicTest,", "Training,", 1)).expect("writable");
    let output = moue(&[&measure[..], &rest, &data, &models].concat());
    let complaint = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        complaint.contains("fer2013new.csv:16: expected a row of PublicTest"),
        "{complaint}"
    );
}

#[test]
fn photographs_that_cannot_be_read_are_named_and_the_others_still_are() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let empty = folder.path().join("empty.png");
    fs::write(&empty, "").expect("the folder is writable");
    let words = folder.path().join("words.jpg");
    fs::write(&words, "these are words").expect("the folder is writable");
    let missing = folder.path().join("missing.jpg");
    let output = moue(&[
        "predict",
        argument(&empty),
        argument(&words),
        argument(&missing),
        "tests/fixtures/happy.png",
    ]);
    assert_eq!(output.status.code(), Some(1));
    let complaints = text(&output.stderr);
    for name in ["empty.png", "words.jpg", "missing.jpg"] {
        assert!(complaints.contains(name), "{complaints}");
    }
    assert!(
        text(&output.stdout).contains("looks happy"),
        "{}",
        text(&output.stdout)
    );
}

#[test]
fn calibrating_replaces_what_the_manifest_says_of_it_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let csv = write_csv(folder.path(), 8);
    let model = folder.path().join("model");
    fs::create_dir(&model).expect("the folder is writable");
    let names = || {
        let entries = fs::read_dir(&model).expect("the folder is there");
        let names = entries.map(|entry| entry.expect("it can be listed").file_name());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    };
    for name in ["manifest.json", "moue-int8.safetensors"] {
        let shipped = Path::new("www/model").join(name);
        fs::copy(shipped, model.join(name)).expect("the model is there");
    }
    let read = || fs::read(model.join("manifest.json")).expect("it stays there");
    let (files, shipped) = (names(), read());
    // A second name of the old file: it keeps its content where a new file takes the place.
    let old = folder.path().join("old.json");
    fs::hard_link(model.join("manifest.json"), &old).expect("the folder is writable");
    let (votes, _) = write_votes(folder.path(), &csv);
    let calibrate_with = |data: &Path, more: &[&str]| {
        let arguments = ["--any-size", "--aim", "0.6", "--model", argument(&model)];
        moue(
            &[
                &["calibrate", "--data", argument(data)],
                &arguments[..],
                more,
            ]
            .concat(),
        )
    };
    let calibrate = |data: &Path| calibrate_with(data, &[]);

    // What cannot be calibrated with is named, and the manifest stays as it was.
    let missing = calibrate(&folder.path().join("missing.csv"));
    assert_eq!(missing.status.code(), Some(1));
    let complaint = text(&missing.stderr);
    assert!(complaint.contains("missing.csv"), "{complaint}");
    let good = fs::read_to_string(&csv).expect("just written");
    let learned = folder.path().join("learned.csv");
    let only_training = good.lines().filter(|line| !line.ends_with("Test"));
    let only_training: Vec<&str> = only_training.collect();
    fs::write(&learned, only_training.join("\n")).expect("the folder is writable");
    let untested = calibrate(&learned);
    assert_eq!(untested.status.code(), Some(1));
    let complaint = text(&untested.stderr);
    assert!(
        complaint.contains("PublicTest") && complaint.contains("PrivateTest"),
        "{complaint}"
    );
    let unvoted = calibrate(&csv);
    assert_eq!(unvoted.status.code(), Some(1));
    let complaint = text(&unvoted.stderr);
    assert!(complaint.contains("--fer-plus"), "{complaint}");
    assert!(read() == shipped, "a failure changes nothing");

    let calibrated = calibrate_with(&csv, &["--fer-plus", argument(&votes)]);
    assert!(calibrated.status.success(), "{}", text(&calibrated.stderr));
    let said = text(&calibrated.stdout);
    assert!(
        said.contains("PublicTest") && said.contains("14 images"),
        "{said}"
    );
    assert_eq!(
        names(),
        files,
        "the new manifest takes the place of the old one, and nothing is left over"
    );
    let kept = fs::read(&old).expect("it has another name");
    assert!(
        kept == shipped,
        "nobody reads a manifest that is half written"
    );
    let json = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).expect("JSON");
    let (before, mut after) = (json(&shipped), json(&read()));
    let calibration = after["calibration"].take();
    assert_eq!(calibration["aim"], 0.6);
    assert_eq!(calibration["fitted_on"], "PublicTest, FER+ majority");
    let measured = &calibration["measured"][0];
    assert_eq!(measured["split"], "PrivateTest, FER+ majority");
    assert_eq!(measured["images"], 14);
    after["calibration"] = before["calibration"].clone();
    assert!(after["schema_version"].as_u64() >= before["schema_version"].as_u64());
    after["schema_version"] = before["schema_version"].clone();
    assert_eq!(after, before, "whatever else it says stays");
}
