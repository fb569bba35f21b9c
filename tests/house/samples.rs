//! Each rule catches what it is for, and lets the rest through.

use super::source::Source;
use super::table::Table;
use super::*;

/// Every breach of the arrows, and every stray `cfg`, in one file.
fn breaches(file: &str, text: &str) -> Vec<String> {
    let source = &Source::all(&[(file, text)])[0];
    let mut found = TABLE.breaches(source);
    found.extend(stray_cfgs(source));
    found
}

#[test]
fn an_import_against_an_arrow_is_caught() {
    let caught = [
        ("src/vision/nms.rs", "use crate::spec::EmotionNet;"),
        ("src/vision/nms.rs", "use burn::tensor::Tensor;"),
        ("src/engine/plan.rs", "use burn_wgpu::WgpuSetup;"),
        ("src/engine/plan.rs", "use cubecl::client::Client;"),
        (
            "src/vision/nms.rs",
            "fn f() { let _ = std::fs::read(\"x\"); }",
        ),
        ("src/vision/nms.rs", "use std::{cmp, fs::File};"),
        (
            "src/vision/nms.rs",
            "use crate::{emotion::Emotion, web::{loader}};",
        ),
        ("src/vision/nms.rs", "use super::super::pipeline;"),
        (
            "src/vision/nms.rs",
            "mod a { mod b { use super::super::super::super::pipeline; } }",
        ),
        (
            "src/vision/nms.rs",
            "fn f() { assert!(crate::{emotion::a, web::b}); }",
        ),
        (
            "src/vision/nms.rs",
            "macro_rules! m { () => { $crate::web::a() } }",
        ),
        (
            "src/vision/nms.rs",
            "#[derive(crate::web::Sent)] struct S(u8);",
        ),
        ("src/vision/nms.rs", "fn f(_: Vec<&crate::spec::Plan>) {}"),
        (
            "src/vision/nms.rs",
            "fn f() { matches!(1, crate::spec::ONE | 2); }",
        ),
        ("src/vision/mod.rs", "use super::pipeline::Analyzer;"),
        ("src/vision/mod.rs", "use super::*;"),
        ("src/vision/mod.rs", "use crate as root;"),
        (
            "src/nn/head.rs",
            "use burn::{module::Module, train::Learner};",
        ),
        ("src/spec/head.rs", "use crate::training;"),
        ("src/spec/head.rs", "fn f() { let w = web_sys::window(); }"),
        ("src/pipeline.rs", "pub use crate::web::loader as l;"),
        (
            "src/web/loader.rs",
            "use crate::training::config::TrainingConfig;",
        ),
        ("src/quantize/export.rs", "use crate::cli::run;"),
        ("src/emotion.rs", "use crate::vision::Frame;"),
        ("src/emotion.rs", "use crate::Frame;"),
    ];
    for (file, text) in caught {
        let found = breaches(file, text);
        assert_eq!(found.len(), 1, "{file}: {text}: {found:?}");
    }
    let found = breaches(
        "src/vision/nms.rs",
        "// web\nuse crate::webs;\nuse crate::{\n    web::a,\n    vision::b,\n};\n",
    );
    assert!(
        found
            .iter()
            .any(|line| line.starts_with("src/vision/nms.rs:4: crate::web::a: "))
    );
}

#[test]
fn an_import_along_an_arrow_is_let_through() {
    let fine = [
        (
            "src/spec/input.rs",
            "use crate::vision::{self, Frame, crop::FaceCrop as web};",
        ),
        ("src/nn/input.rs", "use burn::tensor::{Device, Tensor};"),
        (
            "src/spec/input.rs",
            "//! Unlike crate::web, which uses std::fs.\n/* web_sys::x */",
        ),
        ("src/spec/input.rs", "const WHY: &str = \"crate::web::x\";"),
        (
            "src/spec/input.rs",
            "fn f<'a>(x: &'a str) -> char { '\"' } // crate::web",
        ),
        (
            "src/spec/input.rs",
            "pub(in crate::web) fn f(burn: u8) -> u8 { burn }",
        ),
        (
            "src/training/step.rs",
            "use burn::train::TrainStep; use crate::data::Batch;",
        ),
        (
            "src/web/loader.rs",
            "use web_sys::Window; use crate::pipeline::Analyzer;",
        ),
        (
            "src/vision/mod.rs",
            "#[cfg(test)]\nmod tests { use super::*; }",
        ),
        (
            "src/spec/fold.rs",
            "#[cfg(test)]\nmod tests { use super::super::weights; }",
        ),
        (
            "src/web/components/app.rs",
            "use super::super::session::Session;",
        ),
        ("src/cli/train.rs", "use crate::training::run; use std::fs;"),
    ];
    for (file, text) in fine {
        assert_eq!(breaches(file, text), Vec::<String>::new(), "{file}: {text}");
    }
}

#[test]
fn a_stray_cfg_is_caught() {
    let stray = [
        "#[cfg(target_arch = \"wasm32\")] fn f() {}",
        "#[cfg(all(test, feature = \"native\"))] mod tests {}",
        "fn f() { if cfg!(not(target_arch = \"wasm32\")) {} }",
        "fn f() { assert!(cfg!(not(target_arch = \"wasm32\"))); }",
        "#[cfg_attr(feature = \"native\", derive(Debug))] struct S;",
    ];
    for text in stray {
        assert_eq!(breaches("src/vision/nms.rs", text).len(), 1, "{text}");
        assert_eq!(
            breaches("src/platform/mod.rs", text),
            Vec::<String>::new(),
            "{text}"
        );
    }
}

