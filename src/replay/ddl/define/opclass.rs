//! Operator classes and families (`opclasscmds.c`).

use super::{bad_object, taken};
use crate::catalog::type_oid as t;
use crate::catalog::{
    ChangeKind, DependencyKind, FamilyFunction, FamilyOperator, Object, Oid, OpClass, OpFamily, Provenance,
};
use crate::replay::{Context, Exec, Replay, SqlError, lookup};
use crate::sql::ast::{
    AlterOpFamily, CreateOpClass, CreateOpFamily, Name, ObjectKind, OpClassItem, OperatorRef, QualifiedName, TypeName,
};

/// What an access method allows (`IndexAmRoutine`).
struct Method {
    /// The highest strategy number.
    strategies: i32,
    /// The highest number of a support function.
    functions: i32,
    /// The number of the function that parses options.
    options: i32,
    /// It takes ordering operators.
    orders: bool,
    /// It stores other types than it indexes.
    stores: bool,
    /// The support functions that every class must have.
    required: &'static [i32],
}

const ANY_STRATEGY: i32 = i16::MAX as i32;

/// The methods that PostgreSQL comes with, and those of extensions by the most that any allows.
fn method(name: &str, version: u32) -> Method {
    let any = ANY_STRATEGY;
    let new = |strategies, functions, options, orders, stores, required| Method {
        strategies,
        functions,
        options,
        orders,
        stores,
        required,
    };
    match name {
        "btree" => new(5, if version >= 18 { 6 } else { 5 }, 5, false, false, &[1]),
        "hash" => new(1, 3, 3, false, false, &[1]),
        "gist" => new(any, if version >= 18 { 12 } else { 11 }, 10, true, true, &[1, 2, 5, 6, 7]),
        "gin" => new(any, 7, 7, false, true, &[2, 3]),
        "spgist" => new(any, 7, 6, true, true, &[1, 2, 3, 4, 5]),
        "brin" => new(any, 15, 5, false, true, &[1, 2, 3, 4]),
        _ => new(any, any, -1, true, true, &[]),
    }
}

/// A member that is about to be added.
struct Member {
    left: Oid,
    right: Oid,
    number: i16,
    object: Oid,
    sort_family: Oid,
    /// It goes with the class, and what it is needs that.
    hard: bool,
}

impl Replay {
    /// The index access method of that name (`amcmds.c: get_index_am_oid`).
    pub(in crate::replay::ddl) fn check_index_method(&self, name: &Name) -> Exec {
        if self.catalog.has_access_method(name) {
            return Ok(());
        }
        self.missing_object(format!("access method \"{name}\" does not exist"), crate::sql::span::Loc::NONE)
    }

    /// `opclasscmds.c: get_opfamily_oid`
    pub(in crate::replay) fn find_opfamily(&self, method: &str, name: &QualifiedName) -> Exec<Oid> {
        let schemas = self.schemas_of(name)?;
        match schemas.iter().find_map(|&schema| self.catalog.opfamily_in(schema, method, &name.name)) {
            Some(found) => Ok(found),
            None => {
                let name = lookup::display(name);
                let message = format!("operator family \"{name}\" does not exist for access method \"{method}\"");
                self.missing_object(message, crate::sql::span::Loc::NONE)
            }
        }
    }

    /// `opclasscmds.c: get_opclass_oid`
    pub(in crate::replay) fn find_opclass(&self, method: &str, name: &QualifiedName) -> Exec<Oid> {
        let schemas = self.schemas_of(name)?;
        match schemas.iter().find_map(|&schema| self.catalog.opclass_in(schema, method, &name.name)) {
            Some(found) => Ok(found.oid),
            None => {
                let name = lookup::display(name);
                let message = format!("operator class \"{name}\" does not exist for access method \"{method}\"");
                self.missing_object(message, crate::sql::span::Loc::NONE)
            }
        }
    }

