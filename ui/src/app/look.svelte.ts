/** How the window looks to this person: light or dark, size, density, widths of panes. */

export type Theme = "system" | "light" | "dark";
export const ZOOM_MIN = 100;
export const ZOOM_MAX = 200;
const ZOOM_STEP = 10;
/** Under this width one pane shows at a time. */
const NARROW_PX = 1180;
/** From this width the rail has words beside its signs. */
const WIDE_PX = 1680;
const KEPT_AS = "vanthu.look";

export interface Kept {
    theme: Theme;
    zoom: number;
    roomy: boolean;
    letters: "on" | "off";
    panes: Record<string, { left: number; right: number }>;
    sideShown: boolean;
}

const FIRST: Kept = {
    theme: "system",
    zoom: 100,
    roomy: false,
    letters: "on",
    panes: {},
    sideShown: true,
};

function read(): Kept {
    try {
        return { ...FIRST, ...(JSON.parse(localStorage.getItem(KEPT_AS) ?? "{}") as Kept) };
    } catch {
        return FIRST;
    }
}

export class Look {
    #kept = $state<Kept>(read());
    readonly #changed: () => void;
    #outer = $state(typeof innerWidth === "number" ? innerWidth : 1366);

    /** `changed` keeps it with the desk; the page's storage is only a hint for the first paint. */
    constructor(changed: () => void) {
        this.#changed = changed;
    }

    /** All of it, to be kept. */
    get kept(): Kept {
        return $state.snapshot(this.#kept);
    }

    /** Looks as this officer left it, on whichever window. */
    take(kept: Partial<Kept> | undefined): void {
        if (kept === undefined) return;
        Object.assign(this.#kept, kept);
        this.#hint();
    }

    get theme(): Theme {
        return this.#kept.theme;
    }
    get zoom(): number {
        return this.#kept.zoom;
    }
    get letters(): "on" | "off" {
        return this.#kept.letters;
    }
    get roomy(): boolean {
        return this.#kept.roomy;
    }
    get sideShown(): boolean {
        return this.#kept.sideShown;
    }
    /** How wide the window is in the person's own pixels. */
    get width(): number {
        return (this.#outer * 100) / this.zoom;
    }
    get size(): "narrow" | "normal" | "wide" {
        if (this.width < NARROW_PX) return "narrow";
        return this.width >= WIDE_PX ? "wide" : "normal";
    }
    /** How many dots of the screen stand for one of the page's. */
    get density(): number {
        return this.zoom / 100;
    }

    /** Follows the window's size; the answer stops. */
    start(): () => void {
        const follow = (): void => {
            this.#outer = innerWidth;
        };
        addEventListener("resize", follow);
        return () => {
            removeEventListener("resize", follow);
        };
    }

    set(change: Partial<Kept>): void {
        Object.assign(this.#kept, change);
        this.#hint();
        this.#changed();
    }

    #hint(): void {
        try {
            localStorage.setItem(KEPT_AS, JSON.stringify(this.#kept));
        } catch {
            // A window without storage still works; it only forgets how it looked.
        }
    }

    zoomBy(steps: number): void {
        const zoom = this.zoom + steps * ZOOM_STEP;
        this.set({ zoom: Math.max(ZOOM_MIN, Math.min(ZOOM_MAX, zoom)) });
    }

    panes(
        name: string,
        narrow: [number, number],
        wide: [number, number],
    ): {
        left: number;
        right: number;
    } {
        const [left, right] = this.size === "wide" ? wide : narrow;
        return this.#kept.panes[`${name}-${this.size}`] ?? { left, right };
    }

    keepPanes(name: string, widths: { left: number; right: number }): void {
        this.set({ panes: { ...this.#kept.panes, [`${name}-${this.size}`]: widths } });
    }
}
