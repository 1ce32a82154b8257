import type { ClbEvent } from '@/lib/function-contract/clb-event';
import { type JsonLimits, parseBoundedJson } from '@/lib/input/bounded-json';

/** The types that are passed unencoded, same page. */
const textTypes = new Set(['application/json', 'application/javascript', 'application/xml']);

/**
 * The event of one request. Header names (name, value, name, value) stay as the client wrote them; a header sent twice
 * is joined by a comma (cookies by a semicolon). Method and path are not in it: the load balancer adds X-Method and
 * X-Uri only by custom configuration. JSON that doesn't parse, or nests too deep for a runtime to read, is passed as text.
 * @param saysEncoding whether the event says that its payload is Base64
 */
export function buildClbEvent(headers: readonly string[], body: Buffer, saysEncoding: boolean): ClbEvent {
  const joined = new Map<string, [name: string, value: string]>();
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? '';
    const value = headers[at + 1] ?? '';
    const key = name.toLowerCase();
    const before = joined.get(key);
    if (before) before[1] += `${key === 'cookie' ? '; ' : ', '}${value}`;
    else joined.set(key, [name, value]);
  }
  const type = (joined.get('content-type')?.[1].split(';')[0] ?? '').trim().toLowerCase();
  const encoded = body.length > 0 && !type.startsWith('text/') && !textTypes.has(type);
  return {
    headers: Object.fromEntries(joined.values()),
    payload: encoded ? body.toString('base64') : payload(type, body.toString('utf8')),
    ...(saysEncoding && { isBase64Encoded: encoded ? 'true' : 'false' }),
  };
}

const any = Number.POSITIVE_INFINITY;
/** The size of a body is limited before. */
const payloadLimits: JsonLimits = { length: any, depth: 500, values: any, members: any };

function payload(type: string, text: string): unknown {
  if (type !== 'application/json' || text === '') return text;
  const parsed = parseBoundedJson(text, payloadLimits);
  return parsed.ok ? parsed.value : text;
}
