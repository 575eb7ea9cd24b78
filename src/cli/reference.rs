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
    let man = clap_mangen::Man::new(command.clone());
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    examples(&command, out)?;
    for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
        let man = clap_mangen::Man::new(subcommand.clone());
        writeln!(out, ".SH \"{}\"", subcommand.get_bin_name().unwrap_or_default().to_uppercase())?;
        writeln!(out, "{}", verbatim(&subcommand.get_about().map(ToString::to_string).unwrap_or_default()))?;
        man.render_synopsis_section(out)?;
        man.render_options_section(out)?;
        examples(subcommand, out)?;
    }
    Ok(Exit::Clean)
}

/// The text behind the help, line by line: the generator would fill its lines.
fn examples(command: &clap::Command, out: &mut impl Write) -> std::io::Result<()> {
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    writeln!(out, ".SS Examples\n.nf\n{}\n.fi", verbatim(text.trim_start_matches("Examples:\n")))
}

/// Characters that would be commands of the typesetter, escaped.
fn verbatim(text: &str) -> String {
    let lines = text.lines().map(|line| line.replace('\\', "\\e").replace('-', "\\-"));
    let lines = lines.map(|line| if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line });
    lines.collect::<Vec<_>>().join("\n")
}
