use crate::projects::Project;

/// The longest shape that there is: what is on record of a test takes more room than what one run of it came to.
const LONG: &str = "it fails, and says at length how it does, so that its file in the ledger is longer than other files are, and takes \
                    room that is not there on a full disk: one hundred an";

/// How far a test has come, on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Red,
    Green,
}

/// The fail-first tests of a project, as it declares them.
pub(crate) struct Ledger<'a> {
    project: &'a Project,
    tests: Vec<serde_json::Value>,
}

impl Ledger<'_> {
    /// Puts a test on record as the harness would that has seen it; gives the file.
    pub(crate) fn record(&self, test: &str, stage: Stage, revision: &str) -> String {
        self.record_if(stage, revision, |row| row["test"] == test)
    }

    /// The same for the first test of which this holds; the file is relative to the package.
    pub(crate) fn record_if(
        &self,
        stage: Stage,
        revision: &str,
        is_meant: impl Fn(&serde_json::Value) -> bool,
    ) -> String {
        let row = self
            .tests
            .iter()
            .find(|row| is_meant(row))
            .expect("there is such a test");
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        let green = match stage {
            Stage::Red => String::new(),
            Stage::Green => format!("\n[green]\nrevision = \"{revision}\"\nseen = \"run\"\n"),
        };
        let ledger = format!(
            "version = 1\nissue = {:?}\nexpect = {:?}\nsource = {:?}\n\n[red]\nkind = \"assertion\"\nshape = {LONG:?}\n\
             revision = \"{revision}\"\nseen = \"run\"\n{green}",
            text("issue"),
            text("expect"),
            text("source")
        );
        let file = text("ledger");
        // A package of a workspace has its tests in a folder below its own, by the compiler's name for them.
        let source = text("file");
        let within = source.find("tests/").or_else(|| source.find("src/")).unwrap();
        self.project
            .write(&format!("{}{file}", &source[..within]), &ledger);
        file
    }
}

impl Project {
    /// What its tests are, so that they can be put on record.
    pub(crate) fn ledger(&self) -> Ledger<'_> {
        let (_, listing) = self.json(&["status", "--quiet"]);
        let tests = listing["tests"].as_array();
        Ledger {
            project: self,
            tests: tests.unwrap_or_else(|| panic!("{listing}")).clone(),
        }
    }

    /// Commits everything as of some days ago; gives the revision.
    pub(crate) fn commit_days_ago(&self, subject: &str, days: u64) -> String {
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap();
        // An hour more, so that no test stands on the last second of a day.
        let then = format!("@{} +0000", now.as_secs() - days * 86_400 - 3_600);
        self.git(&["add", "--all"]);
        let mut git = self.git_command();
        git.args(["commit", "--quiet", "--allow-empty", "--message", subject]);
        git.env("GIT_AUTHOR_DATE", &then).env("GIT_COMMITTER_DATE", &then);
        assert!(git.status().unwrap().success());
        self.git(&["rev-parse", "HEAD"])
    }
}
