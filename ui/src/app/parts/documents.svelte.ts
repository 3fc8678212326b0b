/** A list of documents under a filter: what presses first until it is dealt with, then by day. */
import type {
    Direction,
    DocumentFilter,
    DocumentRow,
    DocumentState,
} from "../../host/generated/contract";
import { Rows, type RowWindow } from "../../kit/rows.svelte";
import { words } from "../../text";
import { dayHeading } from "../../text/dates";
import type { Desk } from "../desk.svelte";

/** More than this on top and the rest wait in their day. */
const TOP_MAX = 60;
/** The order in which outgoing documents press. */
const PRESSING: readonly DocumentState[] = [
    "returned",
    "draft",
    "submitted",
    "approved",
    "awaiting_number",
    "to_send",
];
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
    #top: DocumentRow[] = [];

    constructor(desk: Desk, direction: Direction) {
        this.#desk = desk;
        this.filter = { ...NO_FILTER, direction };
        this.rows = new Rows<DocumentRow>({
            key: (row) => row.id,
            group: (row) => this.#group(row),
            load: (first, count) => this.#load(first, count),
        });
    }

    /** Whether the list shows everything, and so what presses first. */
    get #mixed(): boolean {
        const { state, from, to, party, book } = this.filter;
        return [state, from, to, party, book].every((part) => part === null) && this.text === "";
    }

    /** The heading of a row; what stands behind a tab is a count. */
    #group(row: DocumentRow): string | null {
        const onTop = this.#mixed && this.#top.some((top) => top.id === row.id);
        if (this.filter.direction === "outgoing") {
            if (!this.#mixed) return null;
            if (!onTop) return words.documents.sentGroup;
            const alike = this.#top.filter(({ state }) => state === row.state);
            return `${words.documents.waitingGroup[row.state] ?? ""}\t${alike.length}`;
        }
        if (onTop) return `${words.documents.urgentGroup}\t${this.#top.length}`;
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
        if (first === 0) await this.#findTop();
        const top = this.#top.slice(first, first + count);
        const window = await host.ask("documents", {
            filter: this.filter,
            first: Math.max(0, first - this.#top.length),
            count: Math.max(1, count - top.length),
        });
        const ids = new Set(this.#top.map((row) => row.id));
        const rest = window.rows.filter((row) => !ids.has(row.id));
        const rows = [...top, ...rest];
        const end = first + rows.length;
        const all = window.first + window.rows.length >= window.total;
        return { rows, first, total: all ? end : Math.max(window.total, end + 1) };
    }

    /** Urgent ones, or outgoing ones that are still on their way. */
    async #findTop(): Promise<void> {
        const outgoing = this.filter.direction === "outgoing";
        const { rows } = await this.#desk.host.ask("documents", {
            filter: { ...this.filter, state: outgoing ? "open" : "urgent" },
            first: 0,
            count: TOP_MAX,
        });
        const rank = ({ state }: DocumentRow): number => PRESSING.indexOf(state);
        this.#top = outgoing ? rows.toSorted((a, b) => rank(a) - rank(b)) : rows;
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
