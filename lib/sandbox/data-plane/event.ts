import type { HeaderList } from './forwarding-headers';

/** What a function gets of a request: https://www.tencentcloud.com/document/product/583/39849 */
export type ClbEvent = {
  readonly headers: Readonly<Record<string, string>>;
  /** A value for a JSON body, text for the other text types, Base64 for everything else. */
  readonly payload: unknown;
};

/** The types that pass as they are, same page. */
const TEXT_TYPES = new Set(['application/json', 'application/javascript', 'application/xml']);

/**
 * The event of one request. Header names stay as the client wrote them; a header sent twice is joined by a comma
 * (cookies by a semicolon). Method and path are not in it: the load balancer adds X-Method and X-Uri only by custom
 * configuration. JSON that doesn't parse is passed as text.
 */
export function clbEvent(headers: HeaderList, body: Buffer): ClbEvent {
  const joined = new Map<string, [name: string, value: string]>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    const before = joined.get(key);
    if (before) before[1] += `${key === 'cookie' ? '; ' : ', '}${value}`;
    else joined.set(key, [name, value]);
  }
  return {
    headers: Object.fromEntries(joined.values()),
    payload: payload(joined.get('content-type')?.[1] ?? '', body),
  };
}

function payload(contentType: string, body: Buffer): unknown {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  if (body.length === 0) return '';
  if (!type.startsWith('text/') && !TEXT_TYPES.has(type)) return body.toString('base64');
  const text = body.toString('utf8');
  return type === 'application/json' ? parsedOrText(text) : text;
}

function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
