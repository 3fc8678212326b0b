/** Words about who gives the numbers of a book, and about the PCs of the agency. */
export const leases = {
    who: "Quyền cấp số",
    here: (next: string) => `Máy này cấp số cho sổ này, số tiếp theo ${next}.`,
    hereNote: "Cấp số được cả lúc mất mạng.",
    server: "Số do máy chủ cấp khi tới nơi.",
    serverNote:
        "Vào sổ ở máy nào cũng được ngay; lúc mất mạng, văn bản mang số phiếu tạm và chờ số.",
    otherNote: "Ở máy này vẫn vào sổ được ngay; văn bản mang số phiếu tạm và chờ số.",
    nobody: "Chưa máy nào giữ quyền cấp số của sổ này.",
    nobodyNote: "Vào sổ được ngay, văn bản chờ số cho đến khi có máy giữ sổ.",
    frozen: "Sổ này đang tạm dừng cấp số.",
    frozenNote:
        "Vào sổ được ngay, văn bản chờ số. Cần người xem số cuối trên sổ giấy rồi lấy " +
        "lại quyền cấp số.",
    asked: "Yêu cầu về quyền cấp số đang chờ máy chủ trả lời.",
    act: {
        take: "Xin giữ quyền cấp số",
        release: "Trả về máy chủ",
        hand_over: "Bàn giao cho máy khác",
        take_over: "Nhận bàn giao từ tệp",
        force: "Lấy lại sổ của máy hỏng",
        confirm_last: "Xác nhận số cuối trên giấy",
        carry_mirror: "Đưa việc từ bản ghi thứ hai",
        reenter: "Nhập lại số trên giấy",
    },
    mirror: {
        heading: "Máy hỏng còn bản ghi thứ hai",
        title: "Đưa việc của máy hỏng lên máy chủ",
        note:
            "Máy hỏng có ghi từng việc ra nơi thứ hai (USB, thư mục chung) thì máy này đọc và " +
            "gửi hộ. Việc máy chủ đã có được bỏ qua; làm lại nhiều lần cũng được.",
        first:
            "Máy đó có ghi ra nơi thứ hai (USB, thư mục chung) thì đưa các việc đó lên trước: " +
            "số và văn bản có lại, không phải nhập từ giấy.",
        firstOthers:
            "Máy đó có ghi ra nơi thứ hai thì văn thư hoặc quản trị đưa các việc đó lên trước, " +
            "ở màn hình này: số và văn bản có lại, không phải nhập từ giấy.",
        open: "Đưa việc từ bản ghi thứ hai",
        folder: "Thư mục của bản ghi thứ hai",
        folderHint: "đường dẫn trên USB hoặc thư mục chung",
        folderNote: "Đúng thư mục máy hỏng đã ghi, xem ở Quản trị, mục Bản sao của máy đó.",
        choose: "Chọn thư mục",
        code: "Mã khôi phục của máy hỏng",
        codeHint: "từng nhóm như trên giấy",
        codeNote: "Tờ giấy cất giữ khi lập sổ hoặc khi máy đó gia nhập. Mã không gửi đi đâu.",
        do: "Đọc và gửi hộ",
        doing: "Đang đọc bản ghi; số việc đọc được hiện khi xong.",
    },
    paper: {
        title: (book: string) => `Số trên giấy của ${book}`,
        waits: (many: number) => `${many} số đã dùng trên giấy, chờ nhập lại.`,
        note: (many: number) =>
            `Còn ${many} số đã dùng trên giấy mà trong sổ chưa có văn bản. Số tiếp theo của sổ ` +
            `không đổi.`,
        number: (number: string, year: number) => `số ${number} năm ${year}`,
        which: "Số trên giấy",
        until: (day: string) => `Ngày của số này không sau ${day}.`,
        between: (after: string, until: string) => `Ngày của số này từ ${after} đến ${until}.`,
        how: "Cách xử lý",
        enter: "Nhập lại văn bản từ giấy",
        enterNote: "Mở ô nhập; văn bản mang đúng số đã đóng trên giấy.",
        void: "Huỷ số này",
        voidNote: "Không có văn bản nào mang số này. Dòng huỷ và lý do đứng trong sổ.",
        outgoing:
            "Văn bản đi nhập lại ở màn hình Văn bản đi: khi vào sổ dự thảo, chọn số này ở ô Số.",
        enterDo: (name: string) => `Nhập ${name}`,
        voidDo: (name: string) => `Huỷ ${name}`,
        again: (number: string) => `Nhập lại số ${number} từ sổ giấy`,
        pick: "Số",
        next: (text: string) => `số tiếp theo ${text}`,
        asNumber: (number: string, year: number) => `số ${number}/${year} đã dùng trên giấy`,
    },
    handOver: {
        title: (book: string) => `Bàn giao ${book}`,
        note: "Máy này thôi cấp số ngay khi bàn giao; máy nhận đi tiếp từ số kế.",
        to: "Máy nhận",
        none: "Chưa có máy nào khác để bàn giao.",
        folder: "Thư mục trên USB, khi hai máy không có mạng",
        folderHint: "để trống: bàn giao qua mạng",
        folderNote: "Tệp bàn giao mang theo những việc chưa gửi; cắm USB sang máy nhận rồi mở.",
        choose: "Chọn thư mục",
        do: "Bàn giao",
        officers: (names: string) => (names === "" ? "" : ` (${names})`),
    },
    takeOver: {
        title: "Nhận bàn giao từ tệp",
        note:
            "Tệp do máy giữ sổ ghi ra USB, tên bắt đầu bằng ban-giao-so. Nhận xong cấp số " +
            "được ngay.",
        path: "Tệp bàn giao",
        hint: "đường dẫn tệp trên USB",
        choose: "Chọn tệp",
        do: "Nhận sổ",
    },
    force: {
        title: (book: string) => `Lấy lại ${book}`,
        note:
            "Dùng khi máy giữ sổ hỏng, mất hoặc không trở lại. Xem sổ giấy hoặc con dấu " +
            "cuối cùng, " +
            "ghi đúng số cuối. Số ở giữa mà máy chủ chưa biết được ghi là đã dùng trên " +
            "giấy, chờ nhập lại.",
        second:
            "Người quản trị lấy lại sổ, hoặc hơn 200 số: cần lãnh đạo hoặc chánh văn phòng " +
            "xác nhận số cuối trước, bằng nút Xác nhận số cuối trên giấy ở màn hình này.",
        last: "Số cuối trên sổ giấy",
        date: "Ngày của số đó",
        to: "Từ nay nơi cấp số",
        server: "Máy chủ",
        thisPc: (name: string) => `${name}, máy này`,
        reason: "Lý do",
        do: "Lấy lại sổ",
        proof: "Gõ lại số cuối để chắc",
    },
    confirm: {
        title: (book: string) => `Xác nhận số cuối của ${book}`,
        note:
            "Người thứ hai tự xem sổ giấy và ghi số mình thấy. Lấy lại sổ chỉ được khi hai " +
            "người ghi như nhau.",
        year: "Năm",
        last: "Số cuối trên sổ giấy",
        do: "Xác nhận",
    },
    holding: {
        warns: ({ books, days }: { books: readonly string[]; days: number | null }) =>
            days === null
                ? `Máy này giữ sổ ${books.join(", ")} và đang cấp số khi chưa gặp máy chủ.`
                : `Máy này giữ sổ ${books.join(", ")}, chưa gặp máy chủ ${days} ngày.`,
        asks: (days: number | null, numbers: number) =>
            days === null
                ? `Máy này đã cấp ${numbers} số từ lần gặp máy chủ gần nhất.`
                : `Máy này giữ sổ, chưa gặp máy chủ ${days} ngày, đã cấp ${numbers} số.`,
        safe: "Các số đã cấp vẫn đúng và còn trên máy này.",
        meet: "Tìm cách nối mạng để gửi lên; máy này hỏng thì việc chưa gửi phải nhập lại từ giấy.",
        todo: "Nối mạng để gặp máy chủ, hoặc nhờ lãnh đạo nhập mã PIN để cấp số tiếp.",
        vouched: (by: string, at: string, reason: string) =>
            reason === ""
                ? `${by} cho cấp số tiếp lúc ${at}.`
                : `${by} cấp số tiếp lúc ${at}, lý do: ${reason}`,
        act: "Cho cấp số tiếp",
        title: "Cho máy này cấp số tiếp",
        note:
            "Lãnh đạo hoặc chánh văn phòng nhập mã PIN của mình: máy này cấp số tiếp 30 ngày, " +
            "hoặc 500 số. Gặp được máy chủ thì tính lại từ đầu.",
        noVoucher:
            "Trên máy này chưa ai trong số lãnh đạo, chánh văn phòng, quản trị có mã PIN. Khi có " +
            "mạng, nhờ quản trị đặt mã PIN cho lãnh đạo ở máy này.",
        who: "Người cho cấp số tiếp",
        nobody: "Lãnh đạo vắng mặt",
        pin: "Mã PIN",
        reason: "Lý do",
        aloneNote:
            "Văn thư ghi lý do thì cấp số tiếp được một ngày. Ai, lúc nào và lý do được giữ trên " +
            "máy này.",
        do: "Cho cấp số tiếp",
        doAlone: "Cấp số tiếp một ngày",
    },
    pcs: {
        name: "Máy",
        people: (names: readonly string[]) =>
            names.length <= 4
                ? names.join(", ")
                : `${names.slice(0, 3).join(", ")} và ${names.length - 3} người khác`,
        officers: "Người dùng",
        since: "Từ ngày",
        books: "Giữ sổ",
        state: "Tình trạng",
        here: "máy này",
        works: "đang dùng",
        revoked: (why: string) => `đã thu quyền: ${why}`,
        retired: (why: string) => `đã báo hỏng: ${why}`,
        none: "Cơ quan chưa có máy chủ nên chỉ có máy này.",
        noneNext: "Đưa sổ lên máy chủ ở màn hình Đồng bộ, rồi in mã cho máy mới ở đây.",
        goLine: "Đến Đồng bộ",
        add: "Mã cho máy mới",
        for: "Mã cho ai",
        make: "Tạo mã",
        making: "Đang xin mã từ máy chủ.",
        codeNote: "Mỗi mã dùng một lần, cho một người, trên một máy.",
        revoke: "Thu quyền",
        revokeTitle: (name: string) => `Thu quyền của máy ${name}`,
        revokeNote:
            "Dùng khi máy mất hoặc vào tay người khác. Từ lúc máy chủ nhận việc này, máy " +
            "đó không gửi, " +
            "không nhận được gì. Việc máy đó còn giữ sẽ chờ xem lại. Không hoàn tác được.",
        revokeDo: "Thu quyền",
        retire: "Báo hỏng",
        retireTitle: (name: string) => `Báo máy ${name} hỏng hẳn`,
        retireNote:
            "Dùng khi máy đã huỷ, không bao giờ mở lại. Sổ máy đó giữ cần lấy lại ở màn " +
            "hình Sổ đăng ký. " +
            "Không hoàn tác được.",
        retireDo: "Báo hỏng",
        holds: (books: string) => `Máy này đang giữ: ${books}. Lấy lại sổ ở màn hình Sổ đăng ký.`,
        proof: (name: string) => `Gõ lại tên máy ${name}`,
    },
    code: {
        title: "Mã gia nhập cơ quan",
        for: "Cho",
        until: "Dùng được đến",
        address: "Địa chỉ máy chủ",
        code: "Mã",
        key: "Khoá máy chủ",
        steps: [
            "Trên máy mới, mở Văn Thư, chọn Gia nhập cơ quan đã có.",
            "Gõ địa chỉ, mã và khoá đúng như trên tờ này, đặt tên máy và mã PIN của mình.",
            "Mã dùng một lần. Xong thì huỷ tờ giấy này.",
        ],
        print: "In tờ này",
        done: "Xong",
    },
};
