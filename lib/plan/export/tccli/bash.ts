/** Returns a piece of a bash program verbatim; only `\${` has to be written where bash wants `${`. */
export function bash(parts: TemplateStringsArray): string {
  return parts.raw.join('').replaceAll('\\${', '${').trim();
}
