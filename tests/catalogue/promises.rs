//! The canonical implementation keeps every promise.

use ssot_harness::reference::ReferenceSubject;

ssot_harness::conformance_tests!(canonical, async || ReferenceSubject::canonical());
