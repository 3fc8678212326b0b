/** What may be done with the open document or task, under which key, and which box is open. */
import type { Action, DocumentOpened, TaskOpened } from "../../host/generated/contract";
import type { IconName } from "../../kit/icons";
import { words } from "../../text";
import type { Command } from "../commands.svelte";
import type { Desk } from "../desk.svelte";

/** The keys of DESIGN-SYSTEM §7, by act. */
const KEYS: Partial<Record<Action, string>> = {
    direct: "G",
    inform: "C",
    close: "L",
    approve: "K",
    return: "T",
    register: "V",
    issue: "P",
    send: "P",
    parcels: "N",
    answer_recall: "T",
    replace: "T",
    ask_extension: "H",
    decide_extension: "H",
    accept: "K",
    return_result: "T",
    remind: "N",
};

const ICON: Partial<Record<Action, IconName>> = {
    direct: "users",
    inform: "send",
    submit: "send",
    attach: "clip",
    edit: "pencil",
    approve: "check",
    accept: "check",
    return: "returned",
    return_result: "returned",
    issue: "send",
    send: "upload",
    parcels: "users",
    answer_recall: "returned",
    replace: "copy",
    remind: "bell",
};

/** Main acts stand first at the foot of the panel. */
const ORDER: readonly Action[] = [
    "answer_recall",
    "give_number",
    "direct",
    "submit",
    "approve",
    "register",
    "parcels",
    "issue",
    "send",
    "submit_draft",
    "accept",
    "decide_extension",
    "report",
    "progress",
    "return",
    "return_result",
    "ask_extension",
    "answer",
    "replace",
    "inform",
    "remind",
    "edit_draft",
    "transfer",
    "attach",
    "close",
    "reopen",
    "undo_directive",
    "recall_directive",
    "undo_submit",
    "undo_report",
    "edit",
    "withdraw",
    "void",
];

/** What the acts are about. */
export type Subject =
    { kind: "document"; opened: DocumentOpened } | { kind: "task"; opened: TaskOpened };

/** Acts done in the panel itself, not through a box. */
const ELSEWHERE: ReadonlySet<Action> = new Set(["edit"]);

export class Acts {
    /** The box that is open. */
    box = $state.raw<{ act: Action; subject: Subject } | null>(null);
    readonly #desk: Desk;
    readonly #after: (act: Action) => void;

    /** `after` hears of acts that were done, so that the next thing can open. */
    constructor(desk: Desk, after: (act: Action) => void = () => undefined) {
        this.#desk = desk;
        this.#after = after;
    }

    /** What may be done, main acts first. */
    of(subject: Subject | null): Command[] {
        if (subject === null) return [];
        const may = new Set(subject.opened.actions);
        const inOrder = ORDER.filter((act) => may.has(act) && !ELSEWHERE.has(act));
        // Where a document can go over the line, the post steps aside.
        const side = may.has("issue") && may.has("send");
        const acts: readonly Action[] = side
            ? [...inOrder.filter((act) => act !== "send"), "send"]
            : inOrder;
        const commands = acts.map((act): Command => {
            const keys = side && act === "send" ? undefined : KEYS[act];
            const icon = ICON[act];
            return {
                id: `act-${act}`,
                label: this.#label(act, subject),
                run: () => this.start(act, subject),
                ...(keys === undefined ? {} : { keys }),
                ...(icon === undefined ? {} : { icon }),
            };
        });
        const direct = commands.find(({ id }) => id === "act-direct");
        if (direct !== undefined) {
            const label = words.forms.direct.directive;
            commands.push({ ...direct, id: "act-write", label, keys: "B", quiet: true });
        }
        return commands;
    }

    #label(act: Action, subject: Subject): string {
        const draft = subject.kind === "document" && subject.opened.row.number === "";
        if (act === "send" && subject.opened.actions.includes("issue")) {
            return words.exchange.sendOnPaper;
        }
        if (act === "issue" && subject.kind === "document" && subject.opened.sent_to[0] > 0) {
            return words.exchange.addPlaces;
        }
        if (act === "void" && draft) return words.forms.reasoned.giveUpDo;
        return words.documents.action[act];
    }

    /** Begins an act: opens its box, or does it when nothing needs to be asked. */
    start(act: Action, subject: Subject): void {
        const id = subject.opened.row.id;
        const { router } = this.#desk;
        if (act === "give_number") void this.#at(act, this.#desk.act("document.number", { id }));
        else if (act === "undo_submit") {
            void this.#at(act, this.#desk.act("outgoing.undo_submit", { id }));
        } else if (act === "undo_report") {
            void this.#at(act, this.#desk.act("task.undo_report", { id }));
        } else if (act === "undo_directive" && subject.kind === "document") {
            const directive = subject.opened.directives.find(({ can_undo }) => can_undo);
            if (directive === undefined) return;
            const undone = this.#desk.act("incoming.undo_directive", { id: directive.id });
            void this.#at(act, undone);
        } else if (act === "attach" && subject.kind === "document") void this.#attach(id);
        else if (act === "answer") {
            const ask: Record<string, string> =
                subject.kind === "task"
                    ? { task: id, answers: subject.opened.document?.id ?? "" }
                    : { answers: id };
            router.go("outgoing", "new", ask);
        } else if (act === "parcels") router.go("outgoing", id, { parcels: "1" });
        else if (act === "replace") router.go("outgoing", "new", { replaces: id });
        else if (act === "edit_draft") router.go("outgoing", id, { edit: "1" });
        else this.box = { act, subject };
    }

    async #attach(id: string): Promise<void> {
        const paths = await this.#desk.host.carrier.choose();
        await this.attach(id, paths);
    }

    /** Adds files to a document. */
    async attach(id: string, paths: readonly string[]): Promise<void> {
        if (paths.length === 0) return;
        const added = await this.#desk.act("files.drop", { paths: [...paths], cards: false });
        const files = (added?.files ?? []).flatMap(({ attachment, refused }) => {
            if (refused !== null) this.#desk.show(refused);
            return attachment === null ? [] : [attachment];
        });
        if (files.length > 0) await this.#desk.act("document.attach", { id, files });
    }

    async #at(act: Action, doing: Promise<unknown>): Promise<void> {
        if ((await doing) !== null) this.#after(act);
    }

    /** The box is done. */
    done(): void {
        const act = this.box?.act;
        this.box = null;
        if (act !== undefined) this.#after(act);
    }

    close(): void {
        this.box = null;
    }
}
