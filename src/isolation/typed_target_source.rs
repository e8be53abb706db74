use std::ops::RangeInclusive;
use std::sync::Arc;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::actions::{Input, Inputs, Planned, Step};
#[cfg(feature = "postgres")]
use super::beside::{Beside, CheckOut};
use super::inspect::Inspect;
use super::invariant::Invariant;
use super::plan::{Plan, PlanStrategy};
use super::scenario::Scenario;
use super::source::Source;
use super::typed_target::{Racing, TypedTarget};
use crate::rng::Rng;
use crate::search::{PlanOf, Target, TargetSource, TargetTree};
use crate::trace::User;
use crate::user::IdentityMode;

/// What a check has its users do.
pub(crate) trait Scenarios<S>: Send + Sync {
    /// The one scenario, where nothing is generated, and the plan that it is, where it is one.
    fn fixed(&self) -> Option<(Arc<dyn Scenario<S>>, Option<PlanOf>)>;

    /// Generates one.
    fn draw(&self, seed: u64, identities: &[IdentityMode]) -> Result<Box<dyn ScenarioTree<S>>, String>;

    /// Takes one from text.
    fn parse(&self, inputs: &str) -> Result<Arc<dyn Scenario<S>>, String>;

    /// How many users there are, at least and at the most.
    fn users(&self) -> RangeInclusive<usize>;
}

/// A generated scenario on its way to a simpler one, in the sense of proptest's value trees.
pub(crate) trait ScenarioTree<S> {
    fn current(&self) -> (Arc<dyn Scenario<S>>, u64);
    fn simplify(&mut self) -> bool;
    fn complicate(&mut self) -> bool;
}

/// The same for every identity seed and every execution.
pub(crate) struct Fixed<S> {
    pub(crate) scenario: Arc<dyn Scenario<S>>,
    pub(crate) plan: Option<PlanOf>,
}

impl<S: 'static> Scenarios<S> for Fixed<S> {
    fn fixed(&self) -> Option<(Arc<dyn Scenario<S>>, Option<PlanOf>)> {
        Some((Arc::clone(&self.scenario), self.plan.clone()))
    }

    fn draw(&self, _seed: u64, _identities: &[IdentityMode]) -> Result<Box<dyn ScenarioTree<S>>, String> {
        Err("this check has no inputs to generate".to_owned())
    }

    fn parse(&self, _inputs: &str) -> Result<Arc<dyn Scenario<S>>, String> {
        Err("this check generates no inputs, and the text has some".to_owned())
    }

    fn users(&self) -> RangeInclusive<usize> {
        self.scenario.users()..=self.scenario.users()
    }
}

/// Generated for each case.
pub(crate) struct Generated<S, A, G> {
    pub(crate) users: RangeInclusive<usize>,
    pub(crate) actions: G,
    pub(crate) step: Arc<dyn Step<S, A>>,
}

impl<S, A, G, P> Scenarios<S> for Generated<S, A, G>
where
    S: 'static,
    A: Input,
    G: Fn(&User) -> P + Clone + Send + Sync + 'static,
    P: Strategy<Value = Vec<A>>,
    P::Tree: 'static,
{
    fn fixed(&self) -> Option<(Arc<dyn Scenario<S>>, Option<PlanOf>)> {
        None
    }

    fn draw(&self, seed: u64, identities: &[IdentityMode]) -> Result<Box<dyn ScenarioTree<S>>, String> {
        let strategy = PlanStrategy::with_identities(self.users.clone(), self.actions.clone(), identities);
        let tree = strategy
            .new_tree(&mut runner(seed))
            .map_err(|reason| reason.message().to_owned())?;
        if let Err(error) = serde_json::to_string(&tree.current().actions) {
            return Err(format!(
                "a generated action cannot be written down as JSON: {error}"
            ));
        }
        Ok(Box::new(GeneratedTree {
            tree,
            step: Arc::clone(&self.step),
        }))
    }

    fn parse(&self, inputs: &str) -> Result<Arc<dyn Scenario<S>>, String> {
        let inputs: Inputs<A> = serde_json::from_str(inputs).map_err(|error| error.to_string())?;
        Ok(Arc::new(Planned {
            inputs,
            step: Arc::clone(&self.step),
        }))
    }

    fn users(&self) -> RangeInclusive<usize> {
        self.users.clone()
    }
}

