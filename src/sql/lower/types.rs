//! Enums, domains, composite types.

use super::*;

impl Lowerer<'_> {
    pub(super) fn alter_enum(&mut self, alter: pg::AlterEnumStmt) -> AlterEnum {
        let name = self.qualified(alter.type_name, Loc::NONE);
        // An old label may be empty; ADD without a place has the new one at the end.
        let renamed = !alter.new_val_is_after && alter.new_val_neighbor.is_empty() && !alter.skip_if_new_val_exists;
        let action = if alter.old_val.is_empty() && !renamed {
            AlterEnumAction::Add {
                label: alter.new_val,
                if_not_exists: alter.skip_if_new_val_exists,
                before: !alter.new_val_neighbor.is_empty() && !alter.new_val_is_after,
                neighbour: string_if_any(alter.new_val_neighbor),
            }
        } else {
            // DROP VALUE, which has no new label, is a syntax error in all versions; a new label may be empty.
            AlterEnumAction::Rename { from: alter.old_val, to: alter.new_val }
        };
        AlterEnum { name, action }
    }

    pub(super) fn create_domain(&mut self, domain: pg::CreateDomainStmt) -> CreateDomain {
        CreateDomain {
            name: self.qualified(domain.domainname, Loc::NONE),
            ty: self.required_type(domain.type_name),
            collation: domain.coll_clause.map(|clause| self.collation(*clause)),
            constraints: self.constraints(domain.constraints),
        }
    }

    pub(super) fn alter_domain(&mut self, alter: pg::AlterDomainStmt) -> StatementKind {
        let behavior = drop_behavior(alter.behavior());
        let name = self.qualified(alter.type_name, Loc::NONE);
        let action = match alter.subtype.as_str() {
            "T" => AlterDomainAction::Default(self.expr_if_any(alter.def)),
            "N" => AlterDomainAction::DropNotNull,
            "O" => AlterDomainAction::SetNotNull,
            "C" => {
                let constraint = match boxed(alter.def) {
                    Some(NodeEnum::Constraint(constraint)) => {
                        self.refuse_newer_domain_constraint(&constraint);
                        self.constraint_of_any(*constraint)
                    }
                    _ => None,
                };
                match constraint {
                    Some(constraint) => AlterDomainAction::AddConstraint(constraint),
                    None => return unmodelled("ALTER DOMAIN", Touches::Type(name)),
                }
            }
            "X" => {
                AlterDomainAction::DropConstraint { name: alter.name.into(), missing_ok: alter.missing_ok, behavior }
            }
            "V" => AlterDomainAction::ValidateConstraint(alter.name.into()),
            _ => return unmodelled("ALTER DOMAIN", Touches::Type(name)),
        };
        StatementKind::AlterDomain(Box::new(AlterDomain { name, action }))
    }

    pub(super) fn create_composite_type(&mut self, create: pg::CompositeTypeStmt) -> StatementKind {
        StatementKind::CreateCompositeType {
            name: self.relation(create.typevar).name,
            columns: self.column_defs(create.coldeflist),
        }
    }
}
