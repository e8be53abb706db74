//! What `cargo ssot prove` says where there is nothing to prove against.

use std::fs;

use crate::projects::{Project, Ran, snapshot};

/// A package of one revision, of which nothing will be built.
fn package() -> Project {
    let project = Project::package("prove-nothing");
    project.commit("all there is");
    project
}

#[test]
fn a_folder_that_is_in_no_repository() {
    let project = package();
    fs::remove_dir_all(project.path().join(".git")).unwrap();
    snapshot("prove_no_repository", &project.ssot(&["prove"]).shown(&project));
}

#[test]
fn a_revision_that_there_is_not() {
    let project = package();
    let ran = project.ssot(&["prove", "--base", "v1.2"]);
    snapshot("prove_no_revision", &ran.shown(&project));
    let (code, error) = project.json(&["prove", "--base", "v1.2"]);
    assert_eq!((code, &error["error"]["kind"]), (2, &"no-revision".into()));
}

#[test]
fn a_base_that_is_what_is_checked_out() {
    let project = package();
    snapshot("prove_unchanged", &project.ssot(&["prove"]).shown(&project));
}

#[test]
fn a_detached_head_without_a_main_branch() {
    let project = package();
    project.git(&["switch", "--quiet", "--detach"]);
    project.git(&["branch", "--quiet", "--delete", "--force", "main"]);
    snapshot("prove_detached", &project.ssot(&["prove"]).shown(&project));
}

#[test]
fn a_shallow_clone() {
    let project = package();
    let fault = project.git(&["rev-parse", "HEAD"]);
    project.commit("the fix");
    let shallow = Project::empty();
    fs::remove_dir_all(shallow.path().join(".git")).unwrap();
    shallow.remove(".gitignore");
    shallow.remove("Cargo.lock");
    let url = format!("file://{}", project.path().display());
    let mut clone = project.git_command();
    let cloned = Ran::of(
        clone
            .args(["clone", "--quiet", "--depth=1", &url])
            .arg(shallow.path()),
    );
    assert_eq!(cloned.code, 0, "{}", cloned.err);
    let ran = shallow.ssot(&["prove", "--base", &fault]);
    snapshot("prove_shallow", &ran.shown(&shallow));
}

#[test]
fn rounds_that_are_none() {
    let project = package();
    let ran = project.ssot(&["prove", "--repeat", "0"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("0 is not in 1..=1000"), "{}", ran.err);
}
