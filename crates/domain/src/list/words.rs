//! Words of headers and scopes in the languages in which lists are kept.

use serde::{Deserialize, Serialize};

use crate::Scope;

/// What a column of a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// The vendor's id of the person.
    Id,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// The whole name.
    Name,
    /// The first name.
    FirstName,
    /// Further names between the first and the family name.
    MiddleName,
    /// The family name.
    LastName,
    /// The scope in a group.
    Scope,
    /// The group or community that the person is added to, in a file that is imported.
    Group,
    /// The role in the whole community, where the vendor has roles, in a file that is imported.
    Role,
    /// The pricing plan, in a file that is imported.
    Price,
    /// A note for the person, in a file that is imported.
    Note,
    /// What kind of key the column of keys holds, in a file of results.
    KeyKind,
    /// Something that adding people does not need.
    Unused,
}

impl ColumnKind {
    /// True for columns that can identify a person.
    pub fn is_key(self) -> bool {
        matches!(self, ColumnKind::Id | ColumnKind::Email | ColumnKind::Phone)
    }
}

/// Words of headers, in the form of [`folded`].
const HEADERS: [(ColumnKind, &[&str]); 9] = [
    (
        ColumnKind::Email,
        &[
            "email",
            "e mail",
            "mail",
            "emails",
            "email address",
            "e mail address",
            "email id",
            "primary email",
            "work email",
            "contact email",
            "attendee email",
            "user email",
            "e mail 1 value",
            "email 1 value",
            "e mail adresse",
            "email adresse",
            "emailadresse",
            "mailadresse",
            "adresse e mail",
            "adresse email",
            "adresse mail",
            "adresse électronique",
            "courriel",
            "mél",
            "correo",
            "correo electrónico",
            "correo electronico",
            "dirección de correo",
            "dirección de correo electrónico",
            "endereço de e mail",
            "endereço de email",
            "correio eletrônico",
            "メール",
            "メールアドレス",
            "eメール",
            "電子メール",
            "البريد الإلكتروني",
            "بريد إلكتروني",
            "البريد",
            "عنوان البريد الإلكتروني",
        ],
    ),
    (
        ColumnKind::Phone,
        &[
            "phone",
            "phone number",
            "phone no",
            "telephone",
            "telephone number",
            "tel",
            "mobile",
            "mobile number",
            "mobile phone",
            "cell",
            "cell phone",
            "cellphone",
            "phone 1 value",
            "whatsapp",
            "whatsapp number",
            "msisdn",
            "telefon",
            "telefonnummer",
            "rufnummer",
            "handy",
            "handynummer",
            "mobilnummer",
            "mobil",
            "mobiltelefon",
            "téléphone",
            "numéro de téléphone",
            "portable",
            "tél",
            "téléphone portable",
            "teléfono",
            "telefono",
            "móvil",
            "número de teléfono",
            "teléfono móvil",
            "celular",
            "telefone",
            "telemóvel",
            "número de telefone",
            "電話",
            "電話番号",
            "携帯",
            "携帯電話",
            "携帯番号",
            "الهاتف",
            "رقم الهاتف",
            "هاتف",
            "الجوال",
            "رقم الجوال",
        ],
    ),
    (
        ColumnKind::Id,
        &[
            "id",
            "uid",
            "user id",
            "userid",
            "user",
            "username",
            "user name",
            "login",
            "member id",
            "memberid",
            "member",
            "person",
            "person id",
            "key",
            "uuid",
            "account id",
            "benutzer id",
            "benutzerkennung",
            "benutzername",
            "nutzer id",
            "nutzername",
            "mitglieds id",
            "identifiant",
            "id utilisateur",
            "nom d'utilisateur",
            "id de usuario",
            "id usuario",
            "usuario",
            "nombre de usuario",
            "identificador",
            "id do usuário",
            "id de usuário",
            "usuário",
            "nome de usuário",
            "ユーザーid",
            "ユーザー名",
            "معرف المستخدم",
            "المعرف",
            "اسم المستخدم",
        ],
    ),
    (
        ColumnKind::Name,
        &[
            "name",
            "full name",
            "fullname",
            "display name",
            "displayname",
            "real name",
            "attendee name",
            "contact name",
            "person name",
            "vollständiger name",
            "anzeigename",
            "nom",
            "nom complet",
            "nom et prénom",
            "nombre",
            "nombre completo",
            "nombre y apellidos",
            "nome",
            "nome completo",
            "氏名",
            "名前",
            "お名前",
            "الاسم",
            "الاسم الكامل",
            "اسم",
        ],
    ),
    (
        ColumnKind::FirstName,
        &[
            "first name",
            "firstname",
            "first",
            "given name",
            "forename",
            "vorname",
            "prénom",
            "prenom",
            "primer nombre",
            "nombre de pila",
            "primeiro nome",
            "名",
            "الاسم الأول",
        ],
    ),
    (
        ColumnKind::LastName,
        &[
            "last name",
            "lastname",
            "last",
            "surname",
            "family name",
            "nachname",
            "familienname",
            "nom de famille",
            "apellido",
            "apellidos",
            "sobrenome",
            "apelido",
            "姓",
            "اسم العائلة",
        ],
    ),
    (
        ColumnKind::Scope,
        &[
            "scope",
            "scopes",
            "role",
            "roles",
            "member role",
            "user role",
            "group role",
            "community role",
            "rolle",
            "rollen",
            "rôle",
            "rol",
            "papel",
            "função",
            "funcao",
            "役割",
            "ロール",
            "権限",
            "الدور",
            "النطاق",
        ],
    ),
    (
        ColumnKind::MiddleName,
        &[
            "middle name",
            "middle names",
            "middle",
            "zweiter vorname",
            "deuxième prénom",
            "segundo nombre",
            "nome do meio",
        ],
    ),
    (ColumnKind::KeyKind, &["by"]),
];