    /// An operator class or family that DROP and its like name.
    pub(in crate::replay) fn find_of_method(
        &self,
        kind: ObjectKind,
        method: &Name,
        name: &QualifiedName,
    ) -> Exec<Object> {
        self.check_index_method(method)?;
        match kind == ObjectKind::OpClass {
            true => self.find_opclass(method, name).map(Object::OpClass),
            false => self.find_opfamily(method, name).map(Object::OpFamily),
        }
    }

    /// `opclasscmds.c: DefineOpFamily`
    pub(crate) fn create_op_family(&mut self, stmt: &CreateOpFamily, cx: &Context) -> Exec {
        let schema = self.creation_schema(&stmt.name)?;
        self.check_index_method(&stmt.method)?;
        self.must_be_superuser("create an operator family")?;
        self.insert_family(schema, &stmt.name.name, &stmt.method, cx).map(drop)
    }

    fn insert_family(&mut self, schema: Oid, name: &Name, method: &Name, cx: &Context) -> Exec<Oid> {
        if self.catalog.opfamily_in(schema, method, name).is_some() {
            let message = format!("operator family \"{name}\" for access method \"{method}\" already exists");
            return Err(taken(message, None).into());
        }
        let oid = self.catalog.new_oid();
        self.catalog.insert_opfamily(OpFamily {
            oid,
            schema,
            name: name.clone(),
            owner: self.session.current_user,
            access_method: method.clone(),
            comment: None,
            provenance: Provenance::new(cx.origin),
        });
        Ok(oid)
    }

    /// `opclasscmds.c: DefineOpClass`
    pub(crate) fn create_op_class(&mut self, stmt: &CreateOpClass, cx: &Context) -> Exec {
        let schema = self.creation_schema(&stmt.name)?;
        let name = &stmt.name.name;
        self.check_index_method(&stmt.method)?;
        self.must_be_superuser("create an operator class")?;
        let ty = self.type_written(&stmt.ty)?;
        let family = match &stmt.family {
            Some(family) => self.find_opfamily(&stmt.method, family)?,
            None => match self.catalog.opfamily_in(schema, &stmt.method, name) {
                Some(family) => family,
                None => self.insert_family(schema, name, &stmt.method, cx)?,
            },
        };
        let allowed = method(&stmt.method, self.catalog.version());
        let (operators, functions) = self.class_members(&stmt.items, &stmt.method, &allowed, Some(ty))?;
        let mut key_type = Oid::INVALID;
        for item in &stmt.items {
            if let OpClassItem::Storage(storage) = item {
                if key_type != Oid::INVALID {
                    return Err(bad_object("storage type specified more than once").into());
                }
                key_type = self.type_written(storage)?;
            }
        }
        if key_type == ty {
            key_type = Oid::INVALID;
        }
        if key_type != Oid::INVALID && !allowed.stores {
            let method = &stmt.method;
            let message = format!("storage type cannot be different from data type for access method \"{method}\"");
            return Err(bad_object(message).into());
        }
        self.check_new_class(stmt, schema, ty)?;
        self.refuse_members_twice(family, &operators, &functions)?;
        let oid = self.catalog.new_oid();
        let hard = |members: &[Member]| -> Vec<(Oid, Oid, i16)> {
            members.iter().filter(|m| m.hard).map(|m| (m.left, m.right, m.number)).collect()
        };
        let class = OpClass {
            oid,
            schema,
            name: name.clone(),
            owner: self.session.current_user,
            access_method: stmt.method.clone(),
            family,
            input_type: ty,
            key_type,
            is_default: stmt.default,
            operators: hard(&operators),
            functions: hard(&functions),
            comment: None,
            provenance: Provenance::new(cx.at(stmt.name.loc)),
        };
        self.catalog.insert_opclass(class);
        let me = Object::OpClass(oid);
        self.catalog.dependencies.add(me, Object::OpFamily(family), DependencyKind::Auto);
        self.depend_on_valid(me, &[Object::Type(ty), Object::Type(key_type)]);
        for member in operators.iter().filter(|m| m.hard) {
            self.depend_on_valid(me, &[Object::Operator(member.object)]);
        }
        for member in functions.iter().filter(|m| m.hard) {
            self.depend_on_valid(me, &[Object::Function(member.object)]);
        }
        self.store_members(family, operators, functions);
        Ok(())
    }

