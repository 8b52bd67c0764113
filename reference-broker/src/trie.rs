//! A tree of topic levels (section 4.7.1.1). Nodes lie in one vector and are walked with a stack of our own, because a Topic Filter may
//! have 65,536 levels and the stack of a thread may not hold so many calls.

use std::collections::BTreeMap;

/// The place of a node. The root is 0.
pub(crate) type NodeIndex = usize;

/// The root of every tree.
pub(crate) const ROOT: NodeIndex = 0;

/// A tree with a value on each node; a node without children whose value is empty is removed.
#[derive(Debug)]
pub(crate) struct Trie<T> {
    nodes: Vec<Node<T>>,
    free: Vec<NodeIndex>,
}

#[derive(Debug)]
struct Node<T> {
    parent: NodeIndex,
    level: Box<str>,
    children: BTreeMap<Box<str>, NodeIndex>,
    value: T,
}

/// What a node can hold.
pub(crate) trait Value: Default {
    /// Whether there is nothing to keep.
    fn is_empty(&self) -> bool;
}

impl<T: Value> Trie<T> {
    pub(crate) fn new() -> Self {
        Trie { nodes: vec![Node::new(ROOT, "")], free: Vec::new() }
    }

    /// The value of the node, which exists as long as its value is not empty or it has children.
    pub(crate) fn value(&self, node: NodeIndex) -> &T {
        &self.nodes[node].value
    }

    /// The values of all nodes, removed ones included, whose values are empty.
    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        self.nodes.iter().map(|node| &node.value)
    }

    pub(crate) fn value_mut(&mut self, node: NodeIndex) -> &mut T {
        &mut self.nodes[node].value
    }

    pub(crate) fn child(&self, node: NodeIndex, level: &str) -> Option<NodeIndex> {
        self.nodes[node].children.get(level).copied()
    }

    pub(crate) fn children(&self, node: NodeIndex) -> impl DoubleEndedIterator<Item = (&str, NodeIndex)> {
        self.nodes[node].children.iter().map(|(level, child)| (&**level, *child))
    }

    /// The node at this path, if it exists.
    pub(crate) fn find(&self, path: &str) -> Option<NodeIndex> {
        path.split('/').try_fold(ROOT, |node, level| self.child(node, level))
    }

    /// The node at this path, made if need be.
    pub(crate) fn insert(&mut self, path: &str) -> NodeIndex {
        let mut node = ROOT;
        for level in path.split('/') {
            node = match self.child(node, level) {
                Some(child) => child,
                None => self.add(node, level),
            };
        }
        node
    }

    fn add(&mut self, parent: NodeIndex, level: &str) -> NodeIndex {
        let index = match self.free.pop() {
            Some(index) => {
                self.nodes[index] = Node::new(parent, level);
                index
            }
            None => {
                self.nodes.push(Node::new(parent, level));
                self.nodes.len() - 1
            }
        };
        self.nodes[parent].children.insert(level.into(), index);
        index
    }

    /// Removes the node, and those above it, as far as they hold nothing.
    pub(crate) fn prune(&mut self, mut node: NodeIndex) {
        while node != ROOT && self.nodes[node].value.is_empty() && self.nodes[node].children.is_empty() {
            let parent = self.nodes[node].parent;
            let level = std::mem::take(&mut self.nodes[node].level);
            self.nodes[parent].children.remove(&level);
            self.free.push(node);
            node = parent;
        }
    }
}

impl<T: Default> Node<T> {
    fn new(parent: NodeIndex, level: &str) -> Self {
        Node { parent, level: level.into(), children: BTreeMap::new(), value: T::default() }
    }
}
