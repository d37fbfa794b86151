//! What `vanthu convert` promises.

use crate::common::{code, pipe, stderr};

const UNICODE: &str = "Phòng Thủy lợi tỉnh Bình An rà soát hồ sơ\n";

#[test]
fn encodings_are_told_and_converted() {
    let inputs: [(&[u8], &str); 4] = [
        (b"Ph\xdfng Th\xf1y l\xeei t\xd8nh B\xd7nh An r\xb5 so\xb8t h\xe5 s\xac\n", "TCVN3"),
        ("Phoøng Thuûy lôïi tænh Bình An raø soaùt hoà sô\n".as_bytes(), "VNI"),
        (b"Pho`ng Thu?y lo+.i ti?nh Bi`nh An ra` soa't ho^` so+\n", "VIQR"),
        (UNICODE.as_bytes(), "no legacy encoding found; read as UTF-8"),
    ];
    for (input, told) in inputs {
        let output = pipe(["convert"], input);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert_eq!(String::from_utf8(output.stdout.clone()).unwrap(), UNICODE);
        assert!(stderr(&output).contains(told), "{}", stderr(&output));
    }
}

#[test]
fn an_encoding_can_be_forced() {
    let output = pipe(["convert", "--from", "tcvn3"], b"B\xd7nh\n");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "Bình\n");
    assert_eq!(code(&pipe(["convert", "--from", "koi8"], b"x")), 1);
}

#[test]
fn what_is_no_text_is_refused() {
    let output = pipe(["convert"], b"\x00\x01\x02\xff\xfe\x00");
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("unsupported"), "{}", stderr(&output));
}
