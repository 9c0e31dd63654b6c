//! Ways to spoil a file.

use rand::{Rng, RngExt, seq::IndexedRandom};

/// Numbers that lie: about lengths, signs and what fits.
const LIES: [u64; 10] =
    [0, 1, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 0xffff_ffff, 1 << 40, 0x7fff_ffff_ffff_ffff, u64::MAX];

/// Words where a number, or the beginning of one, stood in text.
const WORDS: [&[u8]; 9] =
    [b"-1", b"0", b"1e999", b"NaN", b"18446744073709551616", b"\"", b"{", b"\xff", b"\n\n"];

/// `bytes` with one to four things wrong. Half of them are in the first 256 bytes, where headers are.
pub(crate) fn mutant(bytes: &[u8], random: &mut impl Rng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..random.random_range(1..=4) {
        spoil(&mut bytes, random);
    }
    bytes
}

fn spoil(bytes: &mut Vec<u8>, random: &mut impl Rng) {
    if bytes.is_empty() {
        return bytes.push(random.random());
    }
    let at = place(bytes.len(), random);
    let length = random.random_range(1..=64).min(bytes.len() - at);
    match random.random_range(0..8) {
        0 => bytes[at] ^= 1 << random.random_range(0..8),
        1 => bytes[at] = random.random(),
        2 => bytes.truncate(at),
        3 => drop(bytes.drain(at..at + length)),
        4 => splice(bytes, at, length, random),
        5 => lie(&mut bytes[at..], random),
        6 => digits(bytes, at, random),
        _ => overwrite(bytes, at, length),
    }
}

/// A place in the file.
fn place(length: usize, random: &mut impl Rng) -> usize {
    let most = if random.random() { length.min(256) } else { length };
    random.random_range(0..most)
}

/// Puts a piece of the file elsewhere in it once more.
fn splice(bytes: &mut Vec<u8>, from: usize, length: usize, random: &mut impl Rng) {
    let piece = bytes[from..from + length].to_vec();
    let to = place(bytes.len(), random);
    bytes.splice(to..to, piece);
}

/// Overwrites the end of the file by a piece of it.
fn overwrite(bytes: &mut [u8], from: usize, length: usize) {
    let end = bytes.len() - length;
    bytes.copy_within(from..from + length, end);
}

/// Writes a number of 1, 2, 4 or 8 bytes, of either end first.
fn lie(bytes: &mut [u8], random: &mut impl Rng) {
    let lie = *LIES.choose(random).expect("there are some");
    let width = (1 << random.random_range(0..4)).min(bytes.len());
    let (little, big) = (lie.to_le_bytes(), lie.to_be_bytes());
    let written = if random.random() { &little[..width] } else { &big[8 - width..] };
    bytes[..width].copy_from_slice(written);
}

/// Replaces the next run of digits by another word.
fn digits(bytes: &mut Vec<u8>, at: usize, random: &mut impl Rng) {
    let Some(start) = bytes[at..].iter().position(u8::is_ascii_digit).map(|digit| at + digit) else { return };
    let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let word = *WORDS.choose(random).expect("there are some");
    bytes.splice(start..start + length, word.iter().copied());
}
