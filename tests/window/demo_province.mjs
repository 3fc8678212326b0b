// The neighbours of the demo commune: two more agencies of its server, a letter of the province to
// both communes, and the directory, which it keeps. Usage: node demo_province.mjs PROGRAMS DEMO SERVER ADDRESS
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [programs, demo, server, address] = process.argv.slice(2);
const PAGE = "assets/demo/pages/stc_kh_3125.pdf";
const SUBJECT = "Kế hoạch kiểm tra công tác văn thư, lưu trữ năm nay tại các xã, phường";
const MEETINGS_MAX = 30;

const NEIGHBOURS = [
    {
        profile: `${demo}-binh-an`, pc: "BA-01", name: "UBND xã Bình An", code: "H50.99.36",
        place: "Bình An", clerk: "Nguyễn Thị Thu",
    },
    {
        profile: `${demo}-tinh`, pc: "HS-01", name: "UBND tỉnh Hiếu Sơn", code: "H50",
        place: "Hiếu Sơn", clerk: "Lý Thị Hoài",
    },
];
const [commune, province] = NEIGHBOURS;

const runs = (program, words, input = "") => {
    const stdio = ["pipe", "pipe", "inherit"];
    return execFileSync(join(programs, program), words, { encoding: "utf8", input, stdio });
};
// A scan is longer than a word of a command line may be.
const asks = (profile, seat, name, question = {}) => {
    const words = ["--profile", profile, ...seat, "ask", name, "-"];
    return JSON.parse(runs("vanthu", words, JSON.stringify(question)));
};
const AS_CLERK = ["--as", "clerk"];
const AS_ADMIN = ["--as", "admin"];

function found({ profile, name, code, place, clerk }) {
    const officer = (of, position, role) =>
        ({ name: of, position, unit: "", roles: [role], pin: "000000" });
    const setup = asks(profile, ["--show"], "setup.defaults");
    Object.assign(setup.agency, { name, code, place });
    setup.officers = [
        officer("Phạm Văn Sáng", "Quản trị mạng", "administrator"),
        officer(clerk, "Văn thư", "clerk"),
        officer("Trần Văn Bình", "Chủ tịch", "leader"),
    ];
    asks(profile, ["--show"], "setup.found", setup);
}

function comesToServer({ profile, pc }) {
    const said = runs("vanthu-server", ["org", "create", server]);
    const code = /[0-9A-Z]{4}(-[0-9A-Z]{4})+/.exec(said)[0];
    const key = /[0-9a-f]{64}/.exec(said)[0];
    asks(profile, AS_ADMIN, "line.adopt", { address, code, server_key: key, pc_name: pc });
    meets(profile, AS_ADMIN, (line) => line.membership === "joined");
    meets(profile, AS_CLERK, (line) => line.meeting === "met");
}

function meets(profile, seat, isSo) {
    for (let nth = 0; nth < MEETINGS_MAX; nth += 1) {
        if (isSo(asks(profile, seat, "line.meet"))) return;
    }
    throw new Error(`${profile} did not come to its server`);
}

function directory(profile, code) {
    const { agencies } = asks(profile, AS_CLERK, "agencies.find", { text: code });
    const found = agencies.find((agency) => agency.code === code && agency.takes);
    if (found === undefined) throw new Error(`${code} is not in the directory`);
    const { agency, name } = found;
    return { agency, name, code, purpose: "để thực hiện", due: "" };
}

function sendsLetter({ profile }, codes) {
    const content = readFileSync(PAGE).toString("base64");
    const upload = { name: "ke-hoach.pdf", content, card: false };
    const { files } = asks(profile, AS_CLERK, "files.upload", upload);
    const { id } = asks(profile, AS_CLERK, "outgoing.draft", {
        kind: "ke-hoach", subject: SUBJECT, signer: "Trần Văn Bình", signer_position: "CHỦ TỊCH",
        pages: "4", attachments: [files[0].attachment],
        recipients: [{ name: "UBND các xã, phường", code: "" }],
    });
    const { book, symbol } = asks(profile, AS_CLERK, "outgoing.symbol", { id, date: "" });
    asks(profile, AS_CLERK, "outgoing.register", {
        id, book, on: "", symbol, signed_on_paper: true, paper_number: null,
    });
    meets(profile, AS_CLERK, (line) => line.meeting === "met");
    const to = codes.map((code) => directory(profile, code));
    asks(profile, AS_CLERK, "parcels.issue", { id, on: "", to });
    meets(profile, AS_CLERK, (line) => line.unanswered === 0 && line.files_up === 0);
}

// The operator lets the province keep the directory: its administrator has it in Quản trị.
function keepsDirectory({ profile, code }) {
    runs("vanthu-server", ["directory", "keeper", "add", server, "--org", code]);
    meets(profile, AS_ADMIN, () => asks(profile, AS_ADMIN, "directory", { text: "" }).may);
}

// A profile that was left half made is made by nobody else: what is there stays.
if (!existsSync(province.profile)) {
    for (const neighbour of NEIGHBOURS) {
        if (existsSync(neighbour.profile)) continue;
        found(neighbour);
        comesToServer(neighbour);
    }
    sendsLetter(province, [commune.code, "H50.99.01"]);
    keepsDirectory(province);
}
