//! http-cache 0.21.0: the default cache key has no credentials, and those that the client adds by itself are not seen by the rules either.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use http::request;
use http_cache::{
    CacheManager, CacheMode, CacheOptions, HttpCache, HttpCacheOptions, HttpResponse, HttpVersion,
    Middleware, Result,
};
use http_cache_semantics::CachePolicy;
use ssot_harness::prelude::*;
use tokio::time::sleep;
use url::Url;

use crate::Fault;

pub(crate) const FAULT: Fault = Fault {
    krate: "http-cache 0.21.0",
    what: "the cache key is method and address, without the credentials",
    link: "https://github.com/antithesishq/snouty/pull/105",
    kind: Kind::ContextLeak,
    fix: "its option `cache_key`, with the credentials",
    faulty: |run| {
        run.of(isolation(async || cache(HttpCacheOptions::default())).users(
            2,
            async |user: &User, cache: &Cache| {
                let answer = cache.run(Call::of(user, None)).await?;
                user.saw(Surface::Reply, &String::from_utf8_lossy(&answer.body));
                Ok(())
            },
        ))
    },
    fixed: |run| {
        let options = || HttpCacheOptions {
            cache_key: Some(std::sync::Arc::new(|parts: &request::Parts| {
                let credentials = parts.headers.get("authorization");
                format!("{}:{}:{credentials:?}", parts.method, parts.uri)
            })),
            // So that an answer is kept for its user.
            cache_options: Some(CacheOptions {
                shared: false,
                ..CacheOptions::default()
            }),
            ..HttpCacheOptions::default()
        };
        run.of(
            isolation(async move || cache(options())).users(2, async |user: &User, cache: &Cache| {
                let answer = cache.run(Call::of(user, Some(user.id().to_string()))).await?;
                user.saw(Surface::Reply, &String::from_utf8_lossy(&answer.body));
                Ok(())
            }),
        )
    },
};

type Cache = HttpCache<InMemory>;

fn cache(options: HttpCacheOptions) -> Cache {
    HttpCache {
        mode: CacheMode::Default,
        manager: InMemory::default(),
        options,
    }
}

/// A call of a client that adds its user's credentials when it sends.
struct Call {
    request: request::Parts,
    /// What the server finds in the account that the credentials are of.
    account: String,
}

impl Call {
    fn of(user: &User, credentials: Option<String>) -> Self {
        let mut request = http::Request::get("https://api.example/account");
        if let Some(credentials) = credentials {
            request = request.header("authorization", credentials);
        }
        let (request, ()) = request.body(()).expect("the address is valid").into_parts();
        Self {
            request,
            account: user.secret("account"),
        }
    }
}

#[async_trait]
impl Middleware for Call {
    fn is_method_get_head(&self) -> bool {
        true
    }

    fn policy(&self, response: &HttpResponse) -> Result<CachePolicy> {
        Ok(CachePolicy::new(&self.request, &response.parts()?))
    }

    fn policy_with_options(&self, response: &HttpResponse, options: CacheOptions) -> Result<CachePolicy> {
        let now = std::time::SystemTime::now();
        Ok(CachePolicy::new_options(
            &self.request,
            &response.parts()?,
            now,
            options,
        ))
    }

    fn update_headers(&mut self, parts: &request::Parts) -> Result<()> {
        self.request.headers.extend(parts.headers.clone());
        Ok(())
    }

    fn force_no_cache(&mut self) -> Result<()> {
        self.request.headers.insert("cache-control", "no-cache".parse()?);
        Ok(())
    }

    fn parts(&self) -> Result<request::Parts> {
        Ok(self.request.clone())
    }

    fn url(&self) -> Result<Url> {
        Ok(self.request.uri.to_string().parse()?)
    }

    fn method(&self) -> Result<String> {
        Ok(self.request.method.to_string())
    }

    async fn remote_fetch(&mut self) -> Result<HttpResponse> {
        sleep(Duration::from_millis(20)).await; // the server
        Ok(HttpResponse {
            body: self.account.clone().into_bytes(),
            headers: HashMap::from([("cache-control".to_owned(), "max-age=60".to_owned())]),
            status: 200,
            url: self.url()?,
            version: HttpVersion::Http11,
        })
    }
}

/// A cache in memory, which stores what it is told to.
#[derive(Default)]
struct InMemory(Mutex<HashMap<String, (HttpResponse, CachePolicy)>>);

#[async_trait]
impl CacheManager for InMemory {
    async fn get(&self, key: &str) -> Result<Option<(HttpResponse, CachePolicy)>> {
        Ok(self.0.lock().unwrap().get(key).cloned())
    }

    async fn put(&self, key: String, response: HttpResponse, policy: CachePolicy) -> Result<HttpResponse> {
        self.0.lock().unwrap().insert(key, (response.clone(), policy));
        Ok(response)
    }

    async fn delete(&self, key: &str) -> Result<()> {
        self.0.lock().unwrap().remove(key);
        Ok(())
    }
}
