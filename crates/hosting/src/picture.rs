//! Which pictures of people are loaded: their URLs come from a vendor, and any of them may be hostile.

use domain::Member;

use crate::config::Config;
use crate::origin::Origin;

impl Config {
    /// The URL of a person's picture that may be loaded, the smallest that the vendor gives; `None` to show
    /// their initials.
    pub fn picture_of<'a>(&self, person: &'a Member) -> Option<&'a str> {
        if person.is_avatar == Some(true) || self.picture_hosts.is_empty() {
            return None;
        }
        let given = [&person.small_picture, &person.picture];
        given.into_iter().flatten().map(AsRef::as_ref).find(|url| self.loads(url))
    }

    fn loads(&self, url: &str) -> bool {
        let is_plain = !url.contains(|c: char| c.is_whitespace() || c.is_control());
        is_plain && Origin::of_url(url).is_ok_and(|origin| self.picture_hosts.contains(&origin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        let text = r#"{ "picture_hosts": ["https://media.example", "https://img.example:8443", "http://127.0.0.1:9"],
            "hosts": ["https://api.example"] }"#;
        Config::parse(text).unwrap()
    }

    fn person(picture: &str) -> Member {
        Member { picture: Some(picture.into()), ..Member::default() }
    }

    #[test]
    fn only_pictures_of_named_hosts_are_loaded() {
        let config = config();
        let loaded = [
            "https://media.example/a/p.png?x=1#y",
            "https://media.example",
            "https://media.example?p",
            "HTTPS://Media.Example:443/ü.png",
            "https://img.example:8443/p.png",
            "https://media.example/@img.example",
            // The same as in a policy: plain HTTP on this machine only.
            "http://127.0.0.1:9/p.png",
        ];
        for url in loaded {
            assert_eq!(config.picture_of(&person(url)), Some(url));
        }
        let refused = [
            "",
            "alien",
            "/p.png",
            "//media.example/p.png",
            "http://media.example/p.png",
            "http://127.0.0.1/p.png",
            "https://img.example/p.png",
            "https://api.example/p.png",
            "https://other.example/https://media.example/p.png",
            "https://other.example#https://media.example/",
            "https://media.example.other.example/p.png",
            "https://media.example@other.example/p.png",
            "https://user:secret@media.example/p.png",
            "https://media.example\\@other.example/p.png",
            "https://media.example\\.other.example/p.png",
            "https://media.example:80\u{ff0f}p.png",
            "https:\\\\media.example/p.png",
            "https:media.example/p.png",
            "https:///media.example/p.png",
            " https://media.example/p.png",
            "https://media.example/a b.png",
            "https://media.exa\nmple/p.png",
            "https://media.example\t.other.example/p.png",
            "https://media.example./p.png",
            "https://%6dedia.example/p.png",
            "https://media。example/p.png",
            "https://*.example/p.png",
            "https://[::1]/p.png",
            "javascript:alert(1)",
            "javascript://media.example/%0aalert(1)",
            "data:image/svg+xml,<svg onload=alert(1)>",
            "data:image/png;base64,https://media.example/",
            "blob:https://media.example/1",
            "ftp://media.example/p.png",
            "wss://media.example/p.png",
        ];
        for url in refused {
            assert_eq!(config.picture_of(&person(url)), None, "{url:?}");
        }
    }

    #[test]
    fn the_smallest_allowed_picture_is_taken_and_no_name_of_an_avatar() {
        let config = config();
        let both = Member {
            small_picture: Some("https://media.example/s.png".into()),
            ..person("https://media.example/p.png")
        };
        assert_eq!(config.picture_of(&both), Some("https://media.example/s.png"));
        let elsewhere = Member { small_picture: Some("https://other.example/s.png".into()), ..both.clone() };
        assert_eq!(config.picture_of(&elsewhere), Some("https://media.example/p.png"));
        assert_eq!(config.picture_of(&Member { is_avatar: Some(true), ..both.clone() }), None);
        assert_eq!(
            config.picture_of(&Member { is_avatar: Some(false), ..both.clone() }),
            config.picture_of(&both)
        );
        assert_eq!(config.picture_of(&Member::default()), None);
        for config in [Config::default(), Config::closed()] {
            assert_eq!(config.picture_of(&both), None);
        }
    }
}
