//! Genuin's response envelope (Genuin contract, sections 2 and 3).

use serde_json::{Value, json};

use super::state::{MODERATOR, Person};
use crate::{Response, reply::json_reply};

/// A success: always HTTP 200 with the number 200 as `code`.
pub(super) fn success(message: &str, data: &Value) -> Response {
    json_reply(200, &json!({ "code": 200, "message": format!("XXXX-[{message}]"), "data": data }))
}

/// A failure: `code` is a string of digits, `data` is empty.
pub(super) fn failure(code: &str) -> Response {
    let (status, message) = match code {
        "1099" => (400, "An unexpected error occurred processing the request"),
        "5159" => (401, "XXXX-[Invalid Use of API]"),
        "5166" => (412, "XXXX-[Invalid Use of API]"),
        "5218" => (404, "The community you are looking for is no longer available."),
        "5235" => (404, "The brand you are looking for does not exist."),
        // Assumed: Genuin's codes 5025 (user) and 5168 (group), seen without a status, come with 404.
        "5025" => (404, "User not found"),
        "5168" => (404, "Group not found"),
        // Assumed: Genuin's 429 has its envelope, with "429" as the code; it documents no limit.
        "429" => (429, "Too many requests"),
        // Assumed: an undocumented Genuin code comes with status 400.
        _ => (400, "XXXX-[Something is not right]"),
    };
    json_reply(status, &json!({ "code": code, "message": message, "data": {} }))
}

/// A person as listed in `members_added` (Genuin, Add Member API: no role, no status).
pub(super) fn member(user_id: &str, person: &Person) -> Value {
    let avatars = ["alien", "smiling_face_with_horns", "dog_face"];
    let digest = crate::digest::digest(user_id) as usize;
    // An avatar is a name without sizes; an uploaded picture is a URL with sizes.
    let is_avatar = !digest.is_multiple_of(4);
    let sized =
        |size: &str| if is_avatar { String::new() } else { format!("https://media.example.com/u{size}.png") };
    let picture = if is_avatar { avatars[digest % avatars.len()].to_owned() } else { sized("") };
    let bio = person.nickname.as_ref().map(|nickname| format!("{nickname} says hello"));
    json!({
        "member_id": user_id, "name": person.name, "bio": bio, "nickname": person.nickname,
        "phone": person.phone, "is_brand_system_user": person.is_brand_system_user, "is_avatar": is_avatar,
        "profile_image": picture, "profile_image_s": sized("-s"), "profile_image_m": sized("-m"),
        "profile_image_l": sized("-l"),
    })
}

/// A person as listed in `moderators_added` (Genuin, Assign Moderators API: role 3, no phone).
pub(super) fn moderator(user_id: &str, person: &Person) -> Value {
    let mut row = member(user_id, person);
    if let Some(fields) = row.as_object_mut() {
        fields.remove("phone");
        fields.insert("role".into(), MODERATOR.into());
    }
    row
}

/// A person as listed by a group update (Genuin, Manage Collaborators API: status 2, role 2 in the sample).
pub(super) fn collaborator(user_id: &str, person: &Person) -> Value {
    let mut row = member(user_id, person);
    if let Some(fields) = row.as_object_mut() {
        fields.insert("status".into(), 2.into());
        fields.insert("role".into(), 2.into());
    }
    row
}
