//! The Server's side of SCRAM-SHA-256 (RFC 5802 and RFC 7677), without channel binding.
//!
//! The messages are put together here, because the nonce has to come from the randomness that is handed in; the cryptography is that of the crates
//! `hmac`, `pbkdf2`, `sha2`, and `stringprep`.

use super::exchange::{Answer, Credentials, Exchange};
use crate::random::Random;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// The name of the Authentication Method.
pub(crate) const NAME: &str = "SCRAM-SHA-256";

/// The least that RFC 7677 allows.
const ITERATIONS: u32 = 4096;

/// One exchange.
#[derive(Debug)]
pub(crate) struct Scram {
    nonce: String,
    step: Step,
}

#[derive(Debug)]
enum Step {
    /// The client-first-message has to come.
    First,
    /// The client-final-message has to come.
    Final(Challenge),
    /// Nothing may come any more.
    Over,
}

#[derive(Debug)]
struct Challenge {
    user: String,
    /// The GS2 header, as it has to come back.
    header: String,
    /// Client's and Server's nonce.
    nonce: String,
    /// client-first-message-bare and server-first-message.
    messages: String,
    /// `None` if there is no such user, which is not told before the end.
    salted_password: Option<[u8; 32]>,
}

impl Scram {
    pub(crate) fn new(random: &mut Random) -> Self {
        Scram { nonce: BASE64.encode(random.bytes()), step: Step::First }
    }

    fn first(&self, text: &str, credentials: &dyn Credentials) -> Option<(Challenge, Bytes)> {
        // gs2-header: no channel binding ("n" or "y"), an optional authorization identity.
        let mut parts = text.splitn(3, ',');
        let (flag, identity, bare) = (parts.next()?, parts.next()?, parts.next()?);
        if !matches!(flag, "n" | "y") || !(identity.is_empty() || identity.starts_with("a=")) {
            return None;
        }
        let mut attributes = bare.split(',');
        let name = user_name(attributes.next()?.strip_prefix("n=")?)?;
        let client_nonce = attributes.next()?.strip_prefix("r=").filter(|nonce| !nonce.is_empty())?;
        let nonce = format!("{client_nonce}{}", self.nonce);
        let salt = hmac(credentials.salt_key(), name.as_bytes());
        let first = format!("r={nonce},s={},i={ITERATIONS}", BASE64.encode(salt));
        let salted_password = credentials.password(&name).and_then(|password| {
            let password = stringprep::saslprep(password).ok()?;
            Some(pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(password.as_bytes(), &salt, ITERATIONS))
        });
        let challenge = Challenge {
            user: name,
            header: format!("{flag},{identity},"),
            nonce,
            messages: format!("{bare},{first}"),
            salted_password,
        };
        Some((challenge, first.into()))
    }
}

impl Challenge {
    /// Checks the client-final-message; gives the server-final-message.
    fn finish(&self, text: &str) -> Option<Bytes> {
        let (without_proof, proof) = text.rsplit_once(",p=")?;
        let mut attributes = without_proof.split(',');
        let binding = BASE64.decode(attributes.next()?.strip_prefix("c=")?).ok()?;
        let nonce = attributes.next()?.strip_prefix("r=")?;
        if binding != self.header.as_bytes() || nonce != self.nonce {
            return None;
        }
        let proof: [u8; 32] = BASE64.decode(proof).ok()?.try_into().ok()?;
        let salted = self.salted_password?;
        let message = format!("{},{without_proof}", self.messages);
        let stored_key = Sha256::digest(hmac(&salted, b"Client Key"));
        let signature = hmac(&stored_key, message.as_bytes());
        let mut client_key = proof;
        client_key.iter_mut().zip(signature).for_each(|(byte, mask)| *byte ^= mask);
        if Sha256::digest(client_key) != stored_key {
            return None;
        }
        let server_key = hmac(&salted, b"Server Key");
        Some(format!("v={}", BASE64.encode(hmac(&server_key, message.as_bytes()))).into())
    }
}

