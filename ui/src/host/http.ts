/** The door in a browser: the same questions over the loopback host. */
import { type Carrier, EVERYTHING, HostFailure, readFailure, type Told } from "./host";

/** How long to wait before asking again when nobody answered. */
const RETRY_MS = 1000;

/** What the host tells after a wait: lists of topics, or that some were missed. */
interface Tells {
    at: number;
    all: boolean;
    topics: string[][];
}

async function answerOf(response: Response): Promise<unknown> {
    const text = await response.text();
    const value: unknown = text === "" ? null : JSON.parse(text);
    if (response.ok) return value;
    const failure = readFailure(value);
    if (failure !== null) throw new HostFailure(failure);
    throw new Error(`the desk answered ${response.status}`);
}

export class BrowserCarrier implements Carrier {
    readonly kind = "browser";

    async ask(name: string, args: unknown): Promise<unknown> {
        const response = await fetch(`/ask/${name}`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(args),
            keepalive: name === "draft.save",
        });
        return answerOf(response);
    }

    tell(listener: Told): () => void {
        const stop = new AbortController();
        void this.#listen(listener, stop.signal);
        return () => {
            stop.abort();
        };
    }

    async #listen(listener: Told, signal: AbortSignal): Promise<void> {
        let after: number | null = null;
        while (!signal.aborted) {
            try {
                const from = after === null ? "" : `?after=${after}`;
                const response = await fetch(`/tell${from}`, { signal });
                const told = (await answerOf(response)) as Tells;
                const first = after === null;
                after = told.at;
                if (told.all && !first) listener([EVERYTHING]);
                else if (told.topics.length > 0) listener([...new Set(told.topics.flat())]);
            } catch {
                if (signal.aborted) return;
                await new Promise((done) => setTimeout(done, RETRY_MS));
            }
        }
    }

    pageUrl(blob: string): string {
        return `/blob/${blob}`;
    }

    choose(): Promise<readonly string[]> {
        return new Promise((chosen) => {
            const input = document.createElement("input");
            input.type = "file";
            input.multiple = true;
            input.addEventListener("change", () => {
                void this.#handOver([...(input.files ?? [])]).then(chosen);
            });
            input.addEventListener("cancel", () => {
                chosen([]);
            });
            input.click();
        });
    }

    /** A browser does not say where a folder is. */
    chooseFolder(): Promise<string | null> {
        return Promise.resolve(null);
    }

    /** Nor does it open one. */
    showFolder(): Promise<boolean> {
        return Promise.resolve(false);
    }

    onDrop(dropped: (paths: readonly string[]) => void): () => void {
        const over = (event: DragEvent): void => {
            event.preventDefault();
        };
        const drop = (event: DragEvent): void => {
            event.preventDefault();
            const files = [...(event.dataTransfer?.files ?? [])];
            if (files.length > 0) void this.#handOver(files).then(dropped);
        };
        addEventListener("dragover", over);
        addEventListener("drop", drop);
        return () => {
            removeEventListener("dragover", over);
            removeEventListener("drop", drop);
        };
    }

    /** Nor does it start a program. */
    restart(): Promise<boolean> {
        return Promise.resolve(false);
    }

    painted(): void {
        // Only a window measures how long it took to open.
    }

    async #handOver(files: readonly File[]): Promise<string[]> {
        const paths: string[] = [];
        for (const file of files) {
            const response = await fetch(`/file?name=${encodeURIComponent(file.name)}`, {
                method: "POST",
                body: file,
            });
            const { path } = (await answerOf(response)) as { path: string };
            paths.push(path);
        }
        return paths;
    }
}
