/** Which key does what: read by the place of the key, so that no input method is disturbed. */

/** Letters that Telex and VNI never rewrite at the start of a word. */
export const SAFE_LETTERS = "BCGHKLMNPTV";

/** Keys of the web view that would leave or reload the page. */
const TAKEN_OVER = new Set([
    "Ctrl+R",
    "Ctrl+J",
    "Ctrl+U",
    "Ctrl+N",
    "Ctrl+O",
    "Ctrl+P",
    "Ctrl+F",
    "Ctrl+S",
    "F3",
    "F5",
    "F7",
]);

const NAMED: Record<string, string> = {
    Slash: "/",
    BracketLeft: "[",
    BracketRight: "]",
    Equal: "=",
    NumpadAdd: "=",
    Minus: "-",
    NumpadSubtract: "-",
    NumpadEnter: "Enter",
};

/** What a key event needs to have, so that tests need no browser. */
export interface KeyPress {
    code: string;
    key: string;
    keyCode: number;
    isComposing: boolean;
    ctrlKey: boolean;
    altKey: boolean;
    shiftKey: boolean;
    metaKey: boolean;
    getModifierState(name: string): boolean;
}

/** Writes a key press as the house does: Ctrl+K, Shift+F6, G. Null when it is not ours. */
export function chordOf(press: KeyPress): string | null {
    if (press.isComposing || press.keyCode === 229 || press.key === "Process") return null;
    if (press.metaKey || press.getModifierState("AltGraph")) return null;
    if (press.ctrlKey && press.altKey) return null;
    const name = nameOf(press.code);
    if (name === null) return null;
    if (name === "/" && press.shiftKey && !press.ctrlKey) return "?";
    const shift = press.shiftKey && name !== "=" && name !== "-" ? "Shift+" : "";
    return `${press.ctrlKey ? "Ctrl+" : ""}${press.altKey ? "Alt+" : ""}${shift}${name}`;
}

function nameOf(code: string): string | null {
    const letter = /^Key([A-Z])$/.exec(code);
    if (letter !== null) return letter[1] ?? null;
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(code);
    if (digit !== null) return digit[1] ?? null;
    if (/^(Shift|Control|Alt|Meta|OS|CapsLock|Insert)/.test(code)) return null;
    return NAMED[code] ?? (code === "" ? null : code);
}

/** Says whether a chord is a bare character, which a field would want for itself. */
export function isBare(chord: string): boolean {
    return chord.length === 1;
}

/** Says whether the focus stands where characters are typed. */
export function takesText(target: EventTarget | null): boolean {
    if (!(target instanceof HTMLElement)) return false;
    if (target.isContentEditable) return true;
    if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
    if (!(target instanceof HTMLInputElement)) return false;
    return !["checkbox", "radio", "button", "submit", "range", "file"].includes(target.type);
}

/** Where the person stands when the key is pressed. */
export interface KeyPlace {
    inField: boolean;
    inDialog: boolean;
    letters: "on" | "off";
}

/** What to do with a key press. */
export type Verdict = { kind: "leave" } | { kind: "swallow" } | { kind: "run"; chord: string };

/** Keys that work over an open dialog too. */
const OVER_DIALOGS = new Set(["Ctrl+=", "Ctrl+-", "Ctrl+0", "F8"]);

/** Decides what a key press is, before anyone looks for a command. */
export function judge(press: KeyPress, place: KeyPlace): Verdict {
    const chord = chordOf(press);
    if (chord === null) return { kind: "leave" };
    const swallowed: Verdict = TAKEN_OVER.has(chord) ? { kind: "swallow" } : { kind: "leave" };
    if (place.inDialog && !OVER_DIALOGS.has(chord)) return swallowed;
    if (isBare(chord)) {
        if (place.inField) return { kind: "leave" };
        if (place.letters === "off" && /[A-Z]/.test(chord)) return { kind: "leave" };
        if (/[A-Z]/.test(chord) && !SAFE_LETTERS.includes(chord)) return { kind: "leave" };
    }
    if (chord === "Ctrl+Z" && place.inField) return { kind: "leave" };
    return { kind: "run", chord };
}

/** Says whether the web view would do something of its own with this key. */
export function isTakenOver(chord: string): boolean {
    return TAKEN_OVER.has(chord);
}
