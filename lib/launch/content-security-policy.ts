/**
 * What the dashboard's pages may load and where they may go: themselves only. Scripts in the page need this
 * answer's nonce (https://nextjs.org/docs/app/guides/content-security-policy). Styles may stand in the page: the
 * graph and the charts place their parts by style attributes.
 * @param nonce base64, new for each answer
 */
export function contentSecurityPolicy(nonce: string): string {
  return [
    `default-src 'self'`,
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data: blob:`,
    `object-src 'none'`,
    `base-uri 'self'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}
