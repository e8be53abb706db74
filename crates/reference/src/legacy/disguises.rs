//! Deprecated engines in the disguises in which they have been put into orchestrators.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{Answer, CloseError, ExecutionEngine, Request, RunError, RunId};

/// A deprecated engine, as what it is.
#[must_use]
pub fn deprecated() -> Arc<dyn ExecutionEngine> {
    Arc::new(DeprecatedEchoEngine)
}

/// A deprecated engine whose type has the name of the canonical one.
#[must_use]
pub fn renamed() -> Arc<dyn ExecutionEngine> {
    Arc::new(alias::UserExecutionEngine(DeprecatedEchoEngine))
}

/// A wrapper around a deprecated engine, as one of the canonical one would look.
#[must_use]
pub fn wrapped() -> Arc<dyn ExecutionEngine> {
    Arc::new(UserExecutionEngineAdapter(deprecated()))
}

/// Answers at once and sends no event.
#[derive(Debug)]
struct DeprecatedEchoEngine;

#[async_trait]
impl ExecutionEngine for DeprecatedEchoEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        Ok(Answer {
            run_id: RunId::from("run"),
            text: request.prompt()?.to_owned(),
        })
    }

    async fn close(&self) -> Result<(), CloseError> {
        Ok(())
    }
}

mod alias {
    use super::{
        Answer, Arc, CloseError, DeprecatedEchoEngine, ExecutionEngine, Request, RunError, async_trait,
    };
    use crate::{ContextHandle, RequestIds, UserExecutionContext};

    /// Not the canonical one, but for the name.
    #[derive(Debug)]
    pub(super) struct UserExecutionEngine(pub(super) DeprecatedEchoEngine);

    #[async_trait]
    impl ExecutionEngine for UserExecutionEngine {
        async fn run(&self, request: Request) -> Result<Answer, RunError> {
            self.0.run(request).await
        }

        async fn close(&self) -> Result<(), CloseError> {
            self.0.close().await
        }

        /// It has what the canonical one has, for who asks for methods and not for the type.
        fn context_handle(&self) -> Option<Arc<dyn ContextHandle>> {
            let ids = RequestIds {
                user: "everybody".into(),
                thread: "thread".into(),
                run: "run".into(),
                session: "session".into(),
            };
            Some(Arc::new(UserExecutionContext::new(ids).ok()?))
        }

        fn attests_isolation(&self) -> Option<bool> {
            Some(true)
        }
    }
}

#[derive(Debug)]
struct UserExecutionEngineAdapter(Arc<dyn ExecutionEngine>);

#[async_trait]
impl ExecutionEngine for UserExecutionEngineAdapter {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        self.0.run(request).await
    }

    async fn close(&self) -> Result<(), CloseError> {
        self.0.close().await
    }

    fn wrapped(&self) -> Option<&dyn ExecutionEngine> {
        Some(&*self.0)
    }

    fn attests_isolation(&self) -> Option<bool> {
        Some(true)
    }
}
