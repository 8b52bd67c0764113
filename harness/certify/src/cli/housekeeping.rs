//! `schema`, `completions` and `man`: what packagers and programs need of the command line itself.

use super::{Failure, print_bytes};
use clap::{Args, ValueEnum};
use clap_complete::Shell;

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArguments {
    /// Which schema to print
    #[arg(value_enum)]
    of: Schema,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Schema {
    /// results.json
    Record,
    /// One line of the output of `run --format json`
    Event,
    /// campaign.json
    Campaign,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Writes a JSON Schema.
pub fn schema(arguments: &SchemaArguments) -> Result<u8, Failure> {
    let text = match arguments.of {
        Schema::Record => record::schema::record(),
        Schema::Event => record::schema::event(),
        Schema::Campaign => record::schema::campaign(),
    };
    print_bytes(text.as_bytes());
    Ok(0)
}

/// Writes a completion script.
pub fn completions(arguments: &CompletionsArguments) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::command(), "mqtt-certify", &mut script);
    print_bytes(&script);
    Ok(0)
}

/// Writes the man page, with one section for each command.
pub fn man() -> Result<u8, Failure> {
    let mut page = Vec::new();
    let mut command = super::command();
    command.build();
    let failed = |error: std::io::Error| Failure::internal(error.to_string());
    clap_mangen::Man::new(command.clone()).render(&mut page).map_err(failed)?;
    for part in command.get_subcommands().filter(|part| part.get_name() != "help") {
        let man = clap_mangen::Man::new(part.clone());
        page.extend(format!(".SH \"MQTT\\-CERTIFY {}\"\n", part.get_name().to_uppercase()).bytes());
        man.render_description_section(&mut page).map_err(failed)?;
        man.render_options_section(&mut page).map_err(failed)?;
    }
    print_bytes(&page);
    Ok(0)
}
