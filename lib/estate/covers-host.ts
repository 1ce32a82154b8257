/** Returns whether a certificate name covers a host: itself, or `*.` for exactly one label (RFC 6125). */
export function coversHost(name: string, host: string): boolean {
  const plain = name.toLowerCase();
  if (!plain.startsWith('*.')) return plain === host;
  const dot = host.indexOf('.');
  return dot > 0 && host.slice(dot) === plain.slice(1);
}
