//! The names of conditions (appendix "PostgreSQL Error Codes").

use crate::catalog::builtin::Builtins;
use crate::replay::SqlState;

/// The SQLSTATEs that a condition's name stands for; a name can stand for several (`plpgsql_parse_err_condition`).
pub(super) fn sqlstates(builtins: &'static Builtins, name: &str) -> impl Iterator<Item = SqlState> + use<> {
    // Warnings and the like have codes, but no names here (`plerrcodes.h`).
    builtins.conditions(name).map(SqlState::new).filter(|state| !matches!(&state.as_str()[..2], "00" | "01" | "02"))
}

/// Whether a handler for `wanted` catches an error: a class (`…000`) catches all of its errors
/// (`pl_exec.c: exception_matches_conditions`).
pub(super) fn catches(wanted: SqlState, error: SqlState) -> bool {
    wanted == error || (wanted.as_str().ends_with("000") && wanted.as_str()[..2] == error.as_str()[..2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_catches_its_errors() {
        assert!(catches(SqlState::new("42000"), SqlState::new("42710")));
        assert!(!catches(SqlState::new("42000"), SqlState::new("22012")));
        assert!(!catches(SqlState::new("42P07"), SqlState::new("42710")));
    }
}