    fn check_new_class(&self, stmt: &CreateOpClass, schema: Oid, ty: Oid) -> Exec {
        let (name, method) = (&stmt.name.name, &stmt.method);
        if let Some(existing) = self.catalog.opclass_in(schema, method, name) {
            let message = format!("operator class \"{name}\" for access method \"{method}\" already exists");
            let error = taken(message, None);
            return Err(match self.catalog.opclass(existing.oid) {
                Some(made) => error.related(made.provenance.created, format!("operator class \"{name}\" made here")),
                None => error,
            }
            .into());
        }
        let same = |class: &crate::catalog::lsyscache::OpClassInfo<'_>| class.is_default && class.input_type == ty;
        if stmt.default
            && let Some(default) = self.catalog.opclasses_of(method).find(same)
        {
            let ty = lookup::display(&stmt.ty.name);
            let message = format!("could not make operator class \"{name}\" be default for type {ty}");
            let detail = format!("Operator class \"{}\" already is the default.", default.name);
            return Err(taken(message, None).detail(detail).into());
        }
        Ok(())
    }

    /// Nobody looks at what the family has of other classes before it is stored (`storeOperators`, `storeProcedures`).
    fn refuse_members_twice(&self, family: Oid, operators: &[Member], functions: &[Member]) -> Exec {
        let of = |m: &Member| (m.left, m.right, m.number);
        let index = if operators.iter().any(|m| {
            let (left, right, number) = of(m);
            self.catalog.opfamily_member(family, left, right, number) != Oid::INVALID
        }) {
            "pg_amop_fam_strat_index"
        } else if operators.iter().any(|m| self.catalog.operator_strategy(m.object, family) != 0) {
            "pg_amop_opr_fam_index"
        } else if functions.iter().any(|m| {
            let (left, right, number) = of(m);
            self.catalog.opfamily_function(family, left, right, number) != Oid::INVALID
        }) {
            "pg_amproc_fam_proc_index"
        } else {
            return Ok(());
        };
        let message = format!("duplicate key value violates unique constraint \"{index}\"");
        Err(SqlError::new("23505", message).into())
    }

    fn store_members(&mut self, family: Oid, operators: Vec<Member>, functions: Vec<Member>) {
        for Member { left, right, number, object, sort_family, .. } in operators {
            let strategy = number;
            self.catalog.insert_family_operator(FamilyOperator {
                family,
                left,
                right,
                strategy,
                operator: object,
                sort_family,
            });
        }
        for Member { left, right, number, object, .. } in functions {
            self.catalog.insert_family_function(FamilyFunction { family, left, right, number, function: object });
        }
    }

