// The errors of the contract, and how the console shows them.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Verdict } from './compose';
import { hasText, text } from './text';

const path = fileURLToPath(new URL('../../contracts/errors.yaml', import.meta.url));

/** How a row ends; `asked` if it does not, because the run waits for the key. */
export type Ending = Verdict | 'asked';

const VERDICTS: Record<string, Ending> = {
  already_done: 'same',
  refused: 'refused',
  not_found: 'refused',
  limit: 'refused',
  auth: 'asked',
  rate_limited: 'refused',
  server: 'unknown',
  unknown: 'unknown',
};

/** The class of every CometChat and Genuin code, from `contracts/errors.yaml`. */
function classes(vendor: string): Map<string, string> {
  const entries = readFileSync(path, 'utf8').split('\n  - vendor: ').slice(1);
  const found = new Map<string, string>();
  for (const entry of entries) {
    if (!entry.startsWith(`${vendor}\n`)) continue;
    const code = /^ +code: "?([\w.*]+)"?$/m.exec(entry)?.[1];
    const kind = /^ +class: (\w+)$/m.exec(entry)?.[1];
    if (code && kind && code !== 'null') found.set(code, kind);
  }
  return found;
}

const CLASSES = { genuin: classes('genuin'), cometchat: classes('cometchat') };

/** The verdict for a person that a code leads to. */
export function verdictOf(vendor: 'genuin' | 'cometchat', code: string): Ending {
  return VERDICTS[CLASSES[vendor].get(code) ?? 'unknown'];
}

/** The console's explanation of a code. */
export function meaningOf(vendor: 'genuin' | 'cometchat', code: string): string {
  const name = vendor === 'genuin' ? `code_${code}` : code.toLowerCase().replaceAll('.', '_');
  const key = `errors.${vendor}.${name}.meaning`;
  return text(hasText(key) ? key : `errors.${vendor}.unknown.meaning`);
}

/** Faults that every vendor has: the outcome for an added person, and the explanation. */
export const FAULTS: Record<string, [Verdict, string?]> = {
  'server-error': ['unknown'],
  '500': ['unknown'],
  cut: ['unknown', text('errors.console.net_unreachable.meaning')],
  'lost-answer': ['unknown', text('errors.console.net_unreachable.meaning')],
  html: ['unknown', text('errors.console.decode_not_json.meaning')],
  truncated: ['unknown', text('errors.console.decode_truncated.meaning')],
  'empty-body': ['unknown', text('errors.console.decode_empty.meaning')],
  'other-service': ['unknown', text('errors.console.decode_shape.meaning')],
  slow: ['done'],
};
