use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::{
    AlternatingVariantsFactory, AmbientIdentityFactory, AnswerCacheFactory, BlockingLockFactory,
    BroadcastFallbackFactory, CancelLeakFactory, CatchUpFactory, DefaultBucketFactory, GlobalPermitFactory,
    OrphanTaskFactory, PipelinedConnectionFactory, PooledEmitterFactory, PrimarySinkFactory,
    SessionSetterFactory, SharedGatewayFactory, SharedScratchFactory, SharedStateFactory,
    VerboseErrorFactory,
};
use crate::{EngineFactory, Model, ScriptedModel};

macro_rules! legacy {
    ($($(#[$doc:meta])* $engine:ident $name:ident $row:literal $slug:literal => $factory:expr;)+) => {
        /// The legacy engines, named after their one fault, in the order of the catalogue of violations.
        ///
        /// ```
        /// use ssot_reference::legacy::Legacy;
        ///
        /// for legacy in Legacy::ALL {
        ///     println!("row {:02}: {legacy}", legacy.row());
        /// }
        /// assert_eq!((Legacy::CancelLeak.row(), Legacy::CancelLeak.slug()), (33, "cancel-leak"));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Legacy {
            $($(#[$doc])* $engine,)+
        }

        impl Legacy {
            /// Every legacy engine.
            pub const ALL: &[Self] = &[$(Self::$engine,)+];

            /// The fault's row in the catalogue.
            #[must_use]
            pub const fn row(self) -> u8 {
                match self {
                    $(Self::$engine => $row,)+
                }
            }

            /// The fault's name in the catalogue, in kebab case.
            #[must_use]
            pub const fn slug(self) -> &'static str {
                match self {
                    $(Self::$engine => $slug,)+
                }
            }

            /// Creates a factory of such engines, which ask this model. The engines of [`AnswerShift`](Self::AnswerShift)
            /// ask a model of their own instead, as the fault is in the connection to it.
            #[must_use]
            pub fn with_model(self, model: Arc<dyn Model>) -> Box<dyn EngineFactory> {
                match self {
                    $(Self::$engine => build(model, $factory),)+
                }
            }
        }
    };
}

crate::__legacy_rows!(legacy!);

impl Legacy {
    /// How long a call of [`Starvation`](Self::Starvation) waits for the permit: less than the default [`ScriptedModel`]
    /// takes to answer.
    pub const PATIENCE: Duration = Duration::from_millis(15);

    /// Creates a factory of such engines, which ask the default [`ScriptedModel`].
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::sync::Arc;
    ///
    /// use ssot_reference::legacy::Legacy;
    /// use ssot_reference::{Mailbox, Request, RequestIds};
    ///
    /// let factory = Legacy::CacheWithoutUser.factory();
    /// let mut answers = Vec::new();
    /// for name in ["ada", "ben"] {
    ///     let user = RequestIds {
    ///         user: name.into(),
    ///         thread: "thread-1".into(),
    ///         run: "run-1".into(),
    ///         session: "session-1".into(),
    ///     };
    ///     let engine = factory.create_for_user(user, Arc::new(Mailbox::default())).await?;
    ///     answers.push(engine.run(Request::new("billing", format!("what does {name} owe?"))).await?.text);
    /// }
    /// assert_eq!(answers[0], answers[1], "Ben receives Ada's answer");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn factory(self) -> Box<dyn EngineFactory> {
        self.with_model(Arc::new(ScriptedModel::default()))
    }
}

impl fmt::Display for Legacy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.slug())
    }
}

/// Creates a factory; the signature gives the closures of the table the type of their argument.
fn build<F: EngineFactory + 'static>(
    model: Arc<dyn Model>,
    factory: impl FnOnce(Arc<dyn Model>) -> F,
) -> Box<dyn EngineFactory> {
    Box::new(factory(model))
}

#[cfg(test)]
mod tests {
    macro_rules! assert_documented {
        ($($(#[$doc:meta])* $engine:ident $name:ident $row:literal $slug:literal => $factory:expr;)+) => {
            $(
                let source = include_str!(concat!(stringify!($name), ".rs"));
                let fault = format!("//! Row {:02}, *{}*: ", $row, $slug);
                assert!(source.starts_with(&fault), "{}", stringify!($engine));
                let factory = source.split("impl EngineFactory for ").nth(1).expect("there is a factory");
                let factory = factory.split_whitespace().next().expect("it has a name");
                let made = stringify!($factory);
                assert!(made.contains(factory), "{} is {factory}, not {made}", stringify!($engine));
            )+
        };
    }

    #[test]
    fn a_row_names_the_fault_and_the_factory_of_its_file() {
        crate::__legacy_rows!(assert_documented!);
    }
}