    /// The members that are written; `class` is the type of the class, where there is one.
    fn class_members(
        &self,
        items: &[OpClassItem],
        access_method: &Name,
        allowed: &Method,
        class: Option<Oid>,
    ) -> Exec<(Vec<Member>, Vec<Member>)> {
        let (mut operators, mut functions) = (Vec::new(), Vec::new());
        for item in items {
            match item {
                OpClassItem::Operator { number, operator, order_family, .. } => {
                    let number = in_range("operator", *number, allowed.strategies)?;
                    let oid = self.class_operator(operator, class)?;
                    let sort_family = match order_family {
                        Some(family) => self.find_opfamily("btree", family)?,
                        None => Oid::INVALID,
                    };
                    let Some(info) = self.catalog.operator_info(oid) else { continue };
                    if info.left == Oid::INVALID {
                        return Err(bad_object("index operators must be binary").into());
                    }
                    if sort_family != Oid::INVALID && !allowed.orders {
                        let message = format!("access method \"{access_method}\" does not support ordering operators");
                        return Err(bad_object(message).into());
                    }
                    if sort_family == Oid::INVALID && info.result != t::BOOL {
                        return Err(bad_object("index search operators must return boolean").into());
                    }
                    let same = info.left == info.right && class.is_some();
                    let hard = match access_method.as_str() {
                        "btree" | "hash" => same,
                        "gin" | "gist" | "spgist" => false,
                        _ => class.is_some(),
                    };
                    let (left, right) = (info.left, info.right);
                    let member = Member { left, right, number, object: oid, sort_family, hard };
                    self.add_class_member(&mut operators, member, "operator")?;
                }
                OpClassItem::Function { number, function, types } => {
                    let short = in_range("function", *number, allowed.functions)?;
                    let oid = self.find_function(function, ObjectKind::Function)?;
                    let (left, right) = self.written_types(types)?;
                    let (left, right) =
                        self.function_types(oid, *number, access_method, allowed, (left, right), class)?;
                    let hard = class.is_some()
                        && match access_method.as_str() {
                            "btree" | "hash" | "gin" | "gist" | "spgist" => {
                                allowed.required.contains(number) && left == right
                            }
                            _ => true,
                        };
                    let sort_family = Oid::INVALID;
                    let member = Member { left, right, number: short, object: oid, sort_family, hard };
                    self.add_class_member(&mut functions, member, "function")?;
                }
                OpClassItem::Storage(_) if class.is_none() => {
                    let message = "STORAGE cannot be specified in ALTER OPERATOR FAMILY";
                    return Err(SqlError::new("42601", message).into());
                }
                OpClassItem::Storage(_) => {}
            }
        }
        Ok((operators, functions))
    }

    fn class_operator(&self, operator: &OperatorRef, class: Option<Oid>) -> Exec<Oid> {
        match (operator.args.is_empty(), class) {
            (false, _) => self.find_operator(operator),
            (true, Some(ty)) => self.operator_named(&operator.name, ty, ty),
            (true, None) => {
                let message = "operator argument types must be specified in ALTER OPERATOR FAMILY";
                Err(SqlError::new("42601", message).into())
            }
        }
    }

    /// `opclasscmds.c: processTypesSpec`
    fn written_types(&self, types: &[TypeName]) -> Exec<(Oid, Oid)> {
        match types {
            [] => Ok((Oid::INVALID, Oid::INVALID)),
            [one] => self.type_written(one).map(|ty| (ty, ty)),
            [left, right] => Ok((self.type_written(left)?, self.type_written(right)?)),
            _ => Err(SqlError::new("42601", "one or two argument types must be specified").into()),
        }
    }

    /// `opclasscmds.c: addFamilyMember`
    fn add_class_member(&self, members: &mut Vec<Member>, member: Member, what: &str) -> Exec {
        let same = |m: &Member| (m.number, m.left, m.right) == (member.number, member.left, member.right);
        if members.iter().any(same) {
            let (left, right) = (self.type_words(member.left), self.type_words(member.right));
            let message = format!("{what} number {} for ({left},{right}) appears more than once", member.number);
            return Err(bad_object(message).into());
        }
        members.push(member);
        Ok(())
    }

