//! Time zones: offsets, abbreviations and names of the IANA database.

use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, civil};

use super::field::{Word, token};
use super::{DatumEnv, Tm, opaque};
use crate::replay::Exec;

/// A time zone.
#[derive(Clone, Debug)]
pub(super) enum Zone {
    /// Always the same: seconds east of Greenwich.
    Fixed(i32),
    /// One of the database.
    Named(TimeZone),
}

/// Zones whose past version 2024b of the database has redefined.
const REDEFINED: [&str; 11] =
    ["CET", "CST6CDT", "EET", "EST", "EST5EDT", "HST", "MET", "MST", "MST7MDT", "PST8PDT", "WET"];
/// The beginning of 2018 in seconds since 1970.
const RECENTLY: i64 = 1_514_764_800;
/// Seconds from 1970 to 2000.
const EPOCHS: i64 = 946_684_800;

impl Zone {
    /// The offset of local time in seconds east. In a gap it is that of before, where two fit that of after
    /// (`datetime.c: DetermineTimeZoneOffset`).
    pub(super) fn offset(&self, tm: &Tm) -> Exec<i32> {
        let zone = match self {
            Zone::Fixed(east) => return Ok(*east),
            Zone::Named(zone) => zone,
        };
        if tm.year < 1970 && zone.iana_name().is_some_and(|name| REDEFINED.contains(&name)) {
            return Err(too_far());
        }
        // The time of day may be 24:00 or have a leap second.
        let local = i16::try_from(tm.year)
            .ok()
            .and_then(|year| civil::Date::new(year, i8::try_from(tm.mon).ok()?, i8::try_from(tm.mday).ok()?).ok())
            .map(|date| date.to_datetime(civil::Time::midnight()))
            .and_then(|midnight| {
                let seconds = i64::from(tm.hour) * 3600 + i64::from(tm.min) * 60 + i64::from(tm.sec);
                midnight.checked_add(jiff::SignedDuration::from_secs(seconds)).ok()
            });
        let Some(local) = local else { return Err(too_far()) };
        Ok(match zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset.seconds(),
            AmbiguousOffset::Gap { before, .. } => before.seconds(),
            AmbiguousOffset::Fold { after, .. } => after.seconds(),
        })
    }

    /// The offset in seconds east at a moment: microseconds since 2000-01-01 UTC.
    pub(super) fn offset_at_utc(&self, timestamp: i64) -> Exec<i32> {
        match self {
            Zone::Fixed(east) => Ok(*east),
            Zone::Named(zone) => {
                let seconds = timestamp.div_euclid(super::USECS_PER_SEC) + EPOCHS;
                let at = Timestamp::from_second(seconds).map_err(|_| too_far())?;
                Ok(zone.to_offset(at).seconds())
            }
        }
    }

    /// What an abbreviation means in the zone at a local time, in seconds east
    /// (`datetime.c: DetermineTimeZoneAbbrevOffset`): as it was used last before that time, else first after it.
    pub(super) fn abbreviation_offset(&self, abbreviation: &str, tm: &Tm) -> Exec<i32> {
        let offset = self.offset(tm)?;
        let Zone::Named(zone) = self else { return Ok(offset) };
        let seconds = super::days(tm) * 86_400 + super::time_of_day(tm, 0) / super::USECS_PER_SEC + EPOCHS;
        let at = Timestamp::from_second(seconds - i64::from(offset)).map_err(|_| too_far())?;
        let now = zone.to_offset_info(at);
        if now.abbreviation().eq_ignore_ascii_case(abbreviation) {
            return Ok(now.offset().seconds());
        }
        let mut others = zone.preceding(at).chain(zone.following(at).take(300));
        let found = others.find(|t| t.abbreviation().eq_ignore_ascii_case(abbreviation));
        Ok(found.map_or(offset, |t| t.offset().seconds()))
    }
}

impl Zone {
    /// The offset if it never changes (`pgtz.c: pg_get_timezone_offset`).
    pub(super) fn constant(&self) -> Option<i32> {
        self.since(Timestamp::MIN)
    }

    /// The offset if it has not changed for a while and is not going to.
    pub(super) fn nowadays(&self) -> Option<i32> {
        self.since(Timestamp::from_second(RECENTLY).unwrap_or(Timestamp::MIN))
    }

