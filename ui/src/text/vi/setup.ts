/** Words of the first run: founding the agency on this PC. */
export const setup = {
    title: "Lập sổ trên máy này",
    begin: "Bắt đầu thế nào",
    begins: { found: "Lập sổ cho cơ quan", join: "Gia nhập cơ quan đã có" },
    join: {
        title: "Gia nhập cơ quan đã có",
        note: "Quản trị của cơ quan in một tờ mã cho máy này. Gõ đúng như trên tờ mã.",
        address: "Địa chỉ máy chủ",
        addressHint: "https://vanthu.tinh.gov.vn",
        code: "Mã",
        codeNote: "Mã dùng một lần, cho một người trên một máy.",
        key: "Khoá máy chủ",
        keyNote: "Cho biết đúng là máy chủ của cơ quan. Gõ đủ các nhóm.",
        pc: "Tên máy này",
        pcHint: "VT-02",
        pin: "PIN của anh chị trên máy này",
        pinNote: "Ít nhất 6 chữ số. PIN chỉ có trên máy này.",
        do: "Gia nhập",
        doing: (seconds: number) =>
            `Đang gặp máy chủ và nhận phần đầu của sổ${seconds > 0 ? `, đã ${seconds} giây` : ""}.`,
        after: "Có phần đầu là dùng được ngay; phần còn lại về sau, số đã nhận hiện ở cuối cửa sổ.",
        need: "Cần đủ địa chỉ, mã, khoá, tên máy và PIN ít nhất 6 chữ số.",
        again: {
            title: "Gia nhập lại như một máy mới",
            open: "Gia nhập lại",
            note:
                "Quản trị tạo một mã cho anh chị; quản trị ngồi ở máy này cũng tạo được, ở màn " +
                "hình Quản trị. Đặt cho máy một tên khác tên cũ.",
            after:
                "Sổ cũ được cất nguyên trong thư mục so-cu của máy này. Việc chưa gửi hiện ở " +
                "Cần xem lại để làm lại. Sổ mà máy cũ giữ: lấy lại ở màn hình Sổ đăng ký, ghi " +
                "đúng số cuối trên sổ giấy. Người khác dùng chung máy này cần mã PIN mới.",
        },
    },
    shutOut: {
        what: "Máy này đã bị thu quyền nên không còn giữ sổ của cơ quan.",
        safe: "Việc đã làm ở đây đã gửi lên máy chủ, chờ quản trị xem. Sổ của cơ quan vẫn đủ.",
        todo: "Gặp quản trị của cơ quan. Muốn dùng lại máy này thì gia nhập bằng một mã mới.",
    },
    step: (at: number, of: number) => `Bước ${at}/${of}`,
    back: "Lùi",
    next: "Tiếp",
    finish: "Lập sổ",
    founding: "Đang lập sổ.",
    steps: ["Cơ quan", "Đơn vị", "Cán bộ", "Sổ", "Tên loại", "Xem lại"],
    agencyNote: "Tên và viết tắt đứng trên sổ và trong ký hiệu văn bản.",
    find: "Tìm xã, phường",
    agencyOf: (place: string) => (place === "" ? "" : `UBND ${place}`),
    unitsNote: "Bỏ hoặc thêm cho đúng cơ quan. Sau này sửa được trong Quản trị.",
    officersNote: "Người đầu tiên có vai trò Quản trị lập sổ và phải có PIN ít nhất 6 chữ số.",
    booksNote:
        "Máy này giữ các sổ và cấp số. Nếu sổ giấy đang dùng dở, ghi số cuối và ngày của nó.",
    kindsNote: "Tên loại cơ quan này ban hành. Văn bản đến nhận mọi tên loại.",
    reviewNote: "Lập sổ xong là dùng được ngay. Mọi thứ sửa được trong Quản trị.",
    add: "Thêm dòng",
    takeOff: (name: string) => `Bỏ ${name === "" ? "dòng này" : name}`,
    needName: "Cần tên cơ quan.",
    needCode: "Cần mã định danh của cơ quan.",
    needAdmin: "Cần một người có vai trò Quản trị.",
    needPin: "Người quản trị cần PIN ít nhất 6 chữ số.",
    needBook: "Cần ít nhất một sổ.",
    counts: (units: number, officers: number, books: number) =>
        `${units} đơn vị, ${officers} cán bộ, ${books} sổ`,
    all: "mọi tên loại",
    recovery: {
        title: "Mã khôi phục của sổ",
        codeName: "Mã khôi phục",
        purpose:
            "Khi máy này hỏng hoặc mất, mã này mở bản sao của sổ trên máy khác. " +
            "Không có mã thì không ai mở được bản sao, kể cả người làm chương trình.",
        notes: [
            "Chép ra giấy hoặc in, cho vào phong bì, cất cùng con dấu của cơ quan.",
            "Không chụp ảnh, không lưu vào máy, không gửi qua thư điện tử.",
            "Mã chỉ hiện ở bước này. Sau này tạo mã mới được trong Quản trị, mục Bản sao.",
        ],
        lastGroup: "Gõ lại nhóm cuối từ tờ giấy",
        written: "Đã chép, vào sổ",
        print: "In tờ cất giữ",
        madeOn: (day: string) => `Tạo ngày ${day}.`,
        lost: "Chương trình đã dừng trước khi có người báo đã chép mã khôi phục.",
        lostNote:
            "Mã cũ không xem lại được. Sổ vẫn đủ. Tạo mã mới để chép ra giấy; " +
            "bản sao làm từ lúc đó mở bằng mã mới.",
        renew: "Tạo mã mới",
    },
};
