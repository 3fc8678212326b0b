//! Fills a register with a synthetic office and measures it: `measure FOLDER DOCUMENTS`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    clippy::print_stdout,
    reason = "a measurement that fails may stop"
)]
use std::convert::Infallible;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::civil::{Date, date, time};
use register::{
    Act, Agency, AgencyFounded, AgencyId, BookId, Command, CommandId, DeadlineEnd, DeviceId,
    Direction, DirectiveGiven, DirectiveId, DocumentId, Hours, Id, IncomingFields,
    IncomingRegistered, Kind, KindShape, LeaseClaim, Moment, Officer, OfficerId, OutgoingFields,
    Party, Recipient, Role, Scope, Sending, TaskId, TaskSet, Unit, UnitId, Weight,
};
use store::{
    Batch, DocumentStanding, FileKey, Lens, ListFilter, Narrow, OpenOptions, PerformError, Store,
    StoreError, Synchronous, TaskPhase, TaskQuery, TasksOf, Turn, View,
};
use sync::SigningKey;

const KEY: FileKey = FileKey([7; 32]);
const ORG: AgencyId = AgencyId([0xA0; 16]);
const IN: BookId = BookId([0xB1; 16]);
const OUT: BookId = BookId([0xB2; 16]);
const OFFICERS: u32 = 40;
const UNITS: u32 = 8;
const DAYS: i64 = 3600;
const BATCH: u64 = 500;
const WORDS: &str = "về việc triển khai thực hiện kế hoạch công tác kiểm tra giám sát đất đai xây \
    dựng nông thôn mới tài nguyên môi trường giao thông y tế giáo dục đào tạo lao động thương binh \
    xã hội an sinh quốc phòng an ninh trật tự ngân sách dự toán quyết toán đầu tư công phòng chống \
    thiên tai dịch bệnh chuyển đổi số cải cách hành chính tiếp công dân giải quyết khiếu nại \
    tố cáo \
    bầu cử hội đồng nhân dân ủy ban mặt trận tổ quốc thanh niên phụ nữ cựu chiến binh báo cáo kết \
    quả tổng kết năm quý tháng hướng dẫn tổ chức lễ kỷ niệm ngày thành lập phê duyệt danh sách hộ \
    nghèo cận nghèo hỗ trợ kinh phí mua sắm trang thiết bị thông báo mời họp cung cấp số liệu rà \
    soát bổ sung quy hoạch sử dụng đất bồi thường tái định cư";
const ISSUERS: [&str; 6] = [
    "UBND tỉnh Đắk Lắk",
    "Sở Nông nghiệp và Môi trường",
    "Sở Nội vụ",
    "Đảng ủy xã An Hiếu",
    "Văn phòng UBND tỉnh",
    "Công an tỉnh",
];

struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn sentence(&mut self, words: &[&str], low: usize, high: usize) -> String {
        let count = low + self.below(high - low);
        (0..count).map(|_| words[self.below(words.len())]).collect::<Vec<_>>().join(" ")
    }
}

fn id(space: u8, number: u64) -> Id {
    let mut id = [space; 16];
    id[..8].copy_from_slice(&number.to_be_bytes());
    id
}

fn officer_id(number: u32) -> OfficerId {
    OfficerId(id(1, u64::from(number)))
}

fn key_of(officer: OfficerId) -> SigningKey {
    let mut seed = [3; 32];
    seed[..16].copy_from_slice(&officer.0);
    SigningKey::from_bytes(&seed)
}

struct Fill {
    dice: Dice,
    words: Vec<&'static str>,
    made: u64,
    documents: u64,
    keys: Vec<SigningKey>,
    wide: u64,
}

fn day(made: u64, documents: u64) -> i64 {
    (made * DAYS as u64 / documents.max(1)) as i64
}

fn on(day: i64) -> Date {
    date(2016, 1, 4).checked_add(jiff::Span::new().days(day)).unwrap()
}

fn command(turn: Turn, actor: OfficerId, on: Date, act: Act) -> Command {
    let morning = Moment::of(on.at(8, 0, 0, 0));
    Command {
        v: 1,
        id: CommandId(id(9, turn.n)),
        org: ORG,
        dev: turn.dev,
        n: turn.n,
        actor,
        at: Moment(morning.0.max(turn.last_at.0 + 1)),
        off: 0,
        seen: turn.seen,
        kv: 1,
        need: Vec::new(),
        lease: None,
        blobs: Vec::new(),
        act,
    }
}

fn claim(view: &View<'_>, book: BookId, year: i16) -> LeaseClaim {
    let found = view.book(book).unwrap().unwrap();
    LeaseClaim { book, epoch: found.lease.epoch, year, number: found.year(year).next }
}

