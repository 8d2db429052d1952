use super::{Context, Exec, Opaque, Replay};
use crate::sql::ast::{Do, FuncCall, Query, Touches};
impl Replay {
    pub(crate) fn run_do(&mut self, _: &Do, _: &Context) -> Exec {
        Err(Opaque::new("DO", Touches::Everything).into())
    }
    pub(crate) fn run_call(&mut self, _: &FuncCall, _: &Context) -> Exec {
        Err(Opaque::new("CALL", Touches::Everything).into())
    }
    pub(crate) fn run_select(&mut self, _: &Query, _: &Context) -> Exec {
        Ok(())
    }
}
