//! Matches events against a pattern, one at a time.

use std::collections::BTreeSet;

use super::pattern::Node;

/// A pattern as an automaton over the places of its events: Glushkov, "The abstract theory of automata" (1961). It is
/// deterministic in what it says, for it keeps every place at which a stream may be.
#[derive(Clone, Debug)]
pub(super) struct Automaton {
    /// The event at each place.
    names: Vec<String>,
    first: BTreeSet<usize>,
    /// The places at which a stream may end.
    last: BTreeSet<usize>,
    follow: Vec<BTreeSet<usize>>,
    /// Whether a stream without an event fits.
    is_nullable: bool,
}

/// How far a stream has come: at which places it may be. At its beginning, at none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Progress(Option<BTreeSet<usize>>);

struct Part {
    first: BTreeSet<usize>,
    last: BTreeSet<usize>,
    is_nullable: bool,
}

impl Automaton {
    pub(super) fn of(node: &Node) -> Self {
        let mut automaton = Self {
            names: Vec::new(),
            first: BTreeSet::new(),
            last: BTreeSet::new(),
            follow: Vec::new(),
            is_nullable: false,
        };
        let whole = automaton.add(node);
        Self {
            first: whole.first,
            last: whole.last,
            is_nullable: whole.is_nullable,
            ..automaton
        }
    }

    fn add(&mut self, node: &Node) -> Part {
        match node {
            Node::Event(name) => {
                let place = self.names.len();
                self.names.push(name.clone());
                self.follow.push(BTreeSet::new());
                Part {
                    first: BTreeSet::from([place]),
                    last: BTreeSet::from([place]),
                    is_nullable: false,
                }
            }
            Node::Sequence(parts) => {
                let mut whole = Part {
                    first: BTreeSet::new(),
                    last: BTreeSet::new(),
                    is_nullable: true,
                };
                for part in parts {
                    let part = self.add(part);
                    self.join(&whole.last, &part.first);
                    if whole.is_nullable {
                        whole.first.extend(&part.first);
                    }
                    if !part.is_nullable {
                        whole.last.clear();
                    }
                    whole.last.extend(&part.last);
                    whole.is_nullable &= part.is_nullable;
                }
                whole
            }
            Node::Choice(ways) => {
                let mut whole = Part {
                    first: BTreeSet::new(),
                    last: BTreeSet::new(),
                    is_nullable: false,
                };
                for way in ways {
                    let way = self.add(way);
                    whole.first.extend(way.first);
                    whole.last.extend(way.last);
                    whole.is_nullable |= way.is_nullable;
                }
                whole
            }
            Node::Many(inner) => {
                let inner = self.add(inner);
                self.join(&inner.last, &inner.first);
                Part {
                    is_nullable: true,
                    ..inner
                }
            }
            Node::Optional(inner) => Part {
                is_nullable: true,
                ..self.add(inner)
            },
        }
    }

    fn join(&mut self, from: &BTreeSet<usize>, to: &BTreeSet<usize>) {
        for &place in from {
            self.follow[place].extend(to);
        }
    }

    /// The events that the pattern names.
    pub(super) fn names(&self) -> BTreeSet<&str> {
        self.names.iter().map(String::as_str).collect()
    }

    pub(super) fn is_nullable(&self) -> bool {
        self.is_nullable
    }

    fn next_places(&self, progress: &Progress) -> BTreeSet<usize> {
        match &progress.0 {
            None => self.first.clone(),
            Some(places) => places
                .iter()
                .flat_map(|&place| &self.follow[place])
                .copied()
                .collect(),
        }
    }

    /// One event further; `None` where it does not fit.
    pub(super) fn step(&self, progress: &Progress, event: &str) -> Option<Progress> {
        let mut places = self.next_places(progress);
        places.retain(|&place| self.names[place] == event);
        (!places.is_empty()).then_some(Progress(Some(places)))
    }

    /// The events that may come next.
    pub(super) fn expected(&self, progress: &Progress) -> BTreeSet<&str> {
        let places = self.next_places(progress);
        places
            .into_iter()
            .map(|place| self.names[place].as_str())
            .collect()
    }

    /// Whether a stream may end here.
    pub(super) fn may_end(&self, progress: &Progress) -> bool {
        match &progress.0 {
            None => self.is_nullable,
            Some(places) => !places.is_disjoint(&self.last),
        }
    }

