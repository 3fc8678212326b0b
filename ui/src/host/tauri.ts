/** The door inside the window: Tauri carries the question, and a scheme of its own the pages. */
import { convertFileSrc, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

import { type Carrier, HostFailure, readFailure, type Told } from "./host";

/** The scheme under which the window serves the bytes of files. */
const SCHEME = "vanthu";

interface TellMessage {
    topics: string[];
}

function parsed(answer: unknown): unknown {
    return typeof answer === "string" ? (JSON.parse(answer) as unknown) : answer;
}

function thrown(error: unknown): never {
    const failure = readFailure(error);
    if (failure !== null) throw new HostFailure(failure);
    throw error;
}

/** Says whether the page stands in the window. */
export function inWindow(): boolean {
    return "__TAURI_INTERNALS__" in globalThis;
}

export class WindowCarrier implements Carrier {
    readonly kind = "window";
    /** Linux and macOS have schemes of their own, Windows an address below http. */
    readonly #base = convertFileSrc("", SCHEME);

    async ask(name: string, args: unknown): Promise<unknown> {
        return parsed(await invoke("ask", { name, args: JSON.stringify(args) }).catch(thrown));
    }

    tell(listener: Told): () => void {
        const stopping = listen<TellMessage | string[]>("tell", ({ payload }) => {
            listener(Array.isArray(payload) ? payload : payload.topics);
        });
        return () => {
            void stopping.then((stop) => {
                stop();
            });
        };
    }

    pageUrl(blob: string): string {
        return `${this.#base}blob/${blob}`;
    }

    async choose(): Promise<readonly string[]> {
        return (await this.ask("window.choose_files", {})) as string[];
    }

    async chooseFolder(): Promise<string | null> {
        const [folder] = (await this.ask("window.choose_folder", {})) as string[];
        return folder ?? null;
    }

    async showFolder(path: string): Promise<boolean> {
        return (await this.ask("window.show_folder", { path })) === true;
    }

    /** The window knows the paths of what is dropped; the page never sees the bytes. */
    onDrop(dropped: (paths: readonly string[]) => void): () => void {
        const stopping = listen<{ paths?: string[] }>("tauri://drag-drop", ({ payload }) => {
            dropped(payload.paths ?? []);
        });
        return () => {
            void stopping.then((stop) => {
                stop();
            });
        };
    }

    async restart(): Promise<boolean> {
        return (await this.ask("window.restart", {})) === true;
    }

    painted(): void {
        void this.ask("window.painted", {}).catch(() => undefined);
    }
}
