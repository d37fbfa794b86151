//! PDF/A-2b (ISO 19005-2): said of a file only where all that is in it is known to be allowed.
//!
//! What is allowed here is less than what the standard allows: pages of pictures with our own invisible text. A file
//! with fonts of its own, annotations, actions or pictures in CMYK stays plain PDF.

use super::content::ops;
use super::font::packed;
use super::icc::srgb;
use super::strip::{MAX_CONTENT, entry};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};

/// Entries of the catalogue that say nothing that an archive could mind.
const CATALOGUE: [&[u8]; 12] = [
    b"Type",
    b"Pages",
    b"Version",
    b"PageLayout",
    b"PageMode",
    b"PageLabels",
    b"Lang",
    b"ViewerPreferences",
    b"Metadata",
    b"OutputIntents",
    b"Outlines",
    b"Dests",
];
/// Entries of a page that are allowed.
const PAGE: [&[u8]; 14] = [
    b"Type",
    b"Parent",
    b"Contents",
    b"MediaBox",
    b"CropBox",
    b"TrimBox",
    b"BleedBox",
    b"ArtBox",
    b"Resources",
    b"Rotate",
    b"UserUnit",
    b"LastModified",
    b"Group",
    b"Tabs",
];
/// Operators that are allowed: pictures, paths, colours that are not CMYK, our text.
const OPERATORS: [&[u8]; 54] = [
    b"q", b"Q", b"cm", b"Do", b"gs", b"re", b"W", b"W*", b"n", b"m", b"l", b"c", b"v", b"y", b"h", b"f",
    b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*", b"w", b"J", b"j", b"M", b"d", b"i", b"g", b"G", b"rg",
    b"RG", b"BT", b"ET", b"Tf", b"Tr", b"Tz", b"Tm", b"Tj", b"Td", b"TD", b"T*", b"Tc", b"Tw", b"TL", b"Ts",
    b"BMC", b"BDC", b"EMC", b"MP", b"DP", b"ri",
];
/// Codings of streams that the standard bars, or that need a look we do not take.
const BARRED_FILTERS: [&[u8]; 4] = [b"LZWDecode", b"Crypt", b"JPXDecode", b"LZW"];
const COLOURS: [&[u8]; 4] = [b"DeviceGray", b"DeviceRGB", b"CalGray", b"CalRGB"];

/// What the file says of itself.
pub(crate) struct About<'a> {
    /// Title.
    pub title: &'a str,
    /// Digest of what the file was made of: its identity.
    pub sha256: &'a str,
    /// The page tree's own text font.
    pub font: ObjectId,
}

/// Dresses the document for an archive where it fits, and gives it title, producer and identity. Returns whether it is
/// PDF/A-2b.
pub(crate) fn dress(document: &mut Document, about: &About<'_>) -> lopdf::Result<bool> {
    let fits = fits(document, about.font).is_ok();
    let producer = concat!("vanthu ", env!("CARGO_PKG_VERSION"));
    let info = document.add_object(dictionary! {
        "Title" => Object::String(utf16(about.title), StringFormat::Hexadecimal),
        "Producer" => Object::string_literal(producer),
    });
    let metadata = xmp(about.title, producer, fits);
    let dictionary = dictionary! { "Type" => "Metadata", "Subtype" => "XML" };
    let metadata =
        document.add_object(Stream::new(dictionary, metadata.into_bytes()).with_compression(false));
    let profile = fits.then(|| document.add_object(packed(dictionary! { "N" => 3 }, srgb())));
    let root = document.trailer.get(b"Root")?.as_reference()?;
    let catalog = document.get_dictionary_mut(root)?;
    catalog.set("Metadata", metadata);
    if let Some(profile) = profile {
        let intent = dictionary! {
            "Type" => "OutputIntent", "S" => "GTS_PDFA1", "DestOutputProfile" => profile,
            "OutputConditionIdentifier" => Object::string_literal("sRGB"), "Info" => Object::string_literal("sRGB"),
        };
        catalog.set("OutputIntents", vec![intent.into()]);
        catalog.set("Lang", Object::string_literal("vi"));
    }
    let id = || Object::String(identity(about.sha256), StringFormat::Hexadecimal);
    document.trailer = dictionary! { "Root" => root, "Info" => info, "ID" => vec![id(), id()] };
    Ok(fits)
}

/// The first sixteen bytes of a digest in hexadecimal.
fn identity(sha256: &str) -> Vec<u8> {
    let byte = |i: usize| sha256.get(2 * i..2 * i + 2).and_then(|h| u8::from_str_radix(h, 16).ok());
    (0..16).map(|i| byte(i).unwrap_or(0)).collect()
}

fn utf16(text: &str) -> Vec<u8> {
    [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect()
}

fn xmp(title: &str, producer: &str, archive: bool) -> String {
    let allowed: String = title.chars().filter(|c| !c.is_control()).collect();
    let title = quick_xml::escape::escape(allowed.as_str());
    let conforms = match archive {
        true => "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>",
        false => "",
    };
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
        <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
        <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
        xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\
        <dc:format>application/pdf</dc:format>\
        <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\
        <pdf:Producer>{producer}</pdf:Producer>{conforms}\
        </rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>"
    )
}

/// Why a document is not known to fit.
type Unfit = &'static str;

