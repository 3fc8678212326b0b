/** The form of an incoming document: what is typed, what the next number is, what is like it. */
import { untrack } from "svelte";

import type { Desk } from "../../app/desk.svelte";
import { FormDraft } from "../../app/draft.svelte";
import type {
    Attachment,
    Books,
    Fields,
    Next,
    PaperNumber,
    Twin,
} from "../../host/generated/contract";

/** Long enough for a word, short enough to warn before the next field. */
const LOOK_AFTER_MS = 250;

export interface Typed {
    book: string;
    arrived_on: string;
    reference: string;
    fields: Fields;
    attachments: Attachment[];
    submit_to: string;
    secret: boolean;
    twin_reason: string;
}

export const NO_FIELDS: Fields = {
    number: "",
    symbol: "",
    issued_on: "",
    issuer: "",
    kind: "",
    subject: "",
    urgency: "normal",
    signer: "",
    signer_position: "",
    to_places: "",
    due: "",
    pages: "",
    copies: "",
    language: "",
    case_file: "",
    note: "",
};

/** Parts `1842/UBND-KTN` into what stands before the first stroke and what after. */
export function parted(reference: string): { number: string; symbol: string } {
    const text = reference.trim();
    const at = text.indexOf("/");
    if (at < 0) return { number: text, symbol: "" };
    return { number: text.slice(0, at).trim(), symbol: text.slice(at + 1).trim() };
}

export class RegisterForm {
    readonly draft: FormDraft<Typed>;
    readonly card: string | null;
    /** The number on paper that is entered again. */
    readonly paper: number | null;
    next = $state.raw<Next | null>(null);
    twins = $state.raw<Twin[]>([]);
    /** The desk refused for a twin: a reason is asked for. */
    asksReason = $state(false);
    readonly #desk: Desk;

    constructor(
        desk: Desk,
        { card, paper }: { card: string | null; paper: PaperNumber | null },
        begun: Partial<Typed>,
    ) {
        this.#desk = desk;
        this.card = card;
        this.paper = paper?.number ?? null;
        const typed = card === null ? "new" : `tray:${card}`;
        const name = paper === null ? typed : `paper/${paper.year}/${paper.number}`;
        this.draft = new FormDraft<Typed>(desk, `incoming/${name}`, {
            book: "",
            arrived_on: desk.today,
            reference: "",
            fields: NO_FIELDS,
            attachments: [],
            submit_to: "",
            secret: false,
            twin_reason: "",
            ...begun,
        });
        $effect(() => this.#askNext());
        $effect(() => this.#lookForTwins());
    }

    get value(): Typed {
        return this.draft.value;
    }

    /** The book is the first this officer may use until he picks another. */
    useBook(books: readonly Books[]): void {
        if (books.some(({ id }) => id === this.value.book)) return;
        const book = books.find(({ held_here }) => held_here) ?? books[0];
        if (book !== undefined) this.value.book = book.id;
    }

    #askNext(): () => void {
        const { book, arrived_on: date } = this.value;
        let left = false;
        const asked = this.#desk.host.live("status", {}).value;
        void asked;
        if (book !== "") {
            void this.#desk.host
                .ask("book.next", { book, date })
                .then((next) => {
                    if (!left) this.next = next;
                })
                .catch(() => {
                    if (!left) this.next = null;
                });
        }
        return () => {
            left = true;
        };
    }

    #lookForTwins(): () => void {
        const { number, symbol } = parted(this.value.reference);
        const { issuer, issued_on } = this.value.fields;
        const blobs = this.value.attachments.map(({ blob }) => blob);
        const timer = setTimeout(() => {
            untrack(() => void this.#twins({ number, symbol, issuer, issued_on, blobs }));
        }, LOOK_AFTER_MS);
        return () => {
            clearTimeout(timer);
        };
    }

    async #twins(asked: {
        number: string;
        symbol: string;
        issuer: string;
        issued_on: string;
        blobs: string[];
    }): Promise<void> {
        if (asked.number === "" && asked.blobs.length === 0) {
            this.twins = [];
            return;
        }
        const found = await this.#desk.host.ask("incoming.twins", asked).catch(() => null);
        this.twins = found?.twins ?? [];
    }

    /** Registers; true when it was done. */
    async register(): Promise<boolean> {
        const done = await this.draft.send((typed) =>
            this.#desk.try("incoming.register", {
                book: typed.book,
                arrived_on: typed.arrived_on,
                fields: { ...typed.fields, ...parted(typed.reference) },
                attachments: typed.attachments,
                card: this.card,
                secret: typed.secret,
                twin_reason: typed.twin_reason.trim() === "" ? null : typed.twin_reason,
                submit_to: typed.submit_to === "" ? null : typed.submit_to,
                paper_number: this.paper,
            }),
        );
        if (this.draft.failure?.code === "twin") this.asksReason = true;
        return done;
    }
}