fn people() -> Vec<Officer> {
    let roles = |number| match number {
        0 => vec![Role::Clerk, Role::Administrator],
        1 | 2 => vec![Role::Leader],
        3 => vec![Role::OfficeHead],
        4..=11 => vec![Role::UnitHead],
        _ => vec![Role::Official],
    };
    (0..OFFICERS)
        .map(|number| Officer {
            id: officer_id(number),
            name: format!("Nguyễn Văn {number}"),
            position: String::new(),
            unit: Some(UnitId(id(2, u64::from(number % UNITS)))),
            roles: roles(number).into_iter().collect(),
            active: true,
        })
        .collect()
}

fn founded() -> AgencyFounded {
    let kind = |id: &str, name: &str| Kind {
        id: id.to_string(),
        name: name.to_string(),
        abbreviation: String::new(),
        shape: KindShape::Letter,
        issued_here: true,
    };
    let agency = Agency {
        id: ORG,
        name: "UBND XÃ AN HIẾU".to_string(),
        abbreviation: "UBND".to_string(),
        code: String::new(),
        parent: String::new(),
        place: String::new(),
        kinds: (0..33).map(|at| kind(&format!("loai-{at}"), "Công văn")).collect(),
        hours: Hours {
            morning_from: time(7, 30, 0, 0),
            morning_to: time(11, 30, 0, 0),
            afternoon_from: time(13, 30, 0, 0),
            afternoon_to: time(17, 0, 0, 0),
        },
        deadline_end: DeadlineEnd::Midnight,
        lock_minutes: 10,
        groups: Vec::new(),
    };
    let units = (0..UNITS).map(|at| Unit {
        id: UnitId(id(2, u64::from(at))),
        name: format!("Phòng {at}"),
        abbreviation: String::new(),
        open: true,
    });
    AgencyFounded { agency, units: units.collect(), officers: people() }
}

impl Fill {
    fn act(&self, batch: &mut Batch<'_>, who: u32, on: Date, book: Option<BookId>, act: Act) {
        let actor = officer_id(who);
        let done = batch.perform(&self.keys[who as usize], |view, turn| {
            let lease = book.map(|book| claim(view, book, on.year()));
            Ok::<_, Infallible>(Command { lease, ..command(turn, actor, on, act) })
        });
        if let Err(fault) = done {
            panic!("{fault:?}");
        }
    }

    fn incoming(&mut self, made: u64, on: Date) -> IncomingRegistered {
        let fields = IncomingFields {
            number: (1 + self.dice.below(4000)).to_string(),
            symbol: "UBND-VP".to_string(),
            issued_on: Some(on),
            issuer: ISSUERS[self.dice.below(ISSUERS.len())].to_string(),
            kind: format!("loai-{}", self.dice.below(33)),
            subject: self.dice.sentence(&self.words, 12, 31),
            signer: "Trần Văn Bình".to_string(),
            urgency: match self.dice.below(20) {
                0 => register::Urgency::Urgent,
                _ => register::Urgency::Normal,
            },
            ..IncomingFields::default()
        };
        IncomingRegistered {
            document: DocumentId(id(4, made)),
            book: IN,
            arrived_on: on,
            fields,
            attachments: Vec::new(),
            secret: false,
            slip: None,
            twin_reason: None,
            submit_to: Some(officer_id(1)),
            arrival: None,
        }
    }

    fn directed(&mut self, made: u64, on: Date, lead: u32) -> Act {
        let set = TaskSet {
            task: TaskId(id(5, made)),
            content: String::new(),
            lead: Party::Officer(officer_id(lead)),
            co: vec![Party::Unit(UnitId(id(2, self.dice.next() % u64::from(UNITS))))],
            deadline: on.checked_add(jiff::Span::new().days(7)).ok(),
            weight: Weight::Regular,
            product: String::new(),
        };
        Act::Direct(DirectiveGiven {
            document: DocumentId(id(4, made)),
            directive: DirectiveId(id(6, made)),
            text: self.dice.sentence(&self.words, 4, 9),
            task: Some(set),
            information: Vec::new(),
        })
    }

    /// One incoming document with what follows, or one outgoing document.
    fn one(&mut self, batch: &mut Batch<'_>) {
        self.made += 1;
        let made = self.made;
        let on = on(day(made, self.documents));
        if made.is_multiple_of(3) {
            return self.one_outgoing(batch, made, on);
        }
        let act = Act::RegisterIncoming(self.incoming(made, on));
        self.act(batch, 0, on, Some(IN), act);
        if made % 5 != 1 {
            return;
        }
        let lead = 12 + (self.dice.next() % 28) as u32;
        let act = self.directed(made, on, lead);
        self.act(batch, 1, on, None, act);
        if made + self.wide > self.documents {
            return;
        }
        let task = TaskId(id(5, made));
        let text = "Đã thực hiện xong".to_string();
        let report = Act::Report { task, text, files: Vec::new(), product: None };
        self.act(batch, lead, on, None, report);
        self.act(batch, 1, on, None, Act::AcceptResult { task, remarks: String::new() });
    }

