/** A list of documents under a filter: urgent ones first until dealt with, then by day. */
import type { Direction, DocumentFilter, DocumentRow } from "../../host/generated/contract";
import { Rows, type RowWindow } from "../../kit/rows.svelte";
import { words } from "../../text";
import { dayHeading } from "../../text/dates";
import type { Desk } from "../desk.svelte";

/** More urgent ones than this and the rest wait in their day. */
const URGENT_MAX = 30;
/** What a search in the list shows. */
const FOUND_MAX = 200;

export const NO_FILTER: DocumentFilter = {
    direction: null,
    book: null,
    state: null,
    party: null,
    from: null,
    to: null,
};

export class DocumentList {
    filter = $state.raw<DocumentFilter>(NO_FILTER);
    text = $state("");
    readonly rows: Rows<DocumentRow>;
    readonly #desk: Desk;
    #urgent: DocumentRow[] = [];

    constructor(desk: Desk, direction: Direction) {
        this.#desk = desk;
        this.filter = { ...NO_FILTER, direction };
        this.rows = new Rows<DocumentRow>({
            key: (row) => row.id,
            group: (row) => this.#group(row),
            load: (first, count) => this.#load(first, count),
        });
    }

    /** Whether the list shows everything, and so the urgent ones first. */
    get #mixed(): boolean {
        const { state, from, to, party, book } = this.filter;
        return [state, from, to, party, book].every((part) => part === null) && this.text === "";
    }

    #group(row: DocumentRow): string | null {
        // Drafts and numbers stand in the order of the desk, which is not always that of days.
        if (this.filter.direction === "outgoing") return null;
        if (this.#mixed && this.#urgent.some((urgent) => urgent.id === row.id)) {
            return words.documents.urgentGroup;
        }
        return dayHeading(row.day, this.#desk.today);
    }

    async #load(first: number, count: number): Promise<RowWindow<DocumentRow>> {
        const { host } = this.#desk;
        if (this.text.trim() !== "") {
            const found = await host.ask("search", {
                text: this.text,
                filter: this.filter,
                count: FOUND_MAX,
                everything: false,
            });
            const rows = found.documents.map(({ row }) => row);
            return { rows, first: 0, total: rows.length };
        }
        if (!this.#mixed) return host.ask("documents", { filter: this.filter, first, count });
        if (first === 0) await this.#findUrgent();
        const urgent = this.#urgent.slice(first, first + count);
        const window = await host.ask("documents", {
            filter: this.filter,
            first: Math.max(0, first - this.#urgent.length),
            count: Math.max(1, count - urgent.length),
        });
        const ids = new Set(this.#urgent.map((row) => row.id));
        const rest = window.rows.filter((row) => !ids.has(row.id));
        const rows = [...urgent, ...rest];
        const all = window.first + window.rows.length >= window.total;
        const total = all ? first + rows.length : window.total;
        return { rows, first, total: Math.max(total, first + rows.length) };
    }

    async #findUrgent(): Promise<void> {
        const filter = { ...this.filter, state: "urgent" };
        const { rows } = await this.#desk.host.ask("documents", {
            filter,
            first: 0,
            count: URGENT_MAX,
        });
        this.#urgent = rows;
    }

    /** Narrows the list and begins at its top. */
    async narrow(change: Partial<DocumentFilter>): Promise<void> {
        this.filter = { ...this.filter, ...change };
        this.rows.unmark();
        await this.rows.open();
    }

    async find(text: string): Promise<void> {
        this.text = text;
        await this.rows.open();
    }

    /** Reads again when documents change; the answer stops. */
    start(): () => void {
        void this.rows.open();
        return this.#desk.host.onTouch((topics) => {
            if (topics.has("documents") || topics.has("*")) void this.rows.again();
        });
    }
}
