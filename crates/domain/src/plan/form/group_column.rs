//! The columns of a list of groups, and the words in them.

use crate::Scope;
use crate::capabilities::Groups;
use crate::group::AccessKind;
use crate::list::{folded, scope_of};

/// What a column of a list of groups holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupColumn {
    /// The name.
    Name,
    /// The id.
    Id,
    /// The id of the community.
    Community,
    /// Who may join.
    Access,
    /// The password.
    Password,
    /// The description.
    Description,
    /// Tags, separated by commas.
    Tags,
    /// The owner's id.
    Owner,
    /// Whether the group can be found.
    Discoverable,
    /// The picture.
    Picture,
    /// Numbers of topics.
    Topics,
    /// The number of the template.
    Template,
    /// Whether it is declared as AI-generated.
    MadeByAi,
    /// The custom data.
    Metadata,
    /// First members with this scope, separated by commas.
    People(Scope),
}

/// Every column, in the order in which columns are named.
const ALL: [GroupColumn; 18] = [
    GroupColumn::Name,
    GroupColumn::Id,
    GroupColumn::Community,
    GroupColumn::Access,
    GroupColumn::Password,
    GroupColumn::Description,
    GroupColumn::Tags,
    GroupColumn::Owner,
    GroupColumn::Discoverable,
    GroupColumn::Picture,
    GroupColumn::Topics,
    GroupColumn::Template,
    GroupColumn::MadeByAi,
    GroupColumn::Metadata,
    GroupColumn::People(Scope::Admin),
    GroupColumn::People(Scope::Moderator),
    GroupColumn::People(Scope::Participant),
    GroupColumn::People(Scope::Banned),
];

/// Words of headers, in the form of [`folded`].
const HEADERS: [(GroupColumn, &[&str]); 15] = [
    (
        GroupColumn::Name,
        &[
            "name",
            "group",
            "group name",
            "title",
            "gruppe",
            "gruppenname",
            "nom",
            "nom du groupe",
            "groupe",
            "nombre",
            "nombre del grupo",
            "grupo",
            "nome",
            "nome do grupo",
            "الاسم",
            "اسم المجموعة",
            "المجموعة",
        ],
    ),
    (
        GroupColumn::Id,
        &[
            "id",
            "guid",
            "group id",
            "chat id",
            "gruppen id",
            "id du groupe",
            "id de grupo",
            "id del grupo",
            "id do grupo",
            "المعرف",
            "المعرّف",
            "معرف المجموعة",
        ],
    ),
    (
        GroupColumn::Community,
        &[
            "community",
            "community id",
            "communauté",
            "id de la communauté",
            "comunidad",
            "id de la comunidad",
            "comunidade",
            "id da comunidade",
            "المجتمع",
            "معرف المجتمع",
        ],
    ),
    (
        GroupColumn::Access,
        &[
            "type",
            "group type",
            "access",
            "privacy",
            "visibility",
            "typ",
            "zugang",
            "sichtbarkeit",
            "accès",
            "visibilité",
            "tipo",
            "acceso",
            "acesso",
            "visibilidad",
            "visibilidade",
            "النوع",
            "الوصول",
        ],
    ),
    (
        GroupColumn::Password,
        &["password", "passwort", "kennwort", "mot de passe", "contraseña", "senha", "كلمة المرور"],
    ),
    (
        GroupColumn::Description,
        &["description", "about", "beschreibung", "descripción", "descripcion", "descrição", "الوصف"],
    ),
    (GroupColumn::Tags, &["tags", "tag", "schlagwörter", "étiquettes", "etiquetas", "الوسوم"]),
    (
        GroupColumn::Owner,
        &[
            "owner",
            "owner id",
            "owner uid",
            "inhaber",
            "eigentümer",
            "propriétaire",
            "propietario",
            "proprietário",
            "المالك",
        ],
    ),
    (
        GroupColumn::Discoverable,
        &[
            "discoverable",
            "auffindbar",
            "visible dans la recherche",
            "découvrable",
            "visible",
            "detectable",
            "descobrível",
            "visible en la comunidad",
            "visible dans la communauté",
            "visível na comunidade",
            "قابلة للاكتشاف",
            "قابل للاكتشاف",
        ],
    ),
    (
        GroupColumn::Picture,
        &[
            "picture",
            "icon",
            "image",
            "avatar",
            "dp",
            "picture url",
            "bild",
            "symbol",
            "icône",
            "imagen",
            "foto",
            "imagem",
            "الصورة",
        ],
    ),
    (
        GroupColumn::Topics,
        &["topics", "topic", "themen", "thema", "sujets", "temas", "tópicos", "المواضيع", "الموضوعات"],
    ),
    (
        GroupColumn::Template,
        &["template", "template id", "vorlage", "modèle", "plantilla", "modelo", "القالب"],
    ),
    (
        GroupColumn::MadeByAi,
        &[
            "ai",
            "ai generated",
            "is ai generated",
            "ki",
            "ki generiert",
            "ia",
            "généré par ia",
            "generado por ia",
            "gerado por ia",
            "generado con ia",
            "بالذكاء الاصطناعي",
            "ذكاء اصطناعي",
        ],
    ),
    (
        GroupColumn::Metadata,
        &["metadata", "metadaten", "métadonnées", "metadatos", "metadados", "البيانات الوصفية"],
    ),
    (
        GroupColumn::People(Scope::Participant),
        &["members", "first members", "mitglieder", "membres", "miembros", "membros", "الأعضاء"],
    ),
];

