/** The acts that ask only for words: a reason, a remark. */
import type { Action, DocumentOpened, TaskOpened } from "../../host/generated/contract";
import { words } from "../../text";
import type { Desk } from "../desk.svelte";
import type { Subject } from "./acts.svelte";

export interface WordsBox {
    title: string;
    name: string;
    label: string;
    act: string;
    send: (text: string) => Promise<unknown>;
    need: "required" | "optional";
    note?: string;
    proof?: { label: string; text: string };
    look?: "main" | "danger";
}

const REASON = { label: words.forms.reason, need: "required" } as const;
const REMARK = { label: words.forms.remarks, need: "optional" } as const;

function voidBox(desk: Desk, { row }: DocumentOpened): WordsBox {
    const say = words.forms.reasoned;
    const base = {
        ...REASON,
        name: `void/${row.id}`,
        send: (reason: string) => desk.try("document.void", { id: row.id, reason }),
        look: "danger" as const,
    };
    if (row.number === "") return { ...base, title: say.giveUpTitle, act: say.giveUpDo };
    return {
        ...base,
        title: say.voidTitle(row.number),
        act: say.voidDo,
        note: say.voidNote,
        proof: { label: say.voidProof(row.number), text: row.number },
    };
}

function documentBox(desk: Desk, act: Action, opened: DocumentOpened): WordsBox | null {
    const { id } = opened.row;
    const say = words.forms.reasoned;
    const out = words.forms.outgoing;
    const name = `${act}/${id}`;
    if (act === "void") return voidBox(desk, opened);
    if (act === "close") {
        const send = (reason: string): Promise<unknown> =>
            desk.try("incoming.close", { id, reason });
        return { ...REASON, name, send, title: say.closeTitle, act: say.closeDo, need: "optional" };
    }
    if (act === "reopen") {
        const send = (reason: string): Promise<unknown> =>
            desk.try("incoming.reopen", { id, reason });
        return { ...REASON, name, send, title: say.reopenTitle, act: say.reopenDo };
    }
    if (act === "recall_directive") {
        const directive = opened.directives.find(({ can_recall }) => can_recall);
        if (directive === undefined) return null;
        const send = (reason: string): Promise<unknown> =>
            desk.try("incoming.recall_directive", { id: directive.id, reason });
        return { ...REASON, name, send, title: say.recallTitle, act: say.recallDo, look: "danger" };
    }
    if (act === "approve") {
        const send = (remarks: string): Promise<unknown> =>
            desk.try("outgoing.approve", { id, remarks });
        return { ...REMARK, name, send, title: out.approveTitle, act: out.approve };
    }
    if (act === "return") {
        const send = (remarks: string): Promise<unknown> =>
            desk.try("outgoing.return", { id, remarks });
        return { ...REMARK, name, send, title: out.returnTitle, act: out.return, need: "required" };
    }
    return null;
}

function taskBox(desk: Desk, act: Action, opened: TaskOpened): WordsBox | null {
    const { id } = opened.row;
    const say = words.forms.task;
    const name = `${act}/${id}`;
    if (act === "accept") {
        const send = (remarks: string): Promise<unknown> =>
            desk.try("task.accept", { id, remarks });
        return { ...REMARK, name, send, title: say.acceptTitle, act: say.acceptDo };
    }
    if (act === "return_result") {
        const send = (remarks: string): Promise<unknown> =>
            desk.try("task.return", { id, remarks });
        const need = "required" as const;
        return { ...REMARK, name, send, title: say.returnTitle, act: say.returnDo, need };
    }
    if (act === "remind") {
        const send = (remarks: string): Promise<unknown> =>
            desk.try("task.remind", { id, remarks });
        return { ...REMARK, name, send, title: say.remindTitle, act: say.remindDo };
    }
    if (act === "withdraw") {
        const send = (reason: string): Promise<unknown> =>
            desk.try("task.withdraw", { id, reason });
        const look = "danger" as const;
        return { ...REASON, name, send, title: say.withdrawTitle, act: say.withdrawDo, look };
    }
    return null;
}

/** The box of an act that asks only for words; null for the others. */
export function wordsBox(desk: Desk, act: Action, subject: Subject): WordsBox | null {
    return subject.kind === "document"
        ? documentBox(desk, act, subject.opened)
        : taskBox(desk, act, subject.opened);
}
