//! Archives: files whose parts are inputs of their own. A part is named by its path inside; parts of an archive inside
//! an archive begin with that one's path.

mod mail;
mod names;
mod zipped;

use crate::error::ExtractError;
use crate::guard::guarded;
use crate::options::Limits;

/// Archives inside archives are opened down to this depth; the outermost is the first.
pub const MAX_ARCHIVE_DEPTH: usize = 3;

/// One part of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its path inside the outermost archive, with `/` between parts, fit to be a path of a file system.
    pub path: String,
    /// Why it cannot be looked into: a broken archive, or one nested too deep.
    pub trouble: Option<ExtractError>,
}

/// Kinds of archives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Zip,
    Mail,
}

impl Kind {
    /// The kind of an archive, by its name: office files are ZIP archives, too, and no archives to their users.
    fn of(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "zip" => Some(Kind::Zip),
            "eml" => Some(Kind::Mail),
            _ => None,
        }
    }
}

/// Whether a file of this name is an archive.
pub fn is_archive(name: &str) -> bool {
    Kind::of(name).is_some()
}

/// What archives may cost, over all that are opened for one answer.
struct Budget<'a> {
    limits: &'a Limits,
    /// Bytes that parts may still unfold to.
    bytes: u64,
    /// Parts that may still be listed.
    parts: usize,
}

impl<'a> Budget<'a> {
    fn new(limits: &'a Limits) -> Self {
        Self { limits, bytes: limits.max_inflated_bytes, parts: limits.max_parts }
    }
}

/// The parts of the archive `bytes`, whose file is called `name`, with those of the archives in it.
///
/// # Errors
/// `damaged`, `encrypted`, or `too_large` where it holds more parts than the limit. What is wrong with an archive inside
/// is told of its part.
pub fn parts(name: &str, bytes: &[u8], limits: &Limits) -> Result<Vec<Part>, ExtractError> {
    let mut out = Vec::new();
    list(name, bytes, "", 1, &mut Budget::new(limits), &mut out)?;
    Ok(out)
}

fn list(
    name: &str,
    bytes: &[u8],
    under: &str,
    depth: usize,
    budget: &mut Budget<'_>,
    out: &mut Vec<Part>,
) -> Result<(), ExtractError> {
    for member in members(name, bytes, budget)? {
        let path = format!("{under}{member}");
        if !is_archive(&member) {
            out.push(Part { path, trouble: None });
            continue;
        }
        let opened = if depth >= MAX_ARCHIVE_DEPTH {
            Err(ExtractError::unsupported(
                format!("archives nest deeper than {MAX_ARCHIVE_DEPTH}"),
                "unpack the outer ones",
            ))
        } else {
            member_bytes(name, bytes, &member, budget)
                .and_then(|inner| list(&member, &inner, &format!("{path}/"), depth + 1, budget, out))
        };
        if let Err(trouble) = opened {
            out.push(Part { path, trouble: Some(trouble) });
        }
    }
    Ok(())
}

/// The bytes of the part at `path` of an archive.
///
/// # Errors
/// As [`parts`]; `damaged` where there is no such part any more.
pub fn part(name: &str, bytes: &[u8], path: &str, limits: &Limits) -> Result<Vec<u8>, ExtractError> {
    open(name, bytes, path, 1, &mut Budget::new(limits))
}

fn open(
    name: &str,
    bytes: &[u8],
    path: &str,
    depth: usize,
    budget: &mut Budget<'_>,
) -> Result<Vec<u8>, ExtractError> {
    let inner = members(name, bytes, budget)?.into_iter().find_map(|member| {
        let rest = path.strip_prefix(member.as_str())?;
        match rest.strip_prefix('/') {
            Some(rest) if is_archive(&member) && depth < MAX_ARCHIVE_DEPTH => Some((member, Some(rest))),
            None if rest.is_empty() => Some((member, None)),
            _ => None,
        }
    });
    match inner {
        Some((member, Some(rest))) => {
            let inner = member_bytes(name, bytes, &member, budget)?;
            open(&member, &inner, rest, depth + 1, budget)
        }
        Some((member, None)) => member_bytes(name, bytes, &member, budget),
        None => Err(ExtractError::damaged(format!("the archive holds no part {path}"))),
    }
}

/// Paths of the files in one archive.
fn members(name: &str, bytes: &[u8], budget: &mut Budget<'_>) -> Result<Vec<String>, ExtractError> {
    let raw = match Kind::of(name) {
        Some(Kind::Zip) => guarded("archive", || zipped::names(bytes))??,
        Some(Kind::Mail) => guarded("message", || mail::names(bytes))??,
        None => {
            return Err(ExtractError::unsupported(
                "the file is no archive",
                "give a ZIP archive or a message",
            ));
        }
    };
    budget.parts = budget.parts.checked_sub(raw.len()).ok_or_else(|| {
        ExtractError::too_large(
            format!("the archive holds more than {} parts", budget.limits.max_parts),
            "max_parts",
        )
    })?;
    Ok(names::clean(raw).into_iter().flatten().collect())
}

/// The bytes of one file in one archive.
fn member_bytes(
    name: &str,
    bytes: &[u8],
    member: &str,
    budget: &mut Budget<'_>,
) -> Result<Vec<u8>, ExtractError> {
    let raw = match Kind::of(name) {
        Some(Kind::Mail) => guarded("message", || mail::names(bytes))??,
        _ => guarded("archive", || zipped::names(bytes))??,
    };
    let at = names::clean(raw).iter().position(|n| n.as_deref() == Some(member));
    let at = at.ok_or_else(|| ExtractError::damaged(format!("the archive holds no part {member}")))?;
    let most = budget.bytes.min(budget.limits.max_file_bytes);
    let inner = match Kind::of(name) {
        Some(Kind::Mail) => guarded("message", || mail::content(bytes, at))??,
        _ => guarded("archive", || zipped::content(bytes, at, most))??,
    };
    budget.bytes = budget.bytes.saturating_sub(inner.len() as u64);
    Ok(inner)
}

#[cfg(test)]
mod tests;
