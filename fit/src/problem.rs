//! Least squares: residuals and their derivatives for the solver.

use crate::Measurement;
use crate::axis::{Axis, place};
use crate::integrate::respond;
use crate::meter::Meter;
use crate::noise::Scale;
use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt, TerminationReason};
use memloom_devices::Device;
use nalgebra::storage::Owned;
use nalgebra::{DMatrix, DVector, Dyn};
use rayon::prelude::*;
use std::ops::Range;

/// Residual, over the span, of a device that cannot be: far above any that can.
const HOPELESS: f64 = 1e6;
/// Step of difference quotients.
const NUDGE: f64 = 1e-6;

/// A device to be fitted to data.
#[derive(Clone)]
pub(crate) struct Problem<'a> {
    pub(crate) device: Device,
    pub(crate) axes: &'a [Axis],
    pub(crate) data: &'a Measurement,
    pub(crate) scale: Scale,
    /// Steps of the integrator between two points.
    pub(crate) steps: usize,
    /// Counts what is spent on it.
    pub(crate) meter: &'a Meter,
    /// Points whose residuals do not count.
    without: Range<usize>,
    unbounded: DVector<f64>,
}

impl<'a> Problem<'a> {
    pub(crate) fn new(
        device: Device,
        axes: &'a [Axis],
        data: &'a Measurement,
        scale: Scale,
        meter: &'a Meter,
    ) -> Self {
        Self {
            device,
            axes,
            data,
            scale,
            steps: 1,
            meter,
            without: 0..0,
            unbounded: DVector::zeros(axes.len()),
        }
    }

    /// The same without some points, on steps from point to point, with a count of its own.
    pub(crate) fn without<'b>(&'b self, points: Range<usize>, meter: &'b Meter) -> Problem<'b> {
        Problem { without: points, steps: 1, meter, ..self.clone() }
    }

    /// Residuals over the span, at natural coordinates.
    pub(crate) fn residuals_at(&self, natural: &[f64]) -> DVector<f64> {
        let current = place(&self.device, self.axes, natural)
            .and_then(|(device, start)| respond(&device, &start, self.data, self.steps, self.meter));
        match current {
            Some(current) => {
                let miss = |(i, wanted): (&f64, &f64)| self.scale.map(*i) - self.scale.map(*wanted);
                let mut residuals =
                    DVector::from_iterator(current.len(), current.iter().zip(&self.data.current).map(miss));
                residuals.rows_mut(self.without.start, self.without.len()).fill(0.0);
                residuals
            }
            None => DVector::repeat(self.data.len(), HOPELESS),
        }
    }

    /// Their root mean square.
    pub(crate) fn rms_at(&self, natural: &[f64]) -> f64 {
        rms(&self.residuals_at(natural))
    }

    /// Natural coordinates of the best fit near `natural`, and whether it is the best: not the one at which the meter
    /// stopped.
    pub(crate) fn solve(&self, natural: &[f64], patience: usize) -> (Vec<f64>, bool) {
        let mut problem = self.clone();
        let unbounded = self.axes.iter().zip(natural).map(|(axis, q)| axis.unbounded(*q));
        problem.unbounded = DVector::from_iterator(self.axes.len(), unbounded);
        let solver = LevenbergMarquardt::new().with_tol(1e-10).with_patience(patience).with_stepbound(1.0);
        let (problem, report) = solver.minimize(problem);
        (problem.natural(), report.termination != TerminationReason::User("jacobian"))
    }

    fn natural(&self) -> Vec<f64> {
        self.axes.iter().zip(self.unbounded.iter()).map(|(axis, z)| axis.bounded(*z)).collect()
    }

    /// Derivatives of the residuals, one column for each axis, by natural coordinates.
    pub(crate) fn slopes(&self, natural: &[f64]) -> DMatrix<f64> {
        let column = |k: usize| {
            let (low, high) = self.axes[k].ends();
            let nudge = 1e-5 * (high - low).min(1.0);
            let (mut up, mut down) = (natural.to_vec(), natural.to_vec());
            (up[k], down[k]) = ((up[k] + nudge).min(high), (down[k] - nudge).max(low));
            (self.residuals_at(&up) - self.residuals_at(&down)) / (up[k] - down[k])
        };
        let columns: Vec<_> = (0..self.axes.len()).into_par_iter().map(column).collect();
        DMatrix::from_columns(&columns)
    }
}

impl LeastSquaresProblem<f64, Dyn, Dyn> for Problem<'_> {
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, Dyn>;
    type ParameterStorage = Owned<f64, Dyn>;

    fn set_params(&mut self, unbounded: &DVector<f64>) {
        self.unbounded.copy_from(unbounded);
    }

    fn params(&self) -> DVector<f64> {
        self.unbounded.clone()
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        Some(self.residuals_at(&self.natural()))
    }

    /// The solver asks for it at each place that it has taken: here it may be stopped and keeps that place.
    fn jacobian(&self) -> Option<DMatrix<f64>> {
        self.meter.is_open().then_some(())?;
        let here = self.residuals_at(&self.natural());
        let column = |k: usize| {
            let mut beside = self.unbounded.clone();
            beside[k] += NUDGE;
            let natural: Vec<f64> = self.axes.iter().zip(beside.iter()).map(|(a, z)| a.bounded(*z)).collect();
            (self.residuals_at(&natural) - &here) / NUDGE
        };
        let columns: Vec<_> = (0..self.axes.len()).into_par_iter().map(column).collect();
        Some(DMatrix::from_columns(&columns))
    }
}

pub(crate) fn rms(residuals: &DVector<f64>) -> f64 {
    residuals.norm() / (residuals.len() as f64).sqrt()
}
