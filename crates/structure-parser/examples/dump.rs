//! Prints the directive of each text file named as JSON, one a line: `cargo run --release -p structure-parser --example dump -- FILE...`.

fn main() -> std::io::Result<()> {
    for file in std::env::args().skip(1) {
        let directive = structure_parser::parse_text(&std::fs::read_to_string(&file)?);
        println!("{}", serde_json::to_string(&directive).map_err(std::io::Error::other)?);
    }
    Ok(())
}
