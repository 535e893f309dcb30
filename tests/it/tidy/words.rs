use super::checkout::File;

/// Words that have no place in a finished file. They are written in two parts here, so that this file passes.
const LEFTOVERS: [(&str, &str); 4] = [
    (concat!("TO", "DO"), "finish it, or write an issue"),
    (concat!("FIX", "ME"), "finish it, or write an issue"),
    (concat!("dbg", "!("), "take it out"),
    (concat!("[all", "ow("), "use `expect` with a reason: it vanishes with its cause"),
];

/// Folders where somebody's machine keeps checkouts and homes.
const MACHINE: [&str; 3] = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];

/// Unfinished work, and lints that are switched off.
pub(super) fn leftovers(file: &File) -> Vec<String> {
    let mut findings = Vec::new();
    for (number, line) in (1..).zip(file.text.lines()) {
        let found = LEFTOVERS.iter().filter(|(word, _)| line.contains(word));
        findings.extend(found.map(|(word, advice)| file.at(number, &format!("`{word}`: {advice}"))));
    }
    findings
}

/// Absolute paths that hold on one machine only. A path that continues another (`a/home/b`) is a different thing.
pub(super) fn machine_paths(file: &File) -> Vec<String> {
    let continues = |before: &str| before.ends_with(|last: char| last.is_alphanumeric() || "._-}/".contains(last));
    let absolute = |line: &str, path: &str| {
        let mut befores = line.split(path).collect::<Vec<_>>();
        befores.pop();
        !befores.into_iter().all(continues)
    };
    let mut findings = Vec::new();
    for (number, line) in (1..).zip(file.text.lines()) {
        let found = MACHINE.iter().filter(|path| absolute(line, path));
        findings.extend(found.map(|path| file.at(number, &format!("`{path}` is a path of one machine"))));
    }
    findings
}

/// Files that may hold unsafe code, each with its audit in the file and its place in SECURITY.md.
pub(super) const UNSAFE: [&str; 2] = ["runtime/executor/src/heap.rs", "runtime/host/src/artifact.rs"];

/// Unsafe code, wherever it stands and whatever lint was silenced for it.
pub(super) fn unsafe_code(file: &File) -> Vec<String> {
    let word = concat!("un", "safe");
    let begins = |line: &str| {
        let code = line.split("//").next().unwrap_or_default();
        let mut words =
            code.split_whitespace().skip_while(|found| *found != word && !found.ends_with(&format!("({word}")));
        let next = words.nth(1).unwrap_or_default();
        ["{", "fn", "impl", "trait", "extern"].contains(&next) || code.contains(&format!("#[{word}("))
    };
    let lines = (1..).zip(file.text.lines()).filter(|(_, line)| begins(line));
    lines.map(|(number, _)| file.at(number, "unsafe code")).collect()
}

/// A crate without the lints of the workspace.
pub(super) fn lints(file: &File) -> Vec<String> {
    let inherited = file.text.contains("\n[lints]\nworkspace = true\n");
    if inherited { Vec::new() } else { vec![file.at(1, "no `[lints]` with `workspace = true`")] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> File {
        File { path: "runtime/x/src/a.rs".to_owned(), text: text.to_owned() }
    }

    #[test]
    fn every_leftover_is_found_where_it_is() {
        for (word, advice) in LEFTOVERS {
            let findings = leftovers(&file(&format!("fine\nnot {word} fine\n")));
            assert_eq!(findings, [format!("runtime/x/src/a.rs:2: `{word}`: {advice}")]);
        }
    }

    #[test]
    fn every_path_of_a_machine_is_found() {
        for path in MACHINE {
            assert_eq!(machine_paths(&file(&format!("let path = \"{path}x\";\n"))).len(), 1);
        }
    }

    #[test]
    fn a_path_inside_another_is_not_meant() {
        for path in MACHINE {
            assert_eq!(machine_paths(&file(&format!("https://example.org{path}x\n"))).len(), 0);
        }
    }

    #[test]
    fn unsafe_code_is_found_in_every_form_and_the_word_alone_is_not() {
        let word = concat!("un", "safe");
        for code in [
            "let x = W { f() };",
            "W impl Sync for X {}",
            "pub W fn f() {}",
            "W extern \"C\" {",
            "#[W(no_mangle)]",
            "f(W { g() })",
        ] {
            assert_eq!(unsafe_code(&file(&code.replace('W', word))).len(), 1, "{code}");
        }
        for fine in ["// W { f() }", "\"W\" | \"x\"", "expect(W_code)"] {
            assert_eq!(unsafe_code(&file(&fine.replace('W', word))).len(), 0, "{fine}");
        }
    }

    #[test]
    fn a_crate_with_lints_of_its_own_is_found() {
        assert_eq!(lints(&file("[package]\n\n[lints]\nworkspace = true\n")).len(), 0);
        assert_eq!(lints(&file("[package]\n\n[lints.rust]\nunsafe_code = \"allow\"\n")).len(), 1);
    }
}
