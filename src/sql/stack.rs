//! Room for deep trees.

use std::cell::Cell;
use std::thread::Builder;

/// Stack sizes to try, in bytes. The library's trees are up to 10,000 levels deep and the decoder needs some 12 kB a
/// level; the memory is only reserved, not used, until a text is that deep.
const SIZES: [usize; 3] = [1 << 30, 512 << 20, 256 << 20];

thread_local! {
    static LARGE: Cell<bool> = const { Cell::new(false) };
}

/// Runs `f` on a thread whose stack is large enough for the deepest tree that the parser makes.
///
/// Parsing, lowering and dropping trees recurse. Every function here that parses calls this itself, and pays for a thread if
/// it is not on such a thread already: so a run that parses much is best wrapped in it as a whole. (Besides,
/// libpg_query claims resources of the process for every thread that it runs on.)
pub fn with_large_stack<T: Send>(f: impl FnOnce() -> T + Send) -> T {
    if LARGE.get() {
        return f();
    }
    let mut f = Some(f);
    for size in SIZES {
        let outcome = std::thread::scope(|scope| {
            let job = &mut f;
            let thread = Builder::new().name("pgproof".to_owned()).stack_size(size).spawn_scoped(scope, move || {
                LARGE.set(true);
                job.take().map(|f| f())
            });
            thread.ok().map(|thread| thread.join())
        });
        match outcome {
            Some(Ok(Some(value))) => return value,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            // No thread of that size can be had.
            Some(Ok(None)) | None => {}
        }
    }
    match f {
        // Without a thread, this stack has to do: it does for all but the deepest trees.
        Some(f) => f(),
        None => unreachable!("the job is only taken by a thread whose outcome is returned"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_calls_stay_on_the_thread() {
        let (outer, inner) = with_large_stack(|| {
            let outer = std::thread::current().id();
            (outer, with_large_stack(|| std::thread::current().id()))
        });
        assert_eq!(outer, inner);
        assert_ne!(outer, std::thread::current().id());
    }

    #[test]
    fn panics_come_through() {
        let outcome = std::panic::catch_unwind(|| with_large_stack(|| -> u32 { std::panic::panic_any(7u32) }));
        assert_eq!(outcome.unwrap_err().downcast_ref::<u32>(), Some(&7));
    }
}
