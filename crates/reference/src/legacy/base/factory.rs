/// Makes a factory with a model, a registry, and fields of its own. Each engine is made in a slot of its user. What is live is what the
/// registry says, unless `live` says it.
macro_rules! legacy_factory {
    (
        $(#[$doc:meta])*
        $factory:ident { $($field:ident: $type:ty = $value:expr),* $(,)? }
        engine |$this:ident, $context:ident, $sink:ident, $slot:ident| $engine:expr;
        $($given:tt)*
    ) => {
        $crate::legacy::base::legacy_factory! {
            @live [$($given)*]
            $(#[$doc])*
            $factory { $($field: $type = $value),* }
            engine |$this, $context, $sink, $slot| $engine;
        }
    };
    (@live [live |$that:ident| $live:expr; $($given:tt)*] $($rest:tt)*) => {
        $crate::legacy::base::legacy_factory! { @make [|$that| $live] [$($given)*] $($rest)* }
    };
    (@live [$($given:tt)*] $($rest:tt)*) => {
        $crate::legacy::base::legacy_factory! { @make [|this| this.registry.live()] [$($given)*] $($rest)* }
    };
    (
        @make [|$that:ident| $live:expr] [$($given:tt)*]
        $(#[$doc:meta])*
        $factory:ident { $($field:ident: $type:ty = $value:expr),* }
        engine |$this:ident, $context:ident, $sink:ident, $slot:ident| $engine:expr;
    ) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $factory {
            model: ::std::sync::Arc<dyn $crate::Model>,
            registry: $crate::Registry,
            $($field: $type,)*
        }

        impl $factory {
            /// Creates a factory whose engines ask this model.
            #[must_use]
            pub fn new(model: ::std::sync::Arc<dyn $crate::Model>) -> Self {
                Self {
                    model,
                    registry: $crate::Registry::new(4),
                    $($field: $value,)*
                }
            }
        }

        #[::async_trait::async_trait]
        impl $crate::EngineFactory for $factory {
            async fn create_for_user(
                &self,
                context: $crate::RequestIds,
                $sink: ::std::sync::Arc<dyn $crate::EventSink>,
            ) -> Result<::std::sync::Arc<dyn $crate::ExecutionEngine>, $crate::CreateError> {
                let $context = $crate::UserExecutionContext::new(context)?.ids().clone();
                let slot = self.registry.reserve(&$context.user)?;
                let $this = self;
                slot.install(|$slot| $engine)
            }

            async fn clean_up(&self, user: &$crate::UserId) -> Result<(), $crate::CloseError> {
                self.registry.clean_up(user).await
            }

            fn live(&self) -> $crate::Live {
                let $that = self;
                $live
            }

            $($given)*
        }
    };
}

pub(in crate::legacy) use legacy_factory;