/// Words of scopes, in the form of [`folded`].
const SCOPES: [(Scope, &[&str]); 4] = [
    (
        Scope::Admin,
        &[
            "admin",
            "admins",
            "administrator",
            "administrators",
            "administratorin",
            "administrateur",
            "administratrice",
            "administrador",
            "administradora",
            "管理者",
            "مسؤول",
        ],
    ),
    (
        Scope::Moderator,
        &[
            "moderator",
            "moderators",
            "mod",
            "mods",
            "moderatorin",
            "modérateur",
            "modératrice",
            "moderador",
            "moderadora",
            "モデレーター",
            "مشرف",
        ],
    ),
    (
        Scope::Participant,
        &[
            "participant",
            "participants",
            "member",
            "members",
            "teilnehmer",
            "teilnehmerin",
            "mitglied",
            "participante",
            "membre",
            "miembro",
            "membro",
            "参加者",
            "メンバー",
            "مشارك",
            "عضو",
        ],
    ),
    (
        Scope::Banned,
        &["banned", "ban", "gebannt", "banni", "bannie", "baneado", "baneada", "banido", "banida", "محظور"],
    ),
];

/// Roles that are no scope, such as "owner".
const OTHER_ROLES: [&str; 46] = [
    "blocked",
    "suspended",
    "deactivated",
    "inactive",
    "pending",
    "muted",
    "kicked",
    "removed",
    "owner",
    "guest",
    "guests",
    "staff",
    "vip",
    "host",
    "co host",
    "cohost",
    "organizer",
    "organiser",
    "leader",
    "editor",
    "viewer",
    "observer",
    "reader",
    "contributor",
    "manager",
    "speaker",
    "volunteer",
    "user",
    "subscriber",
    "bot",
    "gesperrt",
    "blockiert",
    "gast",
    "eigentümer",
    "inhaber",
    "bloqué",
    "bloquée",
    "invité",
    "propriétaire",
    "bloqueado",
    "bloqueada",
    "invitado",
    "propietario",
    "convidado",
    "proprietário",
    "所有者",
];

/// The column of a word in a header.
pub(crate) fn column_of(word: &str) -> Option<ColumnKind> {
    let word = folded(word);
    let known =
        |word: &str| HEADERS.iter().find(|(_, words)| words.contains(&word)).map(|(column, _)| *column);
    known(&word).or_else(|| {
        // `E-mail 2 - Value`, `Phone 3`.
        let is_number = |part: &&str| part.bytes().all(|b| b.is_ascii_digit());
        let number = word.split(' ').find(is_number)?;
        let parts = |with: &str| {
            let parts = word.split(' ').map(|part| if part == number { with } else { part });
            parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
        };
        known(&parts("")).or_else(|| known(&parts("1"))).filter(|column| column.is_key())
    })
}

/// True for a heading that says what the id is, rather than who the person is.
pub(crate) fn is_exact_id(word: &str) -> bool {
    folded(word)
        .split(' ')
        .any(|part| matches!(part, "id" | "uid" | "userid" | "memberid" | "uuid" | "key" | "kennung"))
}

/// The scope of a word in one of the languages of the console.
pub fn scope_of(word: &str) -> Option<Scope> {
    let word = folded(word);
    SCOPES.iter().find(|(_, words)| words.contains(&&*word)).map(|(scope, _)| *scope)
}

/// Roles of people who must not be let in.
const SHUT_OUT: [&str; 14] = [
    "blocked",
    "suspended",
    "deactivated",
    "removed",
    "kicked",
    "gesperrt",
    "blockiert",
    "bloqué",
    "bloquée",
    "bloqueado",
    "bloqueada",
    "suspendu",
    "suspendido",
    "suspenso",
];

/// True for roles of people who must not be let in, such as "banned" and "blocked".
pub(crate) fn is_shut_out(word: &str) -> bool {
    scope_of(word) == Some(Scope::Banned) || SHUT_OUT.contains(&&*folded(word))
}

/// True for words that are a scope or another role.
pub(crate) fn is_role(word: &str) -> bool {
    scope_of(word).is_some() || OTHER_ROLES.contains(&&*folded(word))
}

/// The word in lower case, with single spaces for everything that is no letter or digit.
pub fn folded(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || c == '\'' || is_mark(c) {
            folded.push(c);
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// The form in which two words for a scope are compared: as [`folded`], or in small letters if nothing of it is left.
pub fn compared(word: &str) -> String {
    Some(folded(word)).filter(|folded| !folded.is_empty()).unwrap_or_else(|| word.trim().to_lowercase())
}

/// True for marks that are part of a word of Japanese or Arabic.
fn is_mark(c: char) -> bool {
    matches!(c, 'ー' | '\u{64B}'..='\u{65F}')
}
