/** Returns the first names of a list, and how many follow: `shop.example.com +3`. */
export function formatNames(names: readonly string[], max = 1): string {
  const more = names.length - max;
  return more <= 0 ? names.join(', ') : `${names.slice(0, max).join(', ')} +${more}`;
}
