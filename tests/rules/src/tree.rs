//! The files of the project, as git sees them: tracked, or new and not ignored.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

/// A file of the project.
#[derive(Debug, Clone)]
pub struct File {
    /// The path from the root, with `/`.
    pub path: String,
    /// What it says; empty for a binary file.
    pub text: String,
}

impl File {
    /// Says whether the name ends so, dot included.
    pub fn ends(&self, ending: &str) -> bool {
        self.path.ends_with(ending)
    }

    /// Says whether the file lies in a folder, given with its last `/`.
    pub fn is_in(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }

    /// The lines with their numbers, from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

/// The whole project.
#[derive(Debug, Clone)]
pub struct Tree {
    /// Where it lies.
    pub root: PathBuf,
    /// Every file, in order of path.
    pub files: Vec<File>,
}

impl Tree {
    /// Reads the project this package belongs to.
    pub fn of_this_project() -> io::Result<Tree> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(&root)
            .output()?;
        if !listed.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&listed.stderr)));
        }
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let paths: BTreeSet<&str> = listed.split('\0').filter(|path| !path.is_empty()).collect();
        let mut files = Vec::new();
        for path in paths {
            match fs::read(root.join(path)) {
                Ok(bytes) => files.push(File { path: path.to_owned(), text: text_of(bytes) }),
                // Deleted in the working tree and not yet in the index, or a link to a folder.
                Err(error) if error.kind() == io::ErrorKind::NotFound => (),
                Err(error) if error.kind() == io::ErrorKind::IsADirectory => (),
                Err(error) => return Err(error),
            }
        }
        Ok(Tree { root, files })
    }

    /// The Rust files.
    pub fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.ends(".rs"))
    }

    /// The hand-written scripts and components of the page.
    pub fn page(&self) -> impl Iterator<Item = &File> {
        self.files
            .iter()
            .filter(|file| file.is_in("ui/") && (file.ends(".ts") || file.ends(".svelte")))
            .filter(|file| !file.is_in("ui/src/host/generated/"))
    }

    /// The file at a path.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }
}

fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}
