//! Which place a connection is to, so that a request is not opened on another.

use domain::{Connection, Query};
use leptos::prelude::window;
use review::ReviewPlace;

use crate::state::reads::{Failure, read_page};
use crate::state::session::Session;

/// The place of a connection: the app in its host name, else the community that its key belongs to, else its address.
///
/// # Errors
/// If the community cannot be read.
pub async fn place_of(session: Session, connection: &Connection) -> Result<ReviewPlace, Failure> {
    let vendor = connection.vendor;
    let origin = connection.base_url.origin().unwrap_or_default();
    let host = origin.split_once("://").map_or("", |(_, host)| host);
    let app_id = vendors::profile(vendor).app_id_of(host);
    if let Some(place) = app_id.and_then(|id| ReviewPlace::new(vendor, id).ok()) {
        return Ok(place);
    }
    if vendors::capabilities(vendor).has_community_details {
        let page = read_page(session, &connection.id, &Query::Community, None).await?;
        let community = page.into_groups().into_iter().next();
        if let Some(place) = community.and_then(|group| ReviewPlace::new(vendor, group.id.as_str()).ok()) {
            return Ok(place);
        }
    }
    let address = connection.base_url.as_str();
    if !connection.base_url.is_same_origin() {
        return Ok(ReviewPlace::of_address(vendor, address));
    }
    // Colleagues who use the same relay open the console on its origin.
    let page = window().location().origin().unwrap_or_default();
    Ok(ReviewPlace::of_address(vendor, &[&page, address].concat()))
}
