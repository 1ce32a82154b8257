import type { ParamValue, WriteCall } from '@/lib/estate/call';

/** A request as JSON, and the names of the ids that it still lacks: the first one stands in it as `{{1}}`. */
export type RequestBody = { readonly text: string; readonly ids: readonly string[] };

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * A text as a JSON string of plain ASCII, for any locale. Braces are escaped, so that `{{1}}` can't come from a value,
 * and backticks, which end a literal in JMESPath (https://jmespath.org/specification.html#literal-expressions).
 */
export function jsonString(text: string): string {
  return JSON.stringify(text).replace(/[^ -~]|[{}`]/g, escaped);
}

/** The parameters of a call as the JSON that tccli's `--cli-input-json` takes. Ids of DNSPod are numbers, others texts. */
export function requestBody({ service, params }: Pick<WriteCall, 'service' | 'params'>): RequestBody {
  const ids: string[] = [];
  const token = (name: string) => {
    if (!ids.includes(name)) ids.push(name);
    const mark = `{{${ids.indexOf(name) + 1}}}`;
    return service === 'dnspod' ? mark : `"${mark}"`;
  };
  const write = (value: ParamValue, indent: string): string => {
    if (typeof value === 'string') return jsonString(value);
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
    if ('$id' in value && typeof value.$id === 'string') return token(value.$id);
    const entries = Object.entries(value as Readonly<Record<string, ParamValue>>);
    return block(
      '{',
      entries.map(([name, inner]) => `${jsonString(name)}: ${write(inner, deeper)}`),
      '}',
    );
  };
  return { text: write(params, ''), ids };
}
