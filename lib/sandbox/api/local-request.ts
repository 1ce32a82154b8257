/** Headers of a request as Node provides them. */
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

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
 * @param headers names in lower case
 * @returns the reason, for the sender; null = the request may be served
 */
export function foreignRequest(headers: Headers): string | null {
  const { host, origin, 'sec-fetch-site': site } = headers;
  if (typeof host !== 'string' || !ownHost.test(host)) {
    const named = typeof host === 'string' && host !== '' ? `is "${host.slice(0, 100)}"` : 'is missing';
    return `The request header \`Host\` ${named}: the sandbox answers to 127.0.0.1, [::1], localhost and names below localhost only.`;
  }
  if (origin !== undefined) {
    return 'The request header `Origin` says that a web page sent this: the sandbox answers no web page.';
  }
  // "none": the user typed the address.
  if (site !== undefined && site !== 'none') {
    return 'The request header `Sec-Fetch-Site` says that a web page sent this: the sandbox answers no web page.';
  }
  return null;
}