struct GeneratedTree<S, A, T> {
    tree: T,
    step: Arc<dyn Step<S, A>>,
}

impl<S, A, T> ScenarioTree<S> for GeneratedTree<S, A, T>
where
    S: 'static,
    A: Input,
    T: ValueTree<Value = Plan<A>>,
{
    fn current(&self) -> (Arc<dyn Scenario<S>>, u64) {
        let Plan {
            identity_seed,
            actions,
            secrets,
        } = self.tree.current();
        (
            Arc::new(Planned {
                inputs: Inputs { actions, secrets },
                step: Arc::clone(&self.step),
            }),
            identity_seed,
        )
    }

    fn simplify(&mut self) -> bool {
        self.tree.simplify()
    }

    fn complicate(&mut self) -> bool {
        self.tree.complicate()
    }
}

/// A proptest runner that draws from our seed and keeps nothing: what fails is kept as text, not as a seed.
fn runner(seed: u64) -> TestRunner {
    let mut rng = Rng::new(seed);
    let mut bytes = [0; 32];
    for chunk in bytes.chunks_mut(8) {
        chunk.copy_from_slice(&rng.next().to_le_bytes());
    }
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// A system with its scenarios.
pub(crate) struct TypedTargetSource<S> {
    pub(crate) source: Arc<dyn Source<S>>,
    pub(crate) scenarios: Arc<dyn Scenarios<S>>,
    pub(crate) inspect: Option<Arc<dyn Inspect<S>>>,
    pub(crate) invariants: Arc<[Invariant<S>]>,
    pub(crate) racing: Option<Racing<S>>,
    #[cfg(feature = "postgres")]
    pub(crate) beside: Option<Arc<dyn Beside>>,
    #[cfg(feature = "postgres")]
    pub(crate) check_out: Option<Arc<dyn CheckOut<S>>>,
}

impl<S: 'static> TypedTargetSource<S> {
    fn session(&self, scenario: Arc<dyn Scenario<S>>) -> Arc<dyn Target> {
        Arc::new(TypedTarget {
            source: Arc::clone(&self.source),
            scenario,
            inspect: self.inspect.clone(),
            invariants: Arc::clone(&self.invariants),
            racing: self.racing,
            #[cfg(feature = "postgres")]
            beside: self.beside.clone(),
            #[cfg(feature = "postgres")]
            check_out: self.check_out.clone(),
        })
    }
}

impl<S: 'static> TargetSource for TypedTargetSource<S> {
    fn fixed(&self) -> Option<(Arc<dyn Target>, Option<PlanOf>)> {
        self.scenarios
            .fixed()
            .map(|(scenario, plan)| (self.session(scenario), plan))
    }

    fn draw(&self, seed: u64, identities: &[IdentityMode]) -> Result<Box<dyn TargetTree + '_>, String> {
        let tree = self.scenarios.draw(seed, identities)?;
        Ok(Box::new(TypedTargetTree { source: self, tree }))
    }

    fn parse(&self, inputs: &str) -> Result<Arc<dyn Target>, String> {
        self.scenarios
            .parse(inputs)
            .map(|scenario| self.session(scenario))
    }

    fn users(&self) -> RangeInclusive<usize> {
        self.scenarios.users()
    }
}

struct TypedTargetTree<'c, S> {
    source: &'c TypedTargetSource<S>,
    tree: Box<dyn ScenarioTree<S>>,
}

impl<S: 'static> TargetTree for TypedTargetTree<'_, S> {
    fn current(&self) -> (Arc<dyn Target>, u64) {
        let (scenario, identity_seed) = self.tree.current();
        (self.source.session(scenario), identity_seed)
    }

    fn simplify(&mut self) -> bool {
        self.tree.simplify()
    }

    fn complicate(&mut self) -> bool {
        self.tree.complicate()
    }
}
