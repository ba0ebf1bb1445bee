// The console's texts, from its English catalogue.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

type Texts = Record<string, any>;

/** The catalogue of a language. */
export function locale(tag: string): Texts {
  const path = fileURLToPath(new URL(`../../locales/${tag}.json`, import.meta.url));
  return JSON.parse(readFileSync(path, 'utf8'));
}

const english = locale('en');

type Values = Record<string, string | number>;

/** The text of a key such as `add.title`, with placeholders filled in; `count` selects the plural form. */
export function text(key: string, values: Values = {}): string {
  let found = key.split('.').reduce((node, part) => node?.[part], english);
  if (found && typeof found === 'object') found = values.count === 1 ? found.one : found.other;
  if (typeof found !== 'string') throw new Error(`locales/en.json has no text ${key}`);
  return found.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (!(name in values)) throw new Error(`${key} needs ${name}`);
    const value = values[name];
    if (typeof value === 'number') return value.toLocaleString('en');
    // The console isolates what is written from right to left.
    return /[\u0590-\u08ff]/.test(value) && !value.startsWith('\u2068') ? `\u2068${value}\u2069` : value;
  });
}

/** The name of a person's cell for a scope, without what follows if it is the current one. */
export function scopeCell(name: string, place: string): string {
  return `${name} ${text(`common.scope_${place}`)}`;
}

/** Returns true if the catalogue has a key. */
export function hasText(key: string): boolean {
  return key.split('.').reduce((node, part) => node?.[part], english) !== undefined;
}

/** A pattern that matches the text literally, anywhere. */
export function literally(words: string): RegExp {
  return new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}
