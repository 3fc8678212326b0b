/** The list under the keyboard: one tab stop, keys move, windows follow. */
import { cleanup, render, screen } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, describe, expect, it } from "vitest";

import { RUN_ROWS_MAX, Rows, type RowSource } from "./rows.svelte";
import RowListTest from "./RowListTest.svelte";

interface Row {
    id: string;
    group: string;
}

/** A list of `total` rows, read by windows as the desk gives them. */
function source(total: number): RowSource<Row> {
    const make = (index: number): Row => ({ id: `r${index}`, group: index < 3 ? "first" : "rest" });
    return {
        key: (row) => row.id,
        group: (row) => row.group,
        load: (first, count) => {
            const to = Math.min(total, first + count);
            const rows = Array.from({ length: to - first }, (_, at) => make(first + at));
            return Promise.resolve({ rows, total, first });
        },
    };
}

async function settle(): Promise<void> {
    for (let turn = 0; turn < 6; turn++) {
        await Promise.resolve();
        await tick();
    }
}

async function list(total: number, onopen?: (row: { id: string }) => void): Promise<Rows<Row>> {
    const rows = new Rows(source(total));
    await rows.open();
    render(RowListTest, { props: { rows, ...(onopen === undefined ? {} : { onopen }) } });
    await settle();
    screen
        .getAllByRole("row")
        .find((row) => row.dataset["key"] === "r0")
        ?.focus();
    await settle();
    return rows;
}

async function press(key: string, more: KeyboardEventInit = {}): Promise<void> {
    const code = key === " " ? "Space" : key.length === 1 ? `Key${key.toUpperCase()}` : key;
    document.activeElement?.dispatchEvent(
        new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true, ...more }),
    );
    await settle();
}

const focused = (): string | undefined => (document.activeElement as HTMLElement).dataset["key"];

afterEach(cleanup);

describe("a list of rows", () => {
    it("keeps the keys when the row they stood on is gone", async () => {
        let from = 0;
        const all = source(30);
        const rows = new Rows<Row>({
            ...all,
            load: async (first, count) => {
                const window = await all.load(first, count);
                return { ...window, rows: window.rows.slice(from) };
            },
        });
        await rows.open();
        render(RowListTest, { props: { rows } });
        await settle();
        screen
            .getAllByRole("row")
            .find((row) => row.dataset["key"] === "r1")
            ?.focus();
        await press("ArrowDown");
        from = 5;
        await rows.open();
        await settle();
        expect(focused()).toBe("r5");
        await press("ArrowDown");
        expect(focused()).toBe("r6");
    });

    it("is one tab stop, and says how many rows there are and which one this is", async () => {
        await list(5000);
        const rows = screen.getAllByRole("row").filter((row) => row.dataset["key"] !== undefined);
        expect(rows.filter((row) => row.tabIndex === 0)).toHaveLength(1);
        expect(screen.getByRole("grid").getAttribute("aria-rowcount")).toBe("5000");
        expect(rows[1]?.getAttribute("aria-rowindex")).toBe("2");
    });

    it("moves the focus with the arrows and opens with Enter", async () => {
        const opened: string[] = [];
        await list(10, (row) => opened.push(row.id));
        await press("ArrowDown");
        await press("ArrowDown");
        expect(focused()).toBe("r2");
        await press("ArrowUp");
        await press("Enter");
        expect(opened).toEqual(["r1"]);
    });

    it("asks for the next window when the keyboard walks over the edge", async () => {
        const rows = await list(300);
        for (let step = 0; step < 45; step++) await press("ArrowDown");
        expect(focused()).toBe("r45");
        expect(rows.run.length).toBeGreaterThan(45);
    });

    it("goes to the last row without reading what is between, and back", async () => {
        const rows = await list(1_000_000);
        await press("End");
        expect(focused()).toBe("r999999");
        expect(rows.run.length).toBeLessThanOrEqual(RUN_ROWS_MAX);
        await press("Home");
        expect(focused()).toBe("r0");
    });

    it("marks a range with Shift and the arrows, one row with Space", async () => {
        const rows = await list(10);
        await press("ArrowDown", { shiftKey: true });
        await press("ArrowDown", { shiftKey: true });
        expect([...rows.marked]).toEqual(["r0", "r1", "r2"]);
        rows.unmark();
        await press(" ");
        expect(rows.chosen()).toEqual(["r2"]);
    });

    it("leaves keys alone while an input method composes", async () => {
        await list(10);
        await press("ArrowDown", { isComposing: true });
        expect(focused()).toBe("r0");
    });

    it("keeps a bounded run however far it is walked", async () => {
        const rows = new Rows(source(10_000));
        await rows.open();
        for (let turn = 0; turn < 40; turn++) await rows.more("after");
        expect(rows.run.length).toBe(RUN_ROWS_MAX);
        expect(rows.first + rows.run.length).toBe(41 * 40);
        await rows.more("before");
        expect(rows.run.length).toBe(RUN_ROWS_MAX);
    });

    it("gives the keyboard to the next row when its own is gone", async () => {
        const all = ["a", "b", "c"];
        const rows = new Rows<Row>({
            key: (row) => row.id,
            load: () =>
                Promise.resolve({
                    rows: all.map((id) => ({ id, group: "" })),
                    total: all.length,
                    first: 0,
                }),
        });
        await rows.open();
        rows.current = "b";
        all.splice(1, 1);
        await rows.again();
        expect(rows.current).toBe("c");
    });
});
