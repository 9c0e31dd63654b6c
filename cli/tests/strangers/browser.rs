//! A page in a real browser.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Chromium: what `MEMLOOM_CHROMIUM` names, or on `PATH`.
fn chromium() -> PathBuf {
    if let Some(named) = std::env::var_os("MEMLOOM_CHROMIUM").filter(|named| !named.is_empty()) {
        return named.into();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&path).map(|folder| folder.join("chromium")).find(|file| file.is_file());
    found.expect("`chromium` is not installed; run scripts/setup, or set MEMLOOM_CHROMIUM")
}

/// The document that Chromium makes of `page`, its scripts run.
fn dom(page: &Path) -> String {
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new(chromium())
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(["--virtual-time-budget=2000", "--dump-dom"])
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let dom = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && dom.contains("</html>"), "chromium: {said}\n{dom}");
    dom
}

fn title(dom: &str) -> &str {
    dom.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap()
}

/// Checks that Chromium shows `name` in `page` as text and runs none of it, and that it would run the bare name.
pub(crate) fn shows_as_text(page: &Path, name: &str) {
    let shown = dom(page);
    assert!(title(&shown).starts_with("net\\u{a}.control"), "{}", title(&shown));
    assert!(!shown.contains("<img"), "a part of the name is an element:\n{shown}");
    // As the browser writes text between tags.
    let text = name.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    assert!(shown.contains(&text), "the name is not there: {text}\n{shown}");

    let bare = page.with_extension("bare.html");
    let text = fs::read_to_string(page).unwrap().replace("<body>", &format!("<body>{name}"));
    // Nor does the page let any script run; this one does.
    let (head, policy) = text.split_once("<meta http-equiv").unwrap();
    let (_, rest) = policy.split_once('\n').unwrap();
    fs::write(&bare, head.to_owned() + rest).unwrap();
    assert_eq!(title(&dom(&bare)), "owned", "the test finds nothing");
}
