use crate::address::{Address, Scheme};
use crate::error::StoreError;
use crate::keys::Listings;
use crate::patience::{self, Standing};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::list::PaginatedListStore;
use object_store::{ClientConfigKey, ObjectMeta, ObjectStore, ObjectStoreExt};
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::{Builder, Runtime};

/// Bounds of a single request, where the environment sets none (as `AWS_TIMEOUT` does). A request that takes longer goes
/// on from the byte reached.
const BOUNDS: [(ClientConfigKey, &str); 3] = [
    (ClientConfigKey::ConnectTimeout, "5 seconds"),
    (ClientConfigKey::ReadTimeout, "60 seconds"),
    (ClientConfigKey::Timeout, "120 seconds"),
];

/// What the names of variables begin with that hold credentials and addresses of stores.
const VARIABLES: [&str; 3] = ["AWS_", "GOOGLE_", "AZURE_"];

/// Whether the variable `name` of the environment may hold what only stores are to see.
pub fn has_secrets(name: &str) -> bool {
    let words = ["KEY", "SECRET", "TOKEN", "CREDENTIAL", "PASSWORD", "SAS"];
    VARIABLES.iter().any(|v| name.starts_with(v)) && words.iter().any(|w| name.contains(w))
}

/// An object as a store tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Where it lies.
    pub address: Address,
    /// Its bytes.
    pub size: u64,
    /// A text that is another one when the object has been written anew: its ETag; where the store gives none, the second of
    /// its last change.
    pub mark: String,
}

impl Object {
    pub(crate) fn new(address: Address, meta: &ObjectMeta) -> Self {
        // Answers quote an ETag, some listings do not; and listings tell of no versions.
        let mark = match &meta.e_tag {
            Some(tag) => mark_of(tag),
            None => meta.last_modified.timestamp().to_string(),
        };
        Self { address, size: meta.size, mark }
    }
}

/// An ETag as listings and answers both give it.
pub(crate) fn mark_of(tag: &str) -> String {
    tag.trim_start_matches("W/").trim_matches('"').to_string()
}

/// A bucket as it is talked to.
#[derive(Clone)]
pub(crate) struct Bucket {
    pub standing: Standing,
    pub objects: Arc<dyn ObjectStore>,
    pub pages: Arc<dyn PaginatedListStore>,
}

impl Bucket {
    fn new<T: ObjectStore + PaginatedListStore>(store: T) -> Self {
        let store = Arc::new(store);
        Self { standing: Standing::default(), objects: store.clone(), pages: store }
    }
}

/// The stores that the environment gives access to. Nothing is done before the first call; clones share connections.
#[derive(Clone, Default)]
pub struct Stores {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    runtime: Option<Arc<Held>>,
    buckets: HashMap<(Scheme, String), Bucket>,
}

/// A runtime whose end waits for nobody.
struct Held(Option<Runtime>);

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl std::fmt::Debug for Stores {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stores")
    }
}

impl Stores {
    /// Asks for an object without its bytes.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where there is none, and all others.
    pub fn look(&self, address: &Address) -> Result<Object, StoreError> {
        let bucket = self.bucket(address)?;
        let location = address.location()?;
        let head = bucket.standing.patiently(async || {
            let meta = bucket.objects.head(&location).await.map_err(|e| StoreError::of(&e))?;
            Ok(Object::new(address.clone(), &meta))
        });
        self.wait(head)?
    }

    /// Deletes an object; that it is not there is no error.
    ///
    /// # Errors
    /// The store's.
    pub fn delete(&self, address: &Address) -> Result<(), StoreError> {
        let bucket = self.bucket(address)?;
        let location = address.location()?;
        let delete = bucket
            .standing
            .patiently(async || bucket.objects.delete(&location).await.map_err(|e| StoreError::of(&e)));
        match self.wait(delete)? {
            Err(StoreError::Missing) => Ok(()),
            other => other,
        }
    }

    /// Waits for the end of some work. A thread of the runtime's own looks after the connections meanwhile.
    pub(crate) fn wait<T>(&self, work: impl Future<Output = T>) -> Result<T, StoreError> {
        let runtime = self.runtime()?;
        match &runtime.0 {
            Some(runtime) => Ok(runtime.block_on(work)),
            None => Err(StoreError::Setup { reason: "its thread has ended".into() }),
        }
    }

    fn runtime(&self) -> Result<Arc<Held>, StoreError> {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(runtime) = &shared.runtime {
            return Ok(runtime.clone());
        }
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("vanthu-store")
            .enable_all()
            .build()
            .map_err(|e| StoreError::setup(&e))?;
        let held = Arc::new(Held(Some(runtime)));
        shared.runtime = Some(held.clone());
        Ok(held)
    }

    /// The bucket that an address names.
    pub(crate) fn bucket(&self, address: &Address) -> Result<Bucket, StoreError> {
        let name = (address.scheme(), address.bucket().to_string());
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = shared.buckets.get(&name) {
            return Ok(bucket.clone());
        }
        let bucket = of_environment(address)?;
        shared.buckets.insert(name, bucket.clone());
        Ok(bucket)
    }
}

