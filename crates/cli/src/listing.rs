//! The contract as a list: what may be asked, what for, and in which form.
use contract::COMMANDS;
use serde_json::json;

use crate::asking::write_out;
use crate::{End, Trouble};

/// Prints every command of the contract.
pub(crate) fn commands(as_json: bool) -> Result<End, Trouble> {
    if as_json {
        let all: Vec<_> = COMMANDS
            .iter()
            .map(|command| {
                json!({
                    "name": command.name,
                    "purpose": command.purpose.trim(),
                    "arguments": (command.arguments)(),
                    "answer": (command.answer)(),
                })
            })
            .collect();
        write_out(&format!("{:#}\n", serde_json::Value::Array(all)))?;
        return Ok(End::Done);
    }
    let wide = COMMANDS.iter().map(|command| command.name.len()).max().unwrap_or(0);
    let mut lines = String::new();
    for command in COMMANDS {
        lines.push_str(&format!("{:wide$}  {}\n", command.name, command.purpose.trim()));
    }
    write_out(&lines)?;
    Ok(End::Done)
}
