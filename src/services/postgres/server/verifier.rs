//! What a server keeps of a password (RFC 5802, RFC 7677), with one iteration.
//!
//! A client repeats the iterations that the server names at every connection: the usual 4,096 take a debug build a tenth of a second. They make weak passwords harder to guess, and
//! ours are 32 digits by chance.

use sha2::{Digest as _, Sha256};

/// The block of SHA-256, in bytes.
const BLOCK: usize = 64;

/// The text that `CREATE ROLE .. PASSWORD` takes in the place of a password.
pub(crate) fn verifier(password: &str, salt: &str) -> String {
    let salted = hmac(password.as_bytes(), &[salt.as_bytes(), &1_u32.to_be_bytes()]);
    let stored = Sha256::digest(hmac(&salted, &[b"Client Key"]));
    let server = hmac(&salted, &[b"Server Key"]);
    let [salt, stored, server] = [salt.as_bytes(), &stored[..], &server[..]].map(base64);
    format!("SCRAM-SHA-256$1:{salt}${stored}:{server}")
}

/// HMAC (RFC 2104) of SHA-256. The key is no longer than a block.
fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let padded = |pad: u8| {
        let mut block = [pad; BLOCK];
        for (byte, key) in block.iter_mut().zip(key) {
            *byte ^= key;
        }
        block
    };
    let mut inner = Sha256::new_with_prefix(padded(0x36));
    for part in parts {
        inner.update(part);
    }
    let outer = Sha256::new_with_prefix(padded(0x5c)).chain_update(inner.finalize());
    outer.finalize().into()
}

/// Base64 (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, index| {
            bits << 8 | u32::from(group.get(index).copied().unwrap_or(0))
        });
        for digit in 0..4 {
            text.push(if digit <= group.len() {
                char::from(DIGITS[usize::try_from(bits >> (18 - 6 * digit) & 63).unwrap_or(0)])
            } else {
                '='
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{base64, hmac, verifier};

    #[test]
    fn codes_are_those_of_the_standards() {
        let code = hmac(b"Jefe", &[b"what do ya want ", b"for nothing?"]);
        assert_eq!(code[..4], [0x5b, 0xdc, 0xc1, 0x46]);
        assert_eq!(
            ["", "f", "fo", "foo"].map(|text| base64(text.as_bytes())),
            ["", "Zg==", "Zm8=", "Zm9v"]
        );
    }

    #[test]
    fn a_verifier_names_its_iterations() {
        let text = verifier("password", "salt");
        assert!(text.starts_with("SCRAM-SHA-256$1:c2FsdA==$"), "{text}");
        assert_eq!(text.len(), "SCRAM-SHA-256$1:c2FsdA==$".len() + 44 + 1 + 44);
    }
}
