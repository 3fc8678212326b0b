/** The drawn signs of the screens, each under one name. */
import Archive from "@lucide/svelte/icons/archive";
import ArrowDownToLine from "@lucide/svelte/icons/arrow-down-to-line";
import Ban from "@lucide/svelte/icons/ban";
import Bell from "@lucide/svelte/icons/bell";
import BookOpen from "@lucide/svelte/icons/book-open";
import CalendarDays from "@lucide/svelte/icons/calendar-days";
import Check from "@lucide/svelte/icons/check";
import ChevronDown from "@lucide/svelte/icons/chevron-down";
import ChevronLeft from "@lucide/svelte/icons/chevron-left";
import ChevronRight from "@lucide/svelte/icons/chevron-right";
import ChevronUp from "@lucide/svelte/icons/chevron-up";
import CircleAlert from "@lucide/svelte/icons/circle-alert";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import CircleDashed from "@lucide/svelte/icons/circle-dashed";
import CircleEllipsis from "@lucide/svelte/icons/circle-ellipsis";
import CircleX from "@lucide/svelte/icons/circle-x";
import Clock from "@lucide/svelte/icons/clock";
import Contrast from "@lucide/svelte/icons/contrast";
import Copy from "@lucide/svelte/icons/copy";
import CornerUpLeft from "@lucide/svelte/icons/corner-up-left";
import Download from "@lucide/svelte/icons/download";
import Ellipsis from "@lucide/svelte/icons/ellipsis";
import Eye from "@lucide/svelte/icons/eye";
import FilePen from "@lucide/svelte/icons/file-pen";
import FileText from "@lucide/svelte/icons/file-text";
import Folder from "@lucide/svelte/icons/folder";
import HardDrive from "@lucide/svelte/icons/hard-drive";
import House from "@lucide/svelte/icons/house";
import Inbox from "@lucide/svelte/icons/inbox";
import Link from "@lucide/svelte/icons/link-2";
import ListChecks from "@lucide/svelte/icons/list-checks";
import Lock from "@lucide/svelte/icons/lock";
import Monitor from "@lucide/svelte/icons/monitor";
import Paperclip from "@lucide/svelte/icons/paperclip";
import Pencil from "@lucide/svelte/icons/pencil";
import Plus from "@lucide/svelte/icons/plus";
import Printer from "@lucide/svelte/icons/printer";
import Refresh from "@lucide/svelte/icons/refresh-cw";
import Search from "@lucide/svelte/icons/search";
import Send from "@lucide/svelte/icons/send";
import Server from "@lucide/svelte/icons/server";
import Settings from "@lucide/svelte/icons/settings";
import ShieldCheck from "@lucide/svelte/icons/shield-check";
import Stamp from "@lucide/svelte/icons/stamp";
import TriangleAlert from "@lucide/svelte/icons/triangle-alert";
import Undo from "@lucide/svelte/icons/undo-2";
import Upload from "@lucide/svelte/icons/upload";
import User from "@lucide/svelte/icons/user";
import Users from "@lucide/svelte/icons/users";
import Wifi from "@lucide/svelte/icons/wifi";
import WifiOff from "@lucide/svelte/icons/wifi-off";
import Cross from "@lucide/svelte/icons/x";

export const ICONS = {
    archive: Archive,
    bell: Bell,
    book: BookOpen,
    calendar: CalendarDays,
    check: Check,
    down: ChevronDown,
    left: ChevronLeft,
    right: ChevronRight,
    up: ChevronUp,
    alert: CircleAlert,
    done: CircleCheck,
    empty: CircleDashed,
    waiting: CircleEllipsis,
    clock: Clock,
    half: Contrast,
    copy: Copy,
    returned: CornerUpLeft,
    download: Download,
    save: ArrowDownToLine,
    more: Ellipsis,
    eye: Eye,
    draft: FilePen,
    file: FileText,
    folder: Folder,
    disk: HardDrive,
    house: House,
    inbox: Inbox,
    link: Link,
    tasks: ListChecks,
    lock: Lock,
    clip: Paperclip,
    pencil: Pencil,
    plus: Plus,
    printer: Printer,
    search: Search,
    send: Send,
    settings: Settings,
    shield: ShieldCheck,
    warning: TriangleAlert,
    undo: Undo,
    upload: Upload,
    user: User,
    users: Users,
    cross: Cross,
    sync: Refresh,
    line: Wifi,
    noLine: WifiOff,
    server: Server,
    pc: Monitor,
    ban: Ban,
    refused: CircleX,
    stamp: Stamp,
} as const;

export type IconName = keyof typeof ICONS;
