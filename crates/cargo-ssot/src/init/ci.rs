use std::borrow::Cow;
use std::path::{Path, PathBuf};

use shlex::Quoter;

use crate::place::between;
use crate::project::{Origin, Package};

/// Where a repository keeps the continuous integration of GitHub.
const GITHUB: &str = ".github/workflows/ssot.yml";

/// By which files other continuous integration is known.
const OTHERS: [&str; 10] = [
    ".gitlab-ci.yml",
    ".circleci",
    "azure-pipelines.yml",
    "Jenkinsfile",
    ".travis.yml",
    "bitbucket-pipelines.yml",
    ".buildkite",
    ".drone.yml",
    ".woodpecker.yml",
    ".cirrus.yml",
];

/// What every run does.
pub(super) const GATE: &str = "cargo ssot gate --junit target/ssot/junit.xml";

/// The command that installs this one where a project's tests run; `folder` is where that is called.
///
/// It comes from where the package has the library. No registry has either yet, and a crate that somebody else publishes under
/// this name is not to be installed: so a package that names a registry, or nothing yet, is pointed to a checkout.
pub(super) fn install(package: &Package, folder: &Path) -> String {
    let checkout = |path: PathBuf| {
        let path = path.join("crates").join("cargo-ssot");
        let path = path.display().to_string().replace('\\', "/");
        format!("cargo install --path {} --locked", word(&path))
    };
    match &package.harness {
        Some(Origin::Path(path)) => checkout(between(folder, path)),
        Some(Origin::Git(arguments)) => {
            let arguments: Vec<_> = arguments.iter().map(|argument| word(argument)).collect();
            format!("cargo install {} cargo-ssot --locked", arguments.join(" "))
        }
        Some(Origin::Registry) | None => checkout(PathBuf::from("../ssot-harness")),
    }
}

/// A word of a shell.
fn word(text: &str) -> Cow<'_, str> {
    let quoter = Quoter::new().allow_nul(true);
    quoter
        .quote(text)
        .expect("a text is refused only for a nul, which is allowed")
}

/// What becomes of continuous integration.
pub(super) enum Ci {
    /// This file is for GitHub, and holds this.
    Workflow { file: PathBuf, text: String },
    /// Another one is there, known by this file: its owner adds the steps.
    Other(&'static str),
}

/// What continuous integration a repository has; GitHub's where it has none. `project` is the workspace's folder in it.
pub(super) fn ci(repository: &Path, project: &Path, install: &str) -> Ci {
    let other = OTHERS.into_iter().find(|file| repository.join(file).exists());
    match other {
        Some(file) if !repository.join(".github").is_dir() => Ci::Other(file),
        _ => Ci::Workflow {
            file: repository.join(GITHUB),
            text: workflow(project.strip_prefix(repository).unwrap_or(Path::new("")), install),
        },
    }
}

fn workflow(folder: &Path, install: &str) -> String {
    let folder = if folder.as_os_str().is_empty() {
        ".".to_owned()
    } else {
        folder.display().to_string().replace('\\', "/")
    };
    let plain = folder.clone();
    // A text of JSON is one of YAML.
    let folder = serde_json::Value::from(folder).to_string();
    // The action knows nothing of the job's folder.
    let sarif = serde_json::Value::from(format!("{plain}/target/ssot/audit.sarif")).to_string();
    include_str!("../../templates/ssot.yml")
        .replace("FOLDER", &folder)
        .replace("SARIF", &sarif)
        .replace("INSTALL", &serde_json::Value::from(install).to_string())
}
