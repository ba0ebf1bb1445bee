//! What no answer may do, whatever it holds.

use super::*;

fn effects() -> impl Strategy<Value = Effect> {
    prop_oneof![
        Just(add(Flow::Direct, false)),
        Just(moderate()),
        Just(join()),
        Just(kick()),
        Just(unsubscribe()),
        Just(rename()),
        Just(Effect::CreateGroup(Box::new(new_group()))),
        Just(Effect::CreateCommunity(Box::new(new_community()))),
    ]
}

/// Answers that are nearly right: known fields with values of any kind.
fn near_answers() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(vec![ADA, BO, "15550123456", "200", "5218", ""]).prop_map(Value::from),
    ];
    let fields = vec![
        "code",
        "data",
        "message",
        "members_added",
        "moderators_added",
        "members_removed",
        "subscribers_removed",
        "member_id",
        "phone",
        "role",
        "community_id",
        "chat_id",
        "leader",
        "name_updated",
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
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
        effect in effects(),
        status in prop_oneof![Just(200u16), 100u16..1000],
        body in prop_oneof![
            near_answers().prop_map(|body| body.to_string().into_bytes()),
            near_answers().prop_map(|data| json!({"code": 200, "data": data}).to_string().into_bytes()),
            prop::collection::vec(any::<u8>(), 0..100),
        ],
    ) {
        let people = [Person::by_id(ADA), Person::by_phone("15550123456"), Person::by_email("a@example.org")];
        let sent = batch(effect, people);
        let response = answer(status, body);
        let _ = (Genuin.decode_sign_in(&response), Genuin.is_token_expired(&response));
        if let Ok(reply) = Genuin.decode(&sent, &response) {
            let mut named: Vec<_> = reply.outcomes.iter().map(|(change, _)| *change).collect();
            prop_assert!(named.iter().all(|change| sent.items.iter().any(|item| item.change == *change)));
            named.sort();
            named.dedup();
            prop_assert_eq!(named.len(), reply.outcomes.len());
        }
    }
}
