//! What no answer may do, whatever it holds.

use super::*;

fn near_answers() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(vec!["ada@example.org", "BO@example.org", "already invited", "0", ""])
            .prop_map(Value::from),
    ];
    let fields = vec![
        "data",
        "error",
        "message",
        "success",
        "failure",
        "email",
        "inviteId",
        "user",
        "content",
        "nextStart",
        "start",
        "totalUsers",
        "userId",
        "affiliatedTag",
        "tagId",
        "type",
        "id",
        "community",
        "communityId",
        "_id",
    ];
    leaf.prop_recursive(5, 50, 6, move |inner| {
        let fields = prop::sample::select(fields.clone()).prop_map(str::to_owned);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(fields, inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_answer_can_do_harm(
        is_invite in any::<bool>(),
        status in prop_oneof![Just(200u16), 100u16..1000],
        cursor in prop::option::of(any::<u64>()),
        body in prop_oneof![
            near_answers().prop_map(|body| body.to_string().into_bytes()),
            near_answers().prop_map(|data| json!({"data": data, "error": false}).to_string().into_bytes()),
            prop::collection::vec(any::<u8>(), 0..100),
        ],
    ) {
        let sent = if is_invite { invites([ada(), bo(), Person::by_id("x")]) } else { one(ada()) };
        let response = answer(status, body);
        for query in [people(), Query::Roles, Query::Prices, Query::Community] {
            if let Ok(page) = Networked.decode_page(&query, cursor.map(Cursor), &response) {
                prop_assert!(page.next.is_none_or(|next| next.0 > cursor.unwrap_or(0)));
            }
        }
        if let Ok(reply) = Networked.decode(&sent, &response) {
            let mut named: Vec<_> = reply.outcomes.iter().map(|(change, _)| *change).collect();
            prop_assert!(named.iter().all(|change| sent.items.iter().any(|item| item.change == *change)));
            named.sort();
            named.dedup();
            prop_assert_eq!(named.len(), reply.outcomes.len());
        }
    }
}
