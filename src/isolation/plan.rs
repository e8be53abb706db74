use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use proptest::prelude::RngExt as _;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::actions::Input;
use crate::trace::{Recorder, User};
use crate::user::{IdentityMode, Population, SecretKind};

/// Users, each with a list of actions, drawn by [`plan`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan<A> {
    pub(crate) identity_seed: u64,
    pub(crate) actions: Vec<Vec<A>>,
    /// What was minted for some user while the actions were generated: the actions hold secrets of these names.
    pub(crate) secrets: Vec<(SecretKind, String)>,
}

impl<A> Plan<A> {
    /// How many users there are.
    #[must_use]
    pub fn users(&self) -> usize {
        self.actions.len()
    }

    /// The actions of each user, in order.
    #[must_use]
    pub fn actions(&self) -> &[Vec<A>] {
        &self.actions
    }
}

/// Plans for this many users, as a proptest strategy; `actions` gives the strategy for one user's list.
///
/// A plan shrinks to fewer users first, then to simpler actions.
///
/// ```
/// use proptest::prelude::*;
/// use ssot_harness::prelude::*;
/// # use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Debug, Serialize, Deserialize)]
/// enum ChatAction {
///     Ask(String),
/// }
///
/// fn chat_action(user: &User) -> impl Strategy<Value = ChatAction> + use<> {
///     let card = user.secret("card");
///     Just(ChatAction::Ask(card))
/// }
///
/// let plans = plan(2..=4, |user: &User| proptest::collection::vec(chat_action(user), 1..=6));
/// # drop(plans);
/// ```
pub fn plan<A, G, P>(users: RangeInclusive<usize>, actions: G) -> PlanStrategy<G>
where
    A: Input,
    G: Fn(&User) -> P,
    P: Strategy<Value = Vec<A>>,
{
    PlanStrategy {
        users,
        actions,
        identities: IdentityMode::ALL.to_vec(),
    }
}

/// What [`plan`] returns.
#[derive(Clone)]
pub struct PlanStrategy<G> {
    users: RangeInclusive<usize>,
    actions: G,
    identities: Vec<IdentityMode>,
}

impl<G> PlanStrategy<G> {
    pub(crate) fn with_identities(
        users: RangeInclusive<usize>,
        actions: G,
        identities: &[IdentityMode],
    ) -> Self {
        Self {
            users,
            actions,
            identities: identities.to_vec(),
        }
    }
}

impl<A, G, P> Strategy for PlanStrategy<G>
where
    A: Input,
    G: Fn(&User) -> P,
    P: Strategy<Value = Vec<A>>,
{
    type Tree = PlanTree<P::Tree>;
    type Value = Plan<A>;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        if self.users.is_empty() || self.identities.is_empty() {
            return Err(format!("there is nobody to plan for in {:?} users", self.users).into());
        }
        let users = runner.rng().random_range(self.users.clone());
        let mode = self.identities[runner.rng().random_range(0..self.identities.len())];
        let identity_seed = mode.identity_seed(runner.rng().random_range(0..64));
        let population = Population::draw(identity_seed, users);
        // What a strategy says its user saw belongs to no execution.
        let unheard = Recorder::new(Arc::new(AtomicU32::new(0)));
        let trees = (0..users)
            .map(|index| {
                (self.actions)(&User::new(Arc::clone(&population), index, &unheard)).new_tree(runner)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let fewest = (*self.users.start()).max(2);
        Ok(PlanTree {
            identity_seed,
            population,
            active: trees.len(),
            trees,
            fewest,
            last: Last::Nothing,
            next: 0,
        })
    }
}

impl<G> fmt::Debug for PlanStrategy<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlanStrategy")
            .field("users", &self.users)
            .finish_non_exhaustive()
    }
}

/// A plan on its way to a simpler one.
#[derive(Clone, Debug)]
pub struct PlanTree<T> {
    identity_seed: u64,
    population: Arc<Population>,
    trees: Vec<T>,
    /// How many of the users, from the first, take part.
    active: usize,
    fewest: usize,
    last: Last,
    /// Whose actions to make simpler next.
    next: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Last {
    Nothing,
    Removed,
    Simplified(usize),
}

impl<A, T> ValueTree for PlanTree<T>
where
    A: Input,
    T: ValueTree<Value = Vec<A>>,
{
    type Value = Plan<A>;

    fn current(&self) -> Plan<A> {
        let actions = self.trees[..self.active].iter().map(ValueTree::current).collect();
        Plan {
            identity_seed: self.identity_seed,
            actions,
            secrets: self.population.minted_names(),
        }
    }

    fn simplify(&mut self) -> bool {
        if self.active > self.fewest && self.next == 0 {
            self.active -= 1;
            self.last = Last::Removed;
            return true;
        }
        while self.next < self.active {
            if self.trees[self.next].simplify() {
                self.last = Last::Simplified(self.next);
                return true;
            }
            self.next += 1;
        }
        false
    }

    fn complicate(&mut self) -> bool {
        match std::mem::replace(&mut self.last, Last::Nothing) {
            Last::Nothing => false,
            Last::Removed => {
                self.active += 1;
                // With one fewer it does not fail: nobody else is left out.
                self.fewest = self.active;
                true
            }
            Last::Simplified(user) => {
                let again = self.trees[user].complicate();
                if again {
                    self.last = Last::Simplified(user);
                }
                again
            }
        }
    }
}
