//! Geometric types (`geo_ops.c`).

use super::float::{float8_in, print_float8};
use super::{invalid, opaque, skip_space};
use crate::replay::{Exec, SqlError};

/// A point.
type Point = (f64, f64);

/// A text that is read from left to right, for a type.
struct Reader<'t> {
    rest: &'t str,
    type_name: &'static str,
    whole: &'t str,
}

impl<'t> Reader<'t> {
    fn new(type_name: &'static str, text: &'t str) -> Reader<'t> {
        Reader { rest: text, type_name, whole: text }
    }

    fn bad(&self) -> crate::replay::Stop {
        invalid(self.type_name, self.whole)
    }

    fn take(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, c: char) -> Exec {
        if self.take(c) { Ok(()) } else { Err(self.bad()) }
    }

    fn space(&mut self) {
        self.rest = skip_space(self.rest);
    }

    fn end(&self) -> Exec {
        if self.rest.is_empty() { Ok(()) } else { Err(self.bad()) }
    }

    fn number(&mut self) -> Exec<f64> {
        let (value, rest) = float8_in(self.rest, self.type_name, self.whole)?;
        self.rest = rest;
        Ok(value)
    }

    /// `pair_decode`
    fn pair(&mut self) -> Exec<Point> {
        self.space();
        let parenthesis = self.take('(');
        let x = self.number()?;
        self.expect(',')?;
        let y = self.number()?;
        if parenthesis {
            self.expect(')')?;
            self.space();
        }
        Ok((x, y))
    }

    /// `path_decode`: the points, and whether the path is open.
    fn points(&mut self, may_be_open: bool, count: usize) -> Exec<(Vec<Point>, bool)> {
        self.space();
        let mut depth = 0;
        let is_open = self.rest.starts_with('[');
        if is_open {
            if !may_be_open {
                return Err(self.bad());
            }
            self.take('[');
            depth = 1;
        } else if let Some(inside) = self.rest.strip_prefix('(') {
            let inside = skip_space(inside);
            if inside.starts_with('(') || self.rest.rfind('(') == Some(0) {
                depth = 1;
                self.rest = inside;
            }
        }
        let mut points = Vec::new();
        for _ in 0..count {
            points.push(self.pair()?);
            self.take(',');
        }
        while depth > 0 {
            let closed = self.take(')') || is_open && self.take(']');
            if !closed {
                return Err(self.bad());
            }
            depth -= 1;
            self.space();
        }
        Ok((points, is_open))
    }
}

fn pair((x, y): Point) -> String {
    format!("({},{})", print_float8(x), print_float8(y))
}

fn pairs(points: &[Point]) -> String {
    points.iter().map(|&point| pair(point)).collect::<Vec<_>>().join(",")
}

/// NaN is greatest (`float8_lt`).
fn less(a: f64, b: f64) -> bool {
    !a.is_nan() && (b.is_nan() || a < b)
}

/// How many points a text seems to have (`pair_count`).
fn point_count(text: &str) -> Option<usize> {
    let commas = text.matches(',').count();
    (commas % 2 == 1).then_some(commas.div_ceil(2))
}

pub(super) fn point(text: &str) -> Exec<String> {
    let mut reader = Reader::new("point", text);
    let point = reader.pair()?;
    reader.end()?;
    Ok(pair(point))
}

pub(super) fn lseg(text: &str) -> Exec<String> {
    let mut reader = Reader::new("lseg", text);
    let (points, _) = reader.points(true, 2)?;
    reader.end()?;
    Ok(format!("[{}]", pairs(&points)))
}

pub(super) fn box_(text: &str) -> Exec<String> {
    let mut reader = Reader::new("box", text);
    let (points, _) = reader.points(false, 2)?;
    reader.end()?;
    let [mut high, mut low] = points.as_slice().try_into().unwrap_or([(0.0, 0.0); 2]);
    if less(high.0, low.0) {
        std::mem::swap(&mut high.0, &mut low.0);
    }
    if less(high.1, low.1) {
        std::mem::swap(&mut high.1, &mut low.1);
    }
    Ok(pairs(&[high, low]))
}

