use super::fake::Llm;
use crate::case::Case;
use crate::trace::User;

impl User {
    /// Makes this user known to a fake of a model's API, and returns the key by which the user's requests are known. Whatever is asked for the user is observed on
    /// [`Surface::Http`](crate::trace::Surface::Http). See [`services::llm`](crate::services::llm).
    #[expect(
        clippy::must_use_candidate,
        reason = "a user whose requests hold its id needs no key"
    )]
    pub fn llm(&self, llm: &Llm) -> String {
        llm.know(self)
    }
}

impl Case {
    /// A fake of a model's API: see [`services::llm`](crate::services::llm). At the end, the test fails where a request came that no script answered.
    ///
    /// ```
    /// # use ssot_harness::prelude::*;
    /// use ssot_harness::services::llm::When;
    ///
    /// # async fn body(case: &Case) -> CaseResult {
    /// let llm = case.llm();
    /// llm.on(When::containing("weather")).reply("It rains.");
    /// let url = llm.listen().await?; // the base URL of the system's client is `{url}/v1`
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    #[must_use]
    pub fn llm(&self) -> Llm {
        let llm = Llm::new();
        let asked = llm.clone();
        self.on_cleanup(async move {
            asked.stop().await;
            asked.verify()
        });
        llm
    }
}
