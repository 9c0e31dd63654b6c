//! Names of places and nodes, kept compact and spelt out only in messages.

use std::borrow::Cow;

/// A place in the hierarchy, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place(u32);

impl Place {
    /// The module that is evaluated.
    pub(super) const ROOT: Self = Self(0);
}

struct Step<'d> {
    parent: Place,
    name: Cow<'d, str>,
    copy: Option<u32>,
}

struct Span<'d> {
    first: u32,
    width: u32,
    at: Place,
    net: Cow<'d, str>,
}

/// Names of places and of nodes; nodes are numbered net by net.
pub(super) struct Names<'d> {
    places: Vec<Step<'d>>,
    spans: Vec<Span<'d>>,
}

impl<'d> Names<'d> {
    pub(super) fn new() -> Self {
        Self { places: vec![Step { parent: Place::ROOT, name: "".into(), copy: None }], spans: Vec::new() }
    }

    /// Instance `name` within `parent`; `copy` is its index in an array.
    pub(super) fn place(&mut self, parent: Place, name: impl Into<Cow<'d, str>>, copy: Option<u32>) -> Place {
        self.places.push(Step { parent, name: name.into(), copy });
        Place(self.places.len() as u32 - 1)
    }

    /// The `width` nodes from `first` on are the wires of `net` within `at`. Calls come in the order of nodes.
    pub(super) fn span(&mut self, first: u32, width: u32, at: Place, net: impl Into<Cow<'d, str>>) {
        self.spans.push(Span { first, width, at, net: net.into() });
    }

    /// `outer.inner[3]`.
    pub(super) fn path(&self, at: Place) -> String {
        let step = &self.places[at.0 as usize];
        let name = match step.copy {
            Some(copy) => format!("{}[{copy}]", step.name),
            None => step.name.to_string(),
        };
        if at == Place::ROOT { name } else { self.within(step.parent, &name) }
    }

    /// `outer.inner.net[7]`, without the index if the net has one wire.
    pub(super) fn node(&self, node: u32) -> String {
        let span = &self.spans[self.spans.partition_point(|s| s.first <= node) - 1];
        let net = match span.width {
            1 => span.net.to_string(),
            _ => format!("{}[{}]", span.net, node - span.first),
        };
        self.within(span.at, &net)
    }

    /// `outer.inner.name`.
    pub(super) fn within(&self, at: Place, name: &str) -> String {
        if at == Place::ROOT { name.into() } else { format!("{}.{name}", self.path(at)) }
    }
}
