//! Types (`pg_type`, `pg_range`).

use super::{Catalog, Oid};
use crate::catalog::builtin::{BuiltinType, FIRST_UNPINNED};
use crate::catalog::type_oid as t;
use crate::catalog::{BOOTSTRAP_ROLE, INFORMATION_SCHEMA, PG_CATALOG, Subscript, Type, TypeKind, TypeRef};

/// A row of `pg_type`, whoever made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeInfo<'a> {
    /// Its OID.
    pub oid: Oid,
    /// Its name: `int4`, `_text`.
    pub name: &'a str,
    /// Its schema.
    pub schema: Oid,
    /// Its owner.
    pub owner: Oid,
    /// `typtype`: `b`ase, `c`omposite, `d`omain, `e`num, `m`ultirange, `p`seudo, `r`ange.
    pub typtype: char,
    /// `typcategory`
    pub category: char,
    /// It is preferred in its category.
    pub preferred: bool,
    /// It is more than announced: no shell.
    pub is_defined: bool,
    /// `typlen`: bytes, -1 for varlena, -2 for a C string.
    pub len: i16,
    /// `typbyval`
    pub by_value: bool,
    /// `typalign`
    pub align: char,
    /// `typstorage`
    pub storage: char,
    /// `typdelim`
    pub delimiter: char,
    /// `typelem`: of true arrays and of others that are subscripted (`name`, `point`).
    pub element: Oid,
    /// How it is subscripted.
    pub subscript: Subscript,
    /// `typarray`
    pub array: Oid,
    /// The type that a domain is over.
    pub base: Oid,
    /// The modifier that a domain gives it.
    pub base_typmod: i32,
    /// `NOT NULL` of a domain.
    pub not_null: bool,
    /// The collation of its values; none if it is not collatable.
    pub collation: Oid,
    /// The relation whose row type it is.
    pub relation: Oid,
    /// What a range ranges over.
    pub range_subtype: Oid,
    /// The multirange of a range.
    pub multirange: Oid,
    /// The range of a multirange.
    pub range: Oid,
}

impl TypeInfo<'_> {
    /// A true array (`pg_type.h: IsTrueArrayType`), `int2vector` and `oidvector` included.
    pub fn is_true_array(&self) -> bool {
        self.element != Oid::INVALID && self.subscript == Subscript::Array
    }

    /// An array whose values may be toasted: what `format_type.c` prints with `[]`.
    pub fn is_printed_as_array(&self) -> bool {
        self.is_true_array() && self.storage != 'p'
    }

    /// A pseudo-type or a shell.
    pub fn is_pseudo(&self) -> bool {
        self.typtype == 'p'
    }
}

