//! Networked's reads: users, roles, plans, the community (Networked contract, sections 5 to 8).

use domain::order;
use serde_json::{Value, json};

use super::PlansForm;
use super::{Networked, reply::success, state::User};
use crate::{Response, call::Call, emulator::Context, ids};

impl Networked {
    /// Networked, Users List.
    pub(super) fn list_users(&self, call: &Call<'_>) -> Response {
        let number = |name: &str| call.query(name).and_then(|text| text.parse::<usize>().ok());
        // Assumed: Networked returns 30 users by default and at most 100.
        let (start, count) = (number("start").unwrap_or(0), number("count").unwrap_or(30).clamp(1, 100));
        // Assumed: Networked includes inactive users only with `showInActive=true`.
        let with_inactive = call.query("showInActive") == Some("true");
        let mut users: Vec<&User> = self.state.users.values().collect();
        users.retain(|user| {
            (user.is_active || with_inactive) && call.queries().iter().all(|filter| fits(user, filter))
        });
        // Assumed: Networked lists the most recent user first, whatever `sortType` says.
        order::sort_by_key(&mut users, |user| std::cmp::Reverse(user.joined));
        let total = users.len();
        let rows: Vec<Value> = users.into_iter().skip(start).take(count).map(|user| self.row(user)).collect();
        let data = json!({
            "totalUsers": total, "start": start, "count": rows.len(),
            "nextStart": start + rows.len() < total && !rows.is_empty(), "content": rows,
        });
        success("Success", &data)
    }

    fn row(&self, user: &User) -> Value {
        let mut row = json!({
            "name": user.name, "email": user.email, "image": user.image, "userId": user.id,
            "industries": [], "isActive": user.is_active,
        });
        let role = self.state.roles.iter().find(|role| Some(&role.id) == user.role_id.as_ref());
        if let Some(role) = role {
            row["affiliatedTag"] = json!({ "id": role.id, "name": role.name });
        }
        row
    }

    /// Networked, Roles List.
    pub(super) fn list_roles(&self) -> Response {
        let row = |role: &super::state::Role| json!({ "tagId": role.id, "name": role.name, "description": role.description, "type": role.kind });
        success("Success", &Value::Array(self.state.roles.iter().map(row).collect()))
    }

    /// Networked, Plans List: the response is undocumented.
    // Assumed: Networked's plans are an array of `{_id, name}`; switches give other forms.
    pub(super) fn list_plans(&self, context: Context<'_>) -> Response {
        let rows = |id: &str, name: &str| -> Value {
            self.state.plans.iter().map(|plan| json!({ id: plan.id, name: plan.name })).collect()
        };
        let data = match context.settings.networked.plans {
            PlansForm::Array => rows("_id", "name"),
            PlansForm::Wrapped => json!({ "plans": rows("planId", "title") }),
            PlansForm::NotUnderstood => json!({ "currency": "eur" }),
        };
        success("Success", &data)
    }

    /// Networked, Community Details.
    pub(super) fn get_community(&self) -> Response {
        let owner = self.state.users.get(ids::NETWORKED_OWNER_EMAIL);
        let data = json!({
            "community": {
                "communityId": "5f0000000000000000000d01", "readableId": "founders-guild",
                "communityName": "Founders Guild", "communityImage": "", "communityFeatureImage": "",
                "communityVisibility": 0, "timeStamp": 1_750_000_000_000_u64,
            },
            "communityAdmin": {
                "id": owner.map(|owner| &owner.id), "name": owner.map(|owner| &owner.name),
                "image": "https://media.example.com/a b.png",
                "mattermost": { "loginId": "owner", "userId": "aaaaaaaaaaaaaaaaaaaaaaaaaa" },
            },
            "communityProfileId": "5f0000000000000000000d02", "subCommunityCount": 2, "directoryPeople": 0,
            "about": "People who start things", "address": "", "website": "https://founders.example",
            "size": 0, "yearFounded": 0, "timeStmp": 1_750_000_000_500_u64,
            "isAdmin": "admin", "isModerator": false, "isMember": true,
            "primaryColour": "#112233", "secondryColour": "#1122331A",
            "platformAdminEmailFlag": true, "welcomeMessageFlag": false, "isWelcomeFlag": false,
            "isGuideLineFlag": false, "isStripeEnabled": true, "OBSGettingStarted": true,
            "OBSCommunityProfile": true, "OBSCommunityFeatures": false, "OBSCommunityColor": true,
            "OBSUserRoles": true, "OBSUserRolesPrivileges": true,
            "memberLandingPage": 0, "nonMemberLandingPage": 0, "mediacenterView": 0,
        });
        success("Success", &data)
    }
}

/// True if a user matches one filter.
// Assumed: Networked's filters match anywhere in a field, ignoring case, and all of them must match.
fn fits(user: &User, (name, wanted): &(String, String)) -> bool {
    let has = |field: &str| field.to_lowercase().contains(&wanted.to_lowercase());
    match name.as_str() {
        _ if wanted.is_empty() => true,
        "start" | "count" | "showInActive" | "sortType" => true,
        // Networked, Users List: `keyword` matches name, e-mail or about (which the sandbox does not store).
        "keyword" => has(&user.name) || has(&user.email),
        "personName" => has(&user.name),
        "title" => has(&user.title),
        "location" => has(&user.location),
        // Assumed: a Networked filter on a field not stored here matches no user; unknown ones are ignored.
        "primaryCompany" | "primarySchool" | "latitude" | "longitude" | "employmentType"
        | "currentlyWorking" | "currentlyStudying" => false,
        name => !["industry[", "expertise[", "exp", "edu"].iter().any(|start| name.starts_with(start)),
    }
}
