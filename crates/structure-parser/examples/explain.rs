//! Prints why the parser made each entry of a text file: `cargo run --release -p structure-parser --example explain -- FILE...`.

fn main() -> std::io::Result<()> {
    for file in std::env::args().skip(1) {
        let document = structure_parser::plain(&std::fs::read_to_string(&file)?);
        let directive = structure_parser::parse(&document);
        println!("== {file}");
        for line in structure_parser::explain(&document.text, &directive) {
            println!("{line}");
        }
    }
    Ok(())
}
