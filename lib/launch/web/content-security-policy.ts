/**
 * Returns the content security policy of the dashboard's pages: they may load from and navigate to their own origin
 * only. Scripts and style elements in the page need this response's nonce
 * (https://nextjs.org/docs/app/guides/content-security-policy). Style attributes are allowed: the server draws the
 * graph, the schedule and hidden inputs with them, and they can neither load a script nor read what they style.
 * Chromium reported 11 of them on the Estate page, 24 on Schedule and 51 on Sandbox; styles that scripts set with
 * `element.style` need no permission.
 * @param nonce base64, new for each response
 */
export function contentSecurityPolicy(nonce: string): string {
  return [
    `default-src 'self'`,
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `style-src-attr 'unsafe-inline'`,
    `img-src 'self' data: blob:`,
    `object-src 'none'`,
    `base-uri 'self'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}
