//! What a walk asks of the page: only to look, never to act.

/// Where axe lies in the project.
pub(crate) const AXE_FILE: &str = "ui/node_modules/axe-core/axe.min.js";

/// Runs axe by the rules of WCAG 2.2 AA and returns what is serious.
pub(crate) const AXE_RUN: &str = r#"
    const done = arguments[arguments.length - 1];
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    axe.run(document, { runOnly: { type: "tag", values: tags } }).then(
        ({ violations }) => done(violations
            .filter(({ impact }) => impact === "serious" || impact === "critical")
            .map(({ id, help, nodes }) => ({
                id, help,
                nodes: nodes.slice(0, 5).map(({ html, failureSummary }) =>
                    ({ html, failureSummary })),
            }))),
        (error) => done([{ id: "axe", help: String(error), nodes: [] }]),
    );
"#;

/// A page before its fonts and its last frames would make a stale picture.
pub(crate) const SETTLED: &str = r#"
    const done = arguments[arguments.length - 1];
    const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
    document.fonts.ready
        .then(frame).then(frame)
        .then(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)))
        .then(frame).then(frame)
        .then(() => done(true));
"#;

/// Sets light or dark for this page, whatever the officer has chosen.
pub(crate) const THEME: &str = "document.documentElement.dataset.theme = arguments[0];";

/// The next file dialog of the browser answers with this file.
pub(crate) const CHOOSE: &str = r#"
    const [name, bytes] = arguments;
    const click = HTMLInputElement.prototype.click;
    HTMLInputElement.prototype.click = function () {
        if (this.type !== "file") return click.call(this);
        HTMLInputElement.prototype.click = click;
        const chosen = new DataTransfer();
        const content = Uint8Array.from(bytes, (byte) => byte.charCodeAt(0));
        chosen.items.add(new File([content], name));
        this.files = chosen.files;
        this.dispatchEvent(new Event("change"));
    };
"#;

/// The screens.
pub(crate) const RAIL: &str = "nav a[href^='#/']";

/// Their names, in order.
pub(crate) const RAIL_NAMES: &str = "return [...document.querySelectorAll(\"nav a[href^='#/']\")]
    .map((link) => link.querySelector('span').innerText.trim())";

/// The screen of this name is the one that is shown.
pub(crate) const IS_ON: &str = "[...document.querySelectorAll('nav a[aria-current=page]')]
    .some((link) => link.innerText.includes(wanted[0]))";

/// The focus stands in a list with rows.
pub(crate) const IN_A_ROW: &str =
    "return document.activeElement?.closest('[role=grid], [role=listbox]') !== null";

/// What the chosen row says.
pub(crate) const CURRENT_ROW: &str = "const row = document.activeElement?.closest('[data-key]') ??
    document.querySelector('main [role=row][aria-selected=true], main [aria-selected=true]');
    return row?.innerText.replace(/\\s+/g, ' ') ?? ''";

/// A line of the palette says exactly this.
pub(crate) const OFFERED: &str = "[...document.querySelectorAll('dialog [role=option]')]
    .some((line) => line.innerText.split('\\n')[0].trim() === wanted[0])";

/// What the lit line of the palette says.
pub(crate) const LIT: &str = "return document
    .querySelector('dialog [role=option][aria-selected=true]')
    ?.innerText.split('\\n')[0].trim() ?? ''";

/// The document whose reference stands in the chosen row is open.
pub(crate) const IS_READ: &str = "(() => {
    const row = document.querySelector('main [role=row][aria-selected=true]');
    const lines = row?.innerText.trim().split('\\n') ?? [];
    const subject = lines.at(-1)?.split(': ').at(-1);
    const reference = lines.find((line) => line.includes('/')) ?? subject;
    const read = document.querySelector('[aria-label=\"Đọc văn bản\"]');
    return reference !== undefined && read !== null && read.innerText.includes(reference.trim());
})()";

/// A page of paper is drawn: dark ink on it, somewhere.
pub(crate) const PAPER: &str = "[...document.querySelectorAll('main canvas')].some((canvas) => {
    if (canvas.width === 0 || canvas.height === 0) return false;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] > 200 && data[at] + data[at + 1] + data[at + 2] < 200) return true;
    }
    return false;
})";

/// Nothing is still being read.
pub(crate) const QUIET: &str = "document.readyState === 'complete' &&
    document.querySelector('[aria-busy=true]') === null";

/// What stands in the last of some things.
pub(crate) const LAST_TEXT: &str =
    "return [...document.querySelectorAll(arguments[0])].at(-1)?.innerText ?? null";

/// What stands in each of some things.
pub(crate) const ALL_TEXTS: &str = "return [...document.querySelectorAll(arguments[0])]
    .map((one) => one.innerText.replace(/\\s+/g, ' ').trim())";

/// The box of choices that has the focus has a line that begins so.
pub(crate) const OFFERS: &str = "[...document.activeElement.options ?? []]
    .some((line) => line.label.startsWith(wanted[0]))";

/// The chosen line of the box of choices that has the focus begins so.
pub(crate) const PICKED: &str = "document.activeElement.selectedOptions?.[0]?.label
    .startsWith(wanted[0]) ?? false";

/// What the button says that registers.
pub(crate) const REGISTER_BUTTON: &str = "return [...document.querySelectorAll('main button')]
    .map((button) => button.innerText.replace(/\\s+/g, ' ').trim())
    .find((label) => label.startsWith('Vào sổ số'))";

/// A text can be seen.
pub(crate) const SHOWS: &str = "document.body.innerText.includes(wanted[0]) ||
    [...document.querySelectorAll('input, textarea')].some((field) => field.value === wanted[0])";

/// A text can no longer be seen.
pub(crate) const HIDES: &str = "!document.body.innerText.includes(wanted[0])";

/// Something is there and has a size.
pub(crate) const FINDS: &str = "[...document.querySelectorAll(wanted[0])]
    .some((one) => one.getClientRects().length > 0)";

/// The focus stands on the thing of this name.
pub(crate) const IS_AT: &str = "nameOf(document.activeElement).startsWith(wanted[0])";

/// The name of the thing that has the focus, as a screen reader says it.
pub(crate) const FOCUSED_NAME: &str = concat!(
    "const nameOf = ",
    include_str!("name_of.js"),
    "; return nameOf(document.activeElement);"
);

/// Returns a script that waits for a condition on `wanted` and answers whether it came in time.
pub(crate) fn until(condition: &str) -> String {
    format!(
        r#"
        const [wanted, patience, done] = arguments;
        const nameOf = {name_of};
        const holds = () => {condition};
        const end = performance.now() + patience;
        const look = () => {{
            if (holds()) done(true);
            else if (performance.now() > end) done(false);
            else setTimeout(look, 20);
        }};
        look();
        "#,
        name_of = include_str!("name_of.js")
    )
}
