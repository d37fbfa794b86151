//! What shells and `man` know of the program, made from its flags.

use crate::args::{CompletionsArgs, ManArgs};
use crate::exit::{Exit, failure_line, line};
use crate::messages::msg;
use crate::output::print;
use clap::Command;
use export::Staging;
use pipeline::Failure;
use std::io;
use std::path::Path;

/// Prints what completes commands in a shell.
pub fn completions(args: &CompletionsArgs, mut command: Command) -> Exit {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut command, "vanthu", &mut text);
    print(&text).into()
}

/// Prints the manual page, or writes those of all commands.
pub fn man(args: &ManArgs, command: Command) -> Exit {
    let Some(folder) = &args.out else {
        let mut text = Vec::new();
        // A Vec takes all that is written.
        let _ = clap_mangen::Man::new(command).render(&mut text);
        return print(&text).into();
    };
    match pages(command, folder) {
        Ok(pages) => {
            line(&msg!("man_written", pages = pages, folder = pipeline::one_line(&folder.to_string_lossy())));
            Exit::Done
        }
        Err(e) => {
            line(&failure_line(folder, &Failure::writing(&e)));
            Exit::SomeFailed
        }
    }
}

/// Writes `vanthu.1` and `vanthu-COMMAND.1` into a folder. Returns how many.
fn pages(mut command: Command, folder: &Path) -> io::Result<usize> {
    std::fs::create_dir_all(folder)?;
    command = command.disable_help_subcommand(true);
    command.build();
    let mut waiting = vec![(command.clone().name("vanthu"), "vanthu".to_string())];
    let mut written = 0;
    while let Some((command, name)) = waiting.pop() {
        for below in command.get_subcommands().filter(|c| !c.is_hide_set() && c.get_name() != "help") {
            waiting.push((below.clone(), format!("{name}-{}", below.get_name())));
        }
        let mut text = Vec::new();
        clap_mangen::Man::new(command.display_name(name.clone()))
            .title(name.to_uppercase())
            .render(&mut text)?;
        Staging::default().write(&folder.join(format!("{name}.1")), |to| to.write_all(&text))?;
        written += 1;
    }
    Ok(written)
}