/// The variables of the environment that are texts.
pub(crate) fn variables() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// A key that came out of a file with its line end would end the library in a panic.
fn check_variables(all: impl Iterator<Item = (String, String)>) -> Result<(), StoreError> {
    let ours = |name: &str| VARIABLES.iter().any(|v| name.starts_with(v));
    for (name, value) in all {
        if ours(&name) && value.chars().any(char::is_control) {
            let reason = format!("{name} holds a line end or another control character");
            return Err(StoreError::Setup { reason });
        }
    }
    Ok(())
}

/// A bucket with the credentials of the environment.
fn of_environment(address: &Address) -> Result<Bucket, StoreError> {
    check_variables(variables())?;
    // That another part of the program has chosen one before is no error.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (name, retry) = (address.bucket(), patience::of_requests());
    let listings = Listings { tag: if address.scheme() == Scheme::Az { "Name" } else { "Key" } };
    let bucket = match address.scheme() {
        Scheme::S3 => {
            let mut builder = AmazonS3Builder::from_env()
                .with_bucket_name(name)
                .with_retry(retry)
                .with_http_connector(listings);
            for (key, value) in BOUNDS.map(|(key, value)| (AmazonS3ConfigKey::Client(key), value)) {
                if builder.get_config_value(&key).is_none() {
                    builder = builder.with_config(key, value);
                }
            }
            let set = |key: AmazonS3ConfigKey| builder.get_config_value(&key);
            let allowed = set(AmazonS3ConfigKey::Client(ClientConfigKey::AllowHttp)).unwrap_or_default();
            let allowed = ["1", "on", "true", "y", "yes"].contains(&allowed.to_lowercase().as_str());
            let endpoints = [AmazonS3ConfigKey::Endpoint, AmazonS3ConfigKey::S3Endpoint];
            for endpoint in endpoints.into_iter().filter_map(set) {
                check_endpoint(&endpoint, allowed)?;
            }
            builder.build().map(Bucket::new)
        }
        Scheme::Gs => {
            let mut builder = GoogleCloudStorageBuilder::from_env()
                .with_bucket_name(name)
                .with_retry(retry)
                .with_http_connector(listings);
            for (key, value) in BOUNDS.map(|(key, value)| (GoogleConfigKey::Client(key), value)) {
                if builder.get_config_value(&key).is_none() {
                    builder = builder.with_config(key, value);
                }
            }
            builder.build().map(Bucket::new)
        }
        Scheme::Az => {
            let mut builder = MicrosoftAzureBuilder::from_env()
                .with_container_name(name)
                .with_retry(retry)
                .with_http_connector(listings);
            for (key, value) in BOUNDS.map(|(key, value)| (AzureConfigKey::Client(key), value)) {
                if builder.get_config_value(&key).is_none() {
                    builder = builder.with_config(key, value);
                }
            }
            builder.build().map(Bucket::new)
        }
    };
    bucket.map_err(|e| StoreError::setup(&e))
}

/// An endpoint that is no address would end the library in a panic, and one without TLS in a riddle.
fn check_endpoint(endpoint: &str, allow_http: bool) -> Result<(), StoreError> {
    let refused = |reason: &str| Err(StoreError::Setup { reason: reason.to_string() });
    match reqwest::Url::parse(endpoint) {
        Ok(url) if !url.has_host() => refused("AWS_ENDPOINT_URL names no host"),
        Ok(url) if url.scheme() == "https" || (url.scheme() == "http" && allow_http) => Ok(()),
        Ok(url) if url.scheme() == "http" => {
            refused("AWS_ENDPOINT_URL is without TLS, and AWS_ALLOW_HTTP is not true")
        }
        _ => refused("AWS_ENDPOINT_URL is no address of the form https://HOST:PORT"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_looked_at_before_they_are_used() {
        assert!(check_endpoint("https://s3.example.vn", false).is_ok());
        assert!(check_endpoint("http://127.0.0.1:9000", true).is_ok());
        for (endpoint, wrong) in [
            ("http://127.0.0.1:9000", "AWS_ALLOW_HTTP"),
            ("nonsense", "https://HOST:PORT"),
            ("127.0.0.1:9000", "https://HOST:PORT"),
            ("ftp://host", "https://HOST:PORT"),
            ("", "https://HOST:PORT"),
        ] {
            let said = check_endpoint(endpoint, false).unwrap_err().to_string();
            assert!(said.contains(wrong), "{endpoint}: {said}");
        }
    }

    #[test]
    fn keys_with_line_ends_are_told_by_their_names_alone() {
        let check = |name: &str, value: &str| check_variables([(name.into(), value.into())].into_iter());
        let said = check("AWS_SECRET_ACCESS_KEY", "geheim\n").unwrap_err().to_string();
        assert!(said.contains("AWS_SECRET_ACCESS_KEY") && !said.contains("geheim"), "{said}");
        assert!(check("AZURE_STORAGE_SAS_TOKEN", "a\u{1}").is_err());
        assert!(check("AWS_REGION", "ap-southeast-1").is_ok() && check("PS1", "a\n").is_ok());
    }

    #[test]
    fn variables_with_secrets_are_told_by_their_names() {
        for name in [
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "GOOGLE_SERVICE_ACCOUNT_KEY",
            "AZURE_STORAGE_SAS_TOKEN",
        ] {
            assert!(has_secrets(name), "{name}");
        }
        for name in ["AWS_REGION", "PATH", "KEY", "AWS_ENDPOINT_URL"] {
            assert!(!has_secrets(name), "{name}");
        }
    }
}
