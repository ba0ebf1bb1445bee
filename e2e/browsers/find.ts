// Finds elements by role and accessible name.
import type { Wanted } from './driver';

export type Role = 'article' | 'banner' | 'button' | 'checkbox' | 'combobox' | 'complementary' | 'dialog' | 'field' | 'grid' | 'heading' | 'link' | 'listitem' | 'main' | 'navigation' | 'radio' | 'region' | 'row' | 'searchbox';

/** All visible elements that match. Runs in the page, so it must be self-contained. */
export function named(wanted: Wanted): Element[] {
  const places: Record<Role, string> = {
    article: 'article',
    banner: 'header, [role=banner]',
    button: 'button, [role=button]',
    checkbox: 'input[type=checkbox]',
    combobox: '[role=combobox], select',
    complementary: 'aside, [role=complementary]',
    dialog: 'dialog, [role=dialog]',
    field: 'input:not([type=radio], [type=checkbox]), textarea, select',
    grid: '[role=grid]',
    heading: 'h1',
    link: 'a[href]',
    listitem: 'li, [role=listitem]',
    main: 'main',
    navigation: 'nav',
    radio: 'input[type=radio], [role=radio]',
    region: 'section, [role=region]',
    row: 'tr, [role=row]',
    searchbox: 'input[type=search]',
  };
  const plain = (words: string | null | undefined) => (words ?? '').replace(/\s+/g, ' ').trim();
  const nameOf = (element: Element): string => {
    const by = element.getAttribute('aria-labelledby');
    if (by) return plain(by.split(/\s+/).map(id => document.getElementById(id)?.textContent).join(' '));
    const label = element.getAttribute('aria-label');
    if (label) return plain(label);
    const labels = (element as HTMLInputElement).labels;
    if (labels?.length) return plain([...labels].map(one => one.textContent).join(' '));
    return plain(element.textContent);
  };
  const isShown = (element: Element) => {
    const look = getComputedStyle(element);
    return element.getClientRects().length > 0 && look.visibility === 'visible';
  };
  const around: ParentNode[] = wanted.within ? (named as (wanted: Wanted) => Element[])(wanted.within) : [document];
  const found = around.flatMap(place => [...place.querySelectorAll(places[wanted.role])]).filter(isShown);
  const name = wanted.name === undefined ? undefined : plain(wanted.name);
  return found.filter(element => name === undefined || (wanted.part ? nameOf(element).includes(name) : nameOf(element) === name));
}
