use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::page::{Page, repository};

/// The path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => assert!(plain.pop(), "{} leads out of the repository", path.display()),
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}

/// Why a link of a page leads nowhere.
fn fault(page: &Page, link: &str) -> Option<String> {
    let (file, anchor) = link
        .split_once('#')
        .map_or((link, None), |(file, anchor)| (file, Some(anchor)));
    let target = if file.is_empty() {
        page.path.clone()
    } else {
        plain(&page.path.parent().unwrap().join(file))
    };
    if fs::metadata(repository().join(&target)).is_err() {
        return Some(format!(
            "{}: `{link}`: there is no {}",
            page.path.display(),
            target.display()
        ));
    }
    let anchor = anchor?;
    let anchors = Page::read(&target).anchors();
    (!anchors.iter().any(|known| known == anchor)).then(|| {
        format!(
            "{}: `{link}`: no such heading among {anchors:?}",
            page.path.display()
        )
    })
}

#[test]
fn every_link_leads_somewhere() {
    let others = ["README.md", "benches/README.md", "benches/peers/README.md"];
    let pages = Page::of_book().into_iter().chain(others.map(Page::read));
    let mut checked = 0;
    let mut faults = Vec::new();
    for page in pages {
        for link in page.links() {
            if !link.contains("://") {
                checked += 1;
                faults.extend(fault(&page, &link));
            }
        }
    }
    assert!(checked > 50, "{checked} links were checked");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_link_without_a_target_is_told() {
    let page = Page {
        path: "book/src/page.md".into(),
        text: "# One heading, `two` parts\n".to_owned(),
    };
    assert_eq!(page.anchors(), ["one-heading-two-parts"]);
    assert!(fault(&page, "nowhere.md").is_some());
    assert!(fault(&page, "search.md#nothing-of-the-kind").is_some());
    assert_eq!(fault(&page, "search.md#identities"), None);
    assert_eq!(fault(&page, "../../benches/README.md"), None);
}
