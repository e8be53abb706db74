use std::fs;
use std::path::PathBuf;

use cargo_metadata::diagnostic::DiagnosticLevel;
use cargo_metadata::{Artifact, CompilerMessage, Message};
use ssot_harness::__command::find_markers;

use crate::error::{Error, ErrorKind};
use crate::options::{BuildOptions, Runner};
use crate::program::{Built, Program, TargetKind, Uncompiled};
use crate::progress::Progress;
use crate::project::{Package, Project};
use crate::tool::{cargo, watch_cargo};

/// Builds the test programs of the packages that may have fail-first tests, and reads off each which it has.
///
/// # Errors
///
/// Where there is no such package, cargo fails, or a program does not compile that has to: each has to, unless the build is
/// to keep going.
pub(crate) fn build(project: &Project, options: &BuildOptions, progress: &Progress) -> Result<Built, Error> {
    let packages = project.harnessed(&options.packages)?;
    let phase = progress.phase(format!("building the tests of {}", names(&packages)));
    let mut command = cargo();
    command
        .current_dir(&project.root)
        .args(["build", "--tests", "--message-format=json"]);
    if options.keep_going {
        command.arg("--keep-going");
    }
    options.apply(&mut command, Runner::Cargo, &packages);
    let said = watch_cargo(&mut command, &phase)?;
    let mut messages = Messages {
        packages: &packages,
        built: Built::default(),
    };
    for message in Message::parse_stream(&*said.stdout) {
        messages.take(message.map_err(|error| {
            Error::new(
                ErrorKind::Cargo,
                "what cargo says cannot be read",
                "see that `cargo build --tests` works",
            )
            .because(error)
        })?)?;
    }
    let mut built = messages.built;
    if !said.success && (built.uncompiled.is_empty() || !options.keep_going) {
        let compiler: Vec<&str> = built
            .uncompiled
            .iter()
            .map(|target| target.errors.trim_end())
            .collect();
        let details = if compiler.is_empty() {
            said.end()
        } else {
            compiler.join("\n\n")
        };
        return Err(Error::new(
            ErrorKind::Build,
            "the tests cannot be built",
            "see that `cargo build --tests` works, and call this again",
        )
        .with_details(details));
    }
    built.programs.sort_by(|a, b| {
        (&a.package.name, a.kind as u8, &a.target).cmp(&(&b.package.name, b.kind as u8, &b.target))
    });
    Ok(built)
}

fn names(packages: &[&Package]) -> String {
    match packages {
        [one] => one.name.clone(),
        [one, other] => format!("{} and {}", one.name, other.name),
        many => format!("{} packages", many.len()),
    }
}

struct Messages<'a> {
    packages: &'a [&'a Package],
    built: Built,
}

impl Messages<'_> {
    fn take(&mut self, message: Message) -> Result<(), Error> {
        match message {
            Message::CompilerArtifact(Artifact {
                package_id,
                target,
                profile,
                executable: Some(executable),
                ..
            }) if profile.test => {
                let Some(package) = self.package(&package_id.repr) else {
                    return Ok(());
                };
                let krate = target.name.replace('-', "_");
                let executable = PathBuf::from(executable);
                let bytes = fs::read(&executable).map_err(|error| Error::unreadable(&executable, error))?;
                let tests = find_markers(&bytes)
                    .into_iter()
                    // A library that is linked in has its tests in a program of its own.
                    .filter(|declared| declared.krate == krate)
                    .collect();
                self.built.programs.push(Program {
                    package: package.clone(),
                    kind: TargetKind::of(&target),
                    target: target.name,
                    krate,
                    executable,
                    tests,
                });
            }
            Message::CompilerMessage(CompilerMessage {
                package_id,
                target,
                message,
                ..
            }) if matches!(message.level, DiagnosticLevel::Error | DiagnosticLevel::Ice) => {
                let package = self
                    .package(&package_id.repr)
                    .map_or_else(|| target.name.clone(), |package| package.name.clone());
                let errors = message.rendered.unwrap_or(message.message);
                self.fails_to_compile(package, &target, &errors);
            }
            _ => {}
        }
        Ok(())
    }

    fn package(&self, id: &str) -> Option<&Package> {
        self.packages.iter().copied().find(|package| package.id == id)
    }

    /// A library is compiled twice, with its unit tests and without, and is told once.
    fn fails_to_compile(&mut self, package: String, target: &cargo_metadata::Target, errors: &str) {
        let kind = TargetKind::of(target);
        let known = self
            .built
            .uncompiled
            .iter_mut()
            .find(|known| known.package == package && known.kind == kind && known.target == target.name);
        match known {
            None => self.built.uncompiled.push(Uncompiled {
                package,
                target: target.name.clone(),
                kind,
                errors: errors.to_owned(),
            }),
            Some(known) if !known.errors.contains(errors) => known.errors.push_str(errors),
            Some(_) => {}
        }
    }
}
