//! How a stage reads its inputs: the one place that says which frame memory stands between two layers.

use crate::stage::{Stage, StageKind};
use memloom_ir::FrameStore;

/// The frame memory through which `stage` reads its input `k`, pixel by pixel or window by window; `None` if wires do.
///
/// Wires do where the input is a single pixel and nothing but that pixel is read, whatever the layers on both sides
/// are called. A frame of one pixel with padding around it is read through a memory: its other taps show `v_ref`.
pub(super) fn memory(stage: &Stage, k: usize) -> Option<FrameStore> {
    let shape = stage.in_shapes[k];
    let (height, width) = (shape.height as u32, shape.width as u32);
    let store = match &stage.kind {
        StageKind::Pool => FrameStore::whole(height, width),
        StageKind::Matrix(m) => {
            let (kernel, padding) = (m.kernel as u32, m.padding as u32);
            // A step over all of the padded frame is as good as any longer one.
            let longest = height.max(width) + 2 * padding;
            FrameStore::window(height, width, kernel, m.stride.min(longest as usize) as u32, padding)
        }
        StageKind::Input | StageKind::Add | StageKind::Scale => FrameStore::window(height, width, 1, 1, 0),
    };
    match store {
        pixel if pixel.is_pixel() => None,
        whole if whole.is_whole() => Some(FrameStore::whole(height, width)),
        window => Some(window),
    }
}

/// What tells a memory from others of the same frame, as the end of a name.
pub(super) fn suffix(store: &FrameStore) -> String {
    let FrameStore { kernel_height: kernel, stride, padding, .. } = *store;
    match store.is_whole() {
        true => "all".into(),
        false if 2 * padding + 1 == kernel => format!("k{kernel}s{stride}"),
        false => format!("k{kernel}s{stride}p{padding}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{NodeId, Shape};
    use crate::stage::{Matrix, MatrixKind};

    fn reads(height: usize, width: usize, kind: StageKind) -> Option<FrameStore> {
        let shape = Shape::new(2, height, width);
        let stage = Stage {
            name: "layer".into(),
            kind,
            inputs: Vec::new(),
            in_shapes: vec![shape],
            out_shape: shape,
            pre_node: NodeId(0),
            out_node: NodeId(0),
        };
        memory(&stage, 0)
    }

    fn window(kernel: usize, stride: usize, padding: usize) -> StageKind {
        StageKind::Matrix(Matrix {
            kind: MatrixKind::Depthwise,
            out: 2,
            in_per_group: 1,
            groups: 2,
            kernel,
            stride,
            padding,
            weight: vec![1.0; 2 * kernel * kernel],
            bias: vec![0.0; 2],
            activation: None,
        })
    }

    #[test]
    fn wires_carry_a_pixel_that_is_read_alone() {
        for kind in [window(1, 1, 0), window(1, 2, 0), StageKind::Pool, StageKind::Add, StageKind::Scale] {
            assert_eq!(reads(1, 1, kind.clone()), None, "{kind:?}");
            assert!(reads(1, 2, kind.clone()).is_some() && reads(2, 1, kind.clone()).is_some(), "{kind:?}");
        }
    }

    #[test]
    fn padding_is_read_through_a_memory() {
        assert_eq!(reads(1, 1, window(3, 1, 1)), Some(FrameStore::window(1, 1, 3, 1, 1)));
        assert_eq!(reads(1, 1, window(1, 1, 1)), Some(FrameStore::window(1, 1, 1, 1, 1)));
    }

    #[test]
    fn a_window_of_all_pixels_is_the_memory_that_pooling_reads() {
        assert_eq!(reads(3, 3, window(3, 2, 0)), Some(FrameStore::whole(3, 3)));
        assert_eq!(reads(3, 3, StageKind::Pool), Some(FrameStore::whole(3, 3)));
        assert_eq!(reads(2, 2, window(1, 2, 0)), Some(FrameStore::window(2, 2, 1, 2, 0)));
    }

    #[test]
    fn a_step_beyond_the_frame_is_one_that_fits_a_memory() {
        let store = reads(4, 2, window(1, 1 << 32, 0)).unwrap();
        assert_eq!((store.stride, store.read_ticks()), (4, 1));
    }

    #[test]
    fn memories_of_one_frame_differ_in_name() {
        let stores = [
            FrameStore::whole(3, 3),
            FrameStore::window(3, 3, 3, 1, 1),
            FrameStore::window(3, 3, 3, 1, 2),
            FrameStore::window(3, 3, 3, 2, 1),
            FrameStore::window(3, 3, 1, 1, 0),
        ];
        assert_eq!(stores.map(|store| suffix(&store)), ["all", "k3s1", "k3s1p2", "k3s2", "k1s1"]);
    }
}
