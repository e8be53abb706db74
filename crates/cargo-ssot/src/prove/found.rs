use super::at_base::Prepared;
use super::side::Side;
use crate::program::{Built, Program, TargetKind, TestRef};
use crate::project::{Package, Project};

/// A test at the base.
pub(super) enum Found<'a> {
    Test(TestRef<'a>),
    Not(Side),
}

impl<'a> Found<'a> {
    /// It, where it can be run.
    pub(super) fn runnable(&self) -> Option<TestRef<'a>> {
        match self {
            Self::Test(test) => Some(*test),
            Self::Not(_) => None,
        }
    }
}

/// Looks up a test of the work tree among what was built at the base.
pub(super) fn find<'a>(
    test: TestRef<'_>,
    prepared: &Prepared,
    built: &'a Built,
    project: &Project,
) -> Found<'a> {
    let package = &test.program.package;
    let uncompiled = |why: String| Found::Not(Side::Uncompiled(why));
    if prepared.missing.contains(&package.folder) {
        return uncompiled(format!("the base has no package {}", package.name));
    }
    let Some(there) = prepared.package(package) else {
        return uncompiled(format!(
            "the package {} is not of the base's workspace",
            package.name
        ));
    };
    if !there.harnessed {
        return uncompiled(format!(
            "the package {} does not depend on ssot-harness there: have it among its [dev-dependencies], which are taken \
             along",
            package.name
        ));
    }
    let is_program = |program: &&'a Program| {
        program.package.id == there.id
            && program.kind == test.program.kind
            && program.krate == test.program.krate
    };
    let Some(program) = built.programs.iter().find(is_program) else {
        return uncompiled(why_uncompiled(test.program, there, built));
    };
    let declared = program
        .tests
        .iter()
        .find(|declared| declared.test == test.declared.test);
    let there = declared.map(|declared| TestRef { program, declared });
    match there {
        Some(there) if there.fingerprint() == test.fingerprint() => Found::Test(there),
        Some(there) if is_taken_along(test, project) => Found::Not(Side::Differs(format!(
            "what it stands on is another there, and is not taken along: {}",
            differing(test, there)
        ))),
        None if is_taken_along(test, project) => uncompiled(format!(
            "{} has no such test there, with what it is compiled with",
            program.target
        )),
        known => {
            let what = if known.is_some() {
                "another test of that name"
            } else {
                "no such test"
            };
            let file = &test.declared.file;
            Found::Not(Side::Differs(format!(
                "it stands in {file}, which is the product's and not taken along: the base has {what} there"
            )))
        }
    }
}

/// What keeps a program from being compiled at the base: its own errors, those of its package, or those of what it stands on.
fn why_uncompiled(program: &Program, there: &Package, built: &Built) -> String {
    let own = |kind: TargetKind, target: Option<&str>| {
        built.uncompiled.iter().find(|uncompiled| {
            uncompiled.package == there.name
                && uncompiled.kind == kind
                && target.is_none_or(|target| uncompiled.target == target)
        })
    };
    own(program.kind, Some(&program.target))
        .or_else(|| own(TargetKind::Lib, None))
        .or_else(|| own(TargetKind::Bin, None))
        .or_else(|| {
            built
                .uncompiled
                .iter()
                .find(|uncompiled| uncompiled.package != there.name)
        })
        .map_or_else(
            || why_not_built(program, there),
            |uncompiled| uncompiled.errors.clone(),
        )
}

/// Why cargo has not tried to build a program at the base.
fn why_not_built(program: &Program, there: &Package) -> String {
    let name = &program.target;
    let target = there
        .targets
        .iter()
        .find(|(kind, target, _)| *kind == program.kind && target == name);
    match target {
        None => format!("the base's manifest has no target {name}, and its file cannot be taken there"),
        Some((_, _, features)) if !features.is_empty() => format!(
            "{name} requires the features {}, which are not enabled: name them with --features, where the base has them",
            features.join(", ")
        ),
        Some(_) => format!("cargo does not build {name} there, and does not say why"),
    }
}

/// In which files what a test stands on is another at the base.
fn differing(test: TestRef<'_>, there: TestRef<'_>) -> String {
    match (&test.declared.covers, &there.declared.covers) {
        (Some(here), Some(there)) => here.changed_since(there).join(", "),
        _ => test.declared.file.clone(),
    }
}

/// Whether a test stands in what is taken along to the base.
fn is_taken_along(test: TestRef<'_>, project: &Project) -> bool {
    let package = &test.program.package;
    let file = project.root.join(&test.declared.file);
    let is_product = package.product.iter().any(|product| file.starts_with(product));
    matches!(test.program.kind, TargetKind::Test | TargetKind::Bench) && !is_product
}
