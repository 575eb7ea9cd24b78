//! Who is waiting for what: numbers that several things share, packed.

/// For each thing, by its number, the numbers of those that it belongs to.
#[derive(Debug, Default)]
pub(super) struct Owners {
    /// Where the owners of each thing end; they begin where those of the one before end.
    ends: Vec<u32>,
    owners: Vec<u32>,
}

impl Owners {
    /// From pairs of a thing and an owner.
    pub(super) fn of(things: usize, mut pairs: Vec<(u32, u32)>) -> Owners {
        pairs.sort_unstable();
        pairs.dedup();
        let mut ends = Vec::with_capacity(things);
        let mut owners = Vec::with_capacity(pairs.len());
        let mut pairs = pairs.into_iter().peekable();
        for thing in 0..things {
            while let Some((_, owner)) = pairs.next_if(|(of, _)| *of as usize <= thing) {
                owners.push(owner);
            }
            ends.push(u32::try_from(owners.len()).unwrap_or(u32::MAX));
        }
        Owners { ends, owners }
    }

    /// The owners of a thing, in rising order.
    pub(super) fn get(&self, thing: u32) -> &[u32] {
        let end = |thing: u32| self.ends.get(thing as usize).map(|end| *end as usize);
        let start = thing.checked_sub(1).map_or(Some(0), end);
        start.zip(end(thing)).and_then(|(start, end)| self.owners.get(start..end)).unwrap_or_default()
    }

    /// Bytes that it takes.
    pub(super) fn memory(&self) -> usize {
        size_of_val(self.ends.as_slice()) + size_of_val(self.owners.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_has_its_owners_once_and_in_order() {
        let owners = Owners::of(4, vec![(2, 7), (0, 3), (2, 1), (2, 7), (0, 3)]);
        let all: Vec<&[u32]> = (0..5).map(|thing| owners.get(thing)).collect();
        assert_eq!(all, [&[3][..], &[], &[1, 7], &[], &[]]);
    }
}
