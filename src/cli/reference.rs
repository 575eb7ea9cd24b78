//! `topicgate completions` and `topicgate man`: made from the same definitions as `--help`.

use std::io::Write;

use clap_complete::Shell;

use crate::cli::Exit;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  topicgate completions bash > /etc/bash_completion.d/topicgate")]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

/// Print the manual page
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  topicgate man > /usr/local/share/man/man1/topicgate.1")]
pub(super) struct Man {}

pub(super) fn completions(
    arguments: &Completions,
    mut command: clap::Command,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let name = command.get_name().to_owned();
    clap_complete::generate(arguments.shell, &mut command, name, out);
    Ok(Exit::Clean)
}

/// One page for all commands: each is a section, as nobody looks for `topicgate-check(1)`.
pub(super) fn man(mut command: clap::Command, out: &mut impl Write) -> anyhow::Result<Exit> {
    command.build();
    clap_mangen::Man::new(command.clone()).render(out)?;
    for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
        let name = subcommand.get_name().to_owned();
        let man = clap_mangen::Man::new(subcommand.clone());
        writeln!(out, ".SH \"TOPICGATE {}\"", name.to_uppercase())?;
        man.render_description_section(out)?;
        man.render_synopsis_section(out)?;
        man.render_options_section(out)?;
        man.render_extra_section(out)?;
    }
    Ok(Exit::Clean)
}
