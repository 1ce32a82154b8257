/**
 * Returns what the dashboard's pages may load and where they may go: themselves only. Scripts and style elements in the page need
 * this answer's nonce (https://nextjs.org/docs/app/guides/content-security-policy). Style attributes are let pass: the server draws
 * the graph, the schedule and hidden inputs with them, and they can neither load a script nor read what they style. Chromium
 * reported 11 of them on the Estate page, 24 on Schedule and 51 on Sandbox; what scripts set by `element.style` needs no permission.
 * @param nonce base64, new for each answer
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
