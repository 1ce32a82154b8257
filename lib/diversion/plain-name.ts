/** Returns a host name as it is compared, from what was typed: lower-case, without a trailing dot. */
export function toPlainName(typed: string): string {
  return typed.trim().toLowerCase().replace(/\.$/, '');
}
