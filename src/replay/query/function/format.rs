//! `format()`, `concat()` and quoting (`varlena.c: text_format`, `quote.c`).

use super::{Scalar, such_arguments};
use crate::catalog::{TypeRef, type_oid as t};
use crate::replay::query::Value;
use crate::replay::query::run::Run;
use crate::replay::value::CastKind;
use crate::replay::{Exec, SqlError};

pub(super) const FUNCTIONS: &[(&str, Scalar)] = &[
    ("format", format),
    ("concat", concat),
    ("concat_ws", concat_ws),
    ("quote_ident", quote_ident),
    ("quote_literal", quote_literal),
    ("quote_nullable", quote_nullable),
    ("format(variadic)", |run, args| spread(run, args, format)),
    ("concat(variadic)", |run, args| spread(run, args, concat)),
    ("concat_ws(variadic)", |run, args| spread(run, args, concat_ws)),
];

/// The last argument is an array of arguments.
fn spread(run: &mut Run<'_>, args: &[Value], f: Scalar) -> Exec<Value> {
    match args.split_last() {
        Some((Value::Array(last), first)) => {
            let args: Vec<Value> = first.iter().cloned().chain(last.elements()).collect();
            f(run, &args)
        }
        _ => such_arguments("a variadic function"),
    }
}

/// The text that a value's output function gives.
fn output(run: &Run<'_>, value: &Value) -> Option<String> {
    run.view.types().output(value).ok().flatten()
}

fn quote_ident(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    match args {
        [value] => Ok(Value::or_null(run.text(value)?, |s| Value::text(&*run.view.catalog.quote_identifier(&s)))),
        _ => such_arguments("quote_ident"),
    }
}

/// `quote.c: quote_literal_internal`
pub(in crate::replay) fn literal(text: &str) -> String {
    let prefix = if text.contains('\\') { "E" } else { "" };
    format!("{prefix}'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

fn quote_literal(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    match args {
        [value] => Ok(Value::or_null(run.text(value)?, |s| Value::text(literal(&s)))),
        _ => such_arguments("quote_literal"),
    }
}

fn quote_nullable(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    match args {
        [value] => Ok(Value::text(run.text(value)?.map_or_else(|| "NULL".to_owned(), |s| literal(&s)))),
        _ => such_arguments("quote_nullable"),
    }
}

fn concat(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let texts: Vec<String> = args.iter().filter_map(|v| output(run, v)).collect();
    Ok(Value::text(texts.concat()))
}

fn concat_ws(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let Some((separator, rest)) = args.split_first() else { return such_arguments("concat_ws") };
    let Some(separator) = output(run, separator) else { return Ok(Value::Null) };
    let texts: Vec<String> = rest.iter().filter_map(|v| output(run, v)).collect();
    Ok(Value::text(texts.join(&separator)))
}

fn format(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let Some((format, args)) = args.split_first() else { return such_arguments("format") };
    let Some(format) = run.text(format)? else { return Ok(Value::Null) };
    let mut out = String::with_capacity(format.len());
    let mut chars = format.chars().peekable();
    let mut next = 0;
    let too_few = || SqlError::new("22023", "too few arguments for format()");
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut spec = Spec::default();
        spec.read(&mut chars, &mut next, args, run)?;
        let conversion = chars.next().ok_or_else(unterminated)?;
        if conversion == '%' {
            out.push('%');
            continue;
        }
        let position = match spec.position {
            Some(position) => {
                next = position;
                position - 1
            }
            None => {
                next += 1;
                next - 1
            }
        };
        let unrecognized = || {
            SqlError::new("22023", format!("unrecognized format() type specifier \"{conversion}\""))
                .hint("For a single \"%\" use \"%%\".")
        };
        if !matches!(conversion, 's' | 'I' | 'L') {
            return Err(unrecognized().into());
        }
        let value = args.get(position).ok_or_else(too_few)?;
        let text = output(run, value);
        let text = match (conversion, text) {
            ('s', text) => text.unwrap_or_default(),
            ('I', Some(text)) => run.view.catalog.quote_identifier(&text).into_owned(),
            ('I', None) => {
                let message = "null values cannot be formatted as an SQL identifier";
                return Err(SqlError::new("22004", message).into());
            }
            (_, Some(text)) => literal(&text),
            (_, None) => "NULL".to_owned(),
        };
        spec.pad(&text, &mut out);
    }
    Ok(Value::text(out))
}

fn unterminated() -> SqlError {
    SqlError::new("22023", "unterminated format() type specifier").hint("For a single \"%\" use \"%%\".")
}

/// `[position$][-][width]`
#[derive(Default)]
struct Spec {
    position: Option<usize>,
    left: bool,
    width: usize,
}

/// Wider fields than this are nobody's intention.
const MAX_WIDTH: usize = 100_000;

impl Spec {
    fn read(
        &mut self,
        chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
        next: &mut usize,
        args: &[Value],
        run: &Run<'_>,
    ) -> Exec {
        if let Some(number) = digits(chars) {
            if chars.next_if_eq(&'$').is_some() {
                if number == 0 {
                    let message = "format specifies argument 0, but arguments are numbered from 1";
                    return Err(SqlError::new("22023", message).into());
                }
                self.position = Some(number);
            } else {
                self.width = number;
                return Ok(());
            }
        }
        while chars.next_if_eq(&'-').is_some() {
            self.left = true;
        }
        if chars.next_if_eq(&'*').is_some() {
            let at = match digits(chars) {
                Some(number) => {
                    if chars.next_if_eq(&'$').is_none() {
                        let message = "width argument position must be ended by \"$\"";
                        return Err(SqlError::new("22023", message).into());
                    }
                    *next = number;
                    number.saturating_sub(1)
                }
                None => {
                    *next += 1;
                    *next - 1
                }
            };
            let Some(value) = args.get(at) else {
                return Err(SqlError::new("22023", "too few arguments for format()").into());
            };
            let width = match run.view.types().cast(value, TypeRef::plain(t::INT4), CastKind::Explicit)? {
                Value::Null => 0,
                width => width.as_int().unwrap_or(0),
            };
            self.left |= width < 0;
            self.width = usize::try_from(width.unsigned_abs()).unwrap_or(MAX_WIDTH);
        } else if let Some(width) = digits(chars) {
            self.width = width;
        }
        Ok(())
    }

    fn pad(&self, text: &str, out: &mut String) {
        let missing = self.width.min(MAX_WIDTH).saturating_sub(text.chars().count());
        if self.left {
            out.push_str(text);
        }
        out.extend(std::iter::repeat_n(' ', missing));
        if !self.left {
            out.push_str(text);
        }
    }
}

fn digits(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<usize> {
    let mut number = None;
    while let Some(digit) = chars.next_if(char::is_ascii_digit).and_then(|c| c.to_digit(10)) {
        number = Some(number.unwrap_or(0usize).saturating_mul(10).saturating_add(digit as usize));
    }
    number
}
