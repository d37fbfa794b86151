//! The resolution that PNG and JPEG files state.

/// Pixels an inch from a PNG's `pHYs` chunk or a JPEG's JFIF header.
pub(crate) fn dpi(bytes: &[u8]) -> Option<f32> {
    if bytes.starts_with(b"\x89PNG") { png(bytes) } else { jfif(bytes) }
}

/// PNG specification, section 11.3.4.3: pixels a unit along x and y, then 1 where the unit is the metre.
fn png(bytes: &[u8]) -> Option<f32> {
    let mut at = 8;
    loop {
        let length = be32(bytes, at)? as usize;
        let kind = bytes.get(at + 4..at + 8)?;
        if kind == b"pHYs" {
            let per_metre = be32(bytes, at + 8)?;
            return (bytes.get(at + 16) == Some(&1)).then_some(per_metre as f32 * 0.0254);
        }
        if kind == b"IDAT" {
            return None;
        }
        at = at.checked_add(length)?.checked_add(12)?;
    }
}

/// JFIF 1.02: marker APP0, "JFIF\0", version, unit (1 inch, 2 centimetre), density along x.
fn jfif(bytes: &[u8]) -> Option<f32> {
    if bytes.get(2..4)? != b"\xff\xe0" || bytes.get(6..11)? != b"JFIF\0" {
        return None;
    }
    let density = f32::from(u16::from_be_bytes(bytes.get(14..16)?.try_into().ok()?));
    match bytes.get(13)? {
        1 => Some(density),
        2 => Some(density * 2.54),
        _ => None,
    }
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jfif_density() {
        let head = b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x02\x01\x00\xc8\x00\xc8\x00\x00";
        assert_eq!(dpi(head), Some(200.0));
        assert_eq!(dpi(&head[..10]), None);
    }
}
