use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::time::Instant;

use crate::platform::Session;

const AUDIENCE: &str = "ssot-gateway";
const ISSUER: &str = "ssot-reference";

/// The longest token that is looked at.
const LONGEST: usize = 4_096;

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The user.
    #[serde(rename = "sub")]
    pub user: String,
    /// The session that the login began.
    #[serde(rename = "sid")]
    pub session: String,
    /// Who issued it.
    #[serde(rename = "iss")]
    pub issuer: String,
    /// Whom it is for.
    #[serde(rename = "aud")]
    pub audience: String,
    /// When it was issued, in seconds since 1970.
    #[serde(rename = "iat")]
    pub issued_at: u64,
    /// When it ends, in seconds since 1970.
    #[serde(rename = "exp")]
    pub expires_at: u64,
}

/// Signs tokens and verifies them, by HMAC with SHA-256.
///
/// Time is that of tokio's clock, from when the key was made on, so that a test that pauses the clock decides when tokens expire.
#[derive(Clone)]
pub struct TokenKey {
    encoding: EncodingKey,
    decoding: DecodingKey,
    lifetime: Duration,
    epoch: SystemTime,
    made: Instant,
}

impl TokenKey {
    /// A key of these bytes, for tokens that are valid for five minutes.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            lifetime: Duration::from_secs(300),
            epoch: SystemTime::now(),
            made: Instant::now(),
        }
    }

    /// Issues tokens that are valid for this long.
    #[must_use]
    pub fn valid_for(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Takes this for the time at which the key was made, so that tokens are the same each time.
    #[must_use]
    pub fn since(mut self, epoch: SystemTime) -> Self {
        self.epoch = epoch;
        self
    }

    /// For how long a token is valid.
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// A token for a session.
    ///
    /// # Errors
    ///
    /// Returns an error if the token cannot be signed.
    pub fn issue(&self, session: &Session) -> Result<String, InvalidToken> {
        let now = self.now();
        let claims = Claims {
            user: session.user().to_string(),
            session: session.id().to_string(),
            issuer: ISSUER.to_owned(),
            audience: AUDIENCE.to_owned(),
            issued_at: now,
            expires_at: now + self.lifetime.as_secs(),
        };
        self.sign(&claims)
    }

    /// Signs any claims.
    ///
    /// # Errors
    ///
    /// Returns an error if they cannot be signed.
    pub fn sign(&self, claims: &Claims) -> Result<String, InvalidToken> {
        encode(&Header::new(Algorithm::HS256), claims, &self.encoding).map_err(|_| InvalidToken::Refused)
    }

    /// What a token says, if this key signed it for this gateway and it has not expired.
    ///
    /// # Errors
    ///
    /// Returns an error if it is anything else; only of one that has expired it says why.
    pub fn verify(&self, token: &str) -> Result<Claims, InvalidToken> {
        if token.len() > LONGEST {
            return Err(InvalidToken::Refused);
        }
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        // By this key's own clock, below.
        validation.validate_exp = false;
        let claims = decode::<Claims>(token, &self.decoding, &validation)
            .map_err(|_| InvalidToken::Refused)?
            .claims;
        self.check_time(&claims)?;
        Ok(claims)
    }

    /// # Errors
    ///
    /// Returns an error if the token of these claims has expired.
    pub(super) fn check_time(&self, claims: &Claims) -> Result<(), InvalidToken> {
        let now = self.now();
        if claims.issued_at > now {
            return Err(InvalidToken::Refused);
        }
        if claims.expires_at <= now {
            return Err(InvalidToken::Expired);
        }
        Ok(())
    }

    fn now(&self) -> u64 {
        let since = self.epoch.duration_since(UNIX_EPOCH).unwrap_or_default();
        (since + self.made.elapsed()).as_secs()
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKey")
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

/// Why a token lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidToken {
    /// There is none.
    #[error("there is no token; log in, and send it as `Authorization: Bearer ..`")]
    Missing,
    /// It was not signed by this gateway, or not for it.
    #[error("the token is not valid")]
    Refused,
    /// It has expired.
    #[error("the token has expired; log in again")]
    Expired,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(key: &TokenKey) -> Claims {
        Claims {
            user: "ada".into(),
            session: "session-1".into(),
            issuer: ISSUER.into(),
            audience: AUDIENCE.into(),
            issued_at: key.now(),
            expires_at: key.now() + 300,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_valid_until_it_expires() {
        let key = TokenKey::new(b"key").valid_for(Duration::from_secs(60));
        let claims = Claims {
            expires_at: key.now() + 60,
            ..claims(&key)
        };
        let token = key.sign(&claims).unwrap();
        assert_eq!(key.verify(&token), Ok(claims));
        tokio::time::advance(Duration::from_secs(59)).await;
        assert!(key.verify(&token).is_ok());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(key.verify(&token), Err(InvalidToken::Expired));
    }

    #[tokio::test]
    async fn another_key_audience_issuer_or_time_is_refused() {
        let key = TokenKey::new(b"key");
        let own = claims(&key);
        let another = TokenKey::new(b"another key").sign(&own).unwrap();
        assert_eq!(key.verify(&another), Err(InvalidToken::Refused));
        for claims in [
            Claims {
                audience: "another gateway".into(),
                ..own.clone()
            },
            Claims {
                issuer: "somebody".into(),
                ..own.clone()
            },
            Claims {
                issued_at: own.issued_at + 3_600,
                ..own.clone()
            },
        ] {
            let token = key.sign(&claims).unwrap();
            assert_eq!(key.verify(&token), Err(InvalidToken::Refused), "{claims:?}");
        }
    }

    #[tokio::test]
    async fn a_token_that_is_unsigned_or_signed_otherwise_is_refused() {
        let key = TokenKey::new(b"key");
        let token = key.sign(&claims(&key)).unwrap();
        let parts: Vec<_> = token.split('.').collect();
        // {"alg":"none","typ":"JWT"}
        let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
        for forged in [
            format!("{none}.{}.", parts[1]),
            format!("{none}.{}", parts[1]),
            format!("{none}.{}.{}", parts[1], parts[2]),
            format!("{}.{}.", parts[0], parts[1]),
            format!("{}.{}", parts[0], parts[1]),
            "..".to_owned(),
            String::new(),
            token.repeat(100),
        ] {
            assert_eq!(key.verify(&forged), Err(InvalidToken::Refused), "{forged}");
        }
        let hs512 = encode(
            &Header::new(Algorithm::HS512),
            &claims(&key),
            &EncodingKey::from_secret(b"key"),
        )
        .unwrap();
        assert_eq!(key.verify(&hs512), Err(InvalidToken::Refused));
    }
}
