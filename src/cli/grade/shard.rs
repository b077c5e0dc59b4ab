//! A share of a class, for several machines. Which students are in it depends on their ids alone, so that it is the same on all of them.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The shard `number` of `count`, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::cli) struct Shard {
    pub(in crate::cli) number: u32,
    pub(in crate::cli) count: u32,
}

impl Shard {
    /// Whether the student of this id is in it.
    pub(in crate::cli) fn has(self, student: &str) -> bool {
        let hash = blake3::hash(student.as_bytes());
        let first = u64::from_le_bytes(std::array::from_fn(|i| hash.as_bytes()[i]));
        first % u64::from(self.count) == u64::from(self.number - 1)
    }

    /// Its folder in the folder of all shards.
    pub(in crate::cli) fn folder(self, of_all: &Path) -> PathBuf {
        of_all.join(format!("{}-of-{}", self.number, self.count))
    }

    /// The shard whose folder is called `name`.
    pub(in crate::cli) fn of_folder(name: &str) -> Option<Self> {
        let (number, count) = name.split_once("-of-")?;
        format!("{number}/{count}").parse().ok()
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("`{text}` is no shard; write K/N, such as 1/8 for the first of eight");
        let (number, count) = text.split_once('/').ok_or_else(wrong)?;
        let is_plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
        if !is_plain(number) || !is_plain(count) {
            return Err(wrong());
        }
        let (number, count) = (number.parse().map_err(|_| wrong())?, count.parse().map_err(|_| wrong())?);
        if number > count { Err(format!("there is no shard {number} of {count}")) } else { Ok(Self { number, count }) }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_student_is_in_one_shard() {
        for count in [1, 2, 7, 100] {
            let shards: Vec<Shard> = (1..=count).map(|number| Shard { number, count }).collect();
            for student in ["ann", "", "名", "a/b"].map(str::to_owned).into_iter().chain((0..200).map(|n| format!("s{n}"))) {
                assert_eq!(shards.iter().filter(|shard| shard.has(&student)).count(), 1, "{student} of {count}");
            }
        }
        // BLAKE3 of no bytes begins with af1349b9f5f9a1a6 (its specification, 2020); as a little-endian number that is 2 modulo 3.
        let empty = u64::from_le_bytes([0xaf, 0x13, 0x49, 0xb9, 0xf5, 0xf9, 0xa1, 0xa6]);
        assert!(Shard { number: u32::try_from(empty % 3).unwrap() + 1, count: 3 }.has(""), "the same on all machines, for good");
    }

    #[test]
    fn a_shard_is_written_as_two_numbers() {
        assert_eq!("3/8".parse(), Ok(Shard { number: 3, count: 8 }));
        assert_eq!(Shard::of_folder("3-of-8"), Some(Shard { number: 3, count: 8 }));
        for wrong in ["", "3", "0/8", "9/8", "03/8", "3/", "3/0", "+3/8", "3 / 8", "-1/2", "1/99999999999"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
