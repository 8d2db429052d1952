//! Whether a configuration parameter takes a value (`guc.c: parse_and_validate_value`). What the check hooks of texts find
//! is not looked at: it depends on the server.

use crate::catalog::builtin::{Parameter, SettingLimits};
use crate::replay::value::parse_bool;
use crate::replay::{Exec, Replay, SqlError};

/// The units of memory in bytes, and those of time in microseconds, the greatest first.
const MEMORY: [(&str, f64); 5] =
    [("TB", 1_099_511_627_776.0), ("GB", 1_073_741_824.0), ("MB", 1_048_576.0), ("kB", 1024.0), ("B", 1.0)];
const TIME: [(&str, f64); 6] = [
    ("d", 86_400_000_000.0),
    ("h", 3_600_000_000.0),
    ("min", 60_000_000.0),
    ("s", 1_000_000.0),
    ("ms", 1000.0),
    ("us", 1.0),
];

/// Values that an enumeration takes and does not list (`hidden` in `config_enum_entry`).
const HIDDEN: [&str; 11] =
    ["true", "false", "yes", "no", "1", "0", "debug", "info", "archive", "hot_standby", "default"];

/// A value that is refused, with a hint.
struct Refused(Option<String>);

impl Replay {
    /// 22023 for values that the parameter does not take.
    pub(in crate::replay) fn check_setting(&self, written: &str, values: &[String]) -> Exec {
        let Some(parameter) = self.catalog.builtins().parameter(written) else { return Ok(()) };
        let [value] = values else {
            // Of those that are texts, some are lists.
            if parameter.value_type == "string" {
                return Ok(());
            }
            let message = format!("SET {written} takes only one argument");
            return Err(SqlError::new("22023", message).into());
        };
        let limits = self.catalog.builtins().setting_limits(parameter.name);
        let refused = match (parameter.value_type, limits) {
            ("bool", _) if parse_bool(value).is_none() => {
                let message = format!("parameter \"{}\" requires a Boolean value", self.shown(written, &parameter));
                return Err(SqlError::new("22023", message).into());
            }
            ("enum", Some(limits)) => check_enum(value, limits),
            ("integer", Some(limits)) => match parse_integer(value, limits.unit) {
                Ok(number) => return self.check_range(f64::from(number), written, &parameter, limits),
                Err(refused) => Some(refused),
            },
            ("real", Some(limits)) => match parse_real(value, limits.unit) {
                Ok(number) => return self.check_range(number, written, &parameter, limits),
                Err(refused) => Some(refused),
            },
            _ => None,
        };
        let Some(Refused(hint)) = refused else { return Ok(()) };
        let name = self.shown(written, &parameter);
        let error = SqlError::new("22023", format!("invalid value for parameter \"{name}\": \"{value}\""));
        Err(match hint {
            Some(hint) => error.hint(hint).into(),
            None => error.into(),
        })
    }

    /// The name in messages: as it was written, in lower case, before 17.
    fn shown<'n>(&self, written: &'n str, parameter: &Parameter) -> &'n str
    where
        Parameter: 'n,
    {
        if self.catalog.version() >= 17 { parameter.name } else { written }
    }

    fn check_range(&self, number: f64, written: &str, parameter: &Parameter, limits: &SettingLimits) -> Exec {
        let bound = |text: &str| text.parse::<f64>().ok();
        let (Some(least), Some(greatest)) = (bound(limits.min), bound(limits.max)) else { return Ok(()) };
        if (least..=greatest).contains(&number) {
            return Ok(());
        }
        let unit = match limits.unit {
            "" => String::new(),
            unit => format!(" {unit}"),
        };
        let of_bound = if self.catalog.version() >= 18 { unit.as_str() } else { "" };
        let message = format!(
            "{}{unit} is outside the valid range for parameter \"{}\" ({}{of_bound} .. {}{of_bound})",
            general(number),
            self.shown(written, parameter),
            limits.min,
            limits.max
        );
        Err(SqlError::new("22023", message).into())
    }
}

fn check_enum(value: &str, limits: &SettingLimits) -> Option<Refused> {
    let known = limits.values().any(|known| known.eq_ignore_ascii_case(value));
    let hidden = HIDDEN.iter().any(|hidden| hidden.eq_ignore_ascii_case(value)) && has_hidden(value, limits);
    if known || hidden {
        return None;
    }
    let values: Vec<&str> = limits.values().collect();
    Some(Refused(Some(format!("Available values: {}.", values.join(", ")))))
}

