//! The ranges of all flags, each end with its reason: physics, or sense.

use super::parse::Kind;
use super::{Range, Whole};
use memloom::device::Dimension::{self, *};

const fn range(
    dimension: Dimension,
    ends: (&'static str, &'static str),
    reasons: (&'static str, &'static str),
    example: &'static str,
) -> Range {
    Range { kind: Kind::Of(dimension), ends, reasons, example }
}

const fn whole(ends: (u64, u64), reasons: (&'static str, &'static str), example: u64) -> Whole {
    Whole { ends, reasons, example }
}

const DEVIATION: &str = "a standard deviation has no sign";
const SOME: &str = "a share has no sign";
const ALL: &str = "there are no more cells than all";
const PARTIAL: &str = "a deviation of ten times the conductance leaves nothing of it";
const SUPPLY: &str = "no op-amp of such a circuit has a supply of 10 V";

macro_rules! table {
    ($all:ident: $type:ty; $($(#[$about:meta])* $name:ident = $value:expr;)*) => {
        $($(#[$about])* pub(crate) static $name: $type = $value;)*
        /// All of them, for tests.
        #[cfg(test)]
        pub(crate) static $all: &[&$type] = &[$(&$name),*];
    };
}

table! {
    RANGES: Range;
    R_WIRE = range(Resistance, ("0", "1Mohm"),
        ("a wire has no negative resistance", "between neighbouring cells that is no wire"), "2.5ohm");
    R_END = range(Resistance, ("0", "1Mohm"),
        ("a line's end has no negative resistance", "nothing would come through"), "100ohm");
    C_LINE = range(Capacitance, ("0", "1nF"),
        ("there is no negative capacitance", "no cell of an array has as much"), "0.2fF");
    PROGRAM_ERROR = range(Number, ("0", "10"), (DEVIATION, PARTIAL), "3%");
    PROGRAM_ERROR_ABS = range(Conductance, ("0", "1S"), (DEVIATION, "no memristor conducts as much"), "1uS");
    CELLS = range(Number, ("0", "1"), (SOME, ALL), "0.1%");
    READ_NOISE = range(Number, ("0", "10"), (DEVIATION, PARTIAL), "0.5%");
    DRIFT_TIME = range(Time, ("1s", "100y"),
        ("the law of drift counts from 1 s after programming", "no chip is used for longer"), "1day");
    DRIFT_NU = range(Number, ("-10", "10"),
        ("a decade of time would change conductance ten decades", "a decade of time would change conductance ten decades"),
        "0.05");
    DRIFT_NU_SIGMA = range(Number, ("0", "10"),
        (DEVIATION, "a decade of time would change conductance ten decades"), "0.01");
    TEMPERATURE = Range {
        kind: Kind::Celsius, ends: ("-273.15C", "1000C"),
        reasons: ("that is below absolute zero", "no chip works there"), example: "85C",
    };
    TEMPERATURE_COEFFICIENT = range(InverseTemperature, ("-1", "1"),
        ("a kelvin would take all of the conductance", "a kelvin would double the conductance"), "0.1%/K");
    OFFSET_DRIFT = range(Voltage, ("0", "10mV"),
        (DEVIATION, "a few kelvin would take an op-amp to its rail"), "2.5uV");
    SUPPLY_SHIFT = range(Voltage, ("-10V", "10V"), (SUPPLY, SUPPLY), "0.18V");
    SUPPLY_REJECTION = range(Number, ("1", "1e9"),
        ("an op-amp would amplify its supply", "no op-amp rejects as much"), "1000");
    TRACKING = range(Number, ("0", "0.5"), ("a step has no sign", "there would be no code but one"), "1%");
    GAIN = range(Number, ("1", "1e12"),
        ("an op-amp amplifies", "above, an op-amp cannot be told from an `ideal` one in double precision"), "10000");
    OFFSET = range(Voltage, ("0", "10V"), (DEVIATION, SUPPLY), "100uV");
    OP_AMP_NOISE = range(Voltage, ("0", "10V"), (DEVIATION, SUPPLY), "50uV");
    NOISE_DENSITY = range(Voltage, ("0", "1mV"),
        (DEVIATION, "in a megahertz that is a volt"), "10nV");
    FLICKER_CORNER = range(Frequency, ("0", "1GHz"),
        ("there is no frequency below zero", "no op-amp is as fast"), "100kHz");
    CELL_FLICKER = range(Number, ("0", "1"),
        ("a density has no sign", "from one hertz to the next the current would be its own noise"), "1e-6");
    FLICKER_TIME = range(Time, ("0", "100y"),
        ("nothing is older than the trim", "no chip is used for longer"), "1day");
    RESISTOR_ERROR = range(Number, ("0", "0.2"),
        (DEVIATION, "some of the resistors would be negative"), "1%");
    PERCENTILE = range(Number, ("50%", "100%"),
        ("half of the signal would saturate", "there are no more values than all"), "99.9%");
    BLOCK_GAIN = range(Number, ("0", "0.2"),
        (DEVIATION, "some of the circuits would have a gain of the other sign"), "1%");
    V_READ = range(Voltage, ("-10V", "10V"),
        ("a memristor does not outlive it", "a memristor does not outlive it"), "0.1V");
    CONDUCTANCE = range(Conductance, ("1e-18S", "1kS"),
        ("no circuit tells it from an open one", "no memristor conducts as much"), "50uS");
    TOLERANCE = range(Number, ("1e-9", "1"),
        ("no read of a conductance is as exact", "every conductance up to twice the target would do"), "1%");
    PULSE_TIME = range(Time, ("1fs", "1d"),
        ("light passes no cell in less", "programming one cell is to end within a day"), "10us");
    PULSE_VOLTS = range(Voltage, ("-10V", "10V"),
        ("a memristor does not outlive it", "a memristor does not outlive it"), "0.5V");
    LOGNORMAL = range(Number, ("0", "10"), ("a width has no sign", "values would spread over ten decades"), "10%");
    BN_EPS = range(Number, ("1e-12", "0.1"),
        ("it is to keep a variance of zero from being divided by", "it is to be small beside a variance"), "0.001");
    MEAN = range(Number, ("0", "1"), ("pixels are from 0 to 1", "pixels are from 0 to 1"), "0.5");
    STD = range(Number, ("1e-6", "1e6"), (DEVIATION, "nothing would be left of a pixel"), "0.25");
    ACCEPT = range(Number, ("0", "1"), (SOME, "the whole span would be missed"), "3%");
    STEP = range(Time, ("1fs", "1d"), ("no instrument samples in less", "no sweep takes as long"), "10ms");
    TIME_LIMIT = range(Time, ("1ms", "1y"), ("nothing is fitted in less", "leave the limit out"), "30s");
}

table! {
    WHOLES: Whole;
    LEVELS = whole((2, 1 << 24), ("one level is no choice", "steps are below the rounding of single precision"), 64);
    BITS = whole((1, 24), ("a converter has a bit", "steps are below the rounding of single precision"), 8);
    TILE = whole((1, 4096), ("a crossbar has a line", "no crossbar is built as large"), 128);
    THREADS = whole((1, 1024), ("somebody has to work", "no machine has as many cores"), 4);
    STRIDE = whole((1, 64), ("a convolution has to move", "it would step over whole images"), 2);
    SIDE = whole((1, 4096), ("an image has a pixel", "no crossbar circuit takes as large an image"), 32);
    COUNT = whole((1, 1_000_000), ("nothing would be left to do", "no file of images holds as many"), 100);
    INDEX = whole((0, 1_000_000), ("images are counted from 0", "no file of images holds as many"), 7);
    RUNS = whole((1, 1000), ("nothing would be left to do", "a mean of 1000 chips is exact enough"), 5);
    SEED = whole((0, u64::MAX), ("seeds are counted from 0", "a seed has 64 bits"), 1);
    PIXELS = whole((1, 64), ("nothing would be left to compare", "a deck would grow beyond what a simulator takes"), 3);
    PULSES = whole((1, 100_000), ("nothing would be left to do", "a device that needs more does not get there"), 500);
    READS = whole((1, 1_000_000_000_000), ("nothing would be left to do", "no cell is read as often"), 1_000_000);
    DEVICES = whole((1, 100_000), ("nothing would be left to do", "a mean of as many is exact enough"), 100);
    CYCLES = whole((1, 10_000), ("nothing would be left to do", "a mean of as many is exact enough"), 10);
}
