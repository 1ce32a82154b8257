/** Returns bash source verbatim; only `\${` has to be written for bash's `${`. */
export function bash(parts: TemplateStringsArray): string {
  return parts.raw.join('').replaceAll('\\${', '${').trim();
}
