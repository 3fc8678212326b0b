import { afterEach, expect, it } from "vitest";

import { keepsFocus } from "./keepsFocus";

afterEach(() => {
    document.body.innerHTML = "";
});

/** A list of buttons, each of which takes itself off. */
function list(...names: string[]): (name: string) => HTMLElement {
    const buttons = names.map((name) => `<button>${name}</button>`).join("");
    document.body.innerHTML = `<div>${buttons}</div>`;
    const root = document.body.firstElementChild as HTMLElement;
    keepsFocus(root);
    return (name) => {
        const found = [...root.querySelectorAll("button")].find((one) => one.textContent === name);
        if (found === undefined) throw new Error(`${name} is not there`);
        return found;
    };
}

async function takesOff(button: HTMLElement): Promise<string> {
    button.focus();
    button.remove();
    await new Promise((resolve) => setTimeout(resolve, 10));
    return document.activeElement?.textContent ?? "";
}

it("goes on with what came behind, and at the end with what is last", async () => {
    const named = list("An Hiếu", "Bình An", "Cẩm Sơn");
    expect(await takesOff(named("Bình An"))).toBe("Cẩm Sơn");
    expect(await takesOff(named("Cẩm Sơn"))).toBe("An Hiếu");
});

it("leaves the focus where somebody has put it", async () => {
    const named = list("An Hiếu", "Bình An");
    const other = document.createElement("button");
    other.textContent = "Tìm";
    document.body.append(other);
    const gone = named("An Hiếu");
    gone.focus();
    gone.remove();
    other.focus();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(document.activeElement).toBe(other);
});

it("takes no focus that it did not lose", async () => {
    const named = list("An Hiếu", "Bình An");
    named("An Hiếu").remove();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(document.activeElement).toBe(document.body);
});
