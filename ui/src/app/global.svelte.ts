/** What can be done on every screen, and under which key. */
import { words } from "../text";
import type { Command } from "./commands.svelte";
import type { Desk } from "./desk.svelte";
import { turnLine } from "./line.svelte";
import { walkPanes } from "./panes";
import type { Screen } from "./router.svelte";
import { SCREEN } from "./screens";

const say = words.app.command;

/** Digits of Ctrl+1 … Ctrl+9. */
const DIGITS_MAX = 9;

/** Says the hour, because what is typed is kept anyway. */
function sayKept(desk: Desk): void {
    void desk.typing.flush();
    const hour = new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
    desk.say(words.app.savedAt(hour));
}

function nextTheme(desk: Desk): void {
    const order = ["system", "light", "dark"] as const;
    const theme = order[(order.indexOf(desk.look.theme) + 1) % order.length] ?? "system";
    desk.look.set({ theme });
    desk.say(words.app.themeIs(words.app.theme[theme]));
}

function zoom(desk: Desk, steps: number): void {
    if (steps === 0) desk.look.set({ zoom: 100 });
    else desk.look.zoomBy(steps);
    desk.announcer.say(words.app.zoomIs(desk.look.zoom));
}

function focusToast(): void {
    document.querySelector<HTMLElement>("[data-toast] button")?.focus();
}

/** Closes the nearest thing and leads the focus back to the list. */
function backToList(): void {
    const list = document.querySelector<HTMLElement>("[role=grid] [data-key][tabindex='0']");
    list?.focus();
}

/** A demo switches its line off and on from every screen. */
function lineCommands(desk: Desk): Command[] {
    const linked = desk.host.live("status", {}).value?.line.membership ?? "alone";
    const line = linked === "alone" ? undefined : desk.host.live("line", {}).value;
    if (line === undefined || !line.may_switch) return [];
    const off = line.meeting === "off";
    return [
        {
            id: "line-switch",
            label: off ? words.line.on : words.line.off,
            icon: off ? "line" : "noLine",
            run: () => void turnLine(desk, !off),
        },
    ];
}

export function globalCommands(desk: Desk, screens: readonly Screen[]): Command[] {
    const letters = desk.look.letters === "on";
    const undo = desk.undo.next;
    return [
        ...lineCommands(desk),
        {
            id: "palette",
            label: say.palette,
            keys: "Ctrl+K",
            icon: "search",
            quiet: true,
            run: () => (desk.layer = "palette"),
        },
        { id: "keys", label: say.keys, keys: "?", icon: "more", run: () => (desk.layer = "keys") },
        {
            id: "keys-f1",
            label: say.keys,
            keys: "F1",
            quiet: true,
            run: () => (desk.layer = "keys"),
        },
        ...screens.map((screen, index): Command => ({
            id: `go-${screen}`,
            label: say.goTo(words.app.screen[screen]),
            icon: SCREEN[screen].icon,
            ...(index < DIGITS_MAX ? { keys: `Ctrl+${index + 1}` } : {}),
            run: () => desk.router.go(screen),
        })),
        {
            id: "back",
            label: say.back,
            keys: "Alt+ArrowLeft",
            quiet: true,
            run: () => history.back(),
        },
        {
            id: "forward",
            label: say.forward,
            keys: "Alt+ArrowRight",
            quiet: true,
            run: () => history.forward(),
        },
        { id: "pane", label: say.nextPane, keys: "F6", quiet: true, run: () => walkPanes(1) },
        {
            id: "pane-back",
            label: say.formerPane,
            keys: "Shift+F6",
            quiet: true,
            run: () => walkPanes(-1),
        },
        {
            id: "undo",
            label: undo === undefined ? say.undo : `${say.undo}: ${undo.text}`,
            keys: "Ctrl+Z",
            icon: "undo",
            unable: undo === undefined ? words.app.nothingToUndo : undefined,
            run: () => void desk.undoNow(),
        },
        { id: "toast", label: say.toast, keys: "F8", quiet: true, run: focusToast },
        { id: "larger", label: say.larger, keys: "Ctrl+=", run: () => zoom(desk, 1) },
        { id: "smaller", label: say.smaller, keys: "Ctrl+-", run: () => zoom(desk, -1) },
        { id: "plain", label: say.plainSize, keys: "Ctrl+0", run: () => zoom(desk, 0) },
        {
            id: "side",
            label: desk.look.sideShown ? say.sideClosed : say.sideOpen,
            keys: desk.look.sideShown ? "Ctrl+]" : "Ctrl+[",
            run: () => desk.look.set({ sideShown: !desk.look.sideShown }),
        },
        {
            id: "print",
            label: say.print,
            keys: "Ctrl+P",
            icon: "printer",
            run: () => window.print(),
        },
        { id: "save", label: say.save, keys: "Ctrl+S", quiet: true, run: () => sayKept(desk) },
        { id: "theme", label: say.theme, run: () => nextTheme(desk) },
        {
            id: "letters",
            label: letters ? say.lettersOff : say.lettersOn,
            run: () => {
                desk.look.set({ letters: letters ? "off" : "on" });
                desk.say(words.app.lettersAre(!letters));
            },
        },
        {
            id: "officer",
            label: say.switchOfficer,
            icon: "user",
            run: () => (desk.layer = "officer"),
        },
        {
            id: "lock",
            label: say.lock,
            icon: "lock",
            run: () => void desk.act("session.lock", {}).then(() => desk.host.forget()),
        },
        { id: "esc", label: words.app.close, keys: "Escape", quiet: true, run: backToList },
    ];
}
