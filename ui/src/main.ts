/** Starts the page: finds the door, speaks the language, shows the frame. */
import "./kit/tokens.css";
import "./kit/base.css";
import "./kit/print.css";

import { mount } from "svelte";

import App from "./app/App.svelte";
import { BrowserCarrier } from "./host/http";
import type { Carrier } from "./host/host";
import { inWindow, WindowCarrier } from "./host/tauri";
import { language } from "./text";

const carrier: Carrier = inWindow() ? new WindowCarrier() : new BrowserCarrier();
const root = document.getElementById("root");
document.documentElement.lang = language;
if (root === null) throw new Error("the page has no root");
mount(App, { target: root, props: { carrier } });
