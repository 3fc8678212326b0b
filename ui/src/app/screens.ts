/** Which screens there are, in the order of the rail, and what draws each. */
import type { Component } from "svelte";

import AdminScreen from "../features/admin/AdminScreen.svelte";
import BenchScreen from "../features/bench/BenchScreen.svelte";
import BooksScreen from "../features/books/BooksScreen.svelte";
import IncomingScreen from "../features/incoming/IncomingScreen.svelte";
import LineScreen from "../features/line/LineScreen.svelte";
import OutgoingScreen from "../features/outgoing/OutgoingScreen.svelte";
import SearchScreen from "../features/search/SearchScreen.svelte";
import TasksScreen from "../features/tasks/TasksScreen.svelte";
import TrayScreen from "../features/tray/TrayScreen.svelte";
import type { IconName } from "../kit/icons";
import type { Screen } from "./router.svelte";

export const SCREEN: Record<Screen, { icon: IconName; show: Component }> = {
    bench: { icon: "house", show: BenchScreen },
    incoming: { icon: "download", show: IncomingScreen },
    outgoing: { icon: "upload", show: OutgoingScreen },
    tray: { icon: "inbox", show: TrayScreen },
    tasks: { icon: "tasks", show: TasksScreen },
    books: { icon: "book", show: BooksScreen },
    search: { icon: "search", show: SearchScreen },
    line: { icon: "sync", show: LineScreen },
    admin: { icon: "settings", show: AdminScreen },
};
