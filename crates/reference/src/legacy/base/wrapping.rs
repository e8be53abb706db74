use crate::Config;

/// The limits of the canonical factories that legacy ones wrap: a thread remembers no more than a test wants to run.
pub(in crate::legacy) fn config() -> Config {
    Config {
        entries_per_thread: 8,
        ..Config::default()
    }
}

/// Makes a factory that wraps the canonical one and has fields of its own. What is not given is that of the canonical one.
macro_rules! wrapping_factory {
    (
        $(#[$doc:meta])*
        $factory:ident { $($field:ident: $type:ty = $value:expr),* $(,)? }
        $(engine |$this:ident, $engine:ident| $made:expr;)?
        $(sink |$that:ident, $sink:ident| $given_sink:expr;)?
        given { $($given:tt)* }
    ) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $factory {
            inner: $crate::ExecutionEngineFactory,
            $($field: $type,)*
        }

        impl $factory {
            /// Creates a factory whose engines ask this model.
            #[must_use]
            pub fn new(model: ::std::sync::Arc<dyn $crate::Model>) -> Self {
                Self {
                    inner: $crate::ExecutionEngineFactory::with_model($crate::legacy::base::config(), model),
                    $($field: $value,)*
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
                $(
                    let ($that, $sink) = (self, sink);
                    let sink: ::std::sync::Arc<dyn $crate::EventSink> = ::std::sync::Arc::new($given_sink);
                )?
                let engine = self.inner.create_for_user(context, sink).await?;
                $(
                    let ($this, $engine) = (self, engine);
                    let engine: ::std::sync::Arc<dyn $crate::ExecutionEngine> = ::std::sync::Arc::new($made);
                )?
                Ok(engine)
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

            $($given)*
        }
    };
}

pub(in crate::legacy) use wrapping_factory;
