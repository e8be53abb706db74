//! The attribute `#[ssot_harness::test]`. It is made to be used through `ssot-harness`, which it names in what it
//! makes.

mod attributes;
mod body;
mod covers;
mod descriptor;
mod duration;
mod errors;
mod expand;
#[cfg(test)]
mod expand_tests;
mod fail_first;
mod hash;
mod neighbours;
mod options;
mod settings;
mod signature;

use proc_macro::TokenStream;
use proc_macro2::Span;

/// Makes a test of a function: an `async fn`, whose body is always run, or a plain `fn`.
///
/// ```
/// use ssot_harness::prelude::*;
/// # struct Shop { sold: u32 }
/// # #[async_trait]
/// # impl SsotAsyncTestCase for Shop {
/// #     async fn set_up(_case: &Case) -> CaseResult<Self> { Ok(Self { sold: 0 }) }
/// # }
///
/// #[ssot_harness::test(timeout = "10s")]
/// async fn a_shop_opens_with_nothing_sold(shop: &mut Shop, case: &Case) -> CaseResult {
///     let [ada, ben] = case.users();
///     assert_eq!(shop.sold, 0, "neither {} nor {} was there", ada.id(), ben.id());
///     Ok(())
/// }
/// ```
///
/// # What a test takes and returns
///
/// The reference tells what an argument is for: `&Case` is the test's case, `&mut T` a fixture, where `T` is a
/// [`SsotAsyncTestCase`](../ssot_harness/trait.SsotAsyncTestCase.html) that is set up before the body and taken
/// down after it. A test takes neither, either, or both in any order. It returns `()`, `CaseResult`, `Verdict`, or
/// any `Result<_, E>` with `E: Debug + 'static`. An `Err` within its `Ok` fails the test as well, and so does an exit code that says so.
///
/// # Options
///
/// | option | what it says | default |
/// |---|---|---|
/// | `timeout = "10s"` | after how long the test has failed, in real time: `"500ms"`, `"2m"`, `"1h 30m"`, as `SSOT_TIMEOUT` has it, or `"off"` | the harness's |
/// | `flavor = "multi_thread"` | the tokio runtime that the test runs on: `"current_thread"` or `"multi_thread"` | `"current_thread"` |
/// | `worker_threads = 2` | how many threads a `multi_thread` runtime has | one a core |
/// | `start_paused = true` | that tokio's clock moves only while everybody waits; for `current_thread` | `false` |
/// | `fail_first(…)` | what the test fails with until the fault is fixed | |
/// | `crate = my_tests::ssot_harness` | where the harness is, if it is not `::ssot_harness` | |
///
/// `fail_first` takes the `issue` that the fix resolves, and the failure to expect: `expect`, the kind of a violation, with
/// the `surface` that it has to show on if it matters, or `expect_message`, a part of what a failing assertion says.
/// `expect = "task-panic"` stands for a panic in a task or a thread that nothing awaits.
///
/// ```
/// # use ssot_harness::prelude::*;
/// # #[derive(Default)]
/// # struct Shop;
/// # impl Shop {
/// #     async fn order(&self, _card: &str) {}
/// #     fn log(&self) -> String { String::new() }
/// # }
/// #[ssot_harness::test(fail_first(issue = "shop#12", expect = "context-leak", surface = "log"))]
/// fn orders_are_not_logged_for_others() -> Verdict {
///     isolation(async || Shop::default())
///         .users(2, async |user: &User, shop: &Shop| {
///             shop.order(&user.secret("card")).await;
///             user.saw(Surface::Log, &shop.log());
///             Ok(())
///         })
///         .check()
/// }
/// ```
///
/// # Among other attributes
///
/// `#[rstest]` with its cases stands **above**: it makes the cases, and this attribute a test of each. The arguments are
/// then `#[rstest]`'s, but for those that it is told to `#[ignore]`:
///
/// ```
/// # use rstest::rstest;
/// # use ssot_harness::prelude::*;
/// # struct Shop { sold: u32 }
/// # #[async_trait]
/// # impl SsotAsyncTestCase for Shop {
/// #     async fn set_up(_case: &Case) -> CaseResult<Self> { Ok(Self { sold: 0 }) }
/// # }
/// #[rstest]
/// #[case::nothing(0)]
/// #[case::much(1_000)]
/// #[ssot_harness::test]
/// async fn a_shop_sells(#[case] pieces: u32, #[ignore] shop: &mut Shop) {
///     shop.sold += pieces;
/// }
/// ```
///
/// `#[ignore]`, `#[cfg]`, `#[cfg_attr]`, documentation and levels of lints stand above or below. Any other attribute, as
/// `#[traced_test]`, goes to the body, and best stands below.
///
/// # Errors
///
/// The test does not compile where
///
/// - it takes or returns anything else, or is generic, a method, `const`, `unsafe` or `extern`;
/// - an option is unknown, given twice, or at odds with another;
/// - another attribute makes a test of it too: `#[test]`, `#[tokio::test]`, `#[bench]`, by whichever name its file imports it, and within
///   a `#[cfg_attr]` whose condition holds;
/// - cases stand below, where they would be dropped;
/// - it is marked `#[should_panic]`, which takes any panic for the right one: see `fail_first`.
#[proc_macro_attribute]
pub fn test(options: TokenStream, function: TokenStream) -> TokenStream {
    expand::test(&options.into(), &function.into(), Span::call_site()).into()
}
