//! Activation functions as data. One file per function says all that the rest of memloom asks of it: its exact value,
//! where it turns, its text in circuit languages, and how a vector kernel computes it.
//!
//! **To add one**, write its file and its name in the list below. Attribute, rule check, bounds, printers and the
//! native evaluator read the list. The tests of this crate hold each function to its own data.
//!
//! ```
//! use memloom_functions::{Activation, HARD_SWISH, LEAKY_RELU};
//!
//! assert_eq!(HARD_SWISH.at(1.0), 4.0 / 6.0);
//! assert_eq!(LEAKY_RELU.with(0.2).map(|f| f.at(-1.0)), Ok(-0.2));
//! assert_eq!(Activation::find("gelu").map(|f| f.name()), Some("gelu"));
//! ```

mod activation;

pub use activation::{Activation, Definition, Gate, OutOfRange, Parameter, Voice};

/// Declares a module, a constant and an entry of [`ALL`] for each function.
macro_rules! functions {
    ($($file:ident $constant:ident)*) => {
        $(
            mod $file;
            #[doc = concat!("The function of `", stringify!($file), ".rs`.")]
            pub const $constant: Activation = Activation::of(&$file::DEFINITION);
        )*
        /// Every function, with the default of its parameter.
        pub const ALL: &[Activation] = &[$($constant),*];
    };
}

functions! {
    hard_swish HARD_SWISH
    hard_sigmoid HARD_SIGMOID
    relu RELU
    identity IDENTITY
    relu6 RELU6
    leaky_relu LEAKY_RELU
    sigmoid SIGMOID
    tanh TANH
    silu SILU
    gelu GELU
}