pub(super) fn path(text: &str) -> Exec<String> {
    let mut reader = Reader::new("path", text);
    let Some(count) = point_count(text) else { return Err(reader.bad()) };
    reader.space();
    let parenthesis = reader.rest.starts_with('(') && reader.rest.rfind('(') == Some(0);
    if parenthesis {
        reader.take('(');
    }
    let (points, is_open) = reader.points(true, count)?;
    if parenthesis {
        reader.expect(')')?;
        reader.space();
    }
    reader.end()?;
    let points = pairs(&points);
    Ok(if is_open { format!("[{points}]") } else { format!("({points})") })
}

pub(super) fn polygon(text: &str) -> Exec<String> {
    let mut reader = Reader::new("polygon", text);
    let Some(count) = point_count(text) else { return Err(reader.bad()) };
    let (points, _) = reader.points(false, count)?;
    reader.end()?;
    Ok(format!("({})", pairs(&points)))
}

pub(super) fn circle(text: &str) -> Exec<String> {
    let mut reader = Reader::new("circle", text);
    reader.space();
    let angle = reader.take('<');
    let mut parenthesis = false;
    if !angle && let Some(inside) = reader.rest.strip_prefix('(') {
        let inside = skip_space(inside);
        if inside.starts_with('(') {
            parenthesis = true;
            reader.rest = inside;
        }
    }
    let centre = reader.pair()?;
    reader.take(',');
    let radius = reader.number()?;
    if radius < 0.0 {
        return Err(reader.bad());
    }
    if angle || parenthesis {
        if !reader.take(')') && !reader.take('>') {
            return Err(reader.bad());
        }
        reader.space();
    }
    reader.end()?;
    Ok(format!("<{},{}>", pair(centre), print_float8(radius)))
}

/// Numbers that differ by less are equal (`EPSILON`).
const EPSILON: f64 = 1.0e-6;

fn equal(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= EPSILON
}

/// `line_in`: `{A,B,C}`, or two points.
pub(super) fn line(text: &str) -> Exec<String> {
    let mut reader = Reader::new("line", text);
    reader.space();
    let specification = |what: &str| SqlError::new("22P02", format!("invalid line specification: {what}"));
    let (a, b, c);
    if reader.take('{') {
        a = reader.number()?;
        reader.expect(',')?;
        b = reader.number()?;
        reader.expect(',')?;
        c = reader.number()?;
        reader.expect('}')?;
        reader.space();
        reader.end()?;
        if a.abs() <= EPSILON && b.abs() <= EPSILON {
            return Err(specification("A and B cannot both be zero").into());
        }
    } else {
        let (points, _) = reader.points(true, 2)?;
        reader.end()?;
        let [one, two] = points.as_slice().try_into().unwrap_or([(0.0, 0.0); 2]);
        if [one.0, one.1, two.0, two.1].iter().any(|n| !n.is_finite()) {
            return Err(opaque("a line through points that are not finite is not computed"));
        }
        if equal(one.0, two.0) && equal(one.1, two.1) {
            return Err(specification("must be two distinct points").into());
        }
        (a, b, c) = if equal(one.0, two.0) {
            (-1.0, 0.0, one.0)
        } else if equal(one.1, two.1) {
            (0.0, -1.0, one.1)
        } else {
            let slope = (one.1 - two.1) / (one.0 - two.0);
            (slope, -1.0, one.1 - slope * one.0 + 0.0)
        };
        if !a.is_finite() || !c.is_finite() || a == 0.0 && b == 0.0 {
            return Err(opaque("a line that overflows is not computed"));
        }
    }
    Ok(format!("{{{},{},{}}}", print_float8(a), print_float8(b), print_float8(c)))
}