    fn one_outgoing(&mut self, batch: &mut Batch<'_>, made: u64, on: Date) {
        let document = DocumentId(id(4, made));
        let drafter = 12 + (self.dice.next() % 28) as u32;
        let fields = OutgoingFields {
            kind: "loai-1".to_string(),
            subject: self.dice.sentence(&self.words, 12, 31),
            signer: "Trần Văn Bình".to_string(),
            unit: Some(UnitId(id(2, u64::from(drafter % UNITS)))),
            recipients: vec![Recipient {
                name: "Sở Nội vụ".to_string(), code: String::new()
            }],
            ..OutgoingFields::default()
        };
        let (attachments, answers, task) = (Vec::new(), None, None);
        self.act(
            batch,
            drafter,
            on,
            None,
            Act::Draft { document, fields, attachments, answers, task, replaces: None },
        );
        let (book, slip, symbol) = (OUT, None, "UBND-KT".to_string());
        let signed_on_paper = true;
        let act = Act::RegisterOutgoing { document, book, on, symbol, slip, signed_on_paper };
        self.act(batch, 0, on, Some(OUT), act);
        let how = "bưu điện".to_string();
        self.act(batch, 0, on, None, Act::Send(Sending { document, on, how }));
    }
}

fn quantiles(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e3;
    let (p50, p95, p99, max) = (at(0.5), at(0.95), at(0.99), at(1.0));
    println!("{name:<44} p50 {p50:8.3}  p95 {p95:8.3}  p99 {p99:8.3}  max {max:8.3} ms");
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name| status.lines().find(|line| line.starts_with(name)).unwrap_or("").to_string();
    format!("{} {}", of("VmRSS"), of("VmHWM"))
}

fn measure_acts(path: &Path, synchronous: Synchronous, fill: &mut Fill) {
    let options = OpenOptions { synchronous, ..OpenOptions::default() };
    let store = Store::open(path, &KEY, &options).unwrap();
    let mut times = Vec::new();
    for _ in 0..1000 {
        let made = fill.made + 1;
        fill.made = made;
        let day = on(DAYS);
        let act = Act::RegisterIncoming(fill.incoming(made, day));
        let start = Instant::now();
        let done = store.perform(&fill.keys[0], |view, turn| {
            let lease = Some(claim(view, IN, day.year()));
            Ok::<_, Infallible>(Command { lease, ..command(turn, officer_id(0), day, act) })
        });
        times.push(start.elapsed());
        if let Err(fault) = done {
            let fault: PerformError<Infallible> = fault;
            panic!("{fault:?}");
        }
    }
    quantiles(&format!("register one, {synchronous:?}"), times);
}

fn measure_search(store: &Store, name: &str, lens: &Lens, fill: &mut Fill) {
    let mut times = Vec::new();
    let mut rows = 0;
    for _ in 0..60 {
        let query = fill.dice.sentence(&fill.words.clone(), 3, 4);
        let query = match name.contains("marks") {
            true => query,
            false => text::fold(&query),
        };
        let chars: Vec<char> = query.chars().collect();
        for end in 1..=chars.len() {
            let typed: String = chars[..end].iter().collect();
            let start = Instant::now();
            let filter = ListFilter::default();
            let found = store.read(|view| view.search(lens, &typed, &filter, 50)).unwrap();
            times.push(start.elapsed());
            rows += found.rows.len();
        }
    }
    println!("{rows} rows in {} searches", times.len());
    quantiles(name, times);
}

fn filters() -> Vec<(&'static str, ListFilter)> {
    let all = ListFilter::default();
    let incoming = ListFilter { direction: Some(Direction::Incoming), ..all.clone() };
    let done = Some(Narrow::Standing(DocumentStanding::Done));
    let party = Some(Scope::Unit(UnitId(id(2, 1))));
    vec![
        ("everything", all.clone()),
        ("incoming", incoming.clone()),
        ("incoming done", ListFilter { narrow: done, ..incoming.clone() }),
        ("open", ListFilter { narrow: Some(Narrow::Open), ..all.clone() }),
        ("urgent", ListFilter { narrow: Some(Narrow::UrgentOpen), ..all.clone() }),
        ("book out", ListFilter { book: Some(OUT), ..all.clone() }),
        ("unit", ListFilter { party, ..all.clone() }),
        ("unit and book", ListFilter { party, book: Some(IN), ..all.clone() }),
        (
            "one year",
            ListFilter {
                from_day: Some(date(2018, 1, 1)),
                to_day: Some(date(2018, 12, 31)),
                ..incoming
            },
        ),
    ]
}

