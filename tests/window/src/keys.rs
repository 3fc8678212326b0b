//! Keys by the names people know them by, as the web drivers want them.

use anyhow::Context as _;

/// The keys that are no character, by name, with the code that the WebDriver standard gives them.
const NAMED: [(&str, char); 29] = [
    ("Backspace", '\u{E003}'),
    ("Tab", '\u{E004}'),
    ("Enter", '\u{E007}'),
    ("Shift", '\u{E008}'),
    ("Ctrl", '\u{E009}'),
    ("Alt", '\u{E00A}'),
    ("Esc", '\u{E00C}'),
    ("Space", ' '),
    ("PageUp", '\u{E00E}'),
    ("PageDown", '\u{E00F}'),
    ("End", '\u{E010}'),
    ("Home", '\u{E011}'),
    ("←", '\u{E012}'),
    ("↑", '\u{E013}'),
    ("→", '\u{E014}'),
    ("↓", '\u{E015}'),
    ("Delete", '\u{E017}'),
    ("F1", '\u{E031}'),
    ("F2", '\u{E032}'),
    ("F3", '\u{E033}'),
    ("F4", '\u{E034}'),
    ("F5", '\u{E035}'),
    ("F6", '\u{E036}'),
    ("F7", '\u{E037}'),
    ("F8", '\u{E038}'),
    ("F9", '\u{E039}'),
    ("F10", '\u{E03A}'),
    ("F11", '\u{E03B}'),
    ("F12", '\u{E03C}'),
];

/// Reads a chord such as `Ctrl+K`, `Shift+F6`, `g` into the keys held down one after the other.
pub(crate) fn chord(text: &str) -> anyhow::Result<Vec<char>> {
    text.split('+').map(|name| key(name).with_context(|| format!("reading {text}"))).collect()
}

fn key(name: &str) -> anyhow::Result<char> {
    if let Some((_, key)) = NAMED.iter().find(|(known, _)| *known == name) {
        return Ok(*key);
    }
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        // A capital would hold Shift down too; a key is meant here, not a letter.
        (Some(letter), None) => Ok(letter.to_ascii_lowercase()),
        _ => anyhow::bail!("there is no key {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::chord;

    #[test]
    fn a_chord_is_its_keys_in_the_order_they_go_down() {
        assert_eq!(chord("Ctrl+K").unwrap(), ['\u{E009}', 'k']);
        assert_eq!(chord("Shift+F6").unwrap(), ['\u{E008}', '\u{E036}']);
        assert_eq!(chord("Ctrl+[").unwrap(), ['\u{E009}', '[']);
        assert!(chord("Hyper+K").is_err());
    }
}
