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
    let length = lower.chars().count();
    // Names of which nothing is left are not near: `a` and `b`.
    let most = (length / 3).max(1).min(length.saturating_sub(1));
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

/// The same for names that are made of words, of which some may be missing or too many: `tesla_id` for
/// `tesla_vehicle_id`. At least two words must be the same, in the same order.
pub fn closest_name<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str> + Clone) -> Option<&'c str> {
    if let Some(near) = closest(name, candidates.clone()) {
        return Some(near);
    }
    let wanted = words(name);
    let shared = |candidate: &&str| {
        let has = words(candidate);
        let (fewer, more) = if has.len() < wanted.len() { (&has, &wanted) } else { (&wanted, &has) };
        let mut rest = more.iter();
        let all = fewer.iter().all(|word| rest.any(|other| other == word));
        (all && fewer.len() >= 2).then(|| more.len() - fewer.len())
    };
    let near = candidates.into_iter().filter_map(|candidate| Some((shared(&candidate)?, candidate)));
    near.min_by_key(|(apart, _)| *apart).map(|(_, candidate)| candidate)
}

fn words(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_words() {
        assert_eq!(closest_name("tesla_vehicle_id", ["id", "vin", "tesla_tokens", "tesla_id"]), Some("tesla_id"));
        assert_eq!(closest_name("user_id", ["id", "app_user_id"]), Some("app_user_id"));
        assert_eq!(closest_name("vehicle_id", ["app_vehicle_owner_id", "the_vehicle_id"]), Some("the_vehicle_id"));
        assert_eq!(closest_name("last_sync_at", ["created_at", "updated_at", "sync"]), None);
        assert_eq!(closest_name("id_tesla_key", ["tesla_id"]), None);
        assert_eq!(closest_name("vins", ["vin"]), Some("vin"));
    }

    #[test]
    fn nearest_of_several() {
        assert_eq!(closest("migratons", ["platform", "migrations"]), Some("migrations"));
        assert_eq!(closest("spec", ["user", "specs"]), Some("specs"));
        assert_eq!(closest("User", ["users", "user"]), Some("user"));
        assert_eq!(closest("ab", ["ba"]), Some("ba"));
        assert_eq!(closest("tesla_vehicle", ["tesla_vehicle_id", "tesla_id"]), Some("tesla_vehicle_id"));
        assert_eq!(closest("colour", ["table", "view"]), None);
        assert_eq!(closest("x", ["yy", "y"]), None);
        assert_eq!(closest("x", ["X"]), Some("X"));
        assert_eq!(closest(&"x".repeat(300), ["x"]), None);
    }
}
