/** Words of Đồng bộ: how it goes with the server, what is on its way, what came back. */
const agree = (parts: readonly string[]): string => parts.filter((part) => part !== "").join(" ");

/** "2 giờ 46 phút", "12 phút", "chưa đến một phút". */
function span(minutes: number): string {
    const hours = Math.floor(minutes / 60);
    const rest = minutes % 60;
    if (hours >= 48) return `${Math.floor(hours / 24)} ngày`;
    if (hours === 0 && rest === 0) return "chưa đến một phút";
    return agree([hours > 0 ? `${hours} giờ` : "", rest > 0 ? `${rest} phút` : ""]);
}

/** "còn khoảng 6 phút". */
function left(seconds: number | null): string {
    if (seconds === null) return "";
    if (seconds < 60) return "còn chưa đến một phút";
    return `còn khoảng ${span(Math.ceil(seconds / 60))}`;
}

const count = (value: number): string => value.toLocaleString("vi-VN");

export const line = {
    span,
    left,
    share: (done: number, total: number) => `${count(done)}/${count(total)}`,
    alone: {
        heading: "Cơ quan làm việc trên một máy",
        note: "Máy này giữ toàn bộ sổ và làm việc không cần mạng. Không có gì được gửi đi đâu.",
        gives: "Có máy chủ thì được thêm",
        gifts: [
            [
                "Nhiều máy cùng một sổ",
                "Lãnh đạo, văn phòng, chuyên viên mỗi người một máy; việc làm ở máy này hiện ở " +
                    "máy kia.",
            ],
            [
                "Mất mạng vẫn làm việc",
                "Mỗi máy có đủ phần sổ của mình. Việc làm lúc mất mạng tự gửi lên khi có mạng lại.",
            ],
            [
                "Số không bao giờ trùng",
                "Mỗi sổ chỉ có một nơi cấp số: một máy, hoặc máy chủ. Máy khác vào sổ và chờ số.",
            ],
            [
                "Máy hỏng không mất sổ",
                "Máy mới gia nhập bằng một mã trên giấy là có lại toàn bộ sổ.",
            ],
        ],
        safe: "Sổ trên máy này giữ nguyên và vẫn dùng được như hôm nay.",
        others: "Việc đưa sổ lên máy chủ do người quản trị của cơ quan làm, ở màn hình này.",
    },
    adopt: {
        title: "Đưa sổ lên máy chủ",
        note: "Người vận hành máy chủ đưa một tờ giấy có địa chỉ, mã và khoá của máy chủ.",
        address: "Địa chỉ máy chủ",
        addressHint: "https://vanthu.tinh.gov.vn",
        code: "Mã trên giấy",
        codeHint: "ABCD-EFGH-…",
        key: "Khoá máy chủ",
        keyHint: "từng nhóm như in trên giấy",
        keyNote: "Khoá cho biết đúng là máy chủ đó. Gõ hoặc dán đủ các nhóm.",
        pc: "Tên máy này",
        pcHint: "VT-01",
        do: "Đưa sổ lên",
        doing: (acts: number) => `Đang gặp máy chủ; ${count(acts)} việc chờ gửi lên.`,
        after:
            "Mọi việc đã làm từ việc đầu tiên được gửi lên; trong lúc đó vẫn làm việc bình " +
            "thường.",
    },
    heading: {
        met: (at: string) => `Đã đồng bộ lúc ${at}`,
        metAll: "Không còn việc chờ gửi. Việc mới ở máy này và máy khác tự đi, tự về.",
        metSome: (waits: number) => `${count(waits)} việc đang chờ máy chủ trả lời.`,
        talking: (since: string) => `Đang gửi và nhận từ ${since}`,
        back: (since: string, gap: string) => `Có mạng lại từ ${since}, sau ${gap}`,
        talkingNote:
            "Việc làm lúc mất mạng được gửi lên theo đúng thứ tự. Việc của máy khác nhận " +
            "về ngay sau đó.",
        adopting: "Đang đưa sổ lên máy chủ",
        adoptingNote: "Cứ làm việc bình thường. Có thể tắt máy; lần sau gửi tiếp từ chỗ dừng.",
        adoptingSent: (share: string) => `Đã gửi ${share} việc.`,
        adoptingReads: (share: string) =>
            `Đã gửi hết; đang đọc lại ${share} mục từ máy chủ để so từng việc.`,
        copying: "Đang nhận sổ từ máy chủ",
        copyingNote: (share: string) =>
            `Đã nhận ${share} mục, mới nhất trước. Phần đã nhận dùng được ngay.`,
        noLine: (since: string) => `Mất mạng từ ${since}`,
        noLineNote: (waits: number) =>
            waits === 0
                ? "Anh chị cứ làm việc. Mọi việc lưu trên máy này và tự gửi lên khi có mạng lại."
                : `Anh chị cứ làm việc. ${count(waits)} việc đã lưu trên máy này, tự gửi lên khi ` +
                  `có mạng lại.`,
        off: (since: string) => `Đã ngắt mạng từ ${since}`,
        offNote: (waits: number) =>
            waits === 0
                ? "Sổ dùng thử: mạng ngắt từ cửa sổ này. Cứ làm việc; mọi việc lưu trên máy này."
                : `Sổ dùng thử: mạng ngắt từ cửa sổ này. ${count(waits)} việc đã lưu trên máy này.`,
        waiting: "Chưa gặp máy chủ từ lúc mở chương trình",
        waitingNote: (waits: number) =>
            waits === 0
                ? "Máy này tự gặp máy chủ khi có mạng."
                : `${count(waits)} việc đã lưu trên máy này, tự gửi lên khi gặp máy chủ.`,
        trouble: "Máy chủ trả lời, nhưng có điều cần xem",
        troubleNote: (waits: number) => `${count(waits)} việc chờ gửi, đã lưu trên máy này.`,
        shutOut: "Máy này đã bị thu quyền",
        shutOutNote: "Không gửi và không nhận được nữa. Sổ trên máy này vẫn xem được.",
    },
    differed: (found: string, what: string) => `So sổ với máy chủ, ${found}: ${what}`,
    meet: "Gặp máy chủ ngay",
    off: "Ngắt mạng",
    on: "Nối mạng lại",
    up: {
        title: "Gửi lên",
        unit: "việc",
        none: "Không còn việc chờ gửi.",
        noneNext: "Việc vừa làm hiện ở đây cho đến khi máy chủ nhận.",
        whole: "Đang gửi mọi việc đã làm, từ việc đầu tiên.",
        wholeNext: "Việc làm từ bây giờ được gửi tiếp sau đó.",
        waits: "chờ",
        sends: "đang gửi",
        sent: (hour: string) => `đã gửi ${hour}`,
        carried: (many: number) => `Máy này mang hộ ${count(many)} việc của máy khác.`,
        more: (many: number) => `và ${count(many)} việc nữa, gửi theo thứ tự`,
        files: "Bản quét và tệp kèm",
        filesNote: "Gửi sau phần chữ, mạng đứt thì gửi tiếp được từ chỗ dừng.",
        filesLeft: (many: number) => `còn ${count(many)} tệp`,
        list: "Việc gửi lên",
    },
    down: {
        title: "Nhận về",
        unit: "mục",
        none: "Không còn gì phải nhận.",
        noneNext: "Việc của máy khác tự về đây, việc khẩn về trước.",
        after: "Chưa nhận gì.",
        afterNext: "Gửi xong thì máy này đọc lại sổ từ máy chủ để so từng việc.",
        stopped: "Đang chờ có mạng.",
        stoppedNext: "Có mạng lại thì nhận tiếp từ chỗ dừng.",
        text: "Sổ, văn bản, nhiệm vụ",
        files: "Bản quét và tệp kèm",
        filesNote: "Nhận sau phần chữ, nhận tiếp được từ chỗ dừng.",
        filesLeft: (many: number) => `còn ${count(many)} tệp`,
        saver: "Tiết kiệm dữ liệu",
        saverNote: "Tệp trên 512 KB chỉ về khi anh chị mở văn bản; phần chữ vẫn về ngay.",
        keptBack: (many: number) => `${count(many)} tệp chờ được mở`,
        doing: (share: string) => `đang nhận ${share}`,
        held: (share: string) => `đã nhận ${share}`,
        list: "Phần nhận về",
        server: "Máy chủ",
        met: "Gặp gần nhất",
        never: "chưa gặp",
        trip: "Hỏi và trả lời mất",
        ms: (value: number) =>
            value < 10
                ? "chưa đến 0,01 giây"
                : `${(value / 1000).toLocaleString("vi-VN", { maximumFractionDigits: 2 })} giây`,
        address: "Địa chỉ",
        key: "Khoá",
        pc: "Máy này",
    },
    look: {
        title: "Cần xem lại",
        unit: "việc",
        list: "Việc cần xem lại",
        none: "Không có việc nào cần xem lại.",
        noneNext: "Việc không được nhận, và số trên giấy bị trùng, sẽ ở đây kèm lý do.",
        refused: (what: string) => `${what} không được nhận`,
        held: (what: string) => `${what} chờ xem lại`,
        who: (name: string, at: string) => `${name} làm lúc ${at}`,
        what: "Việc gì",
        safe: "Còn an toàn",
        todo: "Cần làm",
        redo: "Làm lại",
        open: "Mở văn bản",
        openTask: "Mở nhiệm vụ",
        letGo: "Bỏ qua",
        notMine: (name: string) => `${name} mở khoá máy này thì làm lại được.`,
        stays: "Việc chỉ mất khỏi đây khi có người chọn. Mọi lựa chọn đều ghi vào lịch sử.",
        letGoTitle: (what: string) => `Bỏ qua: ${what}`,
        letGoNote:
            "Việc này chưa có hiệu lực với ai. Bỏ qua rồi thì không còn ở đây, cần thì làm " +
            "lại từ đầu.",
        letGoDo: "Bỏ qua việc này",
        seen: "Đã xem, bỏ khỏi đây",
        seenNote: "Văn bản và số của nó không đổi. Dòng này thôi hiện ở đây.",
    },
    clash: {
        title: (number: string) => `Số ${number} bị trùng`,
        refused: (number: string) => `Số ${number} chưa dùng được`,
        who: (party: string, at: string) => `${party}, cấp lúc ${at}`,
        this: "Văn bản này",
        other: "Văn bản đang mang số",
        safe: "Mọi văn bản còn nguyên. Máy không tự đổi số đã đóng dấu.",
        todo: "Chọn một cách; dấu trên giấy sửa theo cách đã chọn.",
        suffix: (number: string) => `Giữ số ${number}`,
        suffixNote: (number: string) =>
            `Viết thêm chữ vào số đã đóng dấu thành ${number}; số của văn bản khác không đổi.`,
        void: (number: string) => `Huỷ số ${number} của văn bản này`,
        voidShort: "Huỷ số",
        voidNote: "Dòng huỷ và lý do đứng trong sổ; số của văn bản khác không đổi.",
        renumber: "Cấp số mới",
        renumberNote: "Văn bản này nhận số tiếp theo của sổ; đóng lại dấu trên giấy.",
        choose: "Cách xử lý",
        compare: "Hai văn bản cùng số",
        do: {
            suffix: (number: string) => `Giữ số ${number}`,
            void: "Huỷ số",
            renumber: "Cấp số mới",
        },
        mark: (number: string) => `trùng số ${number}`,
        what: (number: string) => `Số ${number} trên giấy chưa dùng được, chờ văn thư xử lý.`,
        go: "Xem và chọn cách xử lý",
    },
    program: {
        title: "Chương trình",
        runs: (version: string) => `Đang dùng bản ${version}.`,
        takesNone: "Bản này không tự nhận bản mới.",
        next: (version: string) => `Có bản ${version}, dùng từ lần mở sau`,
        coming: (version: string) => `Đang tải bản ${version}, sau mọi tệp của văn bản.`,
        keptBack: (version: string) => `Bản ${version} chờ vì đang tiết kiệm dữ liệu.`,
        restart: (version: string) => `Mở lại với bản ${version}`,
        notRestarted: "Chưa mở lại được. Đóng cửa sổ rồi mở lại chương trình.",
        back: (version: string) => `Quay về bản ${version}`,
        stay: (version: string) => `Vẫn dùng bản ${version}`,
        fell: (version: string, running: string) =>
            `Bản ${version} không mở được trên máy này nên đã thôi dùng; bản ${running} chạy ` +
            "tiếp. Sổ không mất gì.",
        fellShort: (version: string) => `Bản ${version} không mở được, đã dùng lại bản trước`,
        left: (version: string) => `Bản ${version} đã thôi dùng trên máy này.`,
    },
    reach: { here: "Trên máy này", server: "Đã tới máy chủ" },
    hereOnly: "chỉ mới có trên máy này",
    foot: {
        synced: (at: string) => `Đã đồng bộ lúc ${at}.`,
        all: "Không còn việc chờ gửi.",
        waits: (many: number) => `${count(many)} việc chờ gửi.`,
        noLine: (since: string) => `Mất mạng từ ${since}.`,
        off: (since: string) => `Đã ngắt mạng từ ${since}.`,
        kept: (many: number) =>
            many === 0
                ? "Anh chị cứ làm việc, mọi việc lưu trên máy này."
                : `${count(many)} việc chờ gửi, đã lưu trên máy này.`,
        waiting: "Chưa gặp máy chủ.",
        back: "Có mạng lại.",
        adopting: "Đang đưa sổ lên máy chủ.",
        talking: "Đang gửi và nhận.",
        sent: (share: string) => `Đã gửi ${share} việc`,
        reads: (share: string) => `đang nhận ${share} mục`,
        stopped: (left: number) => (left <= 0 ? "" : `Còn ${count(left)} mục chưa nhận.`),
        shutOut: (since: string) => `Máy này bị thu quyền từ ${since}.`,
        look: (many: number) => `${count(many)} việc cần xem lại`,
    },
    act: {
        "agency.found": "Lập sổ",
        "restore.witness": "Đưa lại cho máy chủ",
        "agency.set": "Sửa cơ quan",
        "agency.group": "Lưu nhóm nơi nhận",
        "unit.set": "Lưu đơn vị",
        "officer.set": "Lưu cán bộ",
        "calendar.set": "Quyết định lịch năm",
        "book.open": "Mở sổ",
        "book.set": "Sửa sổ",
        "lease.take": "Xin giữ quyền cấp số sổ",
        "lease.release": "Trả về máy chủ quyền cấp số sổ",
        "lease.hand_over": "Bàn giao sổ",
        "lease.confirm": "Xác nhận số cuối của sổ",
        "lease.force": "Lấy lại sổ",
        "book.freeze": "Tạm dừng cấp số sổ",
        "held.resolve": "Xử lý số trùng của",
        "device.enrol": "Kết nạp máy",
        "device.revoke": "Thu quyền của máy",
        "device.retire": "Báo hỏng hẳn máy",
        "book.paper_range": "Ghi số dùng trên giấy của sổ",
        "book.void_number": "Huỷ số của sổ",
        "incoming.register": "Vào sổ",
        "document.number": "Cấp số",
        "incoming.edit": "Sửa",
        "document.attach": "Thêm tệp vào",
        "document.detach": "Bỏ tệp khỏi",
        "document.void": "Huỷ số",
        "document.seen": "Đã xem",
        "incoming.submit": "Trình",
        "incoming.direct": "Phân công",
        "incoming.undo_directive": "Rút lại phân công",
        "incoming.recall_directive": "Thu hồi phân công",
        "incoming.close": "Kết thúc",
        "incoming.reopen": "Mở lại",
        "outgoing.draft": "Soạn dự thảo",
        "outgoing.edit": "Sửa dự thảo",
        "outgoing.submit": "Trình duyệt",
        "outgoing.undo_submit": "Rút lại bản trình",
        "outgoing.approve": "Duyệt",
        "outgoing.return": "Trả lại dự thảo",
        "outgoing.register": "Vào sổ",
        "outgoing.send": "Phát hành",
        "parcel.issue": "Phát hành liên thông",
        "parcel.chase": "Nhắc nơi nhận",
        "parcel.recall": "Đề nghị thu hồi",
        "arrival.refuse": "Từ chối văn bản gửi đến",
        "arrival.answer_recall": "Trả lời thu hồi",
        "task.create": "Giao việc",
        "task.seen": "Đã xem việc",
        "task.progress": "Báo tiến độ",
        "task.report": "Báo cáo kết quả",
        "task.undo_report": "Rút lại báo cáo",
        "task.ask_extension": "Xin gia hạn",
        "task.decide_extension": "Xét gia hạn",
        "task.accept": "Duyệt kết quả",
        "task.return": "Trả lại kết quả",
        "task.transfer": "Chuyển việc",
        "task.remind": "Nhắc",
        "task.withdraw": "Thu hồi việc",
    } as Record<string, string>,
    someAct: "Việc đã làm",
};
