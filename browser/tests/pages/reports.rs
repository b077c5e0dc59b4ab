//! The pages of students, of graded submissions and of the class, as they lie in the folder of reports.

use std::path::Path;

use tempfile::TempDir;

use crate::browser::{Browser, mlgrade};
use crate::class::{class, run};

/// The example class, graded.
fn example() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out").display().to_string();
    mlgrade(&["grade", "submissions", "--out", &out]);
    (folder, out)
}

async fn open(browser: &Browser, out: &str, page: &str) {
    assert!(Path::new(out).join(page).is_file(), "{page}");
    browser.page.goto(&format!("file://{out}/{page}")).await.unwrap();
}

#[test]
fn pages_have_no_serious_accessibility_fault() {
    run(async {
        let (_folder, out) = example();
        for width in [1280, 500] {
            let browser = Browser::open(width).await;
            for page in [
                "for-students/s03-average.html",
                "for-students/s01-reference.html",
                "for-students/s10-empty.html",
                "s03-average.html",
                "s15-fahrenheit.html",
                "index.html",
            ] {
                open(&browser, &out, page).await;
                assert_eq!(browser.accessibility_faults().await, Vec::<String>::new(), "{page}, {width} pixels wide");
            }
            browser.close().await;
        }
    });
}

#[test]
fn a_students_page_fits_a_phone_and_needs_no_network() {
    run(async {
        let (_folder, out) = example();
        let browser = Browser::open(500).await;
        for page in ["for-students/s03-average.html", "for-students/s24-notebook.html", "for-students/s12-messy.html"] {
            open(&browser, &out, page).await;
            assert_eq!(browser.run("return document.documentElement.scrollWidth <= window.innerWidth").await, true, "{page} is wider than the window");
            let loaded = browser.run("return performance.getEntriesByType('resource').filter(e => !e.name.startsWith('data:')).map(e => e.name)").await;
            assert_eq!(loaded, serde_json::json!([]), "{page}");
            assert_eq!(
                browser.run("return [...document.images].filter(i => !i.complete || !i.naturalWidth).length").await,
                0,
                "{page} has a picture that is not drawn"
            );
        }
        browser.close().await;
    });
}

#[test]
fn the_class_of_two_thousand_is_sorted_and_filtered() {
    run(async {
        let (_folder, out) = class(2000);
        let browser = Browser::open(1280).await;
        open(&browser, &out, "index.html").await;
        assert_eq!(browser.text("#count").await, "2,000 students");
        // By name, numbers in names as numbers: s9 before s10; then the other way round.
        let names = "return [...document.querySelectorAll('#students tbody tr')].slice(0, 12).map(tr => tr.cells[0].innerText.trim().split(/\\s/)[0])";
        browser.run("document.querySelector('#students thead button').click()").await;
        let sorted = browser.run(names).await;
        assert_eq!((&sorted[0], &sorted[9], &sorted[10]), (&"s0".into(), &"s9".into(), &"s10".into()), "{sorted}");
        browser.run("document.querySelector('#students thead button').click()").await;
        assert_eq!(browser.run(names).await[0], "s1999");
        // Filtered by what is typed.
        browser.run("document.getElementById('find').focus()").await;
        browser.press("s199").await;
        browser.until("document.getElementById('count').textContent === '11 of 2,000 students'").await;
        browser.close().await;
    });
}
