/**
 * Returns whether a request's Host names this machine. Pages of other sites can reach a loopback port through their own
 * name that resolves to 127.0.0.1 (DNS rebinding, https://owasp.org/www-community/attacks/DNS_Rebinding): the browser
 * then sends that name here, and the request is refused.
 * @param host the Host header as received
 */
export function hostAllowed(host: string | undefined): boolean {
  return host !== undefined && /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(host);
}
