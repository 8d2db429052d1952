//! Days, for waivers that end.

use std::fmt;

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day; nothing if there is none.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Date> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => 0,
        };
        ((1..=days).contains(&day) && (1..=9999).contains(&year)).then_some(Date { year, month, day })
    }

    /// The day of a number of seconds since 1970-01-01 00:00 UTC, in UTC.
    pub fn from_unix_seconds(seconds: u64) -> Date {
        // Howard Hinnant's `civil_from_days`, for days after the epoch: eras of 400 years that begin in March.
        const DAYS_PER_ERA: u64 = 146_097;
        const EPOCH: u64 = 719_468;
        const LAST: u64 = 2_932_896;
        let days = (seconds / 86_400).min(LAST) + EPOCH;
        let (era, of_era) = (days / DAYS_PER_ERA, days % DAYS_PER_ERA);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = era * 400 + year_of_era + u64::from(month <= 2);
        Date { year: year as u16, month: month as u8, day: day as u8 }
    }

    /// Reads `2026-03-31`.
    pub fn parse(text: &str) -> Option<Date> {
        let mut fields = text.split('-');
        let mut field = |len: usize| {
            let digits = fields.next()?;
            (digits.len() == len && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse::<u16>().ok())?
        };
        let (year, month, day) = (field(4)?, field(2)?, field(2)?);
        if fields.next().is_some() {
            return None;
        }
        Date::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_and_ordered() {
        let date = |text| Date::parse(text).unwrap();
        assert!(date("2026-02-28") < date("2026-03-01"));
        assert!(date("2025-12-31") < date("2026-01-01"));
        assert_eq!(date("2024-02-29").to_string(), "2024-02-29");
        for text in ["2026-02-29", "2026-13-01", "2026-00-01", "2026-1-1", "2026-01-01-", "+026-01-01", "", "tomorrow"]
        {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn days_of_a_clock() {
        let show = |seconds| Date::from_unix_seconds(seconds).to_string();
        assert_eq!(show(0), "1970-01-01");
        assert_eq!(show(951_782_400), "2000-02-29");
        assert_eq!(show(1_772_323_199), "2026-02-28");
        assert_eq!(show(1_772_323_200), "2026-03-01");
        assert_eq!(show(u64::MAX), "9999-12-31");
    }
}
