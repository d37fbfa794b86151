//! A colour profile of sRGB, made of what IEC 61966-2-1 says.

/// The profile: version 4, three primaries adapted to D50 and the curve of sRGB as a formula.
pub(crate) fn srgb() -> Vec<u8> {
    // XYZ numbers and curves are fixed-point: 16 bits before the point and 16 after it.
    let fixed = |values: &[f64]| {
        values.iter().flat_map(|v| ((v * 65536.0).round() as i32).to_be_bytes()).collect::<Vec<u8>>()
    };
    let xyz = |values: [f64; 3]| [&b"XYZ \0\0\0\0"[..], &fixed(&values)].concat();
    let text = |text: &str| {
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let length = (units.len() as u32).to_be_bytes();
        [&b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS"[..], &length, &28_u32.to_be_bytes(), &units].concat()
    };
    let curve =
        [&b"para\0\0\0\0\0\x03\0\0"[..], &fixed(&[2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045])]
            .concat();
    let tags: [(&[u8; 4], Vec<u8>); 9] = [
        (b"desc", text("sRGB")),
        (b"cprt", text("No copyright, use freely")),
        (b"wtpt", xyz([0.9642, 1.0, 0.8249])),
        (b"rXYZ", xyz([0.43607, 0.22249, 0.01392])),
        (b"gXYZ", xyz([0.38515, 0.71687, 0.09708])),
        (b"bXYZ", xyz([0.14307, 0.06061, 0.71410])),
        (b"rTRC", curve.clone()),
        (b"gTRC", curve.clone()),
        (b"bTRC", curve),
    ];
    let mut table = (tags.len() as u32).to_be_bytes().to_vec();
    let mut data: Vec<u8> = Vec::new();
    let begin = 128 + 4 + 12 * tags.len();
    for (tag, value) in &tags {
        table.extend(*tag);
        table.extend(((begin + data.len()) as u32).to_be_bytes());
        table.extend((value.len() as u32).to_be_bytes());
        data.extend(value);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let size = (begin + data.len()) as u32;
    let mut profile = size.to_be_bytes().to_vec();
    profile.extend([0, 0, 0, 0]); // No preferred engine.
    profile.extend([4, 0x20, 0, 0]);
    profile.extend(b"mntrRGB XYZ ");
    profile.extend([2000_u16, 1, 1, 0, 0, 0].iter().flat_map(|v| v.to_be_bytes()));
    profile.extend(b"acsp");
    profile.resize(68, 0);
    profile.extend(fixed(&[0.9642, 1.0, 0.8249]));
    profile.resize(128, 0);
    profile.extend(table);
    profile.extend(data);
    profile
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_says_its_size_and_its_tags_lie_inside() {
        let profile = srgb();
        let long = |at: usize| u32::from_be_bytes(profile[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!(long(0), profile.len());
        assert_eq!(&profile[36..40], b"acsp");
        for i in 0..long(128) {
            assert!(long(132 + 12 * i + 4) + long(132 + 12 * i + 8) <= profile.len());
        }
    }
}
