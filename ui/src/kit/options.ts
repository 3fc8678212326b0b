/** What may be picked from a list, and how typing narrows it. */
import { answers } from "./fold";

export interface Option {
    id: string;
    text: string;
    /** A second, quieter word: a unit, a code. */
    note?: string;
    /** The reason this one stands first, or cannot be picked. */
    hint?: string;
}

/** As many as a person reads at a glance. */
export const OPTIONS_SHOWN_MAX = 50;

/** The options that what was typed may mean, in their own order. */
export function narrow(options: readonly Option[], typed: string): Option[] {
    const found =
        typed.trim() === ""
            ? options
            : options.filter((option) => answers(`${option.text} ${option.note ?? ""}`, typed));
    return found.slice(0, OPTIONS_SHOWN_MAX);
}