    fn since(&self, start: Timestamp) -> Option<i32> {
        match self {
            Zone::Fixed(east) => Some(*east),
            Zone::Named(zone) => {
                let first = zone.to_offset(start);
                zone.following(start).take(1000).all(|t| t.offset() == first).then(|| first.seconds())
            }
        }
    }
}

fn too_far() -> crate::replay::Stop {
    opaque("offsets of time zones are not known that far from now")
}

/// The zone of a name, case not mattering; nothing if there is none (`pgtz.c: pg_tzset`).
pub(super) fn named(name: &str) -> Exec<Option<Zone>> {
    let lower = name.to_ascii_lowercase();
    if matches!(lower.as_str(), "gmt" | "utc" | "uct" | "zulu" | "etc/utc" | "universal" | "etc/gmt") {
        return Ok(Some(Zone::Fixed(0)));
    }
    if let Ok(zone) = TimeZoneDatabase::bundled().get(name) {
        return Ok(Some(Zone::Named(zone)));
    }
    if ["posix/", "right/", "posixrules", "localtime", "factory"].iter().any(|start| lower.starts_with(start)) {
        return Err(opaque(format!("time zone \"{name}\" is not known")));
    }
    posix(name)
}

/// A zone as POSIX writes it: a name and the offset west of Greenwich (`localtime.c: tzparse`).
fn posix(name: &str) -> Exec<Option<Zone>> {
    let rest = match name.strip_prefix('<') {
        Some(quoted) => match quoted.split_once('>') {
            Some((_, rest)) => rest,
            None => return Ok(None),
        },
        None => name.trim_start_matches(|c: char| !c.is_ascii_digit() && !",+-".contains(c)),
    };
    let (sign, digits) = match rest.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, rest.strip_prefix('+').unwrap_or(rest)),
    };
    let mut seconds = 0;
    let mut rest = digits;
    for (unit, limit) in [(3600, 24 * 7 - 1), (60, 59), (1, 60)] {
        if unit != 3600 {
            match rest.strip_prefix(':') {
                Some(more) => rest = more,
                None => break,
            }
        }
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        match rest[..end].parse::<i32>() {
            Ok(n) if n <= limit => seconds += n * unit,
            _ => return Ok(None),
        }
        rest = &rest[end..];
    }
    if !rest.is_empty() {
        // A rule for daylight-saving time follows.
        return Err(opaque(format!("time zone \"{name}\" is not known")));
    }
    Ok(Some(Zone::Fixed(-sign * seconds)))
}

/// The session's zone, or a number of hours east.
pub(super) fn session(env: &DatumEnv<'_>) -> Exec<Zone> {
    of(env.time_zone)
}

/// The zone that is the value of the setting.
pub(super) fn of(name: &str) -> Exec<Zone> {
    if let Ok(hours) = name.parse::<f64>()
        && hours.abs() < 168.0
    {
        return Ok(Zone::Fixed((hours * 3600.0) as i32));
    }
    match named(name)? {
        Some(zone) => Ok(zone),
        None => Err(opaque(format!("time zone \"{name}\" is not known"))),
    }
}

/// An abbreviation of a time zone (`datetime.c: DecodeTimezoneAbbrev` with the default set). From 18 on those of the
/// session's zone come first.
pub(super) fn abbreviation(env: &DatumEnv<'_>, word: &str) -> Exec<Option<Word>> {
    let found = default_abbreviation(token(word));
    if env.catalog.version() >= 18
        && super::field::special(word).is_none()
        && !word.starts_with(['+', '-'])
        && let Ok(Zone::Named(_)) = session(env)
        && !matches!(word, "utc" | "gmt" | "z" | "zulu")
    {
        return Err(opaque(format!("what \"{word}\" means in time zone \"{}\" is not known", env.time_zone)));
    }
    Ok(found)
}

