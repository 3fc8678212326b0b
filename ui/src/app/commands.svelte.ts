/** What can be done now, under which key; the palette and the key sheet read the same list. */
import type { IconName } from "../kit/icons";
import { isTakenOver, judge, takesText } from "./keymap";

export interface Command {
    id: string;
    /** The verb, as the palette and the key sheet say it. */
    label: string;
    run: () => void;
    keys?: string;
    icon?: IconName;
    /** Why it cannot run now; undefined when it can. */
    unable?: string | undefined;
    /** Known to the keys, but not worth a line in the palette. */
    quiet?: boolean;
    group?: string;
}

type Layer = () => readonly Command[];

export class Commands {
    letters = $state<"on" | "off">("on");
    #layers = $state.raw<Layer[]>([]);

    /** Adds what a screen can do; the answer takes it away again. */
    add(layer: Layer): () => void {
        this.#layers = [...this.#layers, layer];
        return () => {
            this.#layers = this.#layers.filter((other) => other !== layer);
        };
    }

    /** Everything that can be done, the nearest first. */
    get all(): Command[] {
        return this.#layers.toReversed().flatMap((layer) => [...layer()]);
    }

    find(chord: string): Command | undefined {
        return this.all.find((command) => command.keys === chord);
    }

    /** Answers a key press of the window. */
    press(event: KeyboardEvent, said: (reason: string) => void): void {
        const verdict = judge(event, {
            inField: takesText(event.target),
            inDialog: document.querySelector("dialog[open]") !== null,
            letters: this.letters,
        });
        if (verdict.kind === "leave" || event.defaultPrevented) return;
        if (verdict.kind === "swallow") {
            event.preventDefault();
            return;
        }
        const command = this.find(verdict.chord);
        if (command === undefined) {
            if (isTakenOver(verdict.chord)) event.preventDefault();
            return;
        }
        event.preventDefault();
        if (command.unable === undefined) command.run();
        else said(command.unable);
    }
}