    /// Whether this event may still come, however much comes before it.
    pub(super) fn may_come_later(&self, progress: &Progress, event: &str) -> bool {
        let mut reached = self.next_places(progress);
        let mut new: Vec<usize> = reached.iter().copied().collect();
        while let Some(place) = new.pop() {
            for &next in &self.follow[place] {
                if reached.insert(next) {
                    new.push(next);
                }
            }
        }
        reached.into_iter().any(|place| self.names[place] == event)
    }
}

impl Progress {
    pub(super) fn has_begun(&self) -> bool {
        self.0.is_some()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::events::pattern::Pattern;

    fn automaton(notation: &str) -> Automaton {
        Automaton::of(Pattern::from(notation).node().unwrap())
    }

    fn fits(automaton: &Automaton, events: &str) -> bool {
        let mut progress = Progress::default();
        for event in events.split_whitespace() {
            match automaton.step(&progress, event) {
                Some(next) => progress = next,
                None => return false,
            }
        }
        automaton.may_end(&progress)
    }

    #[test]
    fn streams_fit_or_do_not() {
        for (notation, fitting, others) in [
            (
                "a b c",
                &["a b c"][..],
                &["", "a", "a b", "a c", "a b c c", "b c"][..],
            ),
            ("a b? c", &["a b c", "a c"], &["a b", "a b b c"]),
            (
                "a (b c)* d",
                &["a d", "a b c d", "a b c b c d"],
                &["a b d", "a c b d", "a b c b d"],
            ),
            ("(a | b c)+", &["a", "b c", "a b c a"], &["", "b", "c", "a b"]),
            ("a* b*", &["", "a a", "b", "a b b"], &["b a"]),
        ] {
            let automaton = automaton(notation);
            for events in fitting {
                assert!(fits(&automaton, events), "{notation}: {events}");
            }
            for events in others {
                assert!(!fits(&automaton, events), "{notation}: {events}");
            }
        }
    }

    #[test]
    fn what_may_come_is_known() {
        let automaton = automaton("a b* c (d | e)");
        let begun = automaton.step(&Progress::default(), "a").unwrap();
        assert_eq!(automaton.expected(&begun), BTreeSet::from(["b", "c"]));
        assert!(automaton.may_come_later(&begun, "e") && !automaton.may_come_later(&begun, "a"));
        assert_eq!(automaton.names(), BTreeSet::from(["a", "b", "c", "d", "e"]));
    }

    fn node() -> impl Strategy<Value = Node> {
        let event = prop::sample::select(vec!["a", "b", "c"]).prop_map(|name| Node::Event(name.to_owned()));
        event.prop_recursive(4, 16, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 1..4).prop_map(Node::Sequence),
                prop::collection::vec(inner.clone(), 1..4).prop_map(Node::Choice),
                inner.clone().prop_map(|node| Node::Many(Box::new(node))),
                inner.prop_map(|node| Node::Optional(Box::new(node))),
            ]
        })
    }

    /// What is left of a stream after each way in which a node may match its beginning, by the definition.
    fn rests<'e>(node: &Node, events: &'e [String]) -> Vec<&'e [String]> {
        let mut rests = match node {
            Node::Event(name) => match events {
                [first, rest @ ..] if first == name => vec![rest],
                _ => Vec::new(),
            },
            Node::Sequence(parts) => parts.iter().fold(vec![events], |all, part| {
                all.into_iter().flat_map(|rest| rests(part, rest)).collect()
            }),
            Node::Choice(ways) => ways.iter().flat_map(|way| rests(way, events)).collect(),
            Node::Optional(inner) => [vec![events], rests(inner, events)].concat(),
            Node::Many(inner) => {
                let further = rests(inner, events)
                    .into_iter()
                    .filter(|rest| rest.len() < events.len());
                further
                    .flat_map(|rest| rests(node, rest))
                    .chain([events])
                    .collect()
            }
        };
        rests.sort_by_key(|rest| rest.len());
        rests.dedup_by_key(|rest| rest.len());
        rests
    }

    proptest! {
        #[test]
        fn the_automaton_takes_what_the_definition_takes(
            node in node(),
            events in prop::collection::vec(prop::sample::select(vec!["a", "b", "c"]).prop_map(str::to_owned), 0..7),
        ) {
            let expected = rests(&node, &events).iter().any(|rest| rest.is_empty());
            prop_assert_eq!(fits(&Automaton::of(&node), &events.join(" ")), expected);
        }
    }
}
