//! `pgproof schema`.

use super::args::{SchemaArgs, SchemaFormat};
use crate::Project;
use crate::project::{InputError, Options};
use crate::report::{Diagnostic, Severity};

/// Prints the schema of a project; see [`super::Library::schema`].
pub fn print_schema(options: &Options, args: &SchemaArgs) -> Result<String, InputError> {
    let project = Project::open(options)?;
    let last = args.at.as_deref().map(|name| project.inputs().find_migration(name)).transpose()?;
    let schema = project.schema(last, args.parts())?;
    let failed = |error: &dyn std::error::Error| {
        let message = format!("cannot print the schema: {error}");
        InputError::new(Diagnostic::new("unprintable-schema", Severity::Error, message))
    };
    match args.format {
        SchemaFormat::Yaml => schema.to_yaml().map_err(|error| failed(&error)),
        SchemaFormat::Json => schema.to_json().map_err(|error| failed(&error)),
        SchemaFormat::Sql => Ok(schema.to_sql().to_owned()),
    }
}
