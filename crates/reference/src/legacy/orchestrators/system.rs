//! A system with engines of the canonical factory and an orchestrator of its own.

/// Makes a factory that wraps the canonical one and creates orchestrators of this type by `take`.
macro_rules! orchestrating_factory {
    ($(#[$doc:meta])* $factory:ident => $orchestrator:ident) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $factory {
            inner: $crate::ExecutionEngineFactory,
        }

        impl $factory {
            /// Creates a factory whose engines ask this model.
            #[must_use]
            pub fn new(model: ::std::sync::Arc<dyn $crate::Model>) -> Self {
                Self {
                    inner: $crate::ExecutionEngineFactory::with_model($crate::legacy::base::config(), model),
                }
            }
        }

        #[::async_trait::async_trait]
        impl $crate::EngineFactory for $factory {
            async fn create_for_user(
                &self,
                context: $crate::RequestIds,
                sink: ::std::sync::Arc<dyn $crate::EventSink>,
            ) -> Result<::std::sync::Arc<dyn $crate::ExecutionEngine>, $crate::CreateError> {
                self.inner.create_for_user(context, sink).await
            }

            async fn clean_up(&self, user: &$crate::UserId) -> Result<(), $crate::CloseError> {
                self.inner.clean_up(user).await
            }

            fn live(&self) -> $crate::Live {
                self.inner.live()
            }

            fn wrapped(&self) -> Option<&dyn $crate::EngineFactory> {
                Some(&self.inner)
            }

            fn orchestrator(
                &self,
                engine: ::std::sync::Arc<dyn $crate::ExecutionEngine>,
            ) -> Option<Result<Box<dyn $crate::Orchestrator>, $crate::DeprecatedEngine>> {
                Some($orchestrator::take(engine).map(|taken| -> Box<dyn $crate::Orchestrator> { Box::new(taken) }))
            }
        }
    };
}

pub(super) use orchestrating_factory;
