/** What waits for a person: numbers that clash, and acts that came back. */
import type { HeldRow, SendingRow } from "../../host/generated/contract";
import type { IconName } from "../../kit/icons";
import { words } from "../../text";
import { actText } from "./line";

export type Item =
    { kind: "held"; key: string; row: HeldRow } | { kind: "act"; key: string; row: SendingRow };

/** One way out of an item; its digit is its place. */
export interface Exit {
    id: string;
    label: string;
    icon?: IconName;
    run: () => void;
}

export type Verdict = "suffix" | "void" | "renumber";
export const VERDICTS = ["suffix", "void", "renumber"] as const;

const RANK = { express: 0, very_urgent: 1, urgent: 2, normal: 3 } as const;

/** All that waits: urgent documents first, and among equals numbers on paper. */
export function itemsOf(held: readonly HeldRow[], acts: readonly SendingRow[]): Item[] {
    const items = [
        ...held.map((row): Item => ({ kind: "held", key: `${row.id}-${row.given_by}`, row })),
        ...acts.map((row): Item => ({ kind: "act", key: `act-${row.id}`, row })),
    ];
    return items.toSorted((one, other) => RANK[one.row.urgency] - RANK[other.row.urgency]);
}

/** What a clash is called: with another document, or with who gave the numbers then. */
export function clashTitle({ number, year, other }: HeldRow): string {
    const say = words.line.clash;
    return (other === null ? say.refused : say.title)(`${number}/${year}`);
}

/** What an item is called. */
export function titleOf(item: Item): string {
    if (item.kind === "held") return clashTitle(item.row);
    const text = actText(item.row);
    return item.row.stand === "held" ? words.line.look.held(text) : words.line.look.refused(text);
}

/** How a decision about a clashing number is said. */
export function verdictLabel(verdict: Verdict, row: HeldRow): string {
    const say = words.line.clash;
    if (verdict === "suffix") return say.suffix(row.with_letter);
    return verdict === "void" ? say.void(row.number) : say.renumber;
}

/** What a decision about a clashing number means. */
export function verdictNote(verdict: Verdict, row: HeldRow): string {
    const say = words.line.clash;
    if (verdict === "suffix") return say.suffixNote(row.with_letter);
    return verdict === "void" ? say.voidNote : say.renumberNote;
}