/// Abbreviations that mean one offset, in minutes east: `tznames/Default`.
const FIXED: &[(i32, &str)] = &[
    (-600, "hst taht"),
    (-570, "mart"),
    (-540, "akst gamt"),
    (-480, "pst"),
    (-420, "mst"),
    (-360, "cst galt"),
    (-300, "act cot est pet"),
    (-240, "amt ast bot"),
    (-210, "nft nst"),
    (-180, "bra brt gft pmst uyt wgt"),
    (-120, "fnt"),
    (-60, "azot egt"),
    (0, "gmt uct ut utc wet z zulu"),
    (60, "cet met mez wat"),
    (120, "eet ist sast"),
    (180, "eat fet"),
    (210, "irt"),
    (240, "mut ret sct"),
    (270, "aft"),
    (300, "mvt pkt tft tjt uzt"),
    (345, "npt"),
    (360, "almt bdt btt xjt"),
    (390, "mmt"),
    (420, "cxt ict wast"),
    (480, "awst bnt bort cct hkt myt pht"),
    (525, "acwst"),
    (540, "jayt jst kst pwt"),
    (570, "acst cast"),
    (600, "aest chut ddut ligt mpt pgt trut yapt"),
    (630, "lhst"),
    (660, "pont vut"),
    (720, "fjt gilt mht nzst nzt tvt wakt wft"),
    (765, "chast"),
    (780, "tot"),
];

/// The same for daylight-saving time.
const DAYLIGHT: &[(i32, &str)] = &[
    (-480, "akdt"),
    (-420, "pdt"),
    (-360, "mdt"),
    (-300, "cdt"),
    (-240, "edt"),
    (-180, "adt clst pyst"),
    (-150, "ndt"),
    (-120, "brst pmdt uyst wgst"),
    (-60, "fnst"),
    (0, "azost egst"),
    (60, "bst wetdst"),
    (120, "bdst cest cetdst mest mesz metdst"),
    (180, "eest eetdst idt"),
    (240, "msd"),
    (300, "must"),
    (360, "kgst pkst uzst yekst"),
    (420, "almst"),
    (480, "wadt"),
    (540, "awsst ulast wdt"),
    (600, "kdt"),
    (630, "acdt acsst cadt sadt"),
    (660, "aedt aesst"),
    (780, "fjst nzdt"),
    (825, "chadt"),
];

/// Abbreviations whose meaning has changed, and the zone that knows.
const DYNAMIC: &[(&str, &str)] = &[
    ("America/Argentina/Buenos_Aires", "arst art"),
    ("America/Asuncion", "pyt"),
    ("America/Caracas", "vet"),
    ("America/Guyana", "gyt"),
    ("America/Santiago", "clt"),
    ("Antarctica/Davis", "davt"),
    ("Antarctica/Mawson", "mawt"),
    ("Asia/Anadyr", "anast anat"),
    ("Asia/Ashgabat", "tmt"),
    ("Asia/Baku", "azst azt"),
    ("Asia/Bishkek", "kgt"),
    ("Asia/Colombo", "lkt"),
    ("Asia/Irkutsk", "irkst irkt"),
    ("Asia/Kamchatka", "petst pett"),
    ("Asia/Krasnoyarsk", "krast krat"),
    ("Asia/Magadan", "magst magt"),
    ("Asia/Novosibirsk", "novst novt"),
    ("Asia/Omsk", "omsst omst"),
    ("Asia/Singapore", "sgt"),
    ("Asia/Tbilisi", "gest get"),
    ("Asia/Ulaanbaatar", "ulat"),
    ("Asia/Vladivostok", "vlast vlat"),
    ("Asia/Yakutsk", "yakst yakt"),
    ("Asia/Yekaterinburg", "yekt"),
    ("Asia/Yerevan", "amst"),
    ("Atlantic/Stanley", "fkst fkt"),
    ("Australia/Lord_Howe", "lhdt"),
    ("Europe/Moscow", "msk"),
    ("Europe/Volgograd", "volt"),
    ("Indian/Chagos", "iot"),
    ("Pacific/Easter", "easst east"),
    ("Pacific/Fakaofo", "tkt"),
    ("Pacific/Kiritimati", "lint"),
    ("Pacific/Kosrae", "kost"),
    ("Pacific/Niue", "nut"),
    ("Pacific/Rarotonga", "ckt"),
];

fn default_abbreviation(word: &str) -> Option<Word> {
    let among = |words: &str| words.split(' ').any(|w| w == word);
    if let Some((zone, _)) = DYNAMIC.iter().find(|(_, words)| among(words)) {
        return Some(Word::DynamicZone(zone));
    }
    if let Some((minutes, _)) = FIXED.iter().find(|(_, words)| among(words)) {
        return Some(Word::Zone(minutes * 60));
    }
    DAYLIGHT.iter().find(|(_, words)| among(words)).map(|(minutes, _)| Word::DstZone(minutes * 60))
}