    /// The types of a support function in its family (`opclasscmds.c: assignProcTypes`).
    fn function_types(
        &self,
        oid: Oid,
        number: i32,
        access_method: &str,
        allowed: &Method,
        (mut left, mut right): (Oid, Oid),
        class: Option<Oid>,
    ) -> Exec<(Oid, Oid)> {
        let Some(function) = self.catalog.function_info(oid) else { return Ok((left, right)) };
        let args: Vec<Oid> = function.input_types().collect();
        let returns = function.returns();
        let arg = |index: usize| args.get(index).copied().unwrap_or(Oid::INVALID);
        let fail = |message: &str| Err(bad_object(message).into());
        let default = |ty: &mut Oid, arg: Oid| {
            if *ty == Oid::INVALID {
                *ty = arg;
            }
        };
        if number == allowed.options {
            let differs = |ty: Oid| ty != Oid::INVALID && Some(ty) != class;
            if class.is_some() && (differs(left) || differs(right)) {
                return fail(
                    "associated data types for operator class options parsing functions must match opclass input type",
                );
            }
            if class.is_none() && left != right {
                return fail(
                    "left and right associated data types for operator class options parsing functions must match",
                );
            }
            if returns != t::VOID || args != [t::INTERNAL] {
                let error = bad_object("invalid operator class options parsing function");
                let hint = "Valid signature of operator class options parsing function is (internal) RETURNS void.";
                return Err(error.hint(hint).into());
            }
        } else if access_method == "btree" {
            // From 18 on these speak of every access method that orders.
            let version = self.catalog.version();
            let fail = |what: &str| {
                let ordering = version >= 18 && !what.starts_with("skip");
                Err(bad_object(format!("{} {what}", if ordering { "ordering" } else { "btree" })).into())
            };
            match (number, args.len()) {
                (1, 2) if returns != t::INT4 => return fail("comparison functions must return integer"),
                (1, 2) => {
                    default(&mut left, arg(0));
                    default(&mut right, arg(1));
                }
                (1, _) => return fail("comparison functions must have two arguments"),
                (2, _) if args != [t::INTERNAL] => {
                    return fail("sort support functions must accept type \"internal\"");
                }
                (2, _) if returns != t::VOID => return fail("sort support functions must return void"),
                (3, 5) if returns != t::BOOL => return fail("in_range functions must return boolean"),
                (3, 5) => {
                    default(&mut left, arg(0));
                    default(&mut right, arg(2));
                }
                (3, _) => return fail("in_range functions must have five arguments"),
                (4, 1) if returns != t::BOOL => return fail("equal image functions must return boolean"),
                (4, 1) if left != right => return fail("equal image functions must not be cross-type"),
                (4, count) if count != 1 => return fail("equal image functions must have one argument"),
                (6, _) if args != [t::INTERNAL] => {
                    return fail("skip support functions must accept type \"internal\"");
                }
                (6, _) if returns != t::VOID => return fail("skip support functions must return void"),
                (6, _) if left != right => return fail("skip support functions must not be cross-type"),
                _ => {}
            }
        } else if access_method == "hash" {
            match (number, args.len()) {
                (1, 1) if returns != t::INT4 => return fail("hash function 1 must return integer"),
                (2, 2) if returns != t::INT8 => return fail("hash function 2 must return bigint"),
                (1, 1) | (2, 2) => {}
                (1, _) => return fail("hash function 1 must have one argument"),
                (2, _) => return fail("hash function 2 must have two arguments"),
                _ => {}
            }
            default(&mut left, arg(0));
            default(&mut right, arg(0));
        }
        if let Some(class) = class {
            default(&mut left, class);
            default(&mut right, class);
        }
        if left == Oid::INVALID || right == Oid::INVALID {
            return fail("associated data types must be specified for index support function");
        }
        Ok((left, right))
    }

