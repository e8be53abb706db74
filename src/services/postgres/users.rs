use std::sync::Arc;

use super::case_database::CaseDatabase;
use super::handle::Postgres;
use super::watch::Watch;
use crate::case::Case;
use crate::isolation::Check;

impl Case {
    /// A database of the test's own, removed at its end; `None` where there is no server, with the reason on standard error. See
    /// [`services::postgres`](crate::services::postgres).
    ///
    /// ```no_run
    /// # use ssot_harness::prelude::*;
    /// # async fn body(case: &Case) -> CaseResult {
    /// let Some(database) = case.postgres().schema("CREATE TABLE orders (item text)").await? else { return Ok(()) };
    /// let url = database.url(); // what the system is given
    /// # Ok(())
    /// # }
    /// ```
    pub fn postgres(&self) -> CaseDatabase {
        CaseDatabase::new(self)
    }
}

impl<S: 'static> Check<S> {
    /// Looks after each execution at the databases that it was given by [`Postgres::fresh`]: the rows of each user are observed on
    /// [`Surface::Row`](crate::trace::Surface::Row), and what connections keep when they go back to their pool is a residue. A check whose connections bypass the
    /// policies of its tables is refused as vacuous. See [`services::postgres`](crate::services::postgres).
    pub fn postgres(self, postgres: &Postgres) -> Self {
        self.beside(Arc::new(Watch(postgres.clone())))
    }

    /// The same for a pool that resets a connection when it is taken out again, and not when it goes back: `check_out` takes a connection as the system does, and what
    /// it keeps then counts.
    ///
    /// ```no_run
    /// # use ssot_harness::isolation::Check;
    /// # use ssot_harness::services::postgres::Postgres;
    /// # struct Pool;
    /// # impl Pool { async fn get(&self) -> Result<(), std::io::Error> { Ok(()) } }
    /// # struct Shop { pool: Pool }
    /// # fn example(check: Check<Shop>, postgres: &Postgres) -> Check<Shop> {
    /// check.postgres_pool(postgres, async |shop: &Shop| shop.pool.get().await)
    /// # }
    /// ```
    pub fn postgres_pool<G: 'static>(
        self,
        postgres: &Postgres,
        check_out: impl AsyncFn(&S) -> G + Send + Sync + 'static,
    ) -> Self {
        self.postgres(postgres).checked_out_by(check_out)
    }
}
