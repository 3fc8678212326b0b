/** What the page remembers of the line: the last gap, and what has just gone up. */
import type { LineMeeting, SendingRow } from "../host/generated/contract";
import { words } from "../text";
import type { Desk } from "./desk.svelte";

/** As many as fit under what still waits. */
const SENT_MAX = 40;

/** From when to when there was no line. */
export interface Gap {
    from: number;
    to: number;
}

/** An act that the server has taken, and when that was seen. */
export interface Sent {
    row: SendingRow;
    at: number;
}

export class LineWatch {
    gap = $state.raw<Gap | null>(null);
    sent = $state.raw<readonly Sent[]>([]);
    #lost: number | null = null;
    #waits = new Map<string, SendingRow>();

    /** Another officer sits down, who may not see what the last one did. */
    forget(): void {
        this.sent = [];
        this.#waits = new Map();
    }

    /** Hears how it goes with the server, and since when. */
    goes(meeting: LineMeeting, since: number | null): void {
        if (meeting === "no_line" || meeting === "off") {
            this.#lost ??= since;
        } else if ((meeting === "talking" || meeting === "met") && this.#lost !== null) {
            this.gap = since === null ? null : { from: this.#lost, to: since };
            this.#lost = null;
        }
    }

    /** Hears what waits now; what waited before and does so no more has gone up. */
    waits(rows: readonly SendingRow[], now: number): void {
        const still = new Map(rows.map((row) => [row.id, row]));
        const gone = [...this.#waits.values()].filter(({ id }) => !still.has(id));
        this.#waits = still;
        if (gone.length === 0) return;
        const fresh = gone.toReversed().map((row) => ({ row, at: now }));
        this.sent = [...fresh, ...this.sent].slice(0, SENT_MAX);
    }
}

/** Switches the line of a demo window off or on. */
export async function turnLine(desk: Desk, off: boolean): Promise<void> {
    if ((await desk.act("line.switch", { off })) === null) return;
    desk.host.touch(["line"]);
}

/** Lets large files wait until they are opened, or come by themselves. */
export async function saveLine(desk: Desk, on: boolean): Promise<void> {
    if ((await desk.act("line.save", { on })) === null) return;
    desk.host.touch(["line"]);
}

/** Starts the program again with the newest version that is here; what is typed is kept. */
export async function restart(desk: Desk): Promise<void> {
    await desk.typing.flush();
    const starts = await desk.host.carrier.restart().catch(() => false);
    if (!starts) desk.say(words.line.program.notRestarted);
}
