//! Endpoints of the vendors' APIs.

use domain::ApiError;
use http::Method;

use crate::path::segment;

/// An endpoint, as in `contracts/operations.yaml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// Its id in the contract.
    pub id: &'static str,
    /// The method.
    pub method: Method,
    /// The path below the base URL, with `{name}` for ids.
    pub path: &'static str,
}

impl Endpoint {
    pub(crate) const fn new(id: &'static str, method: Method, path: &'static str) -> Self {
        Self { id, method, path }
    }

    /// The path with these ids in place of the names, in their order.
    ///
    /// # Errors
    /// `console.bad_id` if an id cannot be a path segment, or is missing.
    pub(crate) fn path_of(&self, ids: &[&str]) -> Result<String, ApiError> {
        let mut ids = ids.iter();
        let mut path = String::new();
        for part in self.path.split('/').skip(1) {
            path.push('/');
            if part.starts_with('{') {
                path.push_str(&segment(ids.next().copied().unwrap_or_default())?);
            } else {
                path.push_str(part);
            }
        }
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::fixture::contract;

    #[derive(Deserialize)]
    struct Contract {
        operations: Vec<Row>,
    }

    #[derive(Deserialize)]
    struct Row {
        vendor: String,
        id: String,
        method: String,
        path: String,
        #[serde(default = "yes")]
        used: bool,
    }

    fn yes() -> bool {
        true
    }

    #[test]
    fn tables_are_those_of_the_contract() {
        let contract: Contract =
            serde_norway::from_str(&contract("operations.yaml")).expect("operations.yaml has this shape");
        for vendor in domain::Vendor::ALL {
            let rows = contract.operations.iter().filter(|row| row.used && row.vendor == vendor.slug());
            let documented: Vec<_> = rows.map(|row| (&*row.id, &*row.method, &*row.path)).collect();
            let table = crate::endpoints(vendor).iter();
            let ours: Vec<_> = table.map(|one| (one.id, one.method.as_str(), one.path)).collect();
            assert_eq!(ours, documented, "{vendor:?}");
        }
    }

    #[test]
    fn ids_stay_in_their_place() {
        let endpoint = Endpoint::new("one", Method::GET, "/groups/{guid}/members/{uid}");
        assert_eq!(endpoint.path_of(&["a/b", "c d"]).as_deref(), Ok("/groups/a%2Fb/members/c%20d"));
        assert!(endpoint.path_of(&["a"]).is_err());
    }
}
