//! Words of headers that only a file has a use for.

use super::words::{ColumnKind, column_of, folded};

/// Words of headers of a file that is imported. In a pasted list they are words like any other.
const FILE_HEADERS: [(ColumnKind, &[&str]); 3] = [
    (
        ColumnKind::Group,
        &[
            "group",
            "groups",
            "group id",
            "group name",
            "guid",
            "community",
            "communities",
            "community id",
            "community name",
            "channel",
            "gruppe",
            "gruppen",
            "groupe",
            "communauté",
            "grupo",
            "comunidad",
            "comunidade",
            "グループ",
            "コミュニティ",
            "المجموعة",
            "المجتمع",
        ],
    ),
    (
        ColumnKind::Price,
        &[
            "plan",
            "plans",
            "pricing plan",
            "price",
            "tier",
            "subscription plan",
            "tarif",
            "preisplan",
            "formule",
            "plan de precios",
            "plano",
            "プラン",
            "料金プラン",
            "الخطة",
            "خطة الأسعار",
        ],
    ),
    (
        ColumnKind::Note,
        &[
            "note",
            "notes",
            "comment",
            "comments",
            "remark",
            "remarks",
            "notiz",
            "notizen",
            "bemerkung",
            "kommentar",
            "remarque",
            "commentaire",
            "nota",
            "notas",
            "comentario",
            "comentário",
            "observação",
            "備考",
            "メモ",
            "ملاحظة",
            "ملاحظات",
        ],
    ),
];

/// The column of a word in the header of a file.
pub fn file_column_of(word: &str) -> Option<ColumnKind> {
    column_of(word).or_else(|| {
        let word = folded(word);
        FILE_HEADERS.iter().find(|(_, words)| words.contains(&&*word)).map(|(column, _)| *column)
    })
}
