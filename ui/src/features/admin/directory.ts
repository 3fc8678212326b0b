/** The directory as its part of Quản trị shows and begins it. */
import type { EntryChange, EntryForm, EntryRow } from "../../host/generated/contract";
import { showDay } from "../../kit/dates";
import type { Option } from "../../kit/options";
import { words } from "../../text";

const say = words.directory;

/** A new entry. */
export const BLANK: EntryForm = {
    agency: null,
    name: "",
    code: "",
    unit: "",
    parent: "",
    ended: "",
    heirs: [],
    instead_of: null,
    seen: "",
};

/** An heir of a form, with its name. */
export interface Heir {
    agency: string;
    name: string;
}

/** One change in a few words: what a field was and is. */
export function changeText({ field, before, after }: EntryChange): string {
    if (field === "listed") return say.listed;
    const name = say.field[field] ?? field;
    if (after === "") return say.taken(name, before);
    return before === "" ? say.given(name, after) : say.changed(name, before, after);
}

/** All that changed of an entry. A new one is named by what stands in it. */
export function changesText(changes: readonly EntryChange[]): string {
    return changes.map(changeText).join(say.between);
}

/** How an entry stands, in a few words. */
export function standingText({ ended, heirs, on_exchange }: EntryRow): string {
    if (ended === null) return on_exchange ? say.onExchange : say.notOnExchange;
    const gone = say.ended(showDay(ended));
    return heirs.length === 0 ? gone : `${gone} ${say.heirsAre(heirs.join("; "))}`;
}

/** A found entry as an heir to pick. */
export function optionOf(row: EntryRow): Option {
    const note = [row.code, row.parent].filter((part) => part !== "").join(" · ");
    return {
        id: row.agency,
        text: row.name,
        ...(note === "" ? {} : { note }),
        ...(row.ended === null ? {} : { hint: say.ended(showDay(row.ended)) }),
    };
}
