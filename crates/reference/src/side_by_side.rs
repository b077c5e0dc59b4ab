//! Independent trainings side by side, one thread each.
//!
//! A matrix product of the size of a mini-batch gains nothing from a second thread; whole trainings share nothing, so they scale.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::Fault;

/// Does `work` on each of `items`, on as many threads as the calling rayon pool has, and returns the results in order. Items start
/// in order, so the longest should come first. A panic becomes a fault.
pub(super) fn side_by_side<I: Sync, T: Send + Sync>(
    reference: &'static str,
    items: &[I],
    work: impl Fn(&I) -> Result<T, Fault> + Sync,
) -> Result<Vec<T>, Fault> {
    let results: Vec<OnceLock<Result<T, Fault>>> = items.iter().map(|_| OnceLock::new()).collect();
    let next = AtomicUsize::new(0);
    let attempt = |item: &I| {
        let message = |panic: Box<dyn std::any::Any + Send>| {
            let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
            Fault::library(reference, text.unwrap_or("it panicked"))
        };
        catch_unwind(AssertUnwindSafe(|| work(item))).unwrap_or_else(|panic| Err(message(panic)))
    };
    let worker = || {
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let (Some(item), Some(slot)) = (items.get(i), results.get(i)) else { break };
            slot.get_or_init(|| attempt(item));
        }
    };
    thread::scope(|scope| {
        for _ in 0..rayon::current_num_threads().min(items.len()) {
            scope.spawn(worker);
        }
    });
    results.into_iter().map(|slot| slot.into_inner().unwrap_or_else(|| Err(Fault::library(reference, "a thread was lost")))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_their_order_whatever_the_number_of_threads() -> Result<(), Box<dyn std::error::Error>> {
        let items: Vec<usize> = (0..20).collect();
        for threads in [1, 2] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
            let squares = pool.install(|| side_by_side("test", &items, |i| Ok(i * i)))?;
            assert!(squares.iter().enumerate().all(|(i, &square)| square == i * i));
        }
        Ok(())
    }

    #[test]
    fn a_panic_becomes_a_fault() {
        let result = side_by_side("test", &[1, 2], |&i| if i == 2 { panic!("number {i}") } else { Ok(i) });
        assert_eq!(result.unwrap_err().to_string(), "the reference `test` failed: number 2");
    }
}
