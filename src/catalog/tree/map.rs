//! Expressions of one relation as those of another that has the same columns under other numbers.

use std::cell::Cell;
use std::sync::Arc;

use super::{Expr, Query, Stored, StoredTree, children_mut, query_children_mut};
use crate::catalog::{ColumnMap, Object, Oid};

/// Gives the columns of range table entry `varno` the numbers of the other relation (`rewriteManip.c:
/// map_variable_attnos`). False if the expression has the whole row in it, or a column that is not there: what is left
/// then is of no use.
pub fn map_variables(expr: &mut Expr, varno: u32, map: &ColumnMap) -> bool {
    let whole = Cell::new(false);
    in_expr(expr, varno, 0, map, &whole);
    !whole.get()
}

fn in_expr(expr: &mut Expr, varno: u32, level: u32, map: &ColumnMap, whole: &Cell<bool>) {
    if let Expr::Var(var) = expr {
        if var.varno == varno && var.levels_up == level && var.varattno >= 0 {
            match map.get(var.varattno).filter(|&number| number != 0) {
                Some(number) => var.varattno = number,
                None => whole.set(true),
            }
        }
        return;
    }
    children_mut(expr, &mut |child| in_expr(child, varno, level, map, whole), &mut |query| {
        in_query(query, varno, level + 1, map, whole)
    });
}

fn in_query(query: &mut Query, varno: u32, level: u32, map: &ColumnMap, whole: &Cell<bool>) {
    query_children_mut(query, &mut |child| in_expr(child, varno, level, map, whole), &mut |query| {
        in_query(query, varno, level + 1, map, whole)
    });
}

/// A stored expression over columns of `from` (of `OLD` and `NEW` too) as one over those of `to`. Nothing if it has the
/// whole row in it.
pub fn map_stored(stored: &StoredTree, from: Oid, to: Oid, map: &ColumnMap) -> Option<StoredTree> {
    let mut tree = stored.tree.clone();
    if !map_variables(&mut tree, 1, map) || !map_variables(&mut tree, 2, map) {
        return None;
    }
    let mut depends_on = stored.depends_on.clone();
    for object in &mut depends_on {
        if let Object::Column(rel, number) = *object
            && rel == from
        {
            *object = Object::Column(to, map.get(number)?);
        }
    }
    depends_on.sort_unstable();
    Some(Arc::new(Stored { tree, depends_on }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::tree::{At, NullTest, Var, VarReturning};
    use crate::catalog::{TypeRef, type_oid};

    fn column(varno: u32, varattno: i16) -> Expr {
        Expr::Var(Box::new(Var {
            varno,
            varattno,
            ty: TypeRef::plain(type_oid::INT4),
            collation: Oid::INVALID,
            levels_up: 0,
            returning: VarReturning::Default,
            at: At::NONE,
        }))
    }

    #[test]
    fn columns_get_the_numbers_of_the_other_relation() {
        let map = ColumnMap(vec![3, 0, 1]);
        let test = |arg| Expr::NullTest(Box::new(NullTest { arg, not: false, row: false, at: At::NONE }));
        let mut tree = test(column(1, 3));
        assert!(map_variables(&mut tree, 1, &map));
        assert_eq!(tree, test(column(1, 1)));
        assert!(map_variables(&mut tree, 2, &map), "another entry's columns stay");
        assert_eq!(tree, test(column(1, 1)));
        assert!(!map_variables(&mut column(1, 2), 1, &map), "a column that is not there");
        assert!(!map_variables(&mut column(1, 0), 1, &map), "the whole row");
    }
}