/// Enumerations with on and off take other words for them, and levels of messages have more names.
fn has_hidden(value: &str, limits: &SettingLimits) -> bool {
    let lists = |word: &str| limits.values().any(|known| known == word);
    match value.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" | "false" | "no" | "0" => lists("on") || lists("off"),
        "debug" | "info" => lists("debug1"),
        _ => true,
    }
}

/// `guc.c: parse_int`
fn parse_integer(value: &str, unit: &str) -> Result<i32, Refused> {
    let (number, rest) = match hexadecimal(value) {
        Some(found) => found,
        None => leading_number(value).ok_or(Refused(None))?,
    };
    let number = in_unit(number, rest, unit)?.round_ties_even();
    match number < f64::from(i32::MIN) || number > f64::from(i32::MAX) {
        true => Err(Refused(Some("Value exceeds integer range.".to_owned()))),
        // It is a whole number within the range.
        #[allow(clippy::cast_possible_truncation)]
        false => Ok(number as i32),
    }
}

/// `guc.c: parse_real`
fn parse_real(value: &str, unit: &str) -> Result<f64, Refused> {
    let (number, rest) = leading_number(value).ok_or(Refused(None))?;
    in_unit(number, rest, unit)
}

fn hexadecimal(value: &str) -> Option<(f64, &str)> {
    let text = value.trim_start();
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    let end = digits.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(digits.len());
    let number = u32::from_str_radix(&digits[..end], 16).ok()?;
    Some((f64::from(number), &digits[end..]))
}

/// The number that a text begins with, and the rest (`strtod`); nothing if there is none, or none that is finite.
fn leading_number(value: &str) -> Option<(f64, &str)> {
    let text = value.trim_start();
    let digits = |from: usize| text[from..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |n| from + n);
    let sign = usize::from(text.starts_with(['+', '-']));
    let mut end = digits(sign);
    if text[end..].starts_with('.') {
        end = digits(end + 1);
    }
    if text[end..].starts_with(['e', 'E']) {
        let sign = usize::from(text[end + 1..].starts_with(['+', '-']));
        let exponent = digits(end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    let number: f64 = text[..end].parse().ok()?;
    number.is_finite().then_some((number, &text[end..]))
}

/// `guc.c: convert_to_base_unit`
fn in_unit(number: f64, rest: &str, base: &str) -> Result<f64, Refused> {
    let written = rest.trim();
    if written.is_empty() {
        return Ok(number);
    }
    let time = TIME.iter().any(|(unit, _)| *unit == base);
    let (units, hint): (&[(&str, f64)], _) = match (base, time) {
        ("", _) => return Err(Refused(None)),
        (_, true) => (&TIME, "Valid units for this parameter are \"us\", \"ms\", \"s\", \"min\", \"h\", and \"d\"."),
        (_, false) => (&MEMORY, "Valid units for this parameter are \"B\", \"kB\", \"MB\", \"GB\", and \"TB\"."),
    };
    let Some(&(_, factor)) = units.iter().find(|(unit, _)| *unit == written) else {
        return Err(Refused(Some(hint.to_owned())));
    };
    // Pages have a number before the unit: `8kB`.
    let digits = base.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
    let count: f64 = base[..digits].parse().unwrap_or(1.0);
    let size = units.iter().find(|(unit, _)| *unit == &base[digits..]).map_or(1.0, |(_, factor)| *factor);
    Ok(number * factor / (count * size))
}

/// A number as `%g` prints it, where that needs no exponent.
fn general(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{number:.0}");
    }
    let text = format!("{number:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_units() {
        let kilobytes = |text: &str| parse_integer(text, "kB").ok();
        assert_eq!(kilobytes("64"), Some(64));
        assert_eq!(kilobytes("1 MB "), Some(1024));
        assert_eq!(kilobytes("0x40"), Some(64));
        assert_eq!(kilobytes("1.5"), Some(2));
        assert_eq!(kilobytes("5 mB"), None);
        assert_eq!(kilobytes("MB"), None);
        assert_eq!(kilobytes("1e30"), None);
        assert_eq!(parse_integer("16MB", "8kB").ok(), Some(2048));
        assert_eq!(parse_integer("1.5s", "ms").ok(), Some(1500));
        assert!(parse_real("1e400", "").is_err());
    }

    #[test]
    fn words_for_true_and_false() {
        let is_boolean = |text: &str| parse_bool(text).is_some();
        assert!(["t", "TRU", "of", "on", "1", "yes", "n"].into_iter().all(is_boolean));
        assert!(!["", "o", "2", " true", "perhaps", "ont"].into_iter().any(is_boolean));
    }
}
