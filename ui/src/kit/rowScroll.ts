/** Where rows stand in their box: found, kept in place while others come, brought into sight. */
import { tick } from "svelte";

import { type Rows, WINDOW_ROWS } from "./rows.svelte";

/** A heading sticks to the top; a row under it would be hidden. */
const HEADROOM_PX = 34;

/** The row of a key, if it is on the page. */
export function rowOf(box: HTMLElement, key: string | null | undefined): HTMLElement | null {
    if (key == null) return null;
    const items = box.querySelectorAll<HTMLElement>("[data-key]");
    return [...items].find((item) => item.dataset["key"] === key) ?? null;
}

/** Changes the rows, and the first one in sight stays where it was. */
export async function keepInPlace(box: HTMLElement, change: () => Promise<unknown>): Promise<void> {
    const top = box.scrollTop;
    const anchor = [...box.querySelectorAll<HTMLElement>("[data-key]")].find(
        (item) => item.offsetTop + item.offsetHeight > top,
    );
    const offset = anchor === undefined ? 0 : anchor.offsetTop - top;
    await change();
    await tick();
    const same = rowOf(box, anchor?.dataset["key"]);
    if (same !== null && Math.abs(same.offsetTop - box.scrollTop - offset) > 1) {
        box.scrollTop = same.offsetTop - offset;
    }
}

/** Scrolls as little as it takes to see a whole row. */
export function bringIntoSight(box: HTMLElement, item: HTMLElement): void {
    if (item.offsetTop - HEADROOM_PX < box.scrollTop) box.scrollTop = item.offsetTop - HEADROOM_PX;
    const over = item.offsetTop + item.offsetHeight - box.scrollTop - box.clientHeight;
    if (over > 0) box.scrollTop += over;
}

/** Opens the rows that stand where the scrollbar was let go. */
export async function jumpToShare<Row>(box: HTMLElement, rows: Rows<Row>): Promise<void> {
    const span = Math.max(1, box.scrollHeight - box.clientHeight);
    const share = Math.min(1, box.scrollTop / span);
    await rows.open(Math.round(share * rows.total) - Math.round(share * WINDOW_ROWS));
    await tick();
    const first = box.querySelector<HTMLElement>("[data-key]");
    if (first !== null) box.scrollTop = rows.atEnd ? box.scrollHeight : first.offsetTop + 4;
}
