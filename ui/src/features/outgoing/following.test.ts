/** What a key does on the table of recipients: marks, the row an act is about, evidence. */
import { beforeEach, describe, expect, it } from "vitest";

import type { Desk } from "../../app/desk.svelte";
import type { ParcelRow } from "../../host/generated/contract";
import { Following } from "./following.svelte";

function row(id: string, more: Partial<ParcelRow> = {}): ParcelRow {
    return {
        id,
        agency: id,
        name: `UBND xã ${id}`,
        code: "",
        purpose: "",
        due: null,
        standing: "arrived",
        reach: "server",
        files_left: 0,
        sent_at: 0,
        arrived_at: 0,
        fetched_at: null,
        answered_at: null,
        answered_by: "",
        number: "",
        refused: "",
        misaddressed: false,
        assigned_at: null,
        in_progress_at: null,
        done_at: null,
        chased: 0,
        chased_at: null,
        recall: null,
        lost: null,
        may_chase: true,
        may_recall: true,
        ...more,
    };
}

const asked: [string, unknown][] = [];
let went: unknown[] = [];
let rows: ParcelRow[] = [];

function following(): Following {
    const desk = {
        host: { live: () => ({ value: { rows, may_replace: true } }) },
        router: { go: (...to: unknown[]) => (went = to) },
        act: (name: string, args: unknown) => {
            asked.push([name, args]);
            return Promise.resolve({ path: "/bang-chung/7.json", receipts: 2 });
        },
    };
    return new Following(desk as unknown as Desk, "d");
}
const press = (now: Following, keys: string): void => {
    const command = now.commands().find((one) => one.keys === keys);
    if (command?.unable === undefined) command?.run();
};

beforeEach(() => {
    asked.length = 0;
    went = [];
    rows = [row("a"), row("b", { may_chase: false }), row("c", { may_recall: false })];
});

describe("the evidence of a row", () => {
    it("is written for the row the keyboard stands on, and says where it lies", async () => {
        const now = following();
        now.current = "b";
        press(now, "B");
        await expect.poll(() => now.proof?.name).toBe("UBND xã b");
        expect(asked).toEqual([["parcels.evidence", { id: "b" }]]);
        expect(now.proof?.written.path).toBe("/bang-chung/7.json");
    });
    it("cannot be had of what is on this PC only", () => {
        rows = [row("a", { reach: "here", standing: "sent" })];
        const now = following();
        const command = now.commands().find(({ keys }) => keys === "B");
        expect(command?.unable).toMatch(/chưa tới máy chủ/);
        expect(now.ofRow(rows[0] as ParcelRow).map(({ keys }) => keys)).toEqual(["N", "H"]);
    });
});

describe("marks", () => {
    it("narrow a reminder to those that may be reminded", () => {
        const now = following();
        expect(now.chased).toEqual(["a", "c"]);
        now.mark("b");
        now.mark("c");
        expect(now.chased).toEqual(["c"]);
        now.back();
        expect([...now.marked]).toEqual([]);
        expect(went).toEqual([]);
        now.back();
        expect(went).toEqual(["outgoing", "d"]);
    });
    it("are one row when an act of its menu begins", () => {
        const now = following();
        now.mark("a");
        const [, chase] = now.ofRow(rows[2] as ParcelRow);
        chase?.run();
        expect([...now.marked]).toEqual(["c"]);
        expect(now.box).toBe("chase");
    });
});

it("T begins the document that takes its place", () => {
    press(following(), "T");
    expect(went).toEqual(["outgoing", "new", { replaces: "d" }]);
});
