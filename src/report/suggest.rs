//! "Did you mean".

/// The candidate that `name` was probably meant to be; of several equally near ones the first.
///
/// Near is at most one edit in three characters, ignoring case.
pub fn closest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    const LONGEST: usize = 200;
    if name.len() > LONGEST {
        return None;
    }
    let lower = name.to_lowercase();
    let most = (lower.chars().count() / 3).max(1);
    let mut best = None;
    for candidate in candidates {
        if candidate.len().abs_diff(name.len()) > 4 * most {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&lower, &candidate.to_lowercase());
        if distance <= most && best.is_none_or(|(nearest, _)| distance < nearest) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_of_several() {
        assert_eq!(closest("migratons", ["platform", "migrations"]), Some("migrations"));
        assert_eq!(closest("spec", ["user", "specs"]), Some("specs"));
        assert_eq!(closest("User", ["users", "user"]), Some("user"));
        assert_eq!(closest("ab", ["ba"]), Some("ba"));
        assert_eq!(closest("tesla_vehicle", ["tesla_vehicle_id", "tesla_id"]), Some("tesla_vehicle_id"));
        assert_eq!(closest("colour", ["table", "view"]), None);
        assert_eq!(closest("x", ["yy"]), None);
        assert_eq!(closest(&"x".repeat(300), ["x"]), None);
    }
}