    /// `opclasscmds.c: AlterOpFamily`
    pub(crate) fn alter_op_family(&mut self, stmt: &AlterOpFamily, cx: &Context) -> Exec {
        self.check_index_method(&stmt.method)?;
        let family = self.find_opfamily(&stmt.method, &stmt.name)?;
        self.must_be_superuser("alter an operator family")?;
        let allowed = method(&stmt.method, self.catalog.version());
        let shown = lookup::display(&stmt.name);
        if stmt.drop {
            self.drop_members(stmt, family, &allowed)?;
        } else {
            let (operators, functions) = self.class_members(&stmt.items, &stmt.method, &allowed, None)?;
            let exists = |what: &str, m: &Member| {
                let (left, right) = (self.type_words(m.left), self.type_words(m.right));
                let message =
                    format!("{what} {}({left},{right}) already exists in operator family \"{shown}\"", m.number);
                Err(taken(message, None).into())
            };
            let has_operator =
                |m: &&Member| self.catalog.opfamily_member(family, m.left, m.right, m.number) != Oid::INVALID;
            if let Some(member) = operators.iter().find(has_operator) {
                return exists("operator", member);
            }
            let has_function =
                |m: &&Member| self.catalog.opfamily_function(family, m.left, m.right, m.number) != Oid::INVALID;
            if let Some(member) = functions.iter().find(has_function) {
                return exists("function", member);
            }
            self.store_members(family, operators, functions);
        }
        if let Some(family) = self.catalog.opfamily_mut(family) {
            family.provenance.change(cx.origin, ChangeKind::Definition);
        }
        Ok(())
    }

    fn drop_members(&mut self, stmt: &AlterOpFamily, family: Oid, allowed: &Method) -> Exec {
        let shown = lookup::display(&stmt.name);
        let mut gone = Vec::new();
        for item in &stmt.items {
            let (what, number, types) = match item {
                OpClassItem::Operator { number, types, .. } => {
                    ("operator", in_range("operator", *number, allowed.strategies)?, types)
                }
                OpClassItem::Function { number, types, .. } => {
                    ("function", in_range("function", *number, allowed.functions)?, types)
                }
                OpClassItem::Storage(_) => continue,
            };
            let (left, right) = self.written_types(types)?;
            gone.push((what, left, right, number));
        }
        for (what, left, right, number) in gone {
            let there = match what {
                "operator" => self.catalog.family_operator(family, left, right, number).is_some(),
                _ => self.catalog.family_function(family, left, right, number).is_some(),
            };
            if !there {
                let (left, right) = (self.type_words(left), self.type_words(right));
                let message = format!("{what} {number}({left},{right}) does not exist in operator family \"{shown}\"");
                return self.missing_object(message, crate::sql::span::Loc::NONE);
            }
            let hard = self.catalog.opclasses().find(|class| {
                let members = if what == "operator" { &class.operators } else { &class.functions };
                class.family == family && members.contains(&(left, right, number))
            });
            if let Some(class) = hard {
                let path = self.path();
                let class = self.catalog.describe(Object::OpClass(class.oid), &path);
                let (family_oid, types) = (family, (left, right));
                let family = self.catalog.describe(Object::OpFamily(family), &path);
                let (left, right) = (self.type_words(left), self.type_words(right));
                let member = match what {
                    "operator" => self
                        .catalog
                        .family_operator(family_oid, types.0, types.1, number)
                        .map(|m| self.catalog.operator_signature(m.operator, &path)),
                    _ => self
                        .catalog
                        .family_function(family_oid, types.0, types.1, number)
                        .map(|m| self.describe_pinned(Object::Function(m.function)).replacen("function ", "", 1)),
                };
                let member = member.unwrap_or_default();
                let message = format!(
                    "cannot drop {what} {number} ({left}, {right}) of {family}: {member} because {class} requires it"
                );
                let hint = format!("You can drop {class} instead.");
                return Err(SqlError::new("2BP01", message).hint(hint).into());
            }
            match what {
                "operator" => self.catalog.remove_family_operator(family, left, right, number),
                _ => self.catalog.remove_family_function(family, left, right, number),
            }
        }
        Ok(())
    }
}

fn in_range(what: &str, number: i32, max: i32) -> Exec<i16> {
    match i16::try_from(number) {
        Ok(short) if number > 0 && number <= max => Ok(short),
        _ => Err(bad_object(format!("invalid {what} number {number}, must be between 1 and {max}")).into()),
    }
}
