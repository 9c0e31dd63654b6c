//! Analog frame memory: sample-and-hold cells with a window read-out, the time axis of a circuit.

use serde::Serialize;

/// The sample-and-hold cell that frame memories are made of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SampleHold {
    /// Its capacitor, farad.
    pub c_hold: f64,
}

impl Default for SampleHold {
    fn default() -> Self {
        Self { c_hold: 1e-9 }
    }
}

/// One channel of a frame memory between two layers: `height x width` sample-and-hold cells written one pixel
/// a tick, then read a window at a time.
///
/// While a frame is written, wordline `wr_row[y]` and column select `wr_col[x]` are high for the pixel at `(y, x)`,
/// and its cell follows `inp`. While it is read, at read tick `(y, x)` in raster order `rd_row[y]` and `rd_col[x]`
/// are high, and tap `ky * kernel_width + kx` shows the pixel at `(y * stride + ky - padding, x * stride + kx - padding)`,
/// or `v_ref` outside the frame. A memory whose window is the whole frame has no read selects: its taps are its cells.
///
/// A store may be read as often as its readers need: all that reads it sees the same ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FrameStore {
    /// Frame height, pixels.
    pub height: u32,
    /// Frame width, pixels.
    pub width: u32,
    /// Window height, pixels.
    pub kernel_height: u32,
    /// Window width, pixels.
    pub kernel_width: u32,
    /// Step of the window, both ways.
    pub stride: u32,
    /// Pixels of `v_ref` around the frame.
    pub padding: u32,
}

impl FrameStore {
    /// A `height x width` frame read through a `kernel x kernel` window.
    pub fn window(height: u32, width: u32, kernel: u32, stride: u32, padding: u32) -> Self {
        Self { height, width, kernel_height: kernel, kernel_width: kernel, stride, padding }
    }

    /// A frame whose cells are all read at once.
    pub fn whole(height: u32, width: u32) -> Self {
        Self { height, width, kernel_height: height, kernel_width: width, stride: 1, padding: 0 }
    }

    /// Rows of read ticks.
    pub fn out_height(&self) -> u32 {
        (self.height + 2 * self.padding - self.kernel_height) / self.stride + 1
    }

    /// Columns of read ticks.
    pub fn out_width(&self) -> u32 {
        (self.width + 2 * self.padding - self.kernel_width) / self.stride + 1
    }

    /// Ticks that write a frame.
    pub fn write_ticks(&self) -> u32 {
        self.height * self.width
    }

    /// Ticks that read it.
    pub fn read_ticks(&self) -> u32 {
        self.out_height() * self.out_width()
    }

    /// Taps: pixels in a window.
    pub fn taps(&self) -> u32 {
        self.kernel_height * self.kernel_width
    }

    /// Whether the window is the whole frame. A window that is read once is not, as long as it leaves pixels out: one of
    /// 1 x 1 pixels that steps over a 2 x 2 frame by 2 shows its corner.
    pub fn is_whole(&self) -> bool {
        (self.kernel_height, self.kernel_width, self.padding) == (self.height, self.width, 0)
    }

    /// Whether it is one pixel that is read as it is: what its cell would hold is what stands on its input.
    pub fn is_pixel(&self) -> bool {
        self.is_whole() && self.write_ticks() == 1
    }

    /// The pixel `y * width + x` that `tap` shows at read tick `tick`, or `None` on the padding.
    pub fn pixel(&self, tick: u32, tap: u32) -> Option<u32> {
        let (ty, tx) = (tick / self.out_width(), tick % self.out_width());
        let (ky, kx) = (tap / self.kernel_width, tap % self.kernel_width);
        let y = (ty * self.stride + ky).checked_sub(self.padding).filter(|y| *y < self.height)?;
        let x = (tx * self.stride + kx).checked_sub(self.padding).filter(|x| *x < self.width)?;
        Some(y * self.width + x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_whole_if_it_shows_every_pixel_at_once() {
        assert!(FrameStore::whole(2, 3).is_whole() && FrameStore::window(3, 3, 3, 2, 0).is_whole());
        for part in [
            FrameStore::window(2, 2, 1, 2, 0),
            FrameStore::window(8, 8, 1, 8, 0),
            FrameStore::window(1, 1, 3, 1, 1),
            FrameStore::window(2, 3, 2, 2, 0),
        ] {
            assert!(!part.is_whole(), "{part:?}");
            assert_eq!(part.read_ticks(), 1, "{part:?}");
        }
    }

    #[test]
    fn a_pixel_is_a_frame_of_one_without_padding() {
        assert!(FrameStore::whole(1, 1).is_pixel() && FrameStore::window(1, 1, 1, 2, 0).is_pixel());
        for more in [
            FrameStore::whole(1, 2),
            FrameStore::window(1, 1, 3, 1, 1),
            FrameStore::window(1, 1, 1, 1, 1),
            FrameStore::window(2, 2, 1, 2, 0),
        ] {
            assert!(!more.is_pixel(), "{more:?}");
        }
    }
}
