//! Paging through a long list.

use super::button::Button;
use i18n::text;
use leptos::prelude::*;

/// The current page (from 0), and buttons to the previous and the next. If the number of pages is unknown,
/// `has_more` says whether there is a next one.
#[component]
pub fn Pagination(
    page: RwSignal<usize>,
    #[prop(into)] pages: Signal<Option<usize>>,
    #[prop(into)] has_more: Signal<bool>,
) -> impl IntoView {
    let here = move || match pages.get() {
        Some(all) => text::ui_page_of(page.get() + 1, &i18n::format_number(all.max(1) as f64)),
        None => text::ui_page(page.get() + 1),
    };
    let first = move || (page.get() == 0).then(text::ui_first_page);
    let last = move || {
        let is_last = pages.get().map_or(!has_more.get(), |all| page.get() + 1 >= all);
        is_last.then(text::ui_last_page)
    };
    let both = move || first().is_some() && last().is_some();
    view! {
        <Show when=move || !both()>
            <nav class="row" aria-label=text::ui_pages>
                <Button
                    label=text::ui_previous
                    small=true
                    disabled_reason=first
                    on_press=move || page.update(|page| *page = page.saturating_sub(1))
                />
                <span role="status">{here}</span>
                <Button
                    label=text::ui_next
                    small=true
                    disabled_reason=last
                    on_press=move || page.update(|page| *page += 1)
                />
            </nav>
        </Show>
    }
    .into_any()
}
