/** Which answers grow stale when which topic is touched. */
import type { Commands, Topic } from "./generated/contract";

/** The questions whose answers are kept and renewed. */
export const DEPENDS: Partial<Record<keyof Commands, readonly Topic[]>> = {
    session: ["session", "administration"],
    status: ["documents", "tasks", "books", "tray", "backup", "session", "line"],
    bench: ["documents", "tasks", "tray"],
    documents: ["documents"],
    document: ["documents", "document", "tasks"],
    "document.history": ["documents", "document", "tasks", "history"],
    "incoming.suggestions": ["documents", "tasks", "administration"],
    parcels: ["documents", "document", "line"],
    "outgoing.replacement": ["documents", "document"],
    "outgoing.symbol": ["documents", "books"],
    tasks: ["tasks", "documents"],
    task: ["tasks", "documents"],
    "task.history": ["tasks", "history"],
    "book.next": ["books", "documents"],
    books: ["books", "documents", "line"],
    "book.page": ["books", "documents"],
    tray: ["tray", "documents"],
    catalogue: ["administration"],
    calendar: ["administration"],
    backup: ["backup"],
    scan_folder: ["tray", "administration"],
    line: ["line", "documents", "tasks", "books"],
    "line.sending": ["line", "documents", "tasks", "books", "administration"],
    "line.returned": ["line"],
    held: ["line", "documents"],
    pcs: ["line", "administration", "books"],
    "documents.counts": ["documents", "tasks"],
    "tasks.counts": ["tasks", "documents"],
};
