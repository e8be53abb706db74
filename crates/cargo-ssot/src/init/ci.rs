use std::path::{Path, PathBuf};

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

/// What goes into somebody else's file by hand.
pub(super) const STEPS: &str = "\
cargo install cargo-ssot --locked
cargo ssot gate --junit target/ssot/junit.xml
";

/// What becomes of continuous integration.
pub(super) enum Ci {
    /// This file is for GitHub, and holds this.
    Workflow { file: PathBuf, text: String },
    /// Another one is there, known by this file: its owner adds the steps.
    Other(&'static str),
}

/// What continuous integration a repository has; GitHub's where it has none. `project` is the workspace's folder in it.
pub(super) fn ci(repository: &Path, project: &Path) -> Ci {
    let other = OTHERS.into_iter().find(|file| repository.join(file).exists());
    match other {
        Some(file) if !repository.join(".github").is_dir() => Ci::Other(file),
        _ => Ci::Workflow {
            file: repository.join(GITHUB),
            text: workflow(project.strip_prefix(repository).unwrap_or(Path::new(""))),
        },
    }
}

fn workflow(folder: &Path) -> String {
    let folder = if folder.as_os_str().is_empty() {
        ".".to_owned()
    } else {
        folder.display().to_string().replace('\\', "/")
    };
    // A text of JSON is one of YAML.
    let folder = serde_json::Value::from(folder).to_string();
    include_str!("../../templates/ssot.yml").replace("FOLDER", &folder)
}
