//! What a statement may be made of.

use super::comment::Comment;
use super::name::{IncludePath, Name};
use crate::number::{Number, put};
use std::io::Write;

mod sealed {
    pub trait Sealed {}
}

/// A word of a statement: memloom's own text, a checked name or path, a comment, a number, or several of them without a
/// gap.
///
/// A string that is not of the program itself is none; it has to become a [`Name`] first.
pub trait Word: sealed::Sealed {
    /// Appends the word to `out`.
    fn put(&self, out: &mut Vec<u8>);
}

macro_rules! displayed {
    ($($word:ty),*) => {$(
        impl sealed::Sealed for $word {}
        impl Word for $word {
            fn put(&self, out: &mut Vec<u8>) {
                write!(out, "{self}").expect("memory takes everything");
            }
        }
    )*};
}

displayed!(&'static str, Comment, IncludePath<'_>, Name<'_>, usize);

impl sealed::Sealed for Number {}
impl Word for Number {
    fn put(&self, out: &mut Vec<u8>) {
        put(out, self.0);
    }
}

macro_rules! joined {
    ($($part:ident)*) => {
        impl<$($part: Word),*> sealed::Sealed for ($($part,)*) {}
        impl<$($part: Word),*> Word for ($($part,)*) {
            #[allow(non_snake_case, reason = "the parts are called as their types")]
            fn put(&self, out: &mut Vec<u8>) {
                let ($($part,)*) = self;
                $($part.put(out);)*
            }
        }
    };
}

joined!(A B);
joined!(A B C);
joined!(A B C D);
joined!(A B C D E);
joined!(A B C D E F);
joined!(A B C D E F G);