fn measure_lists(store: &Store, who: &str, lens: &Lens) {
    for (name, filter) in filters() {
        let mut times = Vec::new();
        let mut middle = Vec::new();
        let mut total = 0;
        for at in 0..100u64 {
            let start = Instant::now();
            let window = store.read(|view| view.window(lens, &filter, 0, 50)).unwrap();
            times.push(start.elapsed());
            total = window.total;
            let first = total * at / 100;
            let start = Instant::now();
            store.read(|view| view.window(lens, &filter, first, 50)).unwrap();
            middle.push(start.elapsed());
        }
        quantiles(&format!("{who}: {name} ({total}), first page"), times);
        quantiles(&format!("{who}: {name}, page anywhere"), middle);
    }
    let query = TaskQuery { of: TasksOf::All, phase: TaskPhase::Open, limit: 200 };
    let times = (0..50).map(|_| {
        let start = Instant::now();
        store.read(|view| view.tasks(lens, &query)).unwrap();
        start.elapsed()
    });
    quantiles(&format!("{who}: 200 open tasks"), times.collect());
}

fn filled(path: &Path, fill: &mut Fill) {
    if path.exists() {
        fill.made = fill.documents + 1_000_000 + std::process::id() as u64 * 10_000;
        return;
    }
    let options = OpenOptions { synchronous: Synchronous::Off, ..OpenOptions::default() };
    let store = Store::create(path, &KEY, DeviceId([0xD0; 16]), &options).unwrap();
    let start = Instant::now();
    let first = on(0);
    store
        .batch(|batch| {
            fill.act(batch, 0, first, None, Act::Found(founded()));
            for (book, direction) in [(IN, Direction::Incoming), (OUT, Direction::Outgoing)] {
                let (name, kinds, opening) = ("Sổ".to_string(), Vec::new(), None);
                let open = Act::OpenBook { book, name, direction, kinds, opening };
                fill.act(batch, 0, first, None, open);
                fill.act(batch, 0, first, None, Act::TakeLease { book });
            }
            Ok::<(), StoreError>(())
        })
        .unwrap();
    while fill.made < fill.documents {
        store
            .batch(|batch| {
                for _ in 0..BATCH.min(fill.documents - fill.made) {
                    fill.one(batch);
                }
                Ok::<(), StoreError>(())
            })
            .unwrap();
        if fill.made.is_multiple_of(50_000) {
            println!("{} documents in {:?}", fill.made, start.elapsed());
        }
    }
    store.checkpoint().unwrap();
    let commands = store.read(|view| view.commands_kept()).unwrap();
    println!("filled {} documents, {commands} commands in {:?}", fill.documents, start.elapsed());
}

fn main() {
    let mut args = std::env::args().skip(1);
    let folder = args.next().unwrap();
    let documents: u64 = args.next().unwrap().parse().unwrap();
    let path = Path::new(&folder).join(format!("measure-{documents}.db"));
    let keys = (0..OFFICERS).map(|number| key_of(officer_id(number))).collect();
    let words = WORDS.split_whitespace().collect();
    let dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut fill = Fill { dice, words, made: 0, documents, keys, wide: documents / 50 };
    filled(&path, &mut fill);
    println!("file: {} MB; {}", std::fs::metadata(&path).unwrap().len() >> 20, memory());
    measure_acts(&path, Synchronous::Off, &mut fill);
    measure_acts(&path, Synchronous::Full, &mut fill);
    let start = Instant::now();
    let store = Store::open(&path, &KEY, &OpenOptions::default()).unwrap();
    let people = people();
    let (clerk, official) = (Lens::of(&people[0]), Lens::of(&people[20]));
    store.read(|view| view.window(&clerk, &ListFilter::default(), 0, 50)).unwrap();
    println!("open and first page: {:?}", start.elapsed());
    measure_lists(&store, "clerk", &clerk);
    measure_lists(&store, "official", &official);
    measure_search(&store, "search, clerk", &clerk, &mut fill);
    measure_search(&store, "search, clerk, marks typed", &clerk, &mut fill);
    measure_search(&store, "search, official", &official, &mut fill);
    println!("{}", memory());
    if args.next().is_some() {
        let start = Instant::now();
        let report = store.verify(&mut |_| {}).unwrap();
        println!("verify: {:?}, {:?}", start.elapsed(), report.findings.len());
        let start = Instant::now();
        store.rebuild_derived(&mut |_| {}).unwrap();
        println!("rebuild: {:?}; {}", start.elapsed(), memory());
        let start = Instant::now();
        store.backup_to(&path.with_extension("copy")).unwrap();
        println!("copy: {:?}", start.elapsed());
    }
}
