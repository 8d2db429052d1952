//! `inet` and `cidr` (`network.c`, `inet_net_pton.c`, `inet_net_ntop.c`).

use super::invalid;
use crate::replay::{Exec, SqlError};

/// An address: 4 or 16 bytes, and the bits of its network.
struct Address {
    bytes: Vec<u8>,
    bits: u32,
}

/// `network.c: network_in` and `network_out`
pub(super) fn network(text: &str, is_cidr: bool) -> Exec<String> {
    let address = match (text.contains(':'), is_cidr) {
        (true, _) => ipv6(text),
        (false, true) => cidr_ipv4(text),
        (false, false) => inet_ipv4(text),
    };
    let Some(address) = address else { return Err(invalid(if is_cidr { "cidr" } else { "inet" }, text)) };
    let beyond = |(i, byte): (usize, &u8)| {
        let kept = (address.bits as usize).saturating_sub(i * 8).min(8);
        u16::from(*byte) & (0xff >> kept) != 0
    };
    if is_cidr && address.bytes.iter().enumerate().any(beyond) {
        let error = SqlError::new("22P02", format!("invalid cidr value: \"{text}\""));
        return Err(error.detail("Value has bits set to right of mask.").into());
    }
    let all = address.bytes.len() as u32 * 8;
    let mut out = if all == 32 { print_ipv4(&address.bytes) } else { print_ipv6(&address.bytes) };
    if is_cidr || address.bits != all {
        out.push_str(&format!("/{}", address.bits));
    }
    Ok(out)
}

/// The octets of a text up to a slash or its end; nothing if it is malformed.
fn octets(text: &str) -> Option<Vec<u8>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    let octet = |part: &str| {
        if part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        match part.trim_start_matches('0') {
            "" => Some(0),
            digits => digits.parse::<u8>().ok(),
        }
    };
    let parsed = text.split('.').map(octet);
    parsed.collect::<Option<Vec<u8>>>().filter(|octets| octets.len() <= 4)
}

/// The number of bits behind the slash of an IPv4 address.
fn bits4(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let bits = match text.trim_start_matches('0') {
        "" => 0,
        significant => significant.parse().ok()?,
    };
    (digits && bits <= 32).then_some(bits)
}

/// `inet_net_pton_ipv4`
fn inet_ipv4(text: &str) -> Option<Address> {
    let (mantissa, bits) = match text.split_once('/') {
        Some((mantissa, bits)) => (mantissa, Some(bits4(bits)?)),
        None => (text, None),
    };
    // A point may end the mantissa.
    let mut bytes = octets(mantissa.strip_suffix('.').unwrap_or(mantissa))?;
    let bits = match bits {
        Some(bits) => bits,
        None if bytes.len() == 4 => 32,
        None => return None,
    };
    if bytes.is_empty() || bits as usize / 8 > bytes.len() {
        return None;
    }
    bytes.resize(4, 0);
    Some(Address { bytes, bits })
}

/// `inet_cidr_pton_ipv4`
fn cidr_ipv4(text: &str) -> Option<Address> {
    let (mantissa, given) = match text.split_once('/') {
        Some((mantissa, bits)) => (mantissa, Some(bits4(bits)?)),
        None => (text, None),
    };
    let hex = mantissa.strip_prefix("0x").or_else(|| mantissa.strip_prefix("0X"));
    let mut bytes = match hex.filter(|h| h.starts_with(|c: char| c.is_ascii_hexdigit())) {
        Some(hex) => {
            let nybbles: Vec<u32> = hex.chars().map(|c| c.to_digit(16)).collect::<Option<_>>()?;
            nybbles.chunks(2).map(|pair| (pair[0] << 4 | pair.get(1).copied().unwrap_or(0)) as u8).collect()
        }
        None => octets(mantissa)?,
    };
    let first = *bytes.first()?;
    if bytes.len() > 4 {
        return None;
    }
    let bits = given.unwrap_or_else(|| {
        let class = match first {
            240.. => 32,
            224..=239 => 8,
            192..=223 => 24,
            128..=191 => 16,
            _ => 8,
        };
        match class.max(bytes.len() as u32 * 8) {
            8 if first == 224 => 4,
            bits => bits,
        }
    });
    bytes.resize(4, 0);
    Some(Address { bytes, bits })
}

