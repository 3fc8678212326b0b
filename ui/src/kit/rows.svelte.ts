/** A window over a list of any length: a short run of rows is here, the rest are asked for. */

/** What came back: rows in order, which place the first has, how many there are in all. */
export interface RowWindow<Row> {
    rows: Row[];
    first: number;
    total: number;
}

/** Where rows come from. */
export interface RowSource<Row> {
    key(row: Row): string;
    /** The heading a row stands under; null for none. */
    group?(row: Row): string | null;
    load(first: number, count: number): Promise<RowWindow<Row>>;
}

/** One screen and a half of dense rows. */
export const WINDOW_ROWS = 40;
/** How far past a guessed end the last row is looked for. */
const END_WINDOWS_MAX = 5;
/** More rows than this are not kept on the page. */
export const RUN_ROWS_MAX = 200;

export class Rows<Row> {
    run = $state.raw<Row[]>([]);
    total = $state(0);
    /** How many rows stand before the run. */
    first = $state(0);
    /** The row the keyboard stands on. */
    current = $state<string | null>(null);
    marked = $state.raw<ReadonlySet<string>>(new Set());
    loaded = $state(false);
    failure = $state.raw<unknown>(null);
    #source: RowSource<Row>;
    #asked = 0;
    #anchor: string | null = null;
    #busy: Promise<void> | null = null;

    constructor(source: RowSource<Row>) {
        this.#source = source;
    }

    key(row: Row): string {
        return this.#source.key(row);
    }

    group(row: Row): string | null {
        return this.#source.group?.(row) ?? null;
    }

    get atStart(): boolean {
        return this.first <= 0;
    }

    get atEnd(): boolean {
        return this.first + this.run.length >= this.total;
    }

    /** The row where Tab stops: the current one, else the first. */
    get stop(): string | null {
        if (this.indexOf(this.current) >= 0) return this.current;
        const first = this.run[0];
        return first === undefined ? null : this.key(first);
    }

    get currentRow(): Row | null {
        const at = this.indexOf(this.current);
        return this.run[at] ?? null;
    }

    indexOf(key: string | null): number {
        return key === null ? -1 : this.run.findIndex((row) => this.key(row) === key);
    }

    /** Reads from another place; what was here goes. */
    async open(first = 0): Promise<void> {
        const mine = ++this.#asked;
        try {
            const window = await this.#source.load(Math.max(0, first), WINDOW_ROWS);
            if (mine !== this.#asked) return;
            this.#take(window);
            if (window.rows.length === 0) this.current = null;
        } catch (failure) {
            if (mine === this.#asked) this.failure = failure;
        } finally {
            if (mine === this.#asked) this.loaded = true;
        }
    }

    #take(window: RowWindow<Row>): void {
        this.run = window.rows;
        this.first = window.first;
        this.total = Math.max(window.total, window.first + window.rows.length);
        this.failure = null;
    }

    /** Asks for the rows that follow; the far end goes when the run is long. */
    async more(way: "after" | "before"): Promise<void> {
        if (this.#busy !== null) return this.#busy;
        if (way === "after" ? this.atEnd : this.atStart) return;
        this.#busy = this.#fetch(way);
        await this.#busy;
        this.#busy = null;
    }

    async #fetch(way: "after" | "before"): Promise<void> {
        const mine = this.#asked;
        const from =
            way === "after" ? this.first + this.run.length : Math.max(0, this.first - WINDOW_ROWS);
        const count = way === "after" ? WINDOW_ROWS : this.first - from;
        try {
            const window = await this.#source.load(from, count);
            if (mine === this.#asked) this.#join(way, window);
        } catch (failure) {
            this.failure = failure;
        }
    }

    #join(way: "after" | "before", window: RowWindow<Row>): void {
        const have = new Set(this.run.map((row) => this.key(row)));
        const rows = window.rows.filter((row) => !have.has(this.key(row)));
        if (way === "after") {
            const all = [...this.run, ...rows];
            const drop = Math.max(0, all.length - RUN_ROWS_MAX);
            this.run = all.slice(drop);
            this.first += drop;
        } else {
            this.run = [...rows, ...this.run].slice(0, RUN_ROWS_MAX);
            this.first = Math.max(0, this.first - window.rows.length);
        }
        const end = this.first + this.run.length;
        this.total = rows.length === 0 && way === "after" ? end : Math.max(window.total, end);
    }

    /** Reads the same run again, because something in it changed; the place is kept. */
    async again(): Promise<void> {
        const mine = ++this.#asked;
        const at = this.indexOf(this.current);
        try {
            const count = Math.max(WINDOW_ROWS, this.run.length);
            const window = await this.#source.load(this.first, count);
            if (mine !== this.#asked) return;
            this.#take(window);
            this.#keepCurrent(at);
        } catch (failure) {
            if (mine === this.#asked) this.failure = failure;
        } finally {
            if (mine === this.#asked) this.loaded = true;
        }
    }

    /** When the row under the hand is gone, the next takes its place, else the one before. */
    #keepCurrent(at: number): void {
        if (this.current === null || this.indexOf(this.current) >= 0 || at < 0) return;
        const row = this.run[Math.min(at, this.run.length - 1)];
        this.current = row === undefined ? null : this.key(row);
    }

    /** Moves the keyboard by some rows; asks for more at the edge. */
    async step(by: number): Promise<void> {
        const at = this.indexOf(this.current);
        if (at < 0) {
            const row = by > 0 ? this.run[0] : this.run.at(-1);
            if (row !== undefined) this.current = this.key(row);
            return;
        }
        let target = at + by;
        if (target >= this.run.length && !this.atEnd) {
            const key = this.current;
            await this.more("after");
            target = this.indexOf(key) + by;
        } else if (target < 0 && !this.atStart) {
            const key = this.current;
            await this.more("before");
            target = this.indexOf(key) + by;
        }
        const row = this.run[Math.max(0, Math.min(this.run.length - 1, target))];
        if (row !== undefined) this.current = this.key(row);
    }

    /** Goes to the very first or the very last row. */
    async edge(way: "start" | "end"): Promise<void> {
        if (way === "start" ? !this.atStart : !this.atEnd) {
            await this.open(way === "start" ? 0 : this.total - WINDOW_ROWS);
        }
        // A total may be a guess; a few more windows find the true end.
        for (let turn = 0; way === "end" && !this.atEnd && turn < END_WINDOWS_MAX; turn++) {
            await this.more("after");
        }
        const row = way === "start" ? this.run[0] : this.run.at(-1);
        if (row !== undefined) this.current = this.key(row);
    }

    /** Marks or unmarks one row, and remembers it as the start of a range. */
    mark(key: string): void {
        const next = new Set(this.marked);
        if (!next.delete(key)) next.add(key);
        this.marked = next;
        this.#anchor = key;
    }

    /** Marks every row from where the range began to where the keyboard stands. */
    markTo(key: string): void {
        this.#anchor ??= this.current;
        const from = this.indexOf(this.#anchor);
        const to = this.indexOf(key);
        if (from < 0 || to < 0) return;
        const rows = this.run.slice(Math.min(from, to), Math.max(from, to) + 1);
        this.marked = new Set(rows.map((row) => this.key(row)));
    }

    markAll(): void {
        this.marked = new Set(this.run.map((row) => this.key(row)));
    }

    unmark(): void {
        this.marked = new Set();
        this.#anchor = null;
    }

    /** The marked rows, or the one under the keyboard. */
    chosen(): string[] {
        if (this.marked.size > 0) return [...this.marked];
        return this.current === null ? [] : [this.current];
    }
}
