/** The key map against the input methods: what Telex and VNI send is never a command. */
import { describe, expect, it } from "vitest";

import { chordOf, judge, type KeyPlace, type KeyPress, SAFE_LETTERS } from "./keymap";

const LIST: KeyPlace = { inField: false, inDialog: false, letters: "on" };
const FIELD: KeyPlace = { inField: true, inDialog: false, letters: "on" };

function press(code: string, more: Partial<KeyPress> = {}): KeyPress {
    return {
        code,
        key: "",
        keyCode: 0,
        isComposing: false,
        ctrlKey: false,
        altKey: false,
        shiftKey: false,
        metaKey: false,
        getModifierState: () => false,
        ...more,
    };
}

describe("the key map", () => {
    it("reads keys by their place, not by the character an input method made of them", () => {
        expect(chordOf(press("KeyG", { key: "ư" }))).toBe("G");
        expect(chordOf(press("Digit6", { key: "â" }))).toBe("6");
        expect(chordOf(press("Slash", { key: "?", shiftKey: true }))).toBe("?");
    });

    it("leaves every key alone while something is being composed", () => {
        expect(judge(press("KeyG", { isComposing: true }), LIST).kind).toBe("leave");
        expect(judge(press("KeyG", { keyCode: 229 }), LIST).kind).toBe("leave");
        expect(judge(press("Enter", { ctrlKey: true, keyCode: 229 }), LIST).kind).toBe("leave");
        expect(judge(press("KeyG", { key: "Process" }), LIST).kind).toBe("leave");
    });

    it("runs no letter and no digit while a field has the focus", () => {
        for (const code of ["KeyG", "KeyV", "KeyN", "Digit1", "Slash"]) {
            expect(judge(press(code), FIELD).kind).toBe("leave");
        }
        expect(judge(press("Slash", { shiftKey: true }), FIELD).kind).toBe("leave");
    });

    it("never has a command on a letter that Telex rewrites or on a tone key", () => {
        for (const letter of "AEIOUYDWZSFRXJ") {
            expect(SAFE_LETTERS).not.toContain(letter);
            expect(judge(press(`Key${letter}`), LIST).kind).toBe("leave");
        }
    });

    it("leaves Backspace to the input methods, which send it when they rewrite", () => {
        const verdict = judge(press("Backspace"), FIELD);
        expect(verdict).toEqual({ kind: "run", chord: "Backspace" });
        expect(SAFE_LETTERS).not.toContain("Backspace");
    });

    it("keeps letters quiet when they are switched off, and digits working", () => {
        const off: KeyPlace = { ...LIST, letters: "off" };
        expect(judge(press("KeyG"), off).kind).toBe("leave");
        expect(judge(press("Digit2"), off)).toEqual({ kind: "run", chord: "2" });
    });

    it("leaves AltGr and Ctrl+Alt to the keyboards that need them", () => {
        const altGr = press("KeyK", { getModifierState: (name) => name === "AltGraph" });
        expect(judge(altGr, LIST).kind).toBe("leave");
        expect(judge(press("KeyK", { ctrlKey: true, altKey: true }), LIST).kind).toBe("leave");
    });

    it("undoes text in a field and acts elsewhere", () => {
        expect(judge(press("KeyZ", { ctrlKey: true }), FIELD).kind).toBe("leave");
        expect(judge(press("KeyZ", { ctrlKey: true }), LIST).kind).toBe("run");
    });

    it("runs nothing of the screen under a dialog, and still keeps the page from reloading", () => {
        const dialog: KeyPlace = { ...LIST, inDialog: true };
        expect(judge(press("KeyG"), dialog).kind).toBe("leave");
        expect(judge(press("KeyK", { ctrlKey: true }), dialog).kind).toBe("leave");
        expect(judge(press("KeyR", { ctrlKey: true }), dialog).kind).toBe("swallow");
        expect(judge(press("Equal", { ctrlKey: true }), dialog).kind).toBe("run");
    });

    it("reads plus the same with and without Shift", () => {
        expect(chordOf(press("Equal", { ctrlKey: true, shiftKey: true }))).toBe("Ctrl+=");
        expect(chordOf(press("NumpadAdd", { ctrlKey: true }))).toBe("Ctrl+=");
    });
});