impl GroupColumn {
    /// The columns that a vendor has a use for.
    pub fn of(groups: &Groups) -> impl Iterator<Item = Self> + use<'_> {
        ALL.into_iter().filter(|column| column.is_used(groups))
    }

    /// The column of a word in a header, if the vendor has a use for it.
    pub(super) fn of_heading(heading: &str, groups: &Groups) -> Option<Self> {
        let word = folded(heading);
        let known = HEADERS.iter().find(|(_, words)| words.contains(&&*word)).map(|(column, _)| *column);
        known.or_else(|| scope_of(heading).map(Self::People)).filter(|column| column.is_used(groups))
    }

    fn is_used(self, groups: &Groups) -> bool {
        match self {
            Self::Name | Self::Id | Self::Description | Self::Tags | Self::Picture => true,
            Self::Community | Self::Discoverable => groups.belongs_to_community,
            Self::Access | Self::Password | Self::Owner => !groups.belongs_to_community,
            Self::Topics | Self::Template | Self::MadeByAi => groups.form.has_topics,
            Self::Metadata => groups.form.has_metadata,
            Self::People(Scope::Participant) => true,
            Self::People(scope) => groups.scopes.contains(&scope),
        }
    }
}

/// The kind of access that a word means.
pub(super) fn access_of(word: &str) -> Option<AccessKind> {
    Some(match &*folded(word) {
        "public" | "open" | "öffentlich" | "offen" | "publique" | "ouvert" | "público" | "publico"
        | "abierto" | "aberto" | "عام" | "عامة" => AccessKind::Public,
        "private" | "closed" | "privat" | "geschlossen" | "privé" | "fermé" | "privado" | "cerrado"
        | "fechado" | "خاص" | "خاصة" => AccessKind::Private,
        "password"
        | "protected"
        | "passwort"
        | "kennwort"
        | "mot de passe"
        | "contraseña"
        | "senha"
        | "بكلمة مرور"
        | "كلمة المرور" => AccessKind::Password,
        _ => return None,
    })
}

/// What a word for yes or no means.
pub(super) fn flag_of(word: &str) -> Option<bool> {
    Some(match &*folded(word) {
        "yes" | "y" | "true" | "1" | "x" | "ja" | "wahr" | "oui" | "vrai" | "sí" | "si" | "verdadero"
        | "sim" | "verdadeiro" | "نعم" => true,
        "no" | "n" | "false" | "0" | "nein" | "falsch" | "non" | "faux" | "falso" | "não" | "nao" | "لا" => {
            false
        }
        _ => return None,
    })
}
