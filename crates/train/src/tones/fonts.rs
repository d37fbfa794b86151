//! Fonts with all Vietnamese letters, from Debian packages: each draws the marks in its own way, and a net that knew one way
//! alone would read no other.

use fixtures::fonts::FontSet;
use std::path::{Path, PathBuf};

/// Package, folder, and the files of regular, bold, italic, bold italic. Those that stand nearest to Times, in which most
/// offices write, come first.
const FAMILIES: [(&str, &str, [&str; 4]); 11] = [
    (
        "fonts-liberation2",
        "/usr/share/fonts/truetype/liberation2",
        [
            "LiberationSerif-Regular.ttf",
            "LiberationSerif-Bold.ttf",
            "LiberationSerif-Italic.ttf",
            "LiberationSerif-BoldItalic.ttf",
        ],
    ),
    (
        "fonts-texgyre",
        "/usr/share/texmf/fonts/opentype/public/tex-gyre",
        [
            "texgyretermes-regular.otf",
            "texgyretermes-bold.otf",
            "texgyretermes-italic.otf",
            "texgyretermes-bolditalic.otf",
        ],
    ),
    (
        "fonts-freefont-ttf",
        "/usr/share/fonts/truetype/freefont",
        ["FreeSerif.ttf", "FreeSerifBold.ttf", "FreeSerifItalic.ttf", "FreeSerifBoldItalic.ttf"],
    ),
    (
        "fonts-sil-doulos",
        "/usr/share/fonts/truetype/doulos",
        ["DoulosSIL-Regular.ttf", "DoulosSIL-Regular.ttf", "DoulosSIL-Regular.ttf", "DoulosSIL-Regular.ttf"],
    ),
    (
        "fonts-croscore",
        "/usr/share/fonts/truetype/croscore",
        ["Tinos-Regular.ttf", "Tinos-Bold.ttf", "Tinos-Italic.ttf", "Tinos-BoldItalic.ttf"],
    ),
    (
        "fonts-sil-charis",
        "/usr/share/fonts/truetype/charis",
        ["CharisSIL-Regular.ttf", "CharisSIL-Bold.ttf", "CharisSIL-Italic.ttf", "CharisSIL-BoldItalic.ttf"],
    ),
    (
        "fonts-sil-gentiumplus",
        "/usr/share/fonts/truetype/gentiumplus",
        [
            "GentiumPlus-Regular.ttf",
            "GentiumPlus-Bold.ttf",
            "GentiumPlus-Italic.ttf",
            "GentiumPlus-BoldItalic.ttf",
        ],
    ),
    (
        "fonts-linuxlibertine",
        "/usr/share/fonts/opentype/linux-libertine",
        ["LinLibertine_R.otf", "LinLibertine_RB.otf", "LinLibertine_RI.otf", "LinLibertine_RZI.otf"],
    ),
    (
        "fonts-texgyre",
        "/usr/share/texmf/fonts/opentype/public/tex-gyre",
        [
            "texgyrepagella-regular.otf",
            "texgyrepagella-bold.otf",
            "texgyrepagella-italic.otf",
            "texgyrepagella-bolditalic.otf",
        ],
    ),
    (
        "fonts-noto-core",
        "/usr/share/fonts/truetype/noto",
        ["NotoSerif-Regular.ttf", "NotoSerif-Bold.ttf", "NotoSerif-Italic.ttf", "NotoSerif-BoldItalic.ttf"],
    ),
    (
        "fonts-croscore",
        "/usr/share/fonts/truetype/croscore",
        ["Arimo-Regular.ttf", "Arimo-Bold.ttf", "Arimo-Italic.ttf", "Arimo-BoldItalic.ttf"],
    ),
];

/// Of the families, so many stand near to Times; they are drawn as often as all others together.
const NEAR: usize = 5;

/// The families of a press.
pub struct Fonts {
    near: Vec<FontSet>,
    others: Vec<FontSet>,
}

impl Fonts {
    /// Those that are installed and have all Vietnamese letters; the packages of the others are named.
    ///
    /// # Errors
    /// When there are none.
    pub fn load() -> Result<Self, String> {
        let letters: String = super::pages::LETTERS.chars().chain(super::pages::POINTS).collect();
        let (mut near, mut others) = (Vec::new(), Vec::new());
        for (i, (package, folder, files)) in FAMILIES.into_iter().enumerate() {
            let paths: [PathBuf; 4] = files.map(|file| Path::new(folder).join(file));
            match FontSet::of_files(paths.each_ref().map(PathBuf::as_path)) {
                Ok(set) if !set.has(&letters) => println!("{}: lacks letters", files[0]),
                Ok(set) if i < NEAR => near.push(set),
                Ok(set) => others.push(set),
                Err(_) => println!("{}: not there; apt-get install {package}", files[0]),
            }
        }
        if near.is_empty() || others.is_empty() {
            return Err("there are too few fonts".into());
        }
        Ok(Self { near, others })
    }

    /// One of them, by two numbers from 0 to 1.
    pub fn draw(&self, kind: f32, which: f32) -> Option<&FontSet> {
        let sets = if kind < 0.5 { &self.near } else { &self.others };
        sets.get((which * sets.len() as f32) as usize)
    }
}
