//! Constants of a few types from their bytes.

/// The text of a value of a type, or nothing if the type is not among the few.
pub fn text(ty: u32, bytes: &[u8]) -> Option<String> {
    let number = || {
        let mut raw = [0; 8];
        raw[..bytes.len().min(8)].copy_from_slice(&bytes[..bytes.len().min(8)]);
        i64::from_le_bytes(raw)
    };
    let varlena = || bytes.get(4..).map(|b| String::from_utf8_lossy(b).into_owned());
    Some(match ty {
        16 => if number() & 0xff != 0 { "t" } else { "f" }.to_owned(),
        18 => match bytes[0] {
            0 => String::new(),
            c => char::from(c).to_string(),
        },
        19 => String::from_utf8_lossy(bytes.split(|&b| b == 0).next()?).into_owned(),
        20 => number().to_string(),
        21 => (number() as i16).to_string(),
        23 => (number() as i32).to_string(),
        26 => (number() as u32).to_string(),
        700 => f32::from_bits(number() as u32).to_string().replace("inf", "Infinity"),
        701 => f64::from_bits(number() as u64).to_string().replace("inf", "Infinity"),
        25 | 1042 | 1043 | 114 | 142 => varlena()?,
        705 => String::from_utf8_lossy(bytes.strip_suffix(&[0])?).into_owned(),
        17 => format!("\\x{}", bytes.get(4..)?.iter().map(|b| format!("{b:02x}")).collect::<String>()),
        1700 => numeric(bytes.get(4..)?)?,
        2950 => {
            let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
            format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
        }
        1082 => date(number() as i32),
        1000 | 1002 | 1003 | 1005 | 1007 | 1009 | 1014 | 1015 | 1028 => array(bytes)?,
        _ => return None,
    })
}

/// `numeric.c`: the short form.
fn numeric(bytes: &[u8]) -> Option<String> {
    let word = |i: usize| Some(u16::from_le_bytes([*bytes.get(i)?, *bytes.get(i + 1)?]));
    let header = word(0)?;
    if header & 0xC000 == 0xC000 {
        return Some(
            match header & 0xF000 {
                0xC000 => "NaN",
                0xD000 => "Infinity",
                _ => "-Infinity",
            }
            .to_owned(),
        );
    }
    let (negative, scale, weight, start) = if header & 0x8000 != 0 {
        let weight = i32::from(header & 0x3f) - if header & 0x40 != 0 { 0x40 } else { 0 };
        (header & 0x2000 != 0, usize::from((header & 0x1f80) >> 7), weight, 2)
    } else {
        (header & 0x4000 != 0, usize::from(header & 0x3fff), i32::from(word(2)? as i16), 4)
    };
    let digits: Vec<u16> = (start..bytes.len()).step_by(2).filter_map(word).collect();
    let digit = |i: i32| usize::try_from(i).ok().and_then(|i| digits.get(i)).copied().unwrap_or(0);
    let mut whole: String = (0..=weight).map(|i| format!("{:04}", digit(i))).collect();
    whole = whole.trim_start_matches('0').to_owned();
    if whole.is_empty() {
        whole.push('0');
    }
    let mut fraction: String = (0..(scale as i32 + 3) / 4).map(|i| format!("{:04}", digit(weight + 1 + i))).collect();
    fraction.truncate(scale);
    let sign = if negative { "-" } else { "" };
    Some(if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

fn date(days: i32) -> String {
    // Days since 2000-01-01 to a civil date.
    let z = i64::from(days) + 10957 + 719468;
    let era = z.div_euclid(146097);
    let doe = z.rem_euclid(146097);
    let yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (d, m) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
    let y = yoe + era * 400 + i64::from(m <= 2);
    format!("{y:04}-{m:02}-{d:02}")
}

/// An array of one dimension without nulls.
fn array(bytes: &[u8]) -> Option<String> {
    let word = |i: usize| Some(i32::from_le_bytes(bytes.get(i..i + 4)?.try_into().ok()?));
    let (dims, offset, element) = (word(4)?, word(8)?, word(12)? as u32);
    if dims == 0 {
        return Some("{}".to_owned());
    }
    if dims != 1 || offset != 0 {
        return None;
    }
    let count = word(16)?;
    let mut at = 24;
    let mut items = Vec::new();
    for _ in 0..count {
        let (size, align) = match element {
            16 | 18 => (1, 1),
            21 => (2, 2),
            23 | 26 => (4, 4),
            19 => (64, 1),
            25 | 1042 | 1043 => (0, 4),
            _ => return None,
        };
        at = usize::next_multiple_of(at, align);
        let item = if size == 0 {
            // A short or long varlena.
            let length = (word(at)? as u32 >> 2) as usize;
            let raw = bytes.get(at..at + length)?;
            at += length;
            self::text(element, raw)?
        } else {
            let raw = bytes.get(at..at + size)?;
            at += size;
            self::text(element, raw)?
        };
        let plain = !item.is_empty()
            && !item.eq_ignore_ascii_case("null")
            && !item.contains(|c: char| c.is_whitespace() || "{},\"\\".contains(c));
        items.push(if plain { item } else { format!("\"{}\"", item.replace('\\', "\\\\").replace('"', "\\\"")) });
    }
    Some(format!("{{{}}}", items.join(",")))
}
