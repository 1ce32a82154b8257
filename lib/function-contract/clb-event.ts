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

/** A GET without a body that reaches a load balancer. */
export type ClbRequest = {
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly host: string;
  readonly path: string;
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

/**
 * Builds the event of a request as the page above defines it: headers and payload, with the method and path only in the
 * headers that a custom configuration adds (https://www.tencentcloud.com/document/product/214/32427).
 */
export function clbEvent({ protocol, host, path, userAgent, ip, at, ...adds }: ClbRequest): ClbEvent {
  const scheme = protocol.toLowerCase();
  return {
    headers: {
      Host: host,
      'User-Agent': userAgent,
      Accept: '*/*',
      'X-Stgw-Time': (at.getTime() / 1000).toFixed(3),
      'X-Client-Proto': scheme,
      'X-Forwarded-Proto': scheme,
      'X-Client-Proto-Ver': 'HTTP/1.1',
      'X-Real-IP': ip,
      'X-Forwarded-For': ip,
      ...(adds.addsMethod ? { 'X-Method': 'GET' } : {}),
      ...(adds.addsUri ? { 'X-Uri': path.split('?')[0] ?? '' } : {}),
    },
    payload: '',
  };
}
