//! Numbers put together by links between them.

/// The numbers below `count`, put together by `links`; the members of each component in order, the components by their least member.
///
/// ```
/// use mlgrade_domain::linked::components;
/// assert_eq!(components(4, [(3, 1)]), [vec![0], vec![1, 3], vec![2]]);
/// ```
pub fn components(count: usize, links: impl IntoIterator<Item = (usize, usize)>) -> Vec<Vec<usize>> {
    let mut parent: Vec<usize> = (0..count).collect();
    for (a, b) in links {
        let (a, b) = (root(&mut parent, a), root(&mut parent, b));
        parent[a.max(b)] = a.min(b);
    }
    // The root of a component is its least member.
    let mut components: Vec<Vec<usize>> = vec![Vec::new(); count];
    for i in 0..count {
        components[root(&mut parent, i)].push(i);
    }
    components.retain(|component| !component.is_empty());
    components
}

fn root(parent: &mut [usize], mut of: usize) -> usize {
    while parent[of] != of {
        parent[of] = parent[parent[of]];
        of = parent[of];
    }
    of
}
