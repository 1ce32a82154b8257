/** What a function gets of a request that a load balancer sent it: https://www.tencentcloud.com/document/product/583/39849 */
export type ClbEvent = {
  readonly headers: Readonly<Record<string, string>>;
  /** A value for a JSON body, text for the other text types, Base64 for everything else; '' without a body. */
  readonly payload: unknown;
  /** Of older pages only, as text. */
  readonly isBase64Encoded?: 'true' | 'false';
};

/** A GET without a body that comes in at a load balancer. */
export type ClbRequest = {
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly host: string;
  readonly path: string;
  readonly userAgent: string;
  /** Of the client. */
  readonly ip: string;
  readonly at: Date;
  /** Whether its custom configuration has the load balancer say method and path: a function learns them from nowhere else. */
  readonly addsMethod: boolean;
  readonly addsUri: boolean;
};

/**
 * The event of a request by the page above: headers and payload, and neither method nor path but in the headers that a
 * custom configuration adds (https://www.tencentcloud.com/document/product/214/32427).
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
