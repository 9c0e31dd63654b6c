//! Named items with typed ids, in insertion order.

use indexmap::IndexMap;
use std::marker::PhantomData;

/// Index of a `T` in its [`Arena`]. Ids of different kinds do not mix.
pub struct Id<T> {
    index: u32,
    kind: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// Position in insertion order.
    pub fn index(self) -> usize {
        self.index as usize
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}
impl<T> Eq for Id<T> {}
impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.index.cmp(&other.index)
    }
}
impl<T> std::fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{}", self.index)
    }
}

/// Items by name and by [`Id`]; iteration follows insertion, so text made from it is stable.
#[derive(Debug, Clone)]
pub struct Arena<T> {
    items: IndexMap<String, T>,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self { items: IndexMap::new() }
    }
}

impl<T> Arena<T> {
    /// Adds `item`, or gives back the id of the item that already has this name.
    pub fn insert(&mut self, name: impl Into<String>, item: T) -> Result<Id<T>, Id<T>> {
        let name = name.into();
        if let Some(index) = self.items.get_index_of(&name) {
            return Err(Self::id(index));
        }
        let (index, _) = self.items.insert_full(name, item);
        Ok(Self::id(index))
    }

    /// The id of the item called `name`.
    pub fn find(&self, name: &str) -> Option<Id<T>> {
        self.items.get_index_of(name).map(Self::id)
    }

    /// The name of an item.
    pub fn name(&self, id: Id<T>) -> &str {
        self.items.get_index(id.index()).map(|(name, _)| name.as_str()).expect("an id of this arena")
    }

    /// All items, in insertion order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Id<T>, &str, &T)> {
        self.items.iter().enumerate().map(|(index, (name, item))| (Self::id(index), name.as_str(), item))
    }

    /// All names, in insertion order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.items.keys().map(String::as_str)
    }

    /// Number of items.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    fn id(index: usize) -> Id<T> {
        Id { index: u32::try_from(index).expect("fewer than 2^32 items"), kind: PhantomData }
    }
}

impl<T> std::ops::Index<Id<T>> for Arena<T> {
    type Output = T;
    fn index(&self, id: Id<T>) -> &T {
        &self.items[id.index()]
    }
}

impl<T> std::ops::IndexMut<Id<T>> for Arena<T> {
    fn index_mut(&mut self, id: Id<T>) -> &mut T {
        &mut self.items[id.index()]
    }
}
