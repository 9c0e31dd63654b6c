//! Frame memories: one subcircuit per shape, instantiated per channel.
//!
//! A windowed store is `height x width` sample-and-hold cells, then switches in two ranks. A line per kernel row and
//! frame column takes the cell of the frame row that `rd_row` names, a tap per kernel row and column the line that
//! `rd_col` names; where the window hangs over the frame, both take `v_ref`. An ideal buffer drives the tap.
//!
//! A store read whole has no switches, and as many taps as cells: more pins than some simulators allow. It is printed
//! as one subcircuit per frame row, instantiated per channel and row.

use crate::dialect::{Dialect, Head};
use crate::error::Error;
use crate::name::bit;
use crate::text::Text;
use memloom_ir::FrameStore;

/// Leaf model of a memory cell: pins `inp`, `out`, `row`, `col`.
pub(crate) const SAMPLE_HOLD: &str = "ml_sample_hold";
/// Leaf model of an analog switch: pins `p`, `n`, `sel`.
pub(crate) const SWITCH: &str = "ml_switch";

/// The name of a store's subcircuit: of the whole, or of one frame row if it is read whole.
pub(crate) fn name(store: &FrameStore) -> String {
    let FrameStore { height, width, kernel_height, kernel_width, stride, padding } = store;
    if store.is_whole() {
        return format!("ml_store_row_{width}");
    }
    let kernel = if kernel_height == kernel_width {
        format!("k{kernel_height}")
    } else {
        format!("k{kernel_height}x{kernel_width}")
    };
    format!("ml_store_{height}x{width}_{kernel}_s{stride}_p{padding}")
}

/// Pins of the subcircuit called [`name`].
pub(crate) fn pin_count(store: &FrameStore) -> u64 {
    let (height, width) = (u64::from(store.height), u64::from(store.width));
    if store.is_whole() {
        return 2 + 2 * width;
    }
    let reads = u64::from(store.out_height()) + u64::from(store.out_width());
    2 + u64::from(store.kernel_height) * u64::from(store.kernel_width) + height + width + reads
}

/// Writes the subcircuit of `store`, called `name`.
///
/// # Errors
/// Those of the writer and of templates.
pub(crate) fn write(
    dialect: &dyn Dialect,
    text: &mut Text<'_>,
    store: &FrameStore,
    name: &str,
) -> Result<(), Error> {
    if store.is_whole() {
        write_row(dialect, text, store, name)
    } else {
        Window { dialect, store, name }.write(text)
    }
}

fn bits(name: &str, width: u32) -> Vec<String> {
    (0..width).map(|b| bit(name, width, b)).collect()
}

fn words(parts: &[&[String]]) -> Vec<String> {
    parts.concat()
}

fn write_row(
    dialect: &dyn Dialect,
    text: &mut Text<'_>,
    store: &FrameStore,
    name: &str,
) -> Result<(), Error> {
    let (taps, columns) = (bits("tap", store.width), bits("wr_col", store.width));
    let pins = words(&[&["inp".into()], &taps, &["wr_row".into()], &columns]);
    let pins: Vec<&str> = pins.iter().map(String::as_str).collect();
    dialect
        .syntax()
        .begin(text, &Head { name, doc: "one row of a frame memory", pins: &pins, params: &[] })?;
    for (x, (tap, column)) in taps.iter().zip(&columns).enumerate() {
        dialect.syntax().call(
            text,
            &format!("cell_{x}"),
            &["inp", tap, "wr_row", column],
            SAMPLE_HOLD,
            &[],
        )?;
    }
    dialect.syntax().finish(text, name)
}

/// The writer of a windowed store.
struct Window<'a> {
    dialect: &'a dyn Dialect,
    store: &'a FrameStore,
    name: &'a str,
}

impl Window<'_> {
    fn write(&self, text: &mut Text<'_>) -> Result<(), Error> {
        let Self { store, name, .. } = *self;
        let pins = words(&[
            &["inp".into()],
            &bits("tap", store.taps()),
            &bits("wr_row", store.height),
            &bits("wr_col", store.width),
            &bits("rd_row", store.out_height()),
            &bits("rd_col", store.out_width()),
            &["v_ref".into()],
        ]);
        let pins: Vec<&str> = pins.iter().map(String::as_str).collect();
        self.dialect.syntax().begin(text, &Head { name, doc: "a frame memory", pins: &pins, params: &[] })?;
        self.cells(text)?;
        for ky in 0..store.kernel_height {
            (0..store.width).filter(|x| self.is_read(*x)).try_for_each(|x| self.line(text, ky, x))?;
            (0..store.kernel_width).try_for_each(|kx| self.tap(text, ky, kx))?;
        }
        self.dialect.syntax().finish(text, name)
    }

    fn cells(&self, text: &mut Text<'_>) -> Result<(), Error> {
        let (rows, cols) = (bits("wr_row", self.store.height), bits("wr_col", self.store.width));
        for (y, row) in rows.iter().enumerate() {
            for (x, col) in cols.iter().enumerate() {
                let nodes = ["inp", &format!("pixel_{y}_{x}"), row, col];
                self.dialect.syntax().call(text, &format!("cell_{y}_{x}"), &nodes, SAMPLE_HOLD, &[])?;
            }
        }
        Ok(())
    }

    /// First rank: frame column `x` of the frame row that kernel row `ky` stands on.
    fn line(&self, text: &mut Text<'_>, ky: u32, x: u32) -> Result<(), Error> {
        let store = self.store;
        for oy in 0..store.out_height() {
            let pixel = match inside(oy * store.stride + ky, store.padding, store.height) {
                Some(y) => format!("pixel_{y}_{x}"),
                None => "v_ref".into(),
            };
            let select = bit("rd_row", store.out_height(), oy);
            let nodes = [pixel.as_str(), &format!("line_{ky}_{x}"), &select];
            self.dialect.syntax().call(text, &format!("row_{ky}_{x}_{oy}"), &nodes, SWITCH, &[])?;
        }
        Ok(())
    }

    /// Second rank: the line that kernel column `kx` stands on, and the tap's buffer.
    fn tap(&self, text: &mut Text<'_>, ky: u32, kx: u32) -> Result<(), Error> {
        let store = self.store;
        let picked = format!("picked_{ky}_{kx}");
        for ox in 0..store.out_width() {
            let line = match inside(ox * store.stride + kx, store.padding, store.width) {
                Some(x) => format!("line_{ky}_{x}"),
                None => "v_ref".into(),
            };
            let select = bit("rd_col", store.out_width(), ox);
            self.dialect.syntax().call(
                text,
                &format!("col_{ky}_{kx}_{ox}"),
                &[&line, &picked, &select],
                SWITCH,
                &[],
            )?;
        }
        let tap = bit("tap", store.taps(), ky * store.kernel_width + kx);
        self.dialect.syntax().buffer(text, &format!("out_{ky}_{kx}"), &picked, &tap)
    }

    /// Whether any window position reads frame column `x`.
    fn is_read(&self, x: u32) -> bool {
        let store = self.store;
        let mut columns =
            (0..store.out_width()).flat_map(|ox| (0..store.kernel_width).map(move |kx| (ox, kx)));
        columns.any(|(ox, kx)| inside(ox * store.stride + kx, store.padding, store.width) == Some(x))
    }
}

/// Position `at` of a padded frame in the frame itself, if it is inside.
fn inside(at: u32, padding: u32, size: u32) -> Option<u32> {
    at.checked_sub(padding).filter(|at| *at < size)
}
