//! `pgproof check`.

use super::args::{CheckArgs, CheckFormat};
use super::{Exit, Failure};
use crate::report::human::{self, Look};
use crate::report::{CheckResult, json, table};

/// The report of a check as text, and how the process ends.
pub(super) fn report(result: &CheckResult, args: &CheckArgs, look: Look) -> Result<(String, Exit), Failure> {
    let policy = args.policy();
    let exit = if result.summary(policy).passed { Exit::Passed } else { Exit::Failed };
    let text = match args.format {
        CheckFormat::Json => {
            json::to_string(&json::check(result, policy)).map_err(|error| Failure::Output(error.into()))?
        }
        CheckFormat::Human if args.table => {
            let table = table::requirements(result);
            human::findings(result, policy, look) + &table + "\n" + &human::summary(&result.summary(policy), policy)
        }
        CheckFormat::Human => human::check(result, policy, look),
    };
    Ok((text, exit))
}