impl Catalog {
    /// The type of that number.
    pub fn type_info(&self, oid: Oid) -> Option<TypeInfo<'_>> {
        match self.type_(oid) {
            Some(user) => Some(self.user_type_info(user)),
            None => self.builtins().type_by_oid(oid).map(|builtin| self.builtin_type_info(builtin)),
        }
    }

    /// The type of that name in a schema (`pg_type_typname_nsp_index`).
    pub fn type_oid_in(&self, schema: Oid, name: &str) -> Option<Oid> {
        let user = self.type_in(schema, name).map(|ty| ty.oid);
        user.or_else(|| has_builtins(schema).then(|| self.builtins().type_in(schema, name))?.map(|ty| ty.oid))
    }

    fn builtin_type_info(&self, ty: &'static BuiltinType) -> TypeInfo<'static> {
        let builtins = self.builtins();
        let subscript = match ty.oid {
            t::JSONB => Subscript::Jsonb,
            // Its category is that of pseudo-types.
            t::RECORD_ARRAY => Subscript::Array,
            _ if ty.element == Oid::INVALID => Subscript::None,
            _ if ty.category == 'A' => Subscript::Array,
            _ => Subscript::RawArray,
        };
        let (range_subtype, multirange) = ty.range.unwrap_or((Oid::INVALID, Oid::INVALID));
        // The names of PostgreSQL's own multiranges are made from those of their ranges.
        let range = match ty.typtype {
            'm' => builtins.type_by_name(&ty.name.replace("multirange", "range")).map_or(Oid::INVALID, |r| r.oid),
            _ => Oid::INVALID,
        };
        TypeInfo {
            oid: ty.oid,
            name: ty.name,
            schema: ty.namespace,
            owner: BOOTSTRAP_ROLE,
            typtype: ty.typtype,
            category: ty.category,
            preferred: ty.preferred,
            is_defined: true,
            len: ty.len,
            by_value: ty.by_value,
            align: ty.align,
            storage: ty.storage,
            delimiter: ty.delimiter,
            element: ty.element,
            subscript,
            array: ty.array,
            base: ty.base,
            base_typmod: ty.base_typmod,
            not_null: ty.not_null,
            collation: ty.collation.map_or(Oid::INVALID, |name| self.builtin_collation(name)),
            relation: if ty.is_row_type {
                builtins.relation_oid(ty.namespace, ty.name).unwrap_or(Oid::INVALID)
            } else {
                Oid::INVALID
            },
            range_subtype,
            multirange,
            range,
        }
    }

    fn user_type_info<'a>(&'a self, ty: &'a Type) -> TypeInfo<'a> {
        // What the kinds have in common: a varlena without anything.
        let info = TypeInfo {
            oid: ty.oid,
            name: &ty.name,
            schema: ty.schema,
            owner: ty.owner,
            typtype: 'b',
            category: 'U',
            preferred: false,
            is_defined: true,
            len: -1,
            by_value: false,
            align: 'i',
            storage: 'x',
            delimiter: ',',
            element: Oid::INVALID,
            subscript: Subscript::None,
            array: ty.array.unwrap_or(Oid::INVALID),
            base: Oid::INVALID,
            base_typmod: -1,
            not_null: false,
            collation: Oid::INVALID,
            relation: Oid::INVALID,
            range_subtype: Oid::INVALID,
            multirange: Oid::INVALID,
            range: Oid::INVALID,
        };
        // Arrays, ranges and multiranges are aligned as what they are made of (`typecmds.c`).
        let align_like = |oid: Oid| match self.type_info(oid) {
            Some(TypeInfo { align: 'd', .. }) => 'd',
            _ => 'i',
        };
        match &ty.kind {
            TypeKind::Base(base) => TypeInfo {
                category: base.category,
                preferred: base.preferred,
                len: base.len,
                by_value: base.by_value,
                align: base.align,
                storage: base.storage,
                delimiter: base.delimiter,
                element: base.element,
                subscript: base.subscript,
                collation: if base.collatable { t::DEFAULT_COLLATION } else { Oid::INVALID },
                ..info
            },
            TypeKind::Array(element) => {
                let of = self.type_info(*element);
                TypeInfo {
                    category: 'A',
                    align: align_like(*element),
                    delimiter: of.map_or(',', |of| of.delimiter),
                    element: *element,
                    subscript: Subscript::Array,
                    collation: of.map_or(Oid::INVALID, |of| of.collation),
                    ..info
                }
            }
            TypeKind::Composite(relation) => {
                TypeInfo { typtype: 'c', category: 'C', align: 'd', relation: *relation, ..info }
            }
            TypeKind::Enum(_) => TypeInfo { typtype: 'e', category: 'E', len: 4, by_value: true, storage: 'p', ..info },
            TypeKind::Domain(domain) => {
                let info = TypeInfo {
                    typtype: 'd',
                    base: domain.base.oid,
                    base_typmod: domain.base.typmod,
                    not_null: domain.not_null,
                    ..info
                };
                let Some(base) = self.type_info(domain.base.oid) else { return info };
                let own = domain.collation;
                TypeInfo {
                    category: base.category,
                    len: base.len,
                    by_value: base.by_value,
                    align: base.align,
                    storage: base.storage,
                    delimiter: base.delimiter,
                    collation: own.unwrap_or(base.collation),
                    ..info
                }
            }
            TypeKind::Range(range) => TypeInfo {
                typtype: 'r',
                category: 'R',
                align: align_like(range.subtype),
                range_subtype: range.subtype,
                multirange: range.multirange,
                ..info
            },
            TypeKind::Multirange(range) => {
                TypeInfo { typtype: 'm', category: 'R', align: align_like(*range), range: *range, ..info }
            }
            TypeKind::Shell => TypeInfo {
                typtype: 'p',
                category: 'P',
                is_defined: false,
                len: 4,
                by_value: true,
                storage: 'p',
                ..info
            },
        }
    }

    /// What a domain is over in the end, with the modifier that applies to it; another type is its own
    /// (`lsyscache.c: getBaseTypeAndTypmod`).
    pub fn base_type_and_typmod(&self, oid: Oid, typmod: i32) -> TypeRef {
        let (mut oid, mut typmod) = (oid, typmod);
        while let Some(TypeRef { oid: base, typmod: inner }) = self.domain_base(oid) {
            // Only the outermost domain's modifier counts, and there the value's own is -1.
            typmod = inner;
            oid = base;
        }
        TypeRef { oid, typmod }
    }

    /// What a domain is over in the end (`lsyscache.c: getBaseType`).
    pub fn base_type(&self, oid: Oid) -> Oid {
        self.base_type_and_typmod(oid, -1).oid
    }

    fn domain_base(&self, oid: Oid) -> Option<TypeRef> {
        // Of PostgreSQL's own only those of `information_schema` are domains.
        if oid.is_builtin() && oid.0 < FIRST_UNPINNED {
            return None;
        }
        match self.type_(oid) {
            Some(user) => match &user.kind {
                TypeKind::Domain(domain) => Some(domain.base),
                TypeKind::Base(_)
                | TypeKind::Array(_)
                | TypeKind::Composite(_)
                | TypeKind::Enum(_)
                | TypeKind::Range(_)
                | TypeKind::Multirange(_)
                | TypeKind::Shell => None,
            },
            None => {
                let builtin = self.builtins().type_by_oid(oid)?;
                (builtin.typtype == 'd').then_some(TypeRef { oid: builtin.base, typmod: builtin.base_typmod })
            }
        }
    }

    /// The element type of a true array, else nothing (`get_element_type`).
    pub fn element_type(&self, oid: Oid) -> Oid {
        self.type_info(oid).filter(TypeInfo::is_true_array).map_or(Oid::INVALID, |ty| ty.element)
    }

    /// The element type of a true array or of a domain over one (`get_base_element_type`).
    pub fn base_element_type(&self, oid: Oid) -> Oid {
        self.element_type(self.base_type(oid))
    }

    /// The type of arrays of a type, or nothing (`get_array_type`).
    pub fn array_type(&self, oid: Oid) -> Oid {
        self.type_info(oid).map_or(Oid::INVALID, |ty| ty.array)
    }

    /// The type of `ARRAY[…]` of values of a type: an array's is itself (`get_promoted_array_type`).
    pub fn promoted_array_type(&self, oid: Oid) -> Oid {
        match self.array_type(oid) {
            Oid::INVALID if self.element_type(oid) != Oid::INVALID => oid,
            array => array,
        }
    }

    /// The subtype of a range, or nothing (`get_range_subtype`).
    pub fn range_subtype(&self, oid: Oid) -> Oid {
        self.type_info(oid).map_or(Oid::INVALID, |ty| ty.range_subtype)
    }

    /// The multirange of a range, or nothing (`get_range_multirange`).
    pub fn range_multirange(&self, oid: Oid) -> Oid {
        self.type_info(oid).map_or(Oid::INVALID, |ty| ty.multirange)
    }

    /// The range of a multirange, or nothing (`get_multirange_range`).
    pub fn multirange_range(&self, oid: Oid) -> Oid {
        self.type_info(oid).map_or(Oid::INVALID, |ty| ty.range)
    }

    /// The collation of a range's subtype, or nothing (`get_range_collation`).
    pub fn range_collation(&self, oid: Oid) -> Oid {
        match self.type_(oid).map(|ty| &ty.kind) {
            Some(TypeKind::Range(range)) => range.collation,
            // None of PostgreSQL's own ranges is over text.
            _ => Oid::INVALID,
        }
    }

    /// The relation whose row type a type is, or nothing (`get_typ_typrelid`).
    pub fn type_relation(&self, oid: Oid) -> Oid {
        self.type_info(oid).map_or(Oid::INVALID, |ty| ty.relation)
    }

    /// The same, through domains (`parse_type.c: typeOrDomainTypeRelid`).
    pub fn type_or_domain_relation(&self, oid: Oid) -> Oid {
        self.type_relation(self.base_type(oid))
    }

    /// `typtype`, or a space (`get_typtype`).
    pub fn typtype(&self, oid: Oid) -> char {
        self.type_info(oid).map_or(' ', |ty| ty.typtype)
    }

    /// Category and whether it is preferred in it (`get_type_category_preferred`).
    pub fn type_category(&self, oid: Oid) -> (char, bool) {
        self.type_info(oid).map_or(('X', false), |ty| (ty.category, ty.preferred))
    }

    /// The collation of a type's values, or nothing (`get_typcollation`).
    pub fn type_collation(&self, oid: Oid) -> Oid {
        self.type_info(oid).map_or(Oid::INVALID, |ty| ty.collation)
    }

    /// It is the row type of something, `record` included (`type_is_rowtype`).
    pub fn type_is_rowtype(&self, oid: Oid) -> bool {
        oid == t::RECORD
            || match self.typtype(oid) {
                'c' => true,
                'd' => self.typtype(self.base_type(oid)) == 'c',
                _ => false,
            }
    }

    /// It is the array of a row type (`parse_coerce.c: is_complex_array`).
    fn is_complex_array(&self, oid: Oid) -> bool {
        let element = self.element_type(oid);
        element != Oid::INVALID && self.type_or_domain_relation(element) != Oid::INVALID
    }

    /// Values of one type are values of another as they are, without a function (`parse_coerce.c: IsBinaryCoercible`).
    pub fn is_binary_coercible(&self, source: Oid, target: Oid) -> bool {
        if source == target || matches!(target, t::ANY | t::ANYELEMENT | t::ANYCOMPATIBLE) {
            return true;
        }
        let source = self.base_type(source);
        if source == target {
            return true;
        }
        let polymorphic = match target {
            t::ANYARRAY | t::ANYCOMPATIBLEARRAY => self.element_type(source) != Oid::INVALID,
            t::ANYNONARRAY | t::ANYCOMPATIBLENONARRAY => self.element_type(source) == Oid::INVALID,
            t::ANYENUM => self.typtype(source) == 'e',
            t::ANYRANGE | t::ANYCOMPATIBLERANGE => self.typtype(source) == 'r',
            t::ANYMULTIRANGE | t::ANYCOMPATIBLEMULTIRANGE => self.typtype(source) == 'm',
            t::RECORD => self.type_or_domain_relation(source) != Oid::INVALID,
            t::RECORD_ARRAY => self.is_complex_array(source),
            _ => false,
        };
        polymorphic
            || self.cast(source, target).is_some_and(|cast| {
                cast.path == crate::catalog::CastPath::Binary
                    && cast.context == crate::catalog::builtin::CastContext::Implicit
            })
    }
}

/// The schema has objects of PostgreSQL's own.
pub(super) fn has_builtins(schema: Oid) -> bool {
    schema == PG_CATALOG || schema == INFORMATION_SCHEMA
}
