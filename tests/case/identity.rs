//! Who the users of a test are, and what the test itself is called.

use std::collections::HashSet;
use std::fs;

use ssot_harness::prelude::*;

#[ssot_harness::test]
fn users_are_distinct_and_the_same_at_every_call(case: &Case) {
    let [ada, ben] = case.users();
    let again = case.users_n(3);
    assert_eq!(
        [ada.context(), ben.context()],
        [again[0].context(), again[1].context()]
    );
    assert_eq!(ada.secret("card"), again[0].secret("card"));
    let ids: HashSet<String> = again
        .iter()
        .flat_map(|user| {
            let context = user.context();
            [&*context.user, &*context.thread, &*context.run, &*context.session].map(str::to_owned)
        })
        .chain(again.iter().map(|user| user.secret("card")))
        .collect();
    assert_eq!(ids.len(), 15);
}

/// The identities are pinned, for they are to be the same in every run and on every machine.
#[ssot_harness::test]
fn users_follow_from_the_tests_name_and_the_seed(case: &Case) {
    assert_eq!(
        case.name(),
        "identity::users_follow_from_the_tests_name_and_the_seed"
    );
    let [ada] = case.users();
    assert_eq!((ada.name(), ada.id().as_str()), ("ada", "user-96dysp7b"));
}

#[ssot_harness::test]
fn what_users_see_is_in_the_trace(case: &Case) {
    let [ada, ben] = case.users();
    ada.saw(Surface::Reply, "for ada");
    ben.observer().saw(Surface::Event, "for ben");
    let trace = case.trace();
    let texts: Vec<_> = trace
        .of(&ben)
        .map(|seen| (seen.surface(), seen.text().to_owned()))
        .collect();
    assert_eq!(texts, [(Surface::Event, r#""for ben""#.to_owned())]);
    assert_eq!(trace.observations().len(), 2);
}

#[ssot_harness::test]
fn an_id_names_things_outside(case: &Case) -> CaseResult {
    assert!(
        case.id().starts_with("an_id_names_things_outside_"),
        "{}",
        case.id()
    );
    assert_eq!(case.id(), case.id());
    let folder = case.temp_dir()?;
    fs::write(folder.join("note"), "hello")?;
    assert_eq!(case.temp_dir()?, folder);
    assert!(
        folder
            .file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with(case.id()),
        "{}",
        folder.display()
    );
    Ok(())
}

#[ssot_harness::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_is_found_from_everywhere_in_the_test(case: &Case) -> CaseResult {
    let name = || Case::try_current().map(|case| case.name().to_owned());
    let here = Some(case.name().to_owned());
    assert_eq!(name(), here);
    assert_eq!(tokio::spawn(async move { name() }).await?, here, "in a task");
    assert_eq!(
        tokio::task::spawn_blocking(name).await?,
        here,
        "in a blocking task"
    );
    assert_eq!(
        case.spawn(async move { name() }).await?,
        here,
        "in a task of the case"
    );
    let named = std::thread::Builder::new().name("mailer".to_owned());
    let told = case.clone();
    let in_thread = named.spawn(move || {
        let before = name();
        let _case = told.enter();
        (before, name())
    })?;
    assert_eq!(
        in_thread.join().unwrap(),
        (None, here.clone()),
        "in a thread, once it has entered"
    );
    #[cfg(target_os = "linux")]
    assert_eq!(
        std::thread::spawn(name).join().unwrap(),
        here,
        "in a thread without a name"
    );
    Ok(())
}

#[test]
fn outside_of_a_test_of_the_harness_there_is_no_case() {
    assert!(Case::try_current().is_none());
    let panicked = std::panic::catch_unwind(Case::current).unwrap_err();
    let message = panicked.downcast_ref::<String>().expect("it says why");
    assert!(
        message.contains("give the test the attribute #[ssot_harness::test]"),
        "{message}"
    );
}
