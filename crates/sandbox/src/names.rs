//! Made-up names in many languages, some of them hard to lay out.

const GIVEN: [&str; 40] = [
    "Amara",
    "Noor",
    "Zoë",
    "Mila",
    "Søren",
    "Yuki",
    "Chidi",
    "Leïla",
    "Oskar",
    "Ngozi",
    "Priya",
    "Mateo",
    "Ines",
    "Łukasz",
    "Aoife",
    "Tariq",
    "Hiro",
    "Fatima",
    "Ólafur",
    "Xiomara",
    "José",
    "Nguye\u{302}\u{303}n",
    "André",
    "ليلى",
    "יעל",
    "سامي",
    "美咲",
    "伟",
    "지우",
    "Ирина",
    "Δήμητρα",
    "आरव",
    "สมชาย",
    "Thandiwe",
    "Kofi",
    "Marisol",
    "Bjo\u{308}rn",
    "Siân",
    "Ayşe",
    "Ga\u{308}elle",
];

const FAMILY: [&str; 24] = [
    "Okafor",
    "Lindqvist",
    "García",
    "Haddad",
    "Tanaka",
    "O’Brien",
    "Nowak",
    "van der Berg",
    "Mensah",
    "Ferrari",
    "Çelik",
    "Sørensen",
    "Kovács",
    "Ibrahim",
    "Rossi-Bianchi",
    "Petrović",
    "Ramos",
    "Ström",
    "D’Angelo",
    "Achebe",
    "Þórsdóttir",
    "Müller",
    "Dvořák",
    "Silva",
];

/// The name of the person with this number.
pub(crate) fn name(number: usize) -> String {
    let given = GIVEN[number % GIVEN.len()];
    match given {
        "ليلى" | "سامي" => {
            format!("{given} {}", ["حداد", "الخطيب", "منصور"][number / GIVEN.len() % 3])
        }
        "יעל" => format!("{given} {}", ["כהן", "לוי", "מזרחי"][number / GIVEN.len() % 3]),
        _ => format!("{given} {}", FAMILY[(number / GIVEN.len() + number) % FAMILY.len()]),
    }
}

/// The local part of an e-mail address for the person with this number.
pub(crate) fn mailbox(number: usize) -> String {
    let ascii: String = GIVEN[number % GIVEN.len()].chars().filter(char::is_ascii_alphabetic).collect();
    let stem = if ascii.len() < 2 { "friend".to_owned() } else { ascii.to_lowercase() };
    format!("{stem}.{number:03}")
}
