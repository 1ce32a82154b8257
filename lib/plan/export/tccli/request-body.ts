import type { ParamValue, WriteCall } from '@/lib/estate/call';
import type { Made, Word } from './made';

/**
 * A request as JSON with placeholders: `{{1}}` marks the first of `lacks`. Words that begin with `=` are values, others
 * are names of ids of the last read.
 */
export type RequestBody = { readonly text: string; readonly lacks: readonly Word[] };

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * Returns a text as a JSON string of plain ASCII, for any locale. Escapes braces, so that `{{1}}` can't come from a
 * value, and backticks, which end a literal in JMESPath (https://jmespath.org/specification.html#literal-expressions).
 */
function jsonString(text: string): string {
  return JSON.stringify(text).replace(/[^ -~]|[{}`]/g, escaped);
}

/** Returns a value as JSON, for the script's own requests and filters. */
export function jsonWord(value: string, made: Made): Word {
  const word = made.word(value);
  return word.every((part) => typeof part === 'string') ? [jsonString(value)] : ['"', ...word, '"'];
}

/**
 * Returns the parameters of a call as the JSON that tccli's `--cli-input-json` takes. DNSPod ids are numbers, others
 * are texts.
 */
export function requestBody(
  { service, params }: Pick<WriteCall, 'service' | 'params'>,
  made: Made,
): RequestBody {
  const lacks: Word[] = [];
  const token = (word: Word) => {
    const key = JSON.stringify(word);
    const known = lacks.findIndex((each) => JSON.stringify(each) === key);
    return `{{${known >= 0 ? known + 1 : lacks.push(word)}}}`;
  };
  const id = (name: string) => {
    const mark = token(made.words(name));
    return service === 'dnspod' ? mark : `"${mark}"`;
  };
  const text = (value: string) => {
    const word = made.word(value);
    return word.every((part) => typeof part === 'string') ? jsonString(value) : `"${token(['=', ...word])}"`;
  };
  const write = (value: ParamValue, indent: string): string => {
    if (typeof value === 'string') return text(value);
    if (typeof value !== 'object') return JSON.stringify(value);
    const deeper = `${indent}  `;
    const block = (open: string, lines: readonly string[], close: string) =>
      lines.length === 0
        ? open + close
        : `${open}\n${deeper}${lines.join(`,\n${deeper}`)}\n${indent}${close}`;
    if (Array.isArray(value))
      return block(
        '[',
        value.map((inner: ParamValue) => write(inner, deeper)),
        ']',
      );
    if ('$id' in value && typeof value.$id === 'string') return id(value.$id);
    const entries = Object.entries(value as Readonly<Record<string, ParamValue>>);
    return block(
      '{',
      entries.map(([name, inner]) => `${jsonString(name)}: ${write(inner, deeper)}`),
      '}',
    );
  };
  return { text: write(params, ''), lacks };
}
