/** What a field tells the control inside it: its id, its note, how sure its value is. */
import { getContext, setContext } from "svelte";

/** How sure a value is, and so how its field looks. */
export type Mark = "sure" | "look" | "none" | "changed" | "seen" | "wrong" | "plain";

export interface FieldTies {
    readonly id: string;
    readonly describedBy: string | undefined;
    readonly mark: Mark;
    readonly required: boolean;
}

const KEY = Symbol("field");

/** Ties the controls below to this field. */
export function tieField(ties: FieldTies): void {
    setContext(KEY, ties);
}

/** The field this control stands in, if any. */
export function fieldOf(): FieldTies | undefined {
    return getContext<FieldTies | undefined>(KEY);
}
