/** The words of the language this window speaks; chosen once, at the start. */
import { en } from "./en";
import { vi, type Words } from "./vi";

const KEPT_AS = "vanthu.language";

function chosen(): string | null {
    try {
        return localStorage.getItem(KEPT_AS);
    } catch {
        return null;
    }
}

/** The language tag of the page. */
export const language: "vi" | "en" = chosen() === "en" ? "en" : "vi";
export const words: Words = language === "en" ? en : vi;
export type { Words };

/** The sentence of an act that was done. */
export function said(sentence: string, with_: readonly string[]): string {
    const speak = words.said[sentence] ?? words.said["done"];
    return speak === undefined ? "" : speak(...with_);
}

/** Speaks another language from the next start of the page on, which is now. */
export function chooseLanguage(tag: "vi" | "en"): void {
    try {
        localStorage.setItem(KEPT_AS, tag);
    } catch {
        return;
    }
    location.reload();
}