/// Whether all that is in the document is known to be allowed.
fn fits(document: &Document, font: ObjectId) -> Result<(), Unfit> {
    if !document.version.starts_with("1.") {
        return Err("version");
    }
    let catalog = document.catalog().map_err(|_| "catalogue")?;
    only(catalog, &CATALOGUE)?;
    for object in document.objects.values() {
        match object {
            Object::Stream(stream) => fits_stream(document, stream)?,
            Object::Dictionary(dictionary) => fits_dictionary(document, dictionary)?,
            _ => {}
        }
    }
    for id in document.page_iter() {
        let page = document.get_dictionary(id).map_err(|_| "page")?;
        only(page, &PAGE)?;
        let content = document.get_page_content_with_limit(id, MAX_CONTENT).map_err(|_| "content")?;
        fits_content(&content)?;
        let resources =
            entry(document, page, b"Resources").and_then(|o| o.as_dict().ok()).ok_or("resources")?;
        fits_fonts(document, resources, font)?;
    }
    Ok(())
}

fn only(dictionary: &Dictionary, allowed: &[&[u8]]) -> Result<(), Unfit> {
    match dictionary.iter().all(|(key, _)| allowed.contains(&key.as_slice())) {
        true => Ok(()),
        false => Err("an entry that is not known"),
    }
}

fn fits_content(content: &[u8]) -> Result<(), Unfit> {
    let mut depth = 0_i32;
    for op in ops(content) {
        if !OPERATORS.contains(&op.name) {
            return Err("an operator that is not known");
        }
        depth += i32::from(op.name == b"q") - i32::from(op.name == b"Q");
        // The standard allows 28 levels.
        if !(0..=28).contains(&depth) {
            return Err("levels");
        }
    }
    Ok(())
}

/// Fonts other than our own may lack what the standard asks of them.
fn fits_fonts(document: &Document, resources: &Dictionary, font: ObjectId) -> Result<(), Unfit> {
    let fonts = entry(document, resources, b"Font").and_then(|o| o.as_dict().ok());
    let ours = |object: &Object| object.as_reference().is_ok_and(|id| id == font);
    match fonts.is_none_or(|fonts| fonts.iter().all(|(_, f)| ours(f))) {
        true => Ok(()),
        false => Err("fonts"),
    }
}

fn fits_stream(document: &Document, stream: &Stream) -> Result<(), Unfit> {
    let filters = stream.filters().unwrap_or_default();
    if filters.iter().any(|f| BARRED_FILTERS.contains(f)) {
        return Err("coding");
    }
    let dictionary = &stream.dict;
    let barred: [&[u8]; 6] = [b"F", b"FFilter", b"FDecodeParms", b"Alternates", b"OPI", b"PS"];
    if barred.iter().any(|key| dictionary.has(key)) {
        return Err("an entry of a stream");
    }
    match dictionary.get(b"Subtype").and_then(Object::as_name).unwrap_or_default() {
        b"Image" => {
            if dictionary.get(b"Interpolate").and_then(Object::as_bool).unwrap_or(false) {
                return Err("interpolation");
            }
            match entry(document, dictionary, b"ColorSpace") {
                Some(colour) => fits_colour(document, colour, 0),
                // A mask is painted in the colour of the page's own operators.
                None => Ok(()),
            }
        }
        b"Form" => {
            let content = stream.get_plain_content_with_limit(MAX_CONTENT).map_err(|_| "content")?;
            fits_content(&content)?;
            let resources = entry(document, dictionary, b"Resources").and_then(|o| o.as_dict().ok());
            // The standard wants a form to name its resources itself.
            if resources.ok_or("resources")?.has(b"Font") { Err("fonts") } else { Ok(()) }
        }
        _ => Ok(()),
    }
}

fn fits_colour(document: &Document, colour: &Object, depth: usize) -> Result<(), Unfit> {
    let follow = |object: &Object| document.dereference(object).map(|(_, o)| o.clone()).ok();
    match colour {
        Object::Name(name) if COLOURS.contains(&name.as_slice()) => Ok(()),
        Object::Array(parts) if depth < 3 => {
            let kind = parts.first().and_then(|p| p.as_name().ok()).ok_or("colour")?;
            match kind {
                b"CalGray" | b"CalRGB" | b"Lab" => Ok(()),
                b"ICCBased" => {
                    let profile = parts.get(1).and_then(follow).ok_or("colour")?;
                    let profile = profile.as_stream().map_err(|_| "colour")?;
                    let data = profile.get_plain_content_with_limit(MAX_CONTENT).map_err(|_| "colour")?;
                    let sound = data.get(36..40) == Some(b"acsp") && data.get(8).is_some_and(|v| *v <= 4);
                    let components = profile.dict.get(b"N").and_then(Object::as_i64).unwrap_or(0);
                    let space: &[u8] = if components == 1 { b"GRAY" } else { b"RGB " };
                    let fits = sound && matches!(components, 1 | 3) && data.get(16..20) == Some(space);
                    if fits { Ok(()) } else { Err("colour profile") }
                }
                b"Indexed" => {
                    fits_colour(document, &parts.get(1).and_then(follow).ok_or("colour")?, depth + 1)
                }
                _ => Err("colour"),
            }
        }
        _ => Err("colour"),
    }
}

fn fits_dictionary(document: &Document, dictionary: &Dictionary) -> Result<(), Unfit> {
    // Actions, files inside files, scripts, transfer functions and halftones.
    let barred: [&[u8]; 9] = [b"AA", b"EF", b"JS", b"TR", b"HTP", b"HT", b"A", b"Annots", b"AF"];
    if barred.iter().any(|key| dictionary.has(key)) {
        return Err("an entry of an object");
    }
    match entry(document, dictionary, b"SMask") {
        None => Ok(()),
        Some(Object::Name(name)) if name == b"None" => Ok(()),
        Some(_) => Err("transparency"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_break_the_metadata() {
        let xmp = xmp("A & <b>\u{1}", "vanthu", true);
        assert!(xmp.contains(">A &amp; &lt;b&gt;</rdf:li>"), "{xmp}");
        let mut reader = quick_xml::Reader::from_str(&xmp);
        while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
    }
}
