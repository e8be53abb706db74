use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::rows::legacy_rows;
use super::{
    AmbientIdentityFactory, AnswerCacheFactory, BlockingLockFactory, BroadcastFallbackFactory,
    CancelLeakFactory, CatchUpFactory, DefaultBucketFactory, GlobalPermitFactory, OrphanTaskFactory,
    PipelinedConnectionFactory, PooledEmitterFactory, PrimarySinkFactory, SessionSetterFactory,
    SharedGatewayFactory, SharedScratchFactory, SharedStateFactory, TakingTurnsFactory,
    TalkativeErrorFactory,
};
use crate::oracle::Kind;
use crate::reference::{EngineFactory, Model, ScriptedModel};

macro_rules! legacy {
    ($($(#[$doc:meta])* $engine:ident $name:ident $row:literal $slug:literal $kind:ident => $factory:expr;)+) => {
        /// The legacy engines, each by the one fault that it has, in the order of the catalogue of violations.
        ///
        /// ```
        /// use ssot_harness::prelude::*;
        /// use ssot_harness::reference::legacy::Legacy;
        ///
        /// for legacy in Legacy::ALL {
        ///     println!("row {:02}, {legacy}: reported as {}", legacy.row(), legacy.kind());
        /// }
        /// assert_eq!(Legacy::CancelLeak.kind(), Kind::Residue);
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

            /// As what the fault is reported.
            #[must_use]
            pub const fn kind(self) -> Kind {
                match self {
                    $(Self::$engine => Kind::$kind,)+
                }
            }

            /// A new factory of such engines, which ask this model, unless the fault is in the model's own connection
            /// ([`AnswerShift`](Self::AnswerShift)).
            #[must_use]
            pub fn with_model(self, model: Arc<dyn Model>) -> Box<dyn EngineFactory> {
                match self {
                    $(Self::$engine => build(model, $factory),)+
                }
            }
        }
    };
}

legacy_rows!(legacy!);

impl Legacy {
    /// How long a call of [`Starvation`](Self::Starvation) waits for its turn: less than the default [`ScriptedModel`]
    /// takes for an answer.
    pub const PATIENCE: Duration = Duration::from_millis(15);

    /// A new factory of such engines, which ask the default [`ScriptedModel`].
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::sync::Arc;
    ///
    /// use ssot_harness::reference::legacy::Legacy;
    /// use ssot_harness::reference::{Mailbox, Request};
    /// use ssot_harness::user::UserContext;
    ///
    /// let factory = Legacy::CacheWithoutUser.factory();
    /// let mut answers = Vec::new();
    /// for name in ["ada", "ben"] {
    ///     let user = UserContext {
    ///         user: name.into(),
    ///         thread: "thread-1".into(),
    ///         run: "run-1".into(),
    ///         session: "session-1".into(),
    ///     };
    ///     let engine = factory.create_for_user(user, Arc::new(Mailbox::default())).await?;
    ///     answers.push(engine.run(Request::new("billing", format!("what does {name} owe?"))).await?.text);
    /// }
    /// assert_eq!(answers[0], answers[1], "it is Ada's answer that Ben was given");
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

/// Gives the type that a closure in the table cannot.
fn build<F: EngineFactory + 'static>(
    model: Arc<dyn Model>,
    factory: impl FnOnce(Arc<dyn Model>) -> F,
) -> Box<dyn EngineFactory> {
    Box::new(factory(model))
}

#[cfg(test)]
mod tests {
    use super::legacy_rows;

    macro_rules! assert_documented {
        ($($(#[$doc:meta])* $engine:ident $name:ident $row:literal $slug:literal $kind:ident => $factory:expr;)+) => {
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
        legacy_rows!(assert_documented!);
    }
}
