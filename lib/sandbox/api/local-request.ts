/** The headers of a request as Node provides them: `headers` has the first one of several `Host`. */
type RequestHead = {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly headersDistinct?: Readonly<Record<string, readonly string[] | undefined>>;
};

/** The HTTP status of a refused request, and the reason, for the sender. */
export type ForeignRequest = { readonly status: 400 | 403; readonly reason: string };

/**
 * This machine under its own names: loopback addresses, `localhost`, and names below it, which official clients build
 * from a domain and their service (`clb.sandbox.localhost`): https://www.rfc-editor.org/rfc/rfc6761#section-6.3
 */
const ownHost =
  /^(([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.){0,8}localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/**
 * Returns why a request does not come from a local program that addresses the sandbox. Web pages of other sites can
 * also send requests to loopback ports, and can read the responses through their own name that resolves to
 * 127.0.0.1 (DNS rebinding, https://owasp.org/www-community/attacks/DNS_Rebinding). Their browsers reveal it in `Host`,
 * in `Origin`, and in `Sec-Fetch-Site` (https://www.w3.org/TR/fetch-metadata/), which no client of the cloud sends.
 * A second `Host` gets status 400 (https://www.rfc-editor.org/rfc/rfc9112#section-3.2): a proxy may have checked it instead.
 * @param head names of headers in lower case
 * @param acceptHosts further names, each as `*.` and a domain; `*` is one label, as in a certificate
 * @returns null = the request may be served
 */
export function foreignRequest(
  { headers, headersDistinct }: RequestHead,
  acceptHosts: readonly string[] = [],
): ForeignRequest | null {
  const { host, origin, 'sec-fetch-site': site } = headers;
  if (typeof host !== 'string' || !(ownHost.test(host) || isAccepted(host, acceptHosts))) {
    const named = typeof host === 'string' && host !== '' ? `is "${host.slice(0, 100)}"` : 'is missing';
    return {
      status: 403,
      reason: `The request header \`Host\` ${named}: the sandbox answers to 127.0.0.1, [::1], localhost and names below localhost only.`,
    };
  }
  if ((headersDistinct?.host?.length ?? 1) > 1) {
    return { status: 400, reason: 'The request has more than one header `Host`: send one.' };
  }
  if (origin !== undefined) return fromPage('Origin');
  // "none": the user typed the address.
  return site === undefined || site === 'none' ? null : fromPage('Sec-Fetch-Site');
}

function isAccepted(host: string, acceptHosts: readonly string[]): boolean {
  const [, domain] = /^[a-z0-9-]{1,63}\.([a-z0-9.-]+?)(:\d{1,5})?$/.exec(host.toLowerCase()) ?? [];
  return domain !== undefined && acceptHosts.includes(`*.${domain}`);
}

function fromPage(header: string): ForeignRequest {
  const reason = `The request header \`${header}\` says that a web page sent this: the sandbox answers no web page.`;
  return { status: 403, reason };
}
