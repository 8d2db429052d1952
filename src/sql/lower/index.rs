//! Indexes.

use super::query::nulls_first;
use super::*;

impl Lowerer<'_> {
    pub(super) fn create_index(&mut self, index: pg::IndexStmt) -> CreateIndex {
        CreateIndex {
            name: name_if_any(index.idxname),
            table: self.relation(index.relation),
            method: index.access_method.into(),
            unique: index.unique,
            concurrently: index.concurrent,
            if_not_exists: index.if_not_exists,
            keys: self.index_elems(index.index_params),
            including: self.index_elems(index.index_including_params),
            nulls_not_distinct: index.nulls_not_distinct,
            options: self.options(index.options),
            tablespace: name_if_any(index.table_space),
            filter: self.expr_if_any(index.where_clause),
        }
    }

    pub(super) fn index_elems(&mut self, list: Vec<Node>) -> Vec<IndexElem> {
        nodes(list).filter_map(|node| self.index_elem(Some(node))).to_vec()
    }

    pub(super) fn index_elem(&mut self, node: Option<NodeEnum>) -> Option<IndexElem> {
        let Some(NodeEnum::IndexElem(elem)) = node else {
            self.unexpected();
            return None;
        };
        let descending = match elem.ordering() {
            pg::SortByDir::SortbyAsc => Some(false),
            pg::SortByDir::SortbyDesc => Some(true),
            pg::SortByDir::SortbyDefault | pg::SortByDir::SortbyUsing | pg::SortByDir::Undefined => None,
        };
        let nulls_first = nulls_first(elem.nulls_ordering());
        let key = match boxed(elem.expr) {
            Some(expr) => IndexKey::Expr(self.expr(Some(expr))),
            None => IndexKey::Column(Ident { name: elem.name.into(), loc: Loc::NONE }),
        };
        Some(IndexElem {
            key,
            collation: self.qualified_if_any(elem.collation),
            opclass: self.qualified_if_any(elem.opclass),
            opclass_options: self
                .def_elems(elem.opclassopts)
                .into_iter()
                .map(|option| (option.defname.as_str().into(), self.reloption_value(option)))
                .to_vec(),
            descending,
            nulls_first,
            loc: Loc::NONE,
        })
    }

    /// The value of a storage parameter as text (`reloptions.c: transformRelOptions`).
    fn reloption_value(&mut self, elem: pg::DefElem) -> String {
        match boxed(elem.arg) {
            None => "true".to_owned(),
            Some(NodeEnum::String(string)) => string.sval,
            Some(NodeEnum::Integer(integer)) => integer.ival.to_string(),
            Some(NodeEnum::Float(float)) => float.fval,
            Some(NodeEnum::TypeName(ty)) => {
                let ty = self.type_name(ty);
                ty.name.name.to_string()
            }
            Some(_) => {
                self.unexpected();
                String::new()
            }
        }
    }
}
