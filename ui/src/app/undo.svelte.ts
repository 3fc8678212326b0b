/** What can still be taken back, the newest first. */

/** More steps back than a person remembers having made. */
const STEPS_MAX = 20;

export interface Step {
    text: string;
    back: () => Promise<void>;
}

export class Undo {
    #steps = $state.raw<Step[]>([]);

    get next(): Step | undefined {
        return this.#steps.at(-1);
    }

    push(step: Step): void {
        this.#steps = [...this.#steps, step].slice(-STEPS_MAX);
    }

    /** Takes a step off the pile, to be taken back. */
    take(step = this.next): Step | undefined {
        this.#steps = this.#steps.filter((other) => other !== step);
        return step;
    }

    clear(): void {
        this.#steps = [];
    }
}