#[test]
fn a_faulty_table_is_caught() {
    let faults = |rows: &str| {
        let table = Table::of(&format!(
            "//! | room | from → to | knows of | does without |\n//! |---|---|---|---|\n{rows}"
        ));
        table.faults(&BTreeSet::from(["lib", "a", "b", "c"]))
    };
    let a = "//! | [`a`] | a → b | nothing | burn, files |\n";
    let b = "//! | `b` (native) | b → c | `a` | |\n";
    let c = "//! | `c` (wasm32) | c → d | everything | image |\n";
    let none = Vec::<String>::new();
    assert_eq!(faults(&[a, b, c].concat()), none);
    assert_eq!(
        faults(&[a, b].concat()),
        ["src/c: give it a row in the table of src/lib.rs"]
    );
    let d = "//! | `d` | d → e | `a` | |\n";
    assert_eq!(
        faults(&[a, b, c, d].concat()),
        ["d: a row, and no such room in src/"]
    );
    let unknown = b.replace("`a`", "`a`, `x`");
    assert_eq!(
        faults(&[a, &unknown, c].concat()),
        ["b: knows of x, which has no row"]
    );
    let circle = b.replace("`a`", "`c`");
    assert_eq!(faults(&[a, &circle, c].concat()), ["a circle among b, c"]);
}

#[test]
fn a_long_file_and_a_full_folder_are_caught() {
    let lines = |count: usize| "// a line\n".repeat(count);
    let tests = |count: usize| format!("#[cfg(test)]\nmod tests {{\n{}}}\n", lines(count - 3));
    let long = |file: &str, text: &str| {
        let sources = Source::all(&[(file, text), ("src/a/mod.rs", "#[cfg(test)] mod tests;")]);
        limits::long_files(&sources, &["src/a/table.rs"]).len()
    };
    for (code, test, caught) in [(400, 100, 0), (401, 3, 1), (400, 101, 1), (0, 501, 1)] {
        let behind = tests(test);
        assert_eq!(
            long("src/a/b.rs", &(lines(code) + &behind)),
            caught,
            "{code} {test}"
        );
    }
    let first = "#[cfg(test)]\nmod tests;\n".to_owned() + &lines(399);
    assert_eq!(long("src/a/b.rs", &first), 1);
    assert_eq!(long("src/a/tests.rs", &lines(500)), 0);
    assert_eq!(long("src/a/tests/c.rs", &lines(501)), 1);
    assert_eq!(long("src/a/table.rs", &lines(501)), 0);

    let files: Vec<String> = (0..16)
        .map(|number| format!("src/a/f{number}.rs"))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|file| (file.as_str(), "")).collect();
    assert_eq!(limits::full_folders(&Source::all(&files)).len(), 1);
    assert_eq!(limits::full_folders(&Source::all(&files[1..])).len(), 0);
}

#[test]
fn methods_out_of_place_are_caught() {
    let hidden = |text| {
        let files = [
            ("src/spec/plan.rs", "pub struct Plan<T>(T);"),
            ("src/nn/mod.rs", text),
        ];
        types::hidden_arrows(&Source::all(&files)).len()
    };
    assert_eq!(
        hidden("impl<T> crate::spec::plan::Plan<T> { fn f() {} }"),
        1
    );
    assert_eq!(
        hidden("mod a { type Plan = u8; impl Plan { fn f() {} } }"),
        1
    );
    assert_eq!(hidden("impl Build for Plan<u8> {}"), 0);
    assert_eq!(
        hidden("struct Two<T>(T); type One = Two<u8>; impl One { fn f() {} }"),
        0
    );
    assert_eq!(hidden("enum Layer { One } impl Layer { fn f() {} }"), 0);

    let method = "impl Plan { fn f() {} }";
    let files: Vec<String> = (0..4).map(|number| format!("src/a/f{number}.rs")).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|file| (file.as_str(), method)).collect();
    assert_eq!(types::scattered(&Source::all(&files)).len(), 1);
    assert_eq!(types::scattered(&Source::all(&files[1..])).len(), 0);
}

#[test]
fn a_name_of_two_public_types_is_caught() {
    let shared = |text| {
        let files = [
            ("src/spec/plan.rs", "pub struct Plan;"),
            ("src/nn/mod.rs", text),
        ];
        types::shared_names(&Source::all(&files)).len()
    };
    for text in [
        "pub type Plan = u8;",
        "mod a { pub trait Plan {} }",
        "pub enum Plan {}",
    ] {
        assert_eq!(shared(text), 1, "{text}");
    }
    for text in [
        "struct Plan;",
        "#[cfg(test)] mod a { pub struct Plan; }",
        "pub fn plan() {}",
    ] {
        assert_eq!(shared(text), 0, "{text}");
    }
    let twice = "mod a { pub struct Four; }\nmod b { pub struct Four; }";
    for (file, caught) in [("src/platform/simd/mod.rs", 0), ("src/nn/mod.rs", 1)] {
        assert_eq!(
            types::shared_names(&Source::all(&[(file, twice)])).len(),
            caught
        );
    }
}
