use batch::Address;
use export::percent_encoded;
use std::path::{Component, Path};

/// A link from the folder `from` to the file `to`, both absolute: relative, so that it holds when both are moved
/// together or seen over a network; a `file:` address where no way leads from one to the other. An object in a store is
/// linked by its address.
pub fn link(from: &Path, to: &Path) -> String {
    // A part of an archive lies behind two strokes: the archive is linked.
    let (scheme, rest) = to.to_str().and_then(|text| text.split_once("://")).unwrap_or_default();
    let object = rest.split_once("//").map_or(rest, |(object, _)| object);
    if let Some(Ok(address)) = Address::of(Path::new(&format!("{scheme}://{object}"))) {
        let key: Vec<String> =
            address.key().split('/').map(|part| percent_encoded(part.as_bytes())).collect();
        return format!("{}://{}/{}", address.scheme().name(), address.bucket(), key.join("/"));
    }
    let (from, to): (Vec<Component<'_>>, Vec<Component<'_>>) =
        (from.components().collect(), to.components().collect());
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let rest = to.iter().skip(shared).map(|c| percent_encoded(c.as_os_str().as_encoded_bytes()));
    if shared == 0 {
        let path: Vec<String> = rest.filter(|part| part != "/").collect();
        return format!("file:///{}", path.join("/"));
    }
    let up = std::iter::repeat_n("..".to_string(), from.len() - shared);
    up.chain(rest).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_go_up_to_what_both_share() {
        let link = |from: &str, to: &str| link(Path::new(from), Path::new(to));
        assert_eq!(link("/a/out", "/a/in/x y.pdf"), "../in/x%20y.pdf");
        assert_eq!(link("/a/out", "/a/out/ế#.pdf"), "%E1%BA%BF%23.pdf");
        assert_eq!(link("/out", "/b/x.pdf"), "../b/x.pdf");
        assert_eq!(link("/out", "s3://b/quý I/x.pdf"), "s3://b/qu%C3%BD%20I/x.pdf");
        assert_eq!(link("/out", "s3://b/m.zip//a/x.docx"), "s3://b/m.zip");
    }
}
