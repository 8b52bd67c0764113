//! The Client's side of SCRAM-SHA-256 (RFC 5802 and RFC 7677), without channel binding: an Authentication Method for section 4.12 of 5.0.
//!
//! The messages are put together here and the cryptography is that of crates; nothing is shared with the reference. Deliberately not here: SASLprep, so
//! that user names and passwords of scenarios have to be ASCII without comma and equals sign.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// The name of the Authentication Method.
pub const METHOD: &str = "SCRAM-SHA-256";

/// The most iterations that are worked through: a Server that asks for more keeps a scenario from coming about.
const MOST_ITERATIONS: u32 = 1_000_000;

/// One authentication under way, as the Client sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    bare: String,
    nonce: String,
    password: String,
    /// What the Server has to prove itself with, once the challenge is answered.
    signature: Option<[u8; 32]>,
}

impl Exchange {
    /// Begins an authentication. The nonce has to be printable ASCII without comma, and another one each time.
    #[must_use]
    pub fn new(user: &str, password: &str, nonce: &str) -> Exchange {
        Exchange {
            bare: format!("n={user},r={nonce}"),
            nonce: nonce.to_owned(),
            password: password.to_owned(),
            signature: None,
        }
    }

    /// The client-first-message.
    #[must_use]
    pub fn first(&self) -> String {
        format!("n,,{}", self.bare)
    }

    /// The client-final-message for the Server's first.
    ///
    /// # Errors
    /// With what is wrong with the Server's message.
    pub fn answer(&mut self, challenge: &[u8]) -> Result<String, &'static str> {
        let text = std::str::from_utf8(challenge).map_err(|_| "it is not UTF-8")?;
        let mut attributes = text.split(',');
        let mut next = |name: &str| attributes.next().and_then(|a| a.strip_prefix(name));
        let nonce = next("r=").ok_or("it has no nonce")?;
        let salt = next("s=").ok_or("it has no salt")?;
        let iterations = next("i=").and_then(|i| i.parse().ok()).ok_or("it has no iteration count")?;
        if !nonce.starts_with(&self.nonce) || nonce.len() == self.nonce.len() {
            return Err("its nonce does not go on from that of the Client");
        }
        if !(1..=MOST_ITERATIONS).contains(&iterations) {
            return Err("its iteration count is out of all reason");
        }
        let salt = BASE64.decode(salt).map_err(|_| "its salt is not Base64")?;
        let salted = pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(self.password.as_bytes(), &salt, iterations);
        let without_proof = format!("c={},r={nonce}", BASE64.encode("n,,"));
        let message = format!("{},{text},{without_proof}", self.bare);
        let client_key = hmac(&salted, b"Client Key")?;
        let mut proof = hmac(&Sha256::digest(client_key), message.as_bytes())?;
        proof.iter_mut().zip(client_key).for_each(|(byte, key)| *byte ^= key);
        self.signature = Some(hmac(&hmac(&salted, b"Server Key")?, message.as_bytes())?);
        Ok(format!("{without_proof},p={}", BASE64.encode(proof)))
    }

    /// As [`Exchange::answer`], with one bit of the proof turned over.
    ///
    /// # Errors
    /// As there.
    pub fn answer_wrongly(&mut self, challenge: &[u8]) -> Result<String, &'static str> {
        let right = self.answer(challenge)?;
        let (without_proof, proof) = right.rsplit_once(",p=").ok_or("it has no proof")?;
        let mut proof = BASE64.decode(proof).map_err(|_| "the proof is not Base64")?;
        if let Some(byte) = proof.first_mut() {
            *byte ^= 1;
        }
        Ok(format!("{without_proof},p={}", BASE64.encode(proof)))
    }

    /// Whether the server-final-message proves that the Server knows the password too.
    #[must_use]
    pub fn trusts(&self, last: &[u8]) -> bool {
        let sent = std::str::from_utf8(last).ok().and_then(|text| text.split(',').next()?.strip_prefix("v="));
        match (sent.map(|sent| BASE64.decode(sent)), self.signature) {
            (Some(Ok(sent)), Some(own)) => sent == own,
            _ => false,
        }
    }
}

fn hmac(key: &[u8], message: &[u8]) -> Result<[u8; 32], &'static str> {
    Hmac::<Sha256>::new_from_slice(key)
        .map(|mac| mac.chain_update(message).finalize().into_bytes().into())
        .map_err(|_| "the key has no fitting length")
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHALLENGE: &[u8] =
        b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    fn example() -> Exchange {
        Exchange::new("user", "pencil", "rOprNGfwEbeRWgbNEkqO")
    }

    #[test]
    fn the_example_of_rfc_7677_comes_out_as_printed_there() {
        let mut exchange = example();

        let first = exchange.first();
        let last = exchange.answer(CHALLENGE).expect("the challenge is good");

        assert_eq!(first, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        assert_eq!(
            last,
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
             p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        );
        assert!(exchange.trusts(b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
        assert!(!exchange.trusts(b"v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
    }

    #[test]
    fn a_wrong_answer_differs_in_the_proof_only() {
        let right = example().answer(CHALLENGE).expect("the challenge is good");
        let wrong = example().answer_wrongly(CHALLENGE).expect("the challenge is good");

        assert_ne!(right, wrong);
        assert_eq!(right.rsplit_once(",p=").map(|(a, _)| a), wrong.rsplit_once(",p=").map(|(a, _)| a));
    }

    #[test]
    fn challenges_that_are_none_are_named() {
        for challenge in [&b"r=other,s=,i=4096"[..], b"r=rOprNGfwEbeRWgbNEkqO,s=,i=1", b"", b"\xFF"] {
            assert!(example().answer(challenge).is_err(), "{}", challenge.escape_ascii());
        }
    }
}
