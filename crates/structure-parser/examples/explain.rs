//! Prints what the parser makes of a text file, with the rule behind each entry:
//! `cargo run --release -p structure-parser --example explain -- FILE [--json]`.

fn main() -> std::io::Result<()> {
    let (flags, files): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|a| a.starts_with("--"));
    for file in files {
        let d = structure_parser::parse_text(&std::fs::read_to_string(&file)?);
        if flags.iter().any(|f| f == "--json") {
            println!("{}", serde_json::to_string_pretty(&d).map_err(std::io::Error::other)?);
            continue;
        }
        let m = &d.metadata;
        println!("== {file}");
        println!(
            "kind {:?} number {:?} symbol {:?} date {:?} place {:?}",
            m.kind, m.number, m.symbol, m.date, m.place
        );
        println!("issuer {:?} parent {:?}\nsubject {:?}", m.issuer, m.parent_issuer, m.subject);
        println!("signer {:?} {:?} {:?}", m.signing_authority, m.signer_title, m.signer);
        println!(
            "to {:?}\nrecipients {:?}\nbases {:?} urgency {:?}",
            m.addressees, m.recipients, m.legal_bases, m.urgency
        );
        println!("-- outline");
        for o in &d.outline {
            println!(
                "{}{} | {} | {:?} [{}]",
                "  ".repeat(o.level as usize),
                o.label,
                o.title,
                o.role,
                o.evidence.rule
            );
        }
        println!("-- tasks");
        for t in &d.tasks {
            println!("[{}] {} <{}>", t.section, t.text, t.evidence.rule);
            for u in &t.units {
                println!("      {:?} {} <{} {:?}>", u.role, u.name, u.evidence.rule, u.origin);
            }
            for w in &t.deadlines {
                println!(
                    "      due {:?} {:?} {:?} {:?} {:?} <{}>",
                    w.text, w.date, w.start, w.end, w.rrule, w.evidence.rule
                );
            }
            if !t.products.is_empty() {
                println!("      products {:?}", t.products);
            }
        }
        println!("-- targets");
        for t in &d.targets {
            println!(
                "{:?} {:?} {:?} {:?} {} {:?} {:?} by {:?} from {:?}",
                t.text,
                t.indicator,
                t.direction,
                t.comparator,
                t.value,
                t.value_high,
                t.unit,
                t.by,
                t.baseline
            );
        }
        println!("-- references");
        for r in &d.references {
            println!("{} {:?} {:?} {:?} {:?}", r.kind, r.symbol, r.name, r.date, r.issuer);
        }
        println!("-- diagnostics");
        for r in &d.diagnostics {
            println!("{} {}", r.code, r.message);
        }
    }
    Ok(())
}
