//! The page host is asked as a browser asks, over a real socket.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::{fs, thread};

use super::{Behind, Part, serve};

struct Echo;

impl Behind for Echo {
    fn ask(&self, name: &str, args: &str) -> Result<String, String> {
        match name {
            "fails" => Err(r#"{"what":"không"}"#.to_owned()),
            "breaks" => panic!("a question that breaks"),
            _ => Ok(format!(r#"["{name}",{args}]"#)),
        }
    }
    fn blob(&self, _sha256: &str, from: u64, to: u64) -> Result<Part, String> {
        let whole = b"%PDF-1.7 of ten pages";
        let bytes = whole.iter().copied().skip(from as usize).take((to - from) as usize).collect();
        Ok(Part { bytes, total: whole.len() as u64, mime: "application/pdf".to_owned() })
    }
    fn on_tell(&self, hear: Box<dyn Fn(String) + Send + Sync>) {
        hear(r#"["documents"]"#.to_owned());
        hear(r#"["tasks"]"#.to_owned());
    }
}

struct Browser {
    _folder: tempfile::TempDir,
    profile: std::path::PathBuf,
    address: String,
    way_in: String,
    cookie: String,
}

impl Browser {
    fn at_a_host() -> Browser {
        let folder = tempfile::tempdir().unwrap();
        let (pages, profile) = (folder.path().join("dist"), folder.path().join("profile"));
        fs::create_dir_all(&pages).unwrap();
        fs::create_dir_all(&profile).unwrap();
        fs::write(pages.join("index.html"), "the page").unwrap();
        let (ready, way_in) = channel();
        let served = profile.clone();
        thread::spawn(move || {
            serve(Arc::new(Echo), pages, served, |url| ready.send(url.to_owned()).unwrap())
        });
        let url = way_in.recv().unwrap();
        let rest = url.strip_prefix("http://").unwrap();
        let (address, path) = rest.split_once('/').unwrap();
        Browser {
            profile,
            _folder: folder,
            address: address.to_owned(),
            way_in: format!("/{path}"),
            cookie: String::new(),
        }
    }

    fn inside() -> Browser {
        let mut browser = Browser::at_a_host();
        let answer = browser.gets(&browser.way_in.clone(), &[]);
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        browser.cookie = format!("Cookie: {}", cookie.split(';').next().unwrap());
        browser
    }

    fn sends(&self, start: &str, headers: &[&str], body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let mut head = format!("{start} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|header| header.starts_with("Host:")) {
            head += &format!("Host: {}\r\n", self.address);
        }
        for header in headers.iter().copied().chain([self.cookie.as_str()]) {
            if !header.is_empty() {
                head += &format!("{header}\r\n");
            }
        }
        head += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn gets(&self, path: &str, headers: &[&str]) -> String {
        self.sends(&format!("GET {path}"), headers, "")
    }

    fn posts(&self, path: &str, body: &str) -> String {
        let origin = format!("Origin: http://{}", self.address);
        self.sends(&format!("POST {path}"), &[&origin], body)
    }
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap()
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap().1
}

#[test]
fn a_browser_without_the_cookie_sees_nothing() {
    let browser = Browser::at_a_host();
    for path in ["/", "/index.html", "/tell", "/blob/abc"] {
        assert_eq!(status(&browser.gets(path, &[])), "401", "{path}");
    }
    assert_eq!(status(&browser.posts("/ask/list", "{}")), "401");
    assert_eq!(status(&browser.gets("/enter?token=0000", &[])), "401");
}

#[test]
fn the_token_lets_one_browser_in_and_its_file_is_gone_after() {
    let browser = Browser::inside();
    assert_eq!(body(&browser.gets("/", &[])), "the page");
    assert_eq!(status(&browser.gets(&browser.way_in, &[])), "401");
    assert!(!browser.profile.join("browser.token").exists());
}

#[cfg(unix)]
#[test]
fn the_token_can_be_read_by_nobody_else() {
    use std::os::unix::fs::PermissionsExt as _;
    let browser = Browser::at_a_host();
    let mode = fs::metadata(browser.profile.join("browser.token")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_request_under_another_name_or_from_another_page_is_turned_away() {
    let browser = Browser::inside();
    let name = "Host: vanthu.example";
    assert_eq!(status(&browser.gets("/", &[name])), "421");
    let name = "Host: localhost";
    assert_eq!(status(&browser.gets("/", &[name])), "421");
    let from = "Origin: http://evil.example";
    assert_eq!(status(&browser.gets("/", &[from])), "421");
    assert_eq!(status(&browser.sends("POST /ask/list", &[from], "{}")), "421");
    assert_eq!(status(&browser.sends("POST /ask/list", &[], "{}")), "421");
}

#[test]
fn a_question_is_answered_and_a_failure_is_told_apart() {
    let browser = Browser::inside();
    let answer = browser.posts("/ask/list", r#"{"a":1}"#);
    assert_eq!((status(&answer), body(&answer)), ("200", r#"["list",{"a":1}]"#));
    let answer = browser.posts("/ask/fails", "{}");
    assert_eq!((status(&answer), body(&answer)), ("422", r#"{"what":"không"}"#));
    assert_eq!(status(&browser.posts("/ask/breaks", "{}")), "500");
    assert_eq!(status(&browser.posts("/ask/list", "{}")), "200");
}

#[test]
fn a_file_is_given_whole_or_in_part() {
    let browser = Browser::inside();
    let answer = browser.gets("/blob/abc", &[]);
    assert_eq!((status(&answer), body(&answer)), ("200", "%PDF-1.7 of ten pages"));
    let answer = browser.gets("/blob/abc", &["Range: bytes=5-7"]);
    assert!(answer.contains("content-range: bytes 5-7/21"), "{answer}");
    assert_eq!((status(&answer), body(&answer)), ("206", "1.7"));
}

#[test]
fn the_page_hears_what_it_missed_and_no_more() {
    let browser = Browser::inside();
    let answer = browser.gets("/tell?after=1", &[]);
    assert_eq!(body(&answer), r#"{"at":2,"all":false,"topics":[["tasks"]]}"#);
    let answer = browser.gets("/tell?after=0", &[]);
    assert_eq!(body(&answer), r#"{"at":2,"all":false,"topics":[["documents"],["tasks"]]}"#);
    let answer = browser.gets("/tell?after=77", &[]);
    assert_eq!(body(&answer), r#"{"at":2,"all":true,"topics":[]}"#);
}

#[test]
fn nothing_outside_the_built_page_is_served() {
    let browser = Browser::inside();
    for path in ["/../profile/x", "/..%2fprofile", "/%2e%2e/secret", "//etc/passwd", "/none.js"] {
        assert_eq!(status(&browser.gets(path, &[])), "404", "{path}");
    }
}

#[test]
fn a_file_handed_over_by_the_browser_lies_in_the_profile_under_its_own_name() {
    let browser = Browser::inside();
    let answer = browser.posts("/file?name=..%2F..%2Fqu%C3%A9t.pdf", "bytes");
    let path = body(&answer).strip_prefix(r#"{"path":""#).unwrap().strip_suffix(r#""}"#).unwrap();
    assert!(path.starts_with(browser.profile.to_str().unwrap()), "{path}");
    assert!(path.ends_with("/quét.pdf"), "{path}");
    assert_eq!(fs::read_to_string(path).unwrap(), "bytes");
}
