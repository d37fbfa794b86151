//! Names of parts as archives have them, made fit to be paths.

use std::collections::HashSet;

/// The names as paths, in their order; `None` for folders and for what leaves nothing of a name. Parts that would climb
/// out of their folder stay in it; of two parts of one name the second gets a number.
pub(super) fn clean(names: Vec<String>) -> Vec<Option<String>> {
    let mut taken = HashSet::new();
    names
        .into_iter()
        .map(|name| {
            if name.ends_with(['/', '\\']) {
                return None;
            }
            let parts: Vec<String> = name
                .split(['/', '\\'])
                .filter(|p| !matches!(p.trim(), "" | "." | ".."))
                .map(|p| p.chars().map(|c| if c.is_control() || c == ':' { '_' } else { c }).collect())
                .collect();
            let path = parts.join("/");
            if path.is_empty() {
                return None;
            }
            let mut unique = path.clone();
            let mut number = 2usize;
            while !taken.insert(unique.clone()) {
                // The extension stays last: it tells what the part is.
                unique = match path.rsplit_once('.') {
                    Some((stem, extension)) if !extension.contains('/') => {
                        format!("{stem}~{number}.{extension}")
                    }
                    _ => format!("{path}~{number}"),
                };
                number += 1;
            }
            Some(unique)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_paths_inside() {
        let names = ["a/b.txt", "a/", "../../etc/x.txt", "c:\\d\\e.pdf", "a/b.txt", "..", "n\nl"];
        let clean = clean(names.map(str::to_owned).to_vec());
        let clean: Vec<Option<&str>> = clean.iter().map(|n| n.as_deref()).collect();
        assert_eq!(
            clean,
            [
                Some("a/b.txt"),
                None,
                Some("etc/x.txt"),
                Some("c_/d/e.pdf"),
                Some("a/b~2.txt"),
                None,
                Some("n_l")
            ]
        );
    }
}
