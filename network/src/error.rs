//! Everything that can be wrong with what is read.

use std::io;

use crate::{
    calibrate::RangesError, images::ImageError, import::ModelError, sidecar::SettingsError,
    stage::StageError, weights::WeightsError,
};

/// Any error of this crate's readers.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file that cannot be read.
    #[error("`{file}` cannot be read: {error}")]
    Read {
        /// The file.
        file: String,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// Settings that make no sense.
    #[error("settings of `{file}`: {problem}")]
    Settings {
        /// The weights or the JSON file.
        file: String,
        /// What is wrong.
        #[source]
        problem: SettingsError,
    },
    /// Weights that cannot be read.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// Weights of another network.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A graph that does not fold into stages.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// Calibration that does not fit.
    #[error(transparent)]
    Ranges(#[from] RangesError),
    /// Images that cannot be used.
    #[error(transparent)]
    Image(#[from] ImageError),
}
