import { DomainName } from '@/lib/diversion/names';
import { waveNamesMax, wavesMax } from '@/lib/diversion/wave-limits';

/** An entry of a pasted list that is not taken, with the line that it is on, from 1. */
export type RejectedName = {
  /** Its place among the rejected ones, from 1. */
  readonly nth: number;
  readonly line: number;
  readonly text: string;
  /** A message key below `diversion.names.rejected`. */
  readonly why:
    | 'invalid'
    | 'isAddress'
    | 'tooLong'
    | 'twice'
    | 'tooManyNames'
    | 'tooManyWaves'
    | 'listTooLong';
};

export type ParsedNames = {
  /** The names of each wave, lower-case, without a trailing dot; no wave is empty. */
  readonly waves: readonly (readonly string[])[];
  readonly rejected: readonly RejectedName[];
};

/** The longest list that is read, in characters: 50 names of 80 characters with room for URLs and comments. */
const namesTextMax = 20_000;

const waveHeader = /^#\s*wave\b/i;
/** A comment begins at the start of a line or after a space: in a URL, # is a part of it. */
const commentStart = /(?:^|\s)(?:#|\/\/)/;

/**
 * Returns the host name that an entry means: of a URL its host, with or without a scheme, port or path. Names in other
 * scripts are returned as they are in DNS (https://www.rfc-editor.org/rfc/rfc5890#section-2.3.2.1).
 */
function readHost(entry: string): string | null {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(entry) ? entry.replace(/^[^:]+/, 'http') : `http://${entry}`;
  return URL.canParse(url) ? new URL(url).hostname.replace(/\.$/, '') : null;
}

/**
 * Splits a list that is too long before the entry that does not fit: a name that was cut in two could be another valid
 * name.
 */
function cutList(text: string): readonly [read: string, rest: string] {
  if (text.length <= namesTextMax) return [text, ''];
  const end = text.slice(0, namesTextMax + 1).search(/[\s,;][^\s,;]*$/) + 1;
  return [text.slice(0, end), text.slice(end)];
}

const lineBreak = /\r\n|\r|\n/;

function reject(host: string | null): RejectedName['why'] | null {
  const parsed = DomainName.safeParse(host ?? '');
  if (parsed.success) return null;
  const messages = parsed.error.issues.map(({ message }) => message);
  if (messages.includes('domain.isAddress')) return 'isAddress';
  return messages.some((message) => ['domain.tooLong', 'domain.labelTooLong'].includes(message))
    ? 'tooLong'
    : 'invalid';
}

/**
 * Reads a pasted list of names. Names are separated by lines, spaces, tabs, commas or semicolons. An empty line, or a
 * line that begins with `# wave`, starts the next wave; other text after # or // is a comment. The list has a maximum
 * length; its first entry above that is rejected.
 * @param known names that are listed already, which are not added again
 */
export function parseNames(text: string, known: readonly string[] = []): ParsedNames {
  const waves: string[][] = [[]];
  const rejected: RejectedName[] = [];
  const seen = new Set(known);
  const [read, rest] = cutList(text);
  read.split(lineBreak).forEach((line, index) => {
    const plain = line.trim();
    if (plain === '' || waveHeader.test(plain)) {
      if (waves.at(-1)?.length !== 0) waves.push([]);
      return;
    }
    const end = plain.search(commentStart);
    for (const entry of plain.slice(0, end < 0 ? undefined : end).split(/[\s,;]+/)) {
      if (entry === '') continue;
      const host = readHost(entry);
      const why =
        reject(host) ??
        (host !== null && seen.has(host)
          ? 'twice'
          : waves.length > wavesMax
            ? 'tooManyWaves'
            : seen.size >= waveNamesMax
              ? 'tooManyNames'
              : null);
      if (why !== null || host === null) {
        rejected.push({
          nth: rejected.length + 1,
          line: index + 1,
          text: entry.slice(0, 100),
          why: why ?? 'invalid',
        });
        continue;
      }
      seen.add(host);
      waves.at(-1)?.push(host);
    }
  });
  const [unread] = rest.split(/[\s,;]+/).filter((entry) => entry !== '');
  if (unread !== undefined) {
    const line = (read + rest.slice(0, rest.indexOf(unread))).split(lineBreak).length;
    rejected.push({ nth: rejected.length + 1, line, text: unread.slice(0, 100), why: 'listTooLong' });
  }
  return { waves: waves.filter((names) => names.length > 0), rejected };
}
