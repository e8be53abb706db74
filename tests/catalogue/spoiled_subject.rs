//! The canonical implementation with one thing wrong.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use serde_json::{Value, json};
use ssot_harness::conformance::{
    Accounts, ChannelProbe, Client, ClientClosed, ContextProbe, Disguise, SettingsProbe, Subject,
};
use ssot_harness::isolation::ScriptError;
use ssot_harness::prelude::*;
use ssot_harness::reference::ReferenceSubject;

/// Which counter is wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Counter {
    Delivered,
    Undelivered,
    Answered,
    Failed,
    ClosesFailed,
}

impl Counter {
    fn spoil(self, accounts: &mut Accounts) {
        let count = match self {
            Self::Delivered => &mut accounts.delivered,
            Self::Undelivered => &mut accounts.undelivered,
            Self::Answered => &mut accounts.answered,
            Self::Failed => &mut accounts.failed,
            Self::ClosesFailed => &mut accounts.closes_failed,
        };
        *count = count.map(|count| count + 1);
    }
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fault {
    ClosesWell,
    Counts(Counter),
    EntriesInPlace,
    EntriesNowhere,
    EntriesOfSiblings,
    EntriesOfParents,
    EntriesOfRuns,
    Refuses(Disguise),
    Accepts(Disguise),
    AnswersNothing,
    AnswersFailures,
    OneAddress,
    TakesUser(&'static str),
    TakesSession(&'static str),
    RunsForOthers,
    LimitOfOneLess,
    StaysOpen,
    Grows,
    SharesState,
    AttestsWhatIsShared,
    ViewsDiffer { after_failures_only: bool },
    LeavesRuns,
    ForgetsSettings,
    SendsTwice,
    Loses,
    Swaps,
}

pub(crate) struct Spoiled {
    inner: ReferenceSubject,
    fault: Fault,
    runs: Rc<Cell<u64>>,
    failures: Cell<u64>,
}

impl Spoiled {
    pub(crate) fn new(fault: Fault) -> Self {
        Self {
            inner: ReferenceSubject::canonical(),
            fault,
            runs: Rc::default(),
            failures: Cell::default(),
        }
    }
}

impl Subject for Spoiled {
    type Engine = <ReferenceSubject as Subject>::Engine;

    async fn create(&self, context: &UserContext, client: Client) -> Result<Self::Engine, ScriptError> {
        let mut context = context.clone();
        let is_taken = match self.fault {
            Fault::TakesUser(user) => context.user.as_str() == user,
            Fault::TakesSession(session) => context.session.as_str() == session,
            _ => false,
        };
        if is_taken {
            context.user = "user-7c9e6679".into();
            context.session = "session-7c9e6679".into();
        }
        self.inner.create(&context, client).await
    }

    async fn run(&self, engine: &Self::Engine, prompt: &str) -> Result<String, ScriptError> {
        let ran = self.inner.run(engine, prompt).await;
        self.runs.set(self.runs.get() + 1);
        match ran {
            Ok(_) if self.fault == Fault::AnswersNothing => Ok("done".to_owned()),
            Err(error) => {
                self.failures.set(self.failures.get() + 1);
                if self.fault == Fault::AnswersFailures {
                    Ok("never mind".to_owned())
                } else {
                    Err(error)
                }
            }
            answered => answered,
        }
    }

    async fn close(&self, engine: &Self::Engine) -> ScriptResult {
        match self.fault {
            Fault::StaysOpen => Ok(()),
            Fault::ClosesWell => {
                drop(self.inner.close(engine).await);
                Ok(())
            }
            _ => self.inner.close(engine).await,
        }
    }

    fn address(&self, engine: &Self::Engine) -> Option<usize> {
        match self.fault {
            Fault::OneAddress => Some(8),
            _ => self.inner.address(engine),
        }
    }

    fn state(&self, engine: &Self::Engine) -> Option<Value> {
        match self.fault {
            Fault::SharesState | Fault::AttestsWhatIsShared => Some(json!({ "runs": self.runs.get() })),
            _ => self.inner.state(engine),
        }
    }

    fn attests_isolation(&self, engine: &Self::Engine) -> Option<bool> {
        match self.fault {
            Fault::AttestsWhatIsShared => Some(true),
            _ => self.inner.attests_isolation(engine),
        }
    }

    fn context(&self, engine: &Self::Engine) -> Option<Box<dyn ContextProbe>> {
        let shown = Entries::default();
        Some(Box::new(Context {
            inner: self.inner.context(engine)?,
            fault: self.fault,
            written: (self.fault == Fault::EntriesInPlace).then(|| Rc::clone(&shown)),
            shown,
            runs: Rc::clone(&self.runs),
        }))
    }

    async fn run_under(
        &self,
        engine: &Self::Engine,
        context: &UserContext,
        prompt: &str,
    ) -> Option<Result<String, ScriptError>> {
        match self.fault {
            Fault::RunsForOthers => Some(Ok(prompt.to_owned())),
            _ => self.inner.run_under(engine, context, prompt).await,
        }
    }

    async fn offer(&self, engine: &Self::Engine, disguise: Disguise) -> Option<ScriptResult> {
        match self.fault {
            Fault::Refuses(refused) if refused == disguise => Some(Err("no engine is good enough".into())),
            Fault::Accepts(accepted) if accepted == disguise => Some(Ok(())),
            _ => self.inner.offer(engine, disguise).await,
        }
    }

    fn failing_prompt(&self) -> Option<&str> {
        self.inner.failing_prompt()
    }

    fn slow_prompt(&self) -> Option<&str> {
        self.inner.slow_prompt()
    }

    fn live(&self) -> Option<Value> {
        match self.fault {
            Fault::LeavesRuns => Some(json!(self.runs.get())),
            _ => self.inner.live(),
        }
    }

    fn engine_limit(&self) -> Option<usize> {
        let limit = self.inner.engine_limit()?;
        Some(limit - usize::from(self.fault == Fault::LimitOfOneLess))
    }

    fn footprint(&self) -> Option<usize> {
        match self.fault {
            Fault::Grows => usize::try_from(self.runs.get()).ok(),
            _ => self.inner.footprint(),
        }
    }

    fn accounts(&self) -> Option<Accounts> {
        let mut accounts = self.inner.accounts()?;
        match self.fault {
            Fault::Counts(counter) => counter.spoil(&mut accounts),
            Fault::ClosesWell => accounts.closes_failed = Some(0),
            _ => {}
        }
        Some(accounts)
    }

    fn status_views(&self, engine: &Self::Engine) -> Option<Vec<Value>> {
        let mut views = self.inner.status_views(engine)?;
        if let Fault::ViewsDiffer { after_failures_only } = self.fault
            && (!after_failures_only || self.failures.get() > 0)
        {
            views.push(json!("somewhere else it still runs"));
        }
        Some(views)
    }

    async fn sweep(&self) -> Option<ScriptResult> {
        self.inner.sweep().await
    }

    fn channel(&self, context: &UserContext, client: Client) -> Option<Box<dyn ChannelProbe>> {
        Some(Box::new(Channel {
            inner: self.inner.channel(context, client)?,
            fault: self.fault,
            held: AtomicU64::new(0),
        }))
    }

    fn settings(&self) -> Option<Box<dyn SettingsProbe + '_>> {
        let inner = self.inner.settings()?;
        Some(match self.fault {
            Fault::ForgetsSettings => Box::new(Forgetful(inner)),
            _ => inner,
        })
    }
}

type Entries = Rc<RefCell<Vec<(String, String)>>>;

/// Entries beside those of the context itself, in the wrong place.
struct Context {
    inner: Box<dyn ContextProbe>,
    fault: Fault,
    shown: Entries,
    /// Where what is added is added as well.
    written: Option<Entries>,
    runs: Rc<Cell<u64>>,
}

impl Context {
    fn with(
        &self,
        inner: Box<dyn ContextProbe>,
        shown: Entries,
        written: Option<Entries>,
    ) -> Box<dyn ContextProbe> {
        let (fault, runs) = (self.fault, Rc::clone(&self.runs));
        Box::new(Self {
            inner,
            fault,
            shown,
            written,
            runs,
        })
    }
}

impl ContextProbe for Context {
    fn entries(&self) -> Value {
        let runs = if self.fault == Fault::EntriesOfRuns {
            self.runs.get()
        } else {
            0
        };
        json!([self.inner.entries(), *self.shown.borrow(), runs])
    }

    fn with_entry(&self, key: &str, value: &str) -> Box<dyn ContextProbe> {
        if self.fault == Fault::EntriesNowhere {
            return Box::new(Unchanged(self.entries()));
        }
        if let Some(written) = &self.written {
            written.borrow_mut().push((key.to_owned(), value.to_owned()));
        }
        let inner = self.inner.with_entry(key, value);
        self.with(inner, Rc::clone(&self.shown), self.written.clone())
    }

    fn child(&self, name: &str) -> Option<Box<dyn ContextProbe>> {
        let (shown, written) = match self.fault {
            Fault::EntriesOfParents => (Rc::default(), Some(Rc::clone(&self.shown))),
            // Two children have these in common, and their parent has not.
            Fault::EntriesOfSiblings => (siblings(), Some(siblings())),
            _ => (Rc::default(), None),
        };
        Some(self.with(self.inner.child(name)?, shown, written))
    }
}

fn siblings() -> Entries {
    thread_local! {
        static SIBLINGS: Entries = Rc::default();
    }
    SIBLINGS.with(Rc::clone)
}

/// A context to which nothing was added.
struct Unchanged(Value);

impl ContextProbe for Unchanged {
    fn entries(&self) -> Value {
        self.0.clone()
    }

    fn with_entry(&self, _key: &str, _value: &str) -> Box<dyn ContextProbe> {
        Box::new(Self(self.0.clone()))
    }

    fn child(&self, _name: &str) -> Option<Box<dyn ContextProbe>> {
        None
    }
}

struct Channel {
    inner: Box<dyn ChannelProbe>,
    fault: Fault,
    held: AtomicU64,
}

#[async_trait]
impl ChannelProbe for Channel {
    async fn deliver(&self, number: u64) -> Result<(), ClientClosed> {
        match (self.fault, number) {
            (Fault::SendsTwice, 2) => {
                self.inner.deliver(number).await?;
                self.inner.deliver(number).await
            }
            (Fault::Loses, 2) => Ok(()),
            (Fault::Swaps, 2) => {
                self.held.store(number, Ordering::Relaxed);
                Ok(())
            }
            (Fault::Swaps, 3) => {
                self.inner.deliver(number).await?;
                self.inner.deliver(self.held.load(Ordering::Relaxed)).await
            }
            _ => self.inner.deliver(number).await,
        }
    }

    async fn reconnect(&self, client: Client, received: u64) -> Result<(), ClientClosed> {
        self.inner.reconnect(client, received).await
    }
}

struct Forgetful<'a>(Box<dyn SettingsProbe + 'a>);

type Done<'a> = std::pin::Pin<Box<dyn Future<Output = ScriptResult> + 'a>>;

impl SettingsProbe for Forgetful<'_> {
    fn open<'a>(&'a self, context: &'a UserContext) -> Done<'a> {
        self.0.open(context)
    }

    fn update_all<'a>(&'a self, _value: &'a str) -> Done<'a> {
        self.0.update_all("the value before")
    }

    fn value(&self, context: &UserContext) -> Option<String> {
        self.0.value(context)
    }
}
