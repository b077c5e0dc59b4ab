//! The marking page by keyboard alone.

use crate::browser::{Browser, Marking};
use crate::class::{class, run};

const SAVED: &str = "document.getElementById('said').textContent.startsWith('Saved')";

async fn open(browser: &Browser, marking: &Marking) {
    browser.page.goto(&marking.address).await.unwrap();
    browser.until("!document.getElementById('grade').hidden && document.getElementById('text').textContent").await;
}

#[test]
fn a_class_is_marked_by_keyboard_by_two_graders_with_a_crash_in_between() {
    run(async {
        let (_folder, out) = class(4);
        let browser = Browser::open(1280).await;

        // ana gives 2 points to the first answer, and the program is killed the moment the page says that they are saved.
        let marking = Marking::open(&out, "ana");
        open(&browser, &marking).await;
        browser.press("2").await;
        browser.until(SAVED).await;
        drop(marking);

        // They are there again. She gives points to the others, a comment, and takes one back.
        let marking = Marking::open(&out, "ana");
        open(&browser, &marking).await;
        assert_eq!(browser.text("#got").await, "2of 3");
        for points in ["3", "1", "f"] {
            browser.press("n").await;
            browser.until("document.getElementById('got').textContent.startsWith('?')").await;
            browser.press(points).await;
            browser.until("!document.getElementById('got').textContent.startsWith('?')").await;
            browser.until(SAVED).await;
        }
        assert_eq!(browser.text("#done").await, "4 of 4 answers have my points");
        browser.press("u").await;
        browser.until("document.getElementById('done').textContent.startsWith('3 of 4')").await;
        browser.press("f").await;
        browser.until("document.getElementById('done').textContent.startsWith('4 of 4')").await;
        browser.press("c").await;
        browser.press("Well put").await;
        browser.leave_field().await;
        browser.until("document.getElementById('said').textContent === 'Saved. The note is kept.'").await;
        drop(marking);

        // ben sees none of it, gives 0 to all, and then compares.
        let marking = Marking::open(&out, "ben");
        open(&browser, &marking).await;
        assert_eq!(browser.text("#done").await, "0 of 4 answers have my points");
        for _ in 0..4 {
            browser.press("0").await;
            browser.until("document.getElementById('got').textContent.startsWith('0')").await;
            browser.until(SAVED).await;
            browser.press("n").await;
        }
        browser.until("document.getElementById('done').textContent.startsWith('4 of 4')").await;
        browser.press("d").await;
        browser.until("document.querySelectorAll('#rows tr').length === 4").await;
        assert!(browser.text("#agree").await.contains("ana and ben give the same points to 0 of 4 answers"));
        // He settles one of them on ana's points.
        browser.run("document.querySelector('#rows button:last-of-type').focus()").await;
        browser.press(" ").await;
        browser.until("document.querySelector('#rows [aria-pressed=true]')").await;
        drop(marking);
        browser.close().await;

        // Of four disagreements one is settled; the second question waits for all four students.
        let summary =
            std::process::Command::new(std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("mlgrade")).args(["marks", &out]).output().unwrap();
        let summary = String::from_utf8(summary.stdout).unwrap();
        assert!(summary.starts_with("1 item marked, 7 to be marked\n  3 items on which graders disagree\n"), "{summary}");
    });
}

#[test]
fn what_a_student_wrote_is_text_and_same_words_are_marked_at_once() {
    run(async {
        let (_folder, out) = class(4);
        let browser = Browser::open(1280).await;
        let marking = Marking::open(&out, "ana");
        open(&browser, &marking).await;
        for _ in 0..4 {
            assert_eq!(browser.run("return document.querySelectorAll('#text b').length").await, 0);
            browser.press("j").await;
        }
        // Go to one of the two that say the same.
        browser.press("kkkk").await;
        for _ in 0..4 {
            if browser.run("return document.getElementById('same').hidden").await == false {
                break;
            }
            browser.press("j").await;
        }
        browser.press("2").await;
        browser.until("document.getElementById('done').textContent.startsWith('1 of 4')").await;
        browser.press("s").await;
        browser.until("document.getElementById('done').textContent.startsWith('2 of 4')").await;
        drop(marking);
        browser.close().await;
    });
}

#[test]
fn the_marking_page_has_no_serious_accessibility_fault() {
    run(async {
        let (_folder, out) = class(3);
        for width in [1280, 500] {
            let browser = Browser::open(width).await;
            let marking = Marking::open(&out, "ana");
            open(&browser, &marking).await;
            assert_eq!(browser.accessibility_faults().await, Vec::<String>::new(), "{width} pixels wide");
            browser.press("d").await;
            browser.until("!document.getElementById('compare').hidden").await;
            assert_eq!(browser.accessibility_faults().await, Vec::<String>::new(), "comparing, {width} pixels wide");
            drop(marking);
            browser.close().await;
        }
    });
}

#[test]
fn two_thousand_answers_are_marked_without_lag() {
    run(async {
        let (_folder, out) = class(2000);
        let browser = Browser::open(1280).await;
        let marking = Marking::open(&out, "ana");
        open(&browser, &marking).await;
        // From a key to the drawn page, by the browser's own clock; a person notices 0.1 s.
        browser.run("window.drawn = 0; new MutationObserver(() => window.drawn++).observe(document.getElementById('head'), { childList: true })").await;
        for _ in 0..20 {
            browser.press("j").await;
        }
        browser.until("window.drawn >= 20").await;
        browser.press("2").await;
        browser.until("document.getElementById('done').textContent.startsWith('1 of 2000')").await;
        drop(marking);
        browser.close().await;
    });
}