impl Exchange for Scram {
    fn answer(&mut self, data: &[u8], credentials: &dyn Credentials) -> Answer {
        let step = std::mem::replace(&mut self.step, Step::Over);
        let Ok(text) = std::str::from_utf8(data) else { return Answer::Rejected };
        match step {
            Step::First => match self.first(text, credentials) {
                Some((challenge, message)) => {
                    self.step = Step::Final(challenge);
                    Answer::Continue(message)
                }
                None => Answer::Rejected,
            },
            Step::Final(challenge) => match challenge.finish(text) {
                Some(data) => Answer::Accepted { user: challenge.user, data },
                None => Answer::Rejected,
            },
            Step::Over => Answer::Rejected,
        }
    }
}

/// A saslname: `=2C` and `=3D` stand for comma and equals sign.
fn user_name(text: &str) -> Option<String> {
    if text.contains('\0') {
        return None;
    }
    let name = text.replace("=2C", ",").replace("=3D", "\0");
    if name.is_empty() || name.contains('=') {
        return None;
    }
    stringprep::saslprep(&name.replace('\0', "=")).ok().map(std::borrow::Cow::into_owned)
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    // Every length of key will do, so this does not fail; an empty result would only make the proof wrong.
    Hmac::<Sha256>::new_from_slice(key)
        .map(|mac| mac.chain_update(message).finalize().into_bytes().into())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7677, section 3.
    fn example() -> Challenge {
        let salt = BASE64.decode("W22ZaJ0SNY7soEsUEjb6gQ==").expect("Base64");
        let nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        Challenge {
            user: "user".to_owned(),
            header: "n,,".to_owned(),
            nonce: nonce.to_owned(),
            messages: format!("n=user,r=rOprNGfwEbeRWgbNEkqO,r={nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"),
            salted_password: Some(pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(b"pencil", &salt, 4096)),
        }
    }

    const FINAL: &str = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
                         p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

    #[test]
    fn the_example_of_the_rfc_is_accepted() {
        let answer = example().finish(FINAL);

        assert_eq!(answer.as_deref(), Some(&b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="[..]));
    }

    #[test]
    fn anything_else_than_the_example_is_not() {
        for (from, to) in [("biws", "eSws"), ("k0,", "k1,"), ("dHz", "eHz"), ("VQ=", "VQ"), (",p=", ",q=")] {
            assert_eq!(example().finish(&FINAL.replace(from, to)), None, "{from} as {to}");
        }
    }

    /// The client-final-message of the example with this beginning, and the right proof for it.
    fn proved(without_proof: &str) -> String {
        let challenge = example();
        let salted = challenge.salted_password.expect("the user exists");
        let client_key = hmac(&salted, b"Client Key");
        let message = format!("{},{without_proof}", challenge.messages);
        let mut proof = hmac(&Sha256::digest(client_key), message.as_bytes());
        proof.iter_mut().zip(client_key).for_each(|(byte, key)| *byte ^= key);
        format!("{without_proof},p={}", BASE64.encode(proof))
    }

    #[test]
    fn a_right_proof_does_not_make_up_for_another_header_or_nonce() {
        let (right, _) = FINAL.rsplit_once(",p=").expect("it has a proof");
        assert!(example().finish(&proved(right)).is_some());
        for (from, to) in [("biws", "eSws"), ("k0", "k1")] {
            assert_eq!(example().finish(&proved(&right.replace(from, to))), None, "{from} as {to}");
        }
    }

    #[test]
    fn channel_binding_and_whatever_is_no_identity_are_refused() {
        struct Nobody;
        impl Credentials for Nobody {
            fn password(&self, _: &str) -> Option<&str> {
                None
            }
            fn salt_key(&self) -> &[u8] {
                b"key"
            }
        }
        let first = |text: &str| Scram::new(&mut Random::new(1)).first(text, &Nobody).is_some();

        assert!(first("n,,n=user,r=nonce") && first("y,a=other,n=user,r=nonce"));
        for text in ["p=tls-unique,,n=user,r=nonce", "n,other,n=user,r=nonce", "n,,n=user,r="] {
            assert!(!first(text), "{text}");
        }
    }

    #[test]
    fn user_names_are_unescaped_and_prepared() {
        assert_eq!(user_name("a=2Cb=3Dc").as_deref(), Some("a,b=c"));
        assert_eq!(user_name("a=2cb"), None);
        assert_eq!(user_name(""), None);
        assert_eq!(user_name("I\u{AD}X").as_deref(), Some("IX"));
    }
}
