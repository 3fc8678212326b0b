/** Lets people leave the marks off: folds Vietnamese text to plain small letters. */

/** Folds text for comparing: marks off, đ to d, small letters, single spaces. */
export function fold(text: string): string {
    return text
        .normalize("NFD")
        .replace(/\p{Mn}/gu, "")
        .replace(/[đĐ]/g, "d")
        .toLowerCase()
        .replace(/\s+/g, " ")
        .trim();
}

/** Says whether every word of `typed` begins some word of `text`, marks optional. */
export function answers(text: string, typed: string): boolean {
    const words = fold(text).split(/[\s/,.()–-]+/);
    const whole = fold(text);
    return fold(typed)
        .split(" ")
        .filter((word) => word !== "")
        .every((word) => words.some((start) => start.startsWith(word)) || whole.includes(word));
}

/** A piece of a text, and whether it is what the person typed. */
export interface Piece {
    text: string;
    hit: boolean;
}

/** Cuts a text into pieces so that what was typed can be shown marked. */
export function pieces(text: string, typed: string): Piece[] {
    const letters = [...text.normalize("NFC")];
    const folded = letters.map((letter) => (/\s/.test(letter) ? " " : fold(letter) || letter));
    const hits = letters.map(() => false);
    for (const word of fold(typed).split(" ")) {
        if (word === "") continue;
        const at = folded.join("").indexOf(word);
        if (at >= 0 && folded.every((letter) => letter.length === 1)) {
            hits.fill(true, at, at + word.length);
        }
    }
    const out: Piece[] = [];
    letters.forEach((letter, index) => {
        const last = out.at(-1);
        const hit = hits[index] ?? false;
        if (last !== undefined && last.hit === hit) last.text += letter;
        else out.push({ text: letter, hit });
    });
    return out;
}
