//! `numeric`, as far as 38 digits go.

use std::cmp::Ordering;
use std::fmt;

/// A decimal number: `mantissa / 10^scale`.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    mantissa: i128,
    scale: u32,
}

impl Decimal {
    /// The number that a text says, such as `-1.50`, `.5`, `1e3`; nothing if it is malformed, not finite or too large.
    pub fn parse(text: &str) -> Option<Decimal> {
        let text = text.trim();
        let (number, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (sign, digits) = match number.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, number.strip_prefix('+').unwrap_or(number)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty()
            || !(whole.bytes().chain(fraction.bytes())).all(|b| b.is_ascii_digit())
        {
            return None;
        }
        let mut mantissa: i128 = format!("0{whole}{fraction}").parse().ok()?;
        let scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        if scale < 0 {
            mantissa = mantissa.checked_mul(10i128.checked_pow(scale.unsigned_abs())?)?;
        }
        Some(Decimal { mantissa: sign * mantissa, scale: u32::try_from(scale.max(0)).ok().filter(|&s| s <= 38)? })
    }

    /// Both numbers with the larger scale.
    fn aligned(self, other: Decimal) -> Option<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        let widen = |d: Decimal| d.mantissa.checked_mul(10i128.checked_pow(scale - d.scale)?);
        Some((widen(self)?, widen(other)?, scale))
    }

    /// The sum, unless it is too large.
    pub fn checked_add(self, other: Decimal) -> Option<Decimal> {
        let (a, b, scale) = self.aligned(other)?;
        Some(Decimal { mantissa: a.checked_add(b)?, scale })
    }

    /// The difference, unless it is too large.
    pub fn checked_sub(self, other: Decimal) -> Option<Decimal> {
        self.checked_add(Decimal { mantissa: other.mantissa.checked_neg()?, ..other })
    }

    /// The product, unless it is too large.
    pub fn checked_mul(self, other: Decimal) -> Option<Decimal> {
        let scale = self.scale + other.scale;
        Some(Decimal { mantissa: self.mantissa.checked_mul(other.mantissa)?, scale }).filter(|d| d.scale <= 38)
    }

    /// Rounded half away from zero, as PostgreSQL does (`numeric.c: round_var`).
    pub fn round(self, scale: u32) -> Option<Decimal> {
        if scale >= self.scale {
            let factor = 10i128.checked_pow(scale - self.scale)?;
            return Some(Decimal { mantissa: self.mantissa.checked_mul(factor)?, scale });
        }
        let factor = 10i128.checked_pow(self.scale - scale)?;
        let half = if self.mantissa < 0 { -(factor / 2) } else { factor / 2 };
        Some(Decimal { mantissa: self.mantissa.checked_add(half)? / factor, scale })
    }

    /// The whole number nearest to it.
    pub fn to_integer(self) -> Option<i64> {
        i64::try_from(self.round(0)?.mantissa).ok()
    }

    /// How many digits it has in front of the point.
    pub fn whole_digits(self) -> usize {
        let whole = self.mantissa.unsigned_abs() / 10u128.pow(self.scale.min(38));
        if whole == 0 { 0 } else { whole.to_string().len() }
    }

    /// It is zero.
    pub fn is_zero(self) -> bool {
        self.mantissa == 0
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Decimal {
        Decimal { mantissa: value.into(), scale: 0 }
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Decimal) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        match self.aligned(*other) {
            Some((a, b, _)) => a.cmp(&b),
            // They are too far apart in scale: the whole parts differ, or the fractions decide.
            None => {
                let whole = |d: &Decimal| d.mantissa / 10i128.pow(d.scale.min(38));
                whole(self).cmp(&whole(other)).then_with(|| {
                    let fraction =
                        |d: &Decimal| (d.mantissa % 10i128.pow(d.scale.min(38))) as f64 / 10f64.powi(d.scale as i32);
                    fraction(self).total_cmp(&fraction(other))
                })
            }
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:0>width$}", self.mantissa.unsigned_abs(), width = self.scale as usize + 1);
        let (whole, fraction) = digits.split_at(digits.len() - self.scale as usize);
        let sign = if self.mantissa < 0 { "-" } else { "" };
        if fraction.is_empty() { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{fraction}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let n = |s| Decimal::parse(s).unwrap();
        assert_eq!(n("-1.50").to_string(), "-1.50");
        assert_eq!(n(".5").to_string(), "0.5");
        assert_eq!(n("1e3").to_string(), "1000");
        assert_eq!(n("1.5e-2").to_string(), "0.015");
        assert_eq!(n("1.50"), n("1.5"));
        assert!(n("-0.1") < n("0.01"));
        assert_eq!(n("1.5").checked_add(n("2.25")).unwrap().to_string(), "3.75");
        assert_eq!(n("1.5").checked_mul(n("0.20")).unwrap().to_string(), "0.300");
        assert_eq!(n("2.5").to_integer(), Some(3));
        assert_eq!(n("-2.5").to_integer(), Some(-3));
        assert_eq!(n("123.45").whole_digits(), 3);
        assert!(Decimal::parse("1.2.3").is_none());
        assert!(Decimal::parse("").is_none());
        assert!(Decimal::parse("NaN").is_none());
    }
}
