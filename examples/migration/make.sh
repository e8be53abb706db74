#!/usr/bin/env bash
# Makes a repository in which seven routes get their engines from seven factories, and moves them to one, in nine commits.
#
#   examples/migration/make.sh FOLDER [BROKEN]
#
# Each commit is a step that can be taken back by itself: the tests first, which are red for every route, then a commit for each route, which
# makes its test green, and the removal of what is not used any more. With BROKEN, the commit of that number (3 to 9) also takes the first
# route back, as a bad merge does, and the next one puts it right again. In the repository,
#
#   git rebase --exec 'cargo ssot gate' --root
#
# goes through the commits and stops at the one that breaks a promise. CARGO_SSOT is the path of the program cargo-ssot, if it is not installed.
set -euo pipefail

if [ $# -lt 1 ] || [ $# -gt 2 ] || { [ $# = 2 ] && ! [[ $2 =~ ^[3-9]$ ]]; }; then
  printf 'usage: make.sh FOLDER [BROKEN]: a folder that is new or empty, and a commit from 3 to 9\n' >&2
  exit 2
fi
folder=$1
broken=${2:-}
harness=$(cd "$(dirname "$0")/../.." && pwd)
ssot=("${CARGO_SSOT:-cargo}" ssot)

mkdir -p "$folder"
cd "$folder"
if [ -n "$(ls -A)" ]; then
  printf '%s is not empty; give a new folder\n' "$folder" >&2
  exit 2
fi

# Each with its factory, the promise that the factory breaks, and as what that is reported.
routes=(chat search jobs reports imports alerts mail)
declare -A factory=(
  [chat]=CachedEngineFactory [search]=GlobalEngineFactory [jobs]=LegacyExecutionEngineFactory [reports]=AgentInstanceFactory
  [imports]=ExecutionFactory [alerts]=RequestScopedFactory [mail]=UnifiedExecutionEngineFactory
)
declare -A promise=(
  [chat]=UniqueInstances [search]=UniqueInstances [jobs]=IdentityValidated [reports]=GoldenPath
  [imports]=NothingLeft [alerts]=GoldenPath [mail]=EventsComplete
)
declare -A kind=(
  [chat]=shared-instance [search]=shared-instance [jobs]=invalid-identity [reports]=event-missing
  [imports]=residue [alerts]=event-missing [mail]=event-duplicated
)
declare -A moved=()

write_routes() {
  {
    printf '//! Where each route gets its engines.\n\nuse std::sync::Arc;\n\n'
    local legacy=$1 route
    [ "$legacy" = no ] || printf 'use ssot_reference::legacy::factories;\n'
    printf 'use ssot_reference::{Config, EngineFactory, ExecutionEngineFactory, Model};\n'
    printf '\n/// The one factory.\npub fn canonical(model: Arc<dyn Model>) -> Box<dyn EngineFactory> {\n'
    printf '    Box::new(ExecutionEngineFactory::with_model(Config::default(), model))\n}\n'
    for route in "${routes[@]}"; do
      printf '\npub fn %s(model: Arc<dyn Model>) -> Box<dyn EngineFactory> {\n' "$route"
      if [ -n "${moved[$route]:-}" ]; then
        printf '    canonical(model)\n}\n'
      else
        printf '    Box::new(factories::%s::new(model))\n}\n' "${factory[$route]}"
      fi
    done
  } >src/lib.rs
}

write_tests() {
  {
    printf '//! The promises that every route has to keep.\n\nuse std::sync::Arc;\n\n'
    printf 'use ssot_harness::conformance::{Conformance, Promise};\nuse ssot_harness::isolation::Verdict;\n'
    printf 'use ssot_harness::reference::{EngineFactory, Model, ReferenceSubject};\n\n'
    printf 'fn keeps(route: fn(Arc<dyn Model>) -> Box<dyn EngineFactory>, promise: Promise) -> Verdict {\n'
    printf '    let checked = Conformance::new(async move || ReferenceSubject::new(route));\n'
    printf '    checked.executions(40).check(promise).into_verdict()\n}\n'
    local route
    for route in "${routes[@]}"; do
      printf '\n#[ssot_harness::test(fail_first(issue = "factories#%s", expect = "%s"))]\n' "$route" "${kind[$route]}"
      printf 'fn %s_keeps%s() -> Verdict {\n' "$route" "$(sed 's/[A-Z]/_\l&/g' <<<"${promise[$route]}")"
      printf '    keeps(migration::%s, Promise::%s)\n}\n' "$route" "${promise[$route]}"
    done
  } >tests/promises.rs
}

commit() {
  git add --all
  git commit --quiet "$@"
}

number=0
# Commits a step, and that its test is green now.
step() {
  number=$((number + 1))
  commit --message "$number: $1"
  "${ssot[@]}" accept --quiet >/dev/null
  if [ "$number" = "$broken" ]; then
    unset 'moved[chat]'
    write_routes yes
    moved[chat]=yes
  fi
  commit --amend --no-edit
}

git init --quiet --initial-branch=main
mkdir src tests
cp "$harness/Cargo.lock" .
printf '/target\n' >.gitignore
cat >Cargo.toml <<MANIFEST
[package]
name = "migration"
version = "0.1.0"
edition = "2024"
publish = false

[dependencies]
ssot-reference = { path = '$harness/crates/reference' }

[dev-dependencies]
ssot-harness = { path = '$harness', features = ["conformance", "reference"] }

[workspace]
MANIFEST
write_routes yes
commit --message 'seven factories'

write_tests
commit --message 'the promises of every route, red'
# Whoever runs the tests records that they are red.
cargo test --quiet --test promises >/dev/null
number=1
commit --amend --no-edit --message '1: the promises of every route, red'
for route in "${routes[@]}"; do
  moved[$route]=yes
  write_routes yes
  step "$route gets its engines from the one factory"
done
write_routes no
step 'the other factories are gone'
git log --oneline --reverse
