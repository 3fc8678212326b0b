/** An empty draft. */
import type { DraftForm } from "../../host/generated/contract";

/** A draft in which nothing is typed yet. */
export function blankDraft(): DraftForm {
    return {
        id: null,
        kind: "",
        subject: "",
        urgency: "normal",
        signer: "",
        signer_position: "",
        unit: "",
        recipients: [],
        keeper: "",
        copies: "",
        pages: "",
        due: "",
        language: "",
        case_file: "",
        note: "",
        attachments: [],
        answers: null,
        task: null,
        replaces: null,
    };
}
