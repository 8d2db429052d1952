//! Whether the random scripts would see it: ten mistakes are made in a copy of the tree, each switched on by a variable of
//! the environment, and `tests/random_ddl.rs` must fail under each of them, and under none of them must it pass.

use std::path::Path;
use std::process::Command;

/// What switches a mistake on.
const VARIABLE: &str = "PGPROOF_MUTANT";
/// The seeds that are run, which are those that gate, and the statements of each.
const SEEDS: &str = "0..50";
const STATEMENTS: &str = "400";

/// A mistake: its name, the file, the text that stands there once, and what stands there instead; `{on}` is the condition
/// under which it is made.
struct Mutant {
    name: &'static str,
    file: &'static str,
    text: &'static str,
    instead: &'static str,
}

impl Mutant {
    fn fits(&self, file: &str) -> bool {
        file.matches(self.text).count() == 1
    }
}

const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "a cascade that skips views",
        file: "src/replay/ddl/drop/delete.rs",
        text: "        for object in search.order {\n",
        instead: "        for object in search.order {\n            if {on} && !targets.contains(&object) && object.relation().is_some_and(|rel| self.catalog.relation(rel).is_some_and(Relation::is_view)) {\n                continue;\n            }\n",
    },
    Mutant {
        name: "a RESTRICT that drops silently",
        file: "src/replay/ddl/drop/delete.rs",
        text: "        if behavior == DropBehavior::Restrict {\n            self.refuse_dependents(targets, &search)?;",
        instead: "        if behavior == DropBehavior::Restrict && !{on} {\n            self.refuse_dependents(targets, &search)?;",
    },
    Mutant {
        name: "a constraint's rename that is lost",
        file: "src/replay/ddl/rename.rs",
        text: "        self.catalog.rename_constraint(table, constraint, new.clone());",
        instead: "        if !{on} {\n            self.catalog.rename_constraint(table, constraint, new.clone());\n        }",
    },
    Mutant {
        name: "a generated name with another number",
        file: "src/replay/ddl/constraint.rs",
        text: "            let name = make_object_name(&relation.name, columns, Some(&numbered));",
        instead: "            if {on} && pass == 1 {\n                numbered = format!(\"{label}1\");\n            }\n            let name = make_object_name(&relation.name, columns, Some(&numbered));",
    },
    Mutant {
        name: "a primary key whose columns stay nullable",
        file: "src/replay/ddl/constraint.rs",
        text: "            && !column.not_null\n        {\n            column.not_null = true;",
        instead: "            && !column.not_null\n            && !{on}\n        {\n            column.not_null = true;",
    },
    Mutant {
        name: "a new column that children do not get",
        file: "src/replay/ddl/alter_table/recurse.rs",
        text: "        for child in children {\n            self.add_inherited_column(child, rel, number, cx)?;",
        instead: "        for child in children.into_iter().filter(|_| !{on}) {\n            self.add_inherited_column(child, rel, number, cx)?;",
    },
    Mutant {
        name: "an index that keeps the operator class of the old type",
        file: "src/replay/ddl/alter_table/rebuild.rs",
        text: "            if old.default_opclass {",
        instead: "            let keep = {on};\n            if keep {\n            } else if old.default_opclass {",
    },
    Mutant {
        name: "a REVOKE that takes nothing",
        file: "src/replay/ddl/privileges.rs",
        text: "    acl.revoke(grantee, grantor, privs, order.grant_option);",
        instead: "    if !{on} {\n        acl.revoke(grantee, grantor, privs, order.grant_option);\n    }",
    },
    Mutant {
        name: "SET SCHEMA that leaves indexes and sequences behind",
        file: "src/replay/ddl/rename/set_schema.rs",
        text: "        for part in relation.indexes.iter().copied().chain(owned) {",
        instead: "        for part in relation.indexes.iter().copied().chain(owned).filter(|_| !{on}) {",
    },
    Mutant {
        name: "an index that partitions do not get",
        file: "src/replay/ddl/partition/index.rs",
        text: "        let parent = ParentIndex { index, constraint };\n        for &partition in &table.children {",
        instead: "        let parent = ParentIndex { index, constraint };\n        for &partition in table.children.iter().filter(|_| !{on}) {",
    },
];

/// `mutants`
pub fn run() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let copy = tempfile::tempdir()?;
    copy_tree(&root, copy.path())?;
    for mutant in MUTANTS {
        let path = copy.path().join(mutant.file);
        let text = std::fs::read_to_string(&path)?;
        if !mutant.fits(&text) {
            return Err(format!("{}: {}: the text does not stand there once", mutant.name, mutant.file).into());
        }
        let on = format!("(std::env::var(\"{VARIABLE}\").as_deref() == Ok(\"{}\"))", mutant.name);
        std::fs::write(&path, text.replacen(mutant.text, &mutant.instead.replace("{on}", &on), 1))?;
    }
    let mut survived = Vec::new();
    if !test(&root, copy.path(), "")? {
        return Err("the tests fail without a mistake, too".into());
    }
    for mutant in MUTANTS {
        let caught = !test(&root, copy.path(), mutant.name)?;
        println!("{}: {}", if caught { "caught" } else { "NOT CAUGHT" }, mutant.name);
        if !caught {
            survived.push(mutant.name);
        }
    }
    if survived.is_empty() { Ok(()) } else { Err(format!("not caught: {}", survived.join(", ")).into()) }
}

/// The files that Git knows, and those that it is to know.
fn copy_tree(root: &Path, to: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let list = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()?;
    for name in String::from_utf8(list.stdout)?.split_terminator('\0') {
        let (from, to) = (root.join(name), to.join(name));
        if !from.is_file() {
            continue;
        }
        std::fs::create_dir_all(to.parent().ok_or("a file without a folder")?)?;
        std::fs::copy(from, to)?;
    }
    Ok(())
}

/// Whether the random scripts end alike under that mistake. What is built is kept in the tree's own `target/mutants`.
fn test(root: &Path, copy: &Path, mutant: &str) -> Result<bool, Box<dyn std::error::Error>> {
    let target = root.join("target/mutants");
    let build = Command::new("cargo")
        .args(["test", "--quiet", "--no-run", "--test", "random_ddl"])
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", &target)
        .status()?;
    if !build.success() {
        return Err("the copy cannot be built".into());
    }
    let output = Command::new("cargo")
        .args(["test", "--quiet", "--test", "random_ddl", "random_ddl_ends_alike"])
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", &target)
        .env(VARIABLE, mutant)
        .env("PGPROOF_SEEDS", SEEDS)
        .env("PGPROOF_STATEMENTS", STATEMENTS)
        .env("PGPROOF_SHRINK", "no")
        .output()?;
    Ok(output.status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_can_be_made_in_the_code_as_it_is() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for mutant in MUTANTS {
            let text = std::fs::read_to_string(root.join(mutant.file)).expect(mutant.file);
            assert!(mutant.fits(&text), "{}: {}", mutant.name, mutant.file);
        }
    }
}
