use super::*;

#[test]
fn the_registry_is_told_of_a_program_and_the_link_it_is_given() {
    let calls = keys(r"C:\Program Files\Causerie\causerie.exe").map(|call| call.join("|"));
    let key = r"add|HKCU\Software\Classes\xmpp";
    let program = r"C:\Program Files\Causerie\causerie.exe";
    assert_eq!(
        calls,
        [
            format!("{key}|/ve|/t|REG_SZ|/d|URL:XMPP|/f"),
            format!("{key}|/v|URL Protocol|/t|REG_SZ|/d||/f"),
            format!("{key}\\DefaultIcon|/ve|/t|REG_SZ|/d|\"{program}\",0|/f"),
            format!("{key}\\shell\\open\\command|/ve|/t|REG_SZ|/d|\"{program}\" \"%1\"|/f"),
        ]
    );
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::io::Write;
    use std::path::Path;
    use std::process::{Command, Stdio};

    use super::super::Fault;
    use super::super::system::{Places, entry, register_at};

    const FILE: &str = "org.causerie.Causerie.desktop";

    /// Written by another process: what another test starts meanwhile would hold a file of ours open for writing, and no such file runs.
    fn executable(path: &Path, script: &str) {
        let mut writer = Command::new("sh");
        writer.args(["-c", "cat > \"$0\" && chmod 755 \"$0\""]).arg(path).stdin(Stdio::piped());
        let mut writer = writer.spawn().unwrap();
        writer.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        assert!(writer.wait().unwrap().success());
    }

    /// A home of its own, with a desktop that remembers what it is told; or one that remembers nothing.
    fn home(folder: &Path, remembers: bool) -> Places {
        let program = folder.join("programs").join("causerie");
        fs::create_dir_all(program.parent().unwrap()).unwrap();
        executable(&program, "#!/bin/sh\n");
        let tool = folder.join("xdg-mime");
        let keep = if remembers { "echo \"$2\" > \"$HOME/$(basename \"$3\")\"" } else { ":" };
        let answer = "cat \"$HOME/$(basename \"$3\")\" 2>/dev/null || echo other.desktop";
        executable(&tool, &format!("#!/bin/sh\ncase $1 in default) {keep};; query) {answer};; esac\n"));
        let data = folder.join("data");
        let environment = vec![("HOME".into(), folder.into())];
        Places { program, data, shared: Vec::new(), tool, environment }
    }

    fn exec(program: &str) -> Option<String> {
        let entry = entry(Path::new(program))?;
        entry.lines().find_map(|line| line.strip_prefix("Exec=")).map(ToOwned::to_owned)
    }

    #[test]
    fn an_entry_is_that_of_packages_with_the_place_of_the_program() {
        let entry = entry(Path::new("/home/alice/causerie")).unwrap();
        for line in [
            "[Desktop Entry]",
            "Exec=/home/alice/causerie %u",
            "MimeType=x-scheme-handler/xmpp;",
            "Comment[fr]=Discutez avec vos contacts, quel que soit leur fournisseur XMPP",
        ] {
            assert!(entry.lines().any(|found| found == line), "{line}: {entry}");
        }
        assert!(!entry.contains("Exec=causerie"));
    }

    #[test]
    fn no_place_says_more_than_where_the_program_is() {
        assert_eq!(exec("/opt/été/causerie-1.0_x+y").as_deref(), Some("/opt/été/causerie-1.0_x+y %u"));
        assert_eq!(exec("/a b/causerie").as_deref(), Some("\"/a b/causerie\" %u"));
        assert_eq!(exec("/100%u/c").as_deref(), Some("\"/100%%u/c\" %u"));
        assert_eq!(exec("/a\"b$c`d").as_deref(), Some(r#""/a\\"b\\$c\\`d" %u"#));
        assert_eq!(exec(r"/a\b").as_deref(), Some(r#""/a\\\\b" %u"#));
        for odd in ["/a\nExec=rm", "/a=b/causerie"] {
            assert_eq!(exec(odd), None);
        }
    }

    #[test]
    fn the_desktop_is_told_and_asked_whether_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        let places = home(folder.path(), true);
        let file = places.data.join("applications").join(FILE);
        assert_eq!(register_at(&places), Ok(Some(file.clone())));
        assert_eq!(fs::read_to_string(&file).ok(), entry(&places.program));
        assert_eq!(register_at(&places), Ok(Some(file)), "once more does no harm");

        let folder = tempfile::tempdir().unwrap();
        assert_eq!(register_at(&home(folder.path(), false)), Err(Fault::Refused));
    }

    #[test]
    fn what_somebody_else_has_written_stays() {
        let folder = tempfile::tempdir().unwrap();
        let places = home(folder.path(), true);
        let file = places.data.join("applications").join(FILE);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "[Desktop Entry]\nName=Mine\n").unwrap();
        assert_eq!(register_at(&places), Err(Fault::Theirs(file.clone())));
        assert_eq!(fs::read_to_string(&file).unwrap(), "[Desktop Entry]\nName=Mine\n");
        assert!(!folder.path().join("xmpp").exists(), "nobody was told");
    }

    #[test]
    fn the_entry_of_an_installed_program_is_enough() {
        let folder = tempfile::tempdir().unwrap();
        let places = home(folder.path(), true);
        let file = places.data.join("applications").join(FILE);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let exec = format!("Exec={} %u", places.program.display());
        let installed = format!("[Desktop Entry]\n{exec}\n");
        fs::write(&file, &installed).unwrap();
        assert_eq!(register_at(&places), Ok(None));
        assert_eq!(fs::read_to_string(&file).unwrap(), installed);
        // One that opens another program is somebody else's.
        fs::write(&file, format!("[Desktop Entry]\n{}\n", exec.replace("causerie", "other"))).unwrap();
        assert_eq!(register_at(&places), Err(Fault::Theirs(file)));
    }

    #[test]
    fn what_is_missing_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let places = home(folder.path(), true);
        fs::remove_file(&places.tool).unwrap();
        assert_eq!(register_at(&places), Err(Fault::NoTool));
        fs::remove_dir_all(&places.data).unwrap();
        fs::write(&places.data, "in the way").unwrap();
        let file = places.data.join("applications").join(FILE);
        assert_eq!(register_at(&places), Err(Fault::NotWritten(file)));
        fs::remove_file(&places.program).unwrap();
        assert_eq!(register_at(&places), Err(Fault::NoPlace));
    }

    /// The desktop's own tool, where there is one: in a home that is thrown away.
    #[test]
    fn the_tool_of_the_desktop_answers_with_causerie() {
        let Some(path) = std::env::var_os("PATH") else { return };
        let tool = std::env::split_paths(&path).map(|folder| folder.join("xdg-mime"));
        let Some(tool) = tool.into_iter().find(|tool| tool.is_file()) else { return };
        let folder = tempfile::tempdir().unwrap();
        let mut places = home(folder.path(), true);
        places.tool = tool;
        let environment = [("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data")];
        places.environment.extend(environment.map(|(name, at)| (name.into(), folder.path().join(at).into())));
        // That of a desktop would want the desktop itself.
        places.environment.extend(
            ["XDG_CURRENT_DESKTOP", "DESKTOP_SESSION", "DISPLAY"].map(|name| (name.into(), "".into())),
        );
        assert_eq!(register_at(&places), Ok(Some(places.data.join("applications").join(FILE))));
        let list = fs::read_to_string(folder.path().join("config/mimeapps.list")).unwrap();
        assert!(list.contains(&format!("x-scheme-handler/xmpp={FILE}")), "{list}");
    }
}
