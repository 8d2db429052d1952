//! Window definitions and their frames (`parse_clause.c: transformWindowDefinitions`).

use super::error::{fail, unknown};
use super::sort_group::sort_group_target;
use super::{Analyzer, ExprKind};
use crate::catalog::tree::{CoercionContext, Expr, TargetEntry, WindowClause};
use crate::catalog::{Oid, type_oid as t};
use crate::replay::{Exec, SqlError};
use crate::sql::ast::{self, WindowDef};

/// `FRAMEOPTION_…` of parsenodes.h.
pub(super) mod frame {
    pub const RANGE: i32 = 0x00002;
    pub const ROWS: i32 = 0x00004;
    pub const GROUPS: i32 = 0x00008;
    pub const START_UNBOUNDED_PRECEDING: i32 = 0x00020;
    pub const END_CURRENT_ROW: i32 = 0x00400;
    pub const START_OFFSET: i32 = 0x00800 | 0x02000;
    pub const END_OFFSET: i32 = 0x01000 | 0x04000;
    pub const DEFAULTS: i32 = RANGE | START_UNBOUNDED_PRECEDING | END_CURRENT_ROW;
}

/// btree's support function for RANGE (`BTINRANGE_PROC`).
const BT_IN_RANGE: i16 = 3;

impl Analyzer<'_> {
    /// Windows of WINDOW and OVER (`transformWindowDefinitions`).
    pub(super) fn transform_window_definitions(&mut self, list: &mut Vec<TargetEntry>) -> Exec<Vec<WindowClause>> {
        let definitions = std::mem::take(&mut self.state().window_defs);
        let mut result: Vec<WindowClause> = Vec::with_capacity(definitions.len());
        for (index, definition) in definitions.iter().enumerate() {
            let winref = u32::try_from(index + 1).unwrap_or(u32::MAX);
            let clause = self.transform_window_definition(definition, winref, &result, list)?;
            result.push(clause);
        }
        Ok(result)
    }

    fn transform_window_definition(
        &mut self,
        definition: &WindowDef,
        winref: u32,
        before: &[WindowClause],
        list: &mut Vec<TargetEntry>,
    ) -> Exec<WindowClause> {
        let loc = definition.loc;
        let find = |name: &ast::Name| before.iter().find(|clause| clause.name.as_ref() == Some(name));
        if let Some(name) = &definition.name
            && find(name).is_some()
        {
            return fail("42P20", format!("window \"{name}\" is already defined"), loc);
        }
        let reference = match &definition.refname {
            None => None,
            Some(name) => match find(name) {
                Some(clause) => Some((name, clause)),
                None => return fail("42704", format!("window \"{name}\" does not exist"), loc),
            },
        };
        let own_order = self.transform_sort_clause(&definition.order_by, list, ExprKind::WindowOrder, true)?;
        let own_partition = self.transform_partition_clause(&definition.partition_by, list, &own_order)?;
        let has_own_order = !own_order.is_empty();
        let (partition, order, copied_order) = match reference {
            None => (own_partition, own_order, false),
            Some((name, _)) if !own_partition.is_empty() => {
                return fail("42P20", format!("cannot override PARTITION BY clause of window \"{name}\""), loc);
            }
            Some((name, clause)) if has_own_order && !clause.order.is_empty() => {
                return fail("42P20", format!("cannot override ORDER BY clause of window \"{name}\""), loc);
            }
            Some((_, clause)) if has_own_order => (clause.partition.clone(), own_order, false),
            Some((_, clause)) => (clause.partition.clone(), clause.order.clone(), true),
        };
        if let Some((name, clause)) = reference
            && clause.frame_options != frame::DEFAULTS
        {
            let message = format!("cannot copy window \"{name}\" because it has a frame clause");
            let error = SqlError::new("42P20", message).at(loc);
            let written = definition.name.is_some() || has_own_order || definition.frame_options != frame::DEFAULTS;
            return Err(if written { error } else { error.hint("Omit the parentheses in this OVER clause.") }.into());
        }
        let options = definition.frame_options;
        let mut range = None;
        if options & frame::RANGE != 0 && options & (frame::START_OFFSET | frame::END_OFFSET) != 0 {
            let [sort] = order.as_slice() else {
                let message = "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column";
                return fail("42P20", message, loc);
            };
            range = self.catalog().ordering_operator_properties(sort.sort);
            if range.is_none() || sort_group_target(sort.tle_sort_group_ref, list).is_none() {
                return Err(unknown("the ordering operator of a window"));
            }
        }
        if options & frame::GROUPS != 0 && order.is_empty() {
            return fail("42P20", "GROUPS mode requires an ORDER BY clause", loc);
        }
        let range = range.map(|(family, input, _)| (family, input));
        let start_offset = self.transform_frame_offset(options, range, definition.start_offset.as_deref())?;
        let end_offset = self.transform_frame_offset(options, range, definition.end_offset.as_deref())?;
        Ok(WindowClause {
            name: definition.name.clone(),
            refname: definition.refname.clone(),
            partition,
            order,
            frame_options: options,
            start_offset,
            end_offset,
            winref,
            copied_order,
        })
    }

    /// `n PRECEDING` (`transformFrameOffset`).
    fn transform_frame_offset(
        &mut self,
        options: i32,
        range: Option<(Oid, Oid)>,
        clause: Option<&ast::Expr>,
    ) -> Exec<Option<Expr>> {
        let Some(clause) = clause else { return Ok(None) };
        let (node, construct) = if options & frame::ROWS != 0 {
            let node = self.transform_expr(clause, ExprKind::WindowFrameRows)?;
            (self.coerce_to_specific_type(node, t::INT8, "ROWS")?, "ROWS")
        } else if options & frame::GROUPS != 0 {
            let node = self.transform_expr(clause, ExprKind::WindowFrameGroups)?;
            (self.coerce_to_specific_type(node, t::INT8, "GROUPS")?, "GROUPS")
        } else {
            let node = self.transform_expr(clause, ExprKind::WindowFrameRange)?;
            let Some((family, input)) = range else { return Err(unknown("the frame of a window")) };
            let ty = self.range_offset_type(&node, family, input)?;
            (self.coerce_to_specific_type(node, ty, "RANGE")?, "RANGE")
        };
        self.check_expr_is_var_free(&node, construct)?;
        Ok(Some(node))
    }

    /// The type of an offset, by the `in_range` functions of the column's operator family.
    fn range_offset_type(&mut self, node: &Expr, family: Oid, input: Oid) -> Exec<Oid> {
        let given = node.ty(self.catalog()).oid;
        let preferred = if given == t::UNKNOWN { input } else { given };
        let (mut functions, mut matches, mut selected) = (0, 0, Oid::INVALID);
        let mut members: Vec<_> =
            self.catalog().opfamily_functions(family).filter(|f| f.left == input && f.number == BT_IN_RANGE).collect();
        members.sort_by_key(|member| member.right);
        for member in members {
            functions += 1;
            if !self.can_coerce_type(given, member.right, CoercionContext::Implicit) {
                continue;
            }
            matches += 1;
            if selected != preferred {
                selected = member.right;
            }
        }
        let column = self.format_type(input);
        let offset = self.format_type(given);
        let what = "RANGE with offset PRECEDING/FOLLOWING";
        if functions == 0 {
            return fail("0A000", format!("{what} is not supported for column type {column}"), node.loc());
        }
        if matches == 0 {
            let message = format!("{what} is not supported for column type {column} and offset type {offset}");
            let hint = "Cast the offset value to an appropriate type.";
            return Err(SqlError::new("0A000", message).hint(hint).at(node.loc()).into());
        }
        if matches != 1 && selected != preferred {
            let message =
                format!("{what} has multiple interpretations for column type {column} and offset type {offset}");
            let hint = "Cast the offset value to the exact intended type.";
            return Err(SqlError::new("0A000", message).hint(hint).at(node.loc()).into());
        }
        Ok(selected)
    }
}
