/** What is done with the recipients of a document: marks, boxes, the acts of all and of one. */
import type { Command } from "../../app/commands.svelte";
import type { Desk } from "../../app/desk.svelte";
import type { EvidenceWritten, ParcelRow } from "../../host/generated/contract";
import { words } from "../../text";
import { isHere } from "./parcels";

const say = words.exchange.matrix;

export class Following {
    /** The row the keyboard stands on. */
    current = $state<string | null>(null);
    box = $state<"issue" | "recall" | "chase" | "menu" | null>(null);
    /** The evidence that was written last. */
    proof = $state.raw<{ name: string; written: EvidenceWritten } | null>(null);
    /** The server is asked for evidence. */
    proving = $state(false);
    #marks = $state.raw<ReadonlySet<string>>(new Set());
    readonly #desk: Desk;
    readonly #id: string;
    readonly answer;

    constructor(desk: Desk, id: string) {
        this.#desk = desk;
        this.#id = id;
        this.answer = desk.host.live("parcels", { id });
    }

    get rows(): readonly ParcelRow[] {
        return this.answer.value?.rows ?? [];
    }

    /** Marks of rows that are still here. */
    get marked(): ReadonlySet<string> {
        return new Set(this.rows.map(({ id }) => id).filter((id) => this.#marks.has(id)));
    }

    /** Whom a reminder goes to: the marked ones, or all that said nothing. */
    get chased(): string[] {
        const { marked } = this;
        return this.rows
            .filter((row) => row.may_chase && (marked.size === 0 || marked.has(row.id)))
            .map(({ id }) => id);
    }

    get chaseLabel(): string {
        return this.marked.size === 0 ? say.chase : say.chaseMarked(this.chased.length);
    }

    get noChase(): string | undefined {
        return this.chased.length === 0 ? say.noChase : undefined;
    }

    get noRecall(): string | undefined {
        return this.rows.some(({ may_recall }) => may_recall) ? undefined : say.noRecall;
    }

    /** The row an act is about: where the keyboard stands, else the first. */
    get row(): ParcelRow | undefined {
        return this.rows.find(({ id }) => id === this.current) ?? this.rows[0];
    }

    mark(row: string): void {
        const next = new Set(this.marked);
        if (!next.delete(row)) next.add(row);
        this.#marks = next;
    }

    /** A box is done, or Esc was pressed. */
    unmark(): void {
        this.box = null;
        this.proof = null;
        this.#marks = new Set();
    }

    back(): void {
        if (this.marked.size > 0) this.unmark();
        else this.#desk.router.go("outgoing", this.#id);
    }

    replace(): void {
        this.#desk.router.go("outgoing", "new", { replaces: this.#id });
    }

    /** Opens a box that is about one row only. */
    #only(row: ParcelRow, box: "recall" | "chase"): void {
        this.#marks = new Set([row.id]);
        this.box = box;
    }

    /** Writes the file that proves what became of one parcel. */
    async prove({ id, name }: ParcelRow): Promise<void> {
        if (this.proving) return;
        this.proving = true;
        this.proof = null;
        const written = await this.#desk.act("parcels.evidence", { id });
        this.proving = false;
        if (written !== null) this.proof = { name, written };
    }

    #proveCommand(row: ParcelRow | undefined): Command {
        const away = row === undefined || isHere(row) || row.reach === "alone";
        return {
            id: "parcel-evidence",
            label: words.exchange.evidence.do,
            keys: "B",
            icon: "save",
            unable: away ? words.exchange.evidence.notYet : undefined,
            run: () => {
                if (row !== undefined) void this.prove(row);
            },
        };
    }

    /** What can be done with one recipient. */
    ofRow(row: ParcelRow): Command[] {
        const acts: (Command | false)[] = [
            this.#proveCommand(row),
            row.may_chase && {
                id: "parcel-chase",
                label: say.chaseOne,
                keys: "N",
                icon: "bell",
                run: () => this.#only(row, "chase"),
            },
            row.may_recall && {
                id: "parcel-recall",
                label: say.recallOne,
                keys: "H",
                icon: "returned",
                run: () => this.#only(row, "recall"),
            },
        ];
        return acts.filter((act) => act !== false && act.unable === undefined) as Command[];
    }

    /** What can be done on this screen. */
    commands(): Command[] {
        const replace = this.answer.value?.may_replace === true;
        return [
            {
                id: "parcels-chase",
                label: this.chaseLabel,
                keys: "N",
                icon: "bell",
                unable: this.noChase,
                run: () => (this.box = "chase"),
            },
            {
                id: "parcels-recall",
                label: say.recall,
                keys: "H",
                icon: "returned",
                unable: this.noRecall,
                run: () => (this.box = "recall"),
            },
            {
                id: "parcels-replace",
                label: say.replace,
                keys: "T",
                icon: "copy",
                unable: replace ? undefined : say.noReplace,
                run: () => this.replace(),
            },
            this.#proveCommand(this.row),
            {
                id: "parcels-print",
                label: say.print,
                keys: "Ctrl+P",
                icon: "printer",
                run: () => window.print(),
            },
            {
                id: "parcels-back",
                label: say.open,
                keys: "Escape",
                icon: "left",
                run: () => this.back(),
            },
        ];
    }
}
