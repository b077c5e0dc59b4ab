//! Files that are runs of checked records: TFRecord, and the log format of LevelDB.

/// The records of a TFRecord file: length (8 bytes), its checksum (4), the data, its checksum (4), all little-endian, the checksums
/// masked CRC-32C (TensorFlow's `record_writer.h`). A last record that was cut off, as of a run that was stopped, is left out.
pub(crate) fn tf_records(mut bytes: &[u8]) -> Result<Vec<&[u8]>, String> {
    let mut records = Vec::new();
    while let Some((head, rest)) = bytes.split_first_chunk::<12>() {
        let (length, sum) = head.split_at(8);
        if masked(CRC_32C.checksum(length)) != number(sum) {
            return Err(damaged(records.len()));
        }
        let length = usize::try_from(u64::from_le_bytes(length.try_into().unwrap_or_default())).unwrap_or(usize::MAX);
        let Some((data, rest)) = rest.split_at_checked(length) else { break };
        let Some((sum, rest)) = rest.split_first_chunk::<4>() else { break };
        if masked(CRC_32C.checksum(data)) != number(sum) {
            return Err(damaged(records.len()));
        }
        records.push(data);
        bytes = rest;
    }
    Ok(records)
}

/// Castagnoli's checksum.
const CRC_32C: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISCSI);

/// The checksum as TFRecord stores it.
fn masked(sum: u32) -> u32 {
    sum.rotate_right(15).wrapping_add(0xa282_ead8)
}

fn number(bytes: &[u8]) -> u32 {
    bytes.try_into().map_or(0, u32::from_le_bytes)
}

fn damaged(at: usize) -> String {
    format!("record {} is damaged: its checksum is another", at + 1)
}

/// The bytes of a block of LevelDB's log format; no record's header lies across the end of one.
const BLOCK: usize = 32_768;

/// The records of a log in LevelDB's format (its `log_format.md`), which begins `start` bytes into its first block: fragments of checksum
/// (4 bytes), length (2), type (1) and data. The checksum is `sum` of the type and the data. A last record that was cut off is left out.
pub(crate) fn leveldb_records(bytes: &[u8], start: usize, sum: fn(&[u8]) -> u32) -> Result<Vec<Vec<u8>>, String> {
    const FULL: u8 = 1;
    const FIRST: u8 = 2;
    const MIDDLE: u8 = 3;
    const LAST: u8 = 4;
    let mut records = Vec::new();
    let mut whole: Option<Vec<u8>> = None;
    let mut at = start;
    loop {
        let left = BLOCK - at % BLOCK;
        if left < 7 {
            at += left;
        }
        let Some(head) = bytes.get(at..at + 7) else { break };
        let length = usize::from(u16::from_le_bytes([head[4], head[5]]));
        let kind = head[6];
        if head.iter().all(|byte| *byte == 0) {
            // What was reserved and never written.
            at += left;
            continue;
        }
        let Some(data) = bytes.get(at + 7..at + 7 + length) else { break };
        if sum(&bytes[at + 6..at + 7 + length]) != number(&head[..4]) {
            return Err(damaged(records.len()));
        }
        match (kind, whole.as_mut()) {
            (FULL, _) => records.push(data.to_vec()),
            (FIRST, _) => whole = Some(data.to_vec()),
            (MIDDLE, Some(whole)) => whole.extend_from_slice(data),
            (LAST, Some(_)) => {
                let mut record = whole.take().unwrap_or_default();
                record.extend_from_slice(data);
                records.push(record);
            }
            _ => return Err(damaged(records.len())),
        }
        at += 7 + length;
    }
    Ok(records)
}
