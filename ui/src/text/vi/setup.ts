/** Words of the first run: founding the agency on this PC. */
export const setup = {
    title: "Lập sổ trên máy này",
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
