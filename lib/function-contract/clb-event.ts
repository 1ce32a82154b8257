/**
 * The event that a function receives for a request from a load balancer:
 * https://www.tencentcloud.com/document/product/583/39849
 */
export type ClbEvent = {
  readonly headers: Readonly<Record<string, string>>;
  /** A value for a JSON body, text for the other text types, Base64 for everything else; '' for an empty body. */
  readonly payload: unknown;
  /** Documented on older pages only, as text. */
  readonly isBase64Encoded?: 'true' | 'false';
};

export const clbMethods = ['GET', 'POST'] as const;
export type ClbMethod = (typeof clbMethods)[number];

/** The body of a POST: JSON or plain text. */
export type ClbBody = { readonly contentType: 'application/json' | 'text/plain'; readonly text: string };

/** A request that reaches a load balancer. */
export type ClbRequest = {
  readonly protocol: 'HTTP' | 'HTTPS';
  /** Defaults to GET. */
  readonly method?: ClbMethod;
  readonly host: string;
  readonly path: string;
  /** Absent = it has none. */
  readonly body?: ClbBody;
  readonly userAgent: string;
  /** The client's IP address. */
  readonly ip: string;
  readonly at: Date;
  /**
   * True if the load balancer's custom configuration adds the method and path: a function cannot learn them otherwise.
   */
  readonly addsMethod: boolean;
  readonly addsUri: boolean;
};

function bodyHeaders({ contentType, text }: ClbBody): ClbEvent['headers'] {
  return { 'Content-Type': contentType, 'Content-Length': String(new TextEncoder().encode(text).length) };
}

/** Returns what a function gets of a body: a value for JSON that can be read, text otherwise. */
function toPayload(body: ClbBody | undefined): unknown {
  if (body === undefined || body.text === '') return '';
  if (body.contentType !== 'application/json') return body.text;
  try {
    return JSON.parse(body.text);
  } catch {
    return body.text;
  }
}

/**
 * Builds the event of a request as the page above defines it: headers and payload, with the method and path only in the
 * headers that a custom configuration adds (https://www.tencentcloud.com/document/product/214/32427).
 */
export function clbEvent(request: ClbRequest): ClbEvent {
  const { protocol, method = 'GET', host, path, body, userAgent, ip, at, addsMethod, addsUri } = request;
  const scheme = protocol.toLowerCase();
  return {
    headers: {
      Host: host,
      'User-Agent': userAgent,
      Accept: '*/*',
      ...(body === undefined ? {} : bodyHeaders(body)),
      'X-Stgw-Time': (at.getTime() / 1000).toFixed(3),
      'X-Client-Proto': scheme,
      'X-Forwarded-Proto': scheme,
      'X-Client-Proto-Ver': 'HTTP/1.1',
      'X-Real-IP': ip,
      'X-Forwarded-For': ip,
      ...(addsMethod ? { 'X-Method': method } : {}),
      ...(addsUri ? { 'X-Uri': path.split('?')[0] ?? '' } : {}),
    },
    payload: toPayload(body),
  };
}