/// The number of bits behind a slash, without leading zeros (`getbits`).
fn bits6(text: &str) -> Option<u32> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !plain || text.len() > 1 && text.starts_with('0') {
        return None;
    }
    text.parse().ok().filter(|&bits| bits <= 128)
}

/// `inet_cidr_pton_ipv6`
fn ipv6(text: &str) -> Option<Address> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, bits6(bits)?),
        None => (text, 128),
    };
    let mut bytes = Vec::new();
    // Where `::` stands.
    let mut gap = None;
    let mut rest = address;
    if let Some(after) = address.strip_prefix(':') {
        rest = after;
        if !rest.starts_with(':') {
            return None;
        }
    }
    while !rest.is_empty() {
        let end = rest.find(':').unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if word.is_empty() {
            if gap.replace(bytes.len()).is_some() {
                return None;
            }
        } else if word.contains('.') {
            if !after.is_empty() || text.len() == address.len() && word.ends_with('.') {
                return None;
            }
            bytes.extend(embedded_octets(word)?);
        } else {
            if word.len() > 4 || !word.bytes().all(|b| b.is_ascii_hexdigit()) {
                return None;
            }
            bytes.extend(u16::from_str_radix(word, 16).ok()?.to_be_bytes());
        }
        if bytes.len() > 16 {
            return None;
        }
        rest = match after.strip_prefix(':') {
            // A single colon must not end the text.
            Some("") if !word.is_empty() && text.len() == address.len() => return None,
            Some(after) => after,
            None => after,
        };
    }
    match gap {
        Some(at) if bytes.len() < 16 => {
            let zeros = 16 - bytes.len();
            bytes.splice(at..at, std::iter::repeat_n(0, zeros));
        }
        Some(_) => return None,
        None => {}
    }
    (bytes.len() == 16).then_some(Address { bytes, bits })
}

/// The octets of an address at the end of another (`getv4`). Those that are missing are 0.
fn embedded_octets(text: &str) -> Option<[u8; 4]> {
    let mut octets = [0; 4];
    for (i, part) in text.split('.').enumerate() {
        let plain = part.len() < 2 || !part.starts_with('0');
        let value = if part.is_empty() { 0 } else { part.parse().ok().filter(|_| plain && !part.starts_with('+'))? };
        *octets.get_mut(i)? = value;
    }
    Some(octets)
}

fn print_ipv4(bytes: &[u8]) -> String {
    bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(".")
}

/// `inet_net_ntop_ipv6`: the longest run of zeros is `::`.
fn print_ipv6(bytes: &[u8]) -> String {
    let words: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    let mut best = (0, 0);
    let mut start = 0;
    for (i, word) in words.iter().chain([&1]).enumerate() {
        if *word != 0 {
            if i - start > best.1 {
                best = (start, i - start);
            }
            start = i + 1;
        }
    }
    if best.1 < 2 {
        best = (usize::MAX, 0);
    }
    let run = best.0..best.0.saturating_add(best.1);
    let mut out = String::new();
    for (i, word) in words.iter().enumerate() {
        if run.contains(&i) {
            if i == run.start {
                out.push(':');
            }
            continue;
        }
        if i != 0 {
            out.push(':');
        }
        let embedded =
            i == 6 && best.0 == 0 && (best.1 == 6 || best.1 == 7 && words[7] != 1 || best.1 == 5 && words[5] == 0xffff);
        if embedded {
            out.push_str(&print_ipv4(&bytes[12..]));
            break;
        }
        out.push_str(&format!("{word:x}"));
    }
    if run.end == words.len() && best.1 > 0 {
        out.push(':');
    }
    out
}
