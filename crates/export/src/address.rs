//! Parts of addresses.

/// Percent-encoded but for what RFC 3986 calls unreserved, for a part of an address.
pub fn percent_encoded(part: &[u8]) -> String {
    let mut out = String::with_capacity(part.len());
    for &b in part {
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_points_stay() {
        assert_eq!(percent_encoded("a-1.~ ế/".as_bytes()), "a-1.~%20%E1%BA%BF%2F");
    }
}
