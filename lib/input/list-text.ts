/* Lists that a person types into one field: `a, b c`. */

/** Returns the values of a typed list, which spaces, commas or semicolons separate. */
export const splitList = (text: string): readonly string[] => text.split(/[\s,;]+/).filter(Boolean);

/**
 * Returns the error of a list: that of the list itself, or of the first invalid value, whose path ends with its index.
 * @param value the list as it is shown
 */
export function findListError(
  errorOf: (path: string, value: unknown) => string | undefined,
  path: string,
  value: unknown,
  count: number,
): string | undefined {
  const paths = [path, ...Array.from({ length: count }, (_, index) => `${path}.${index}`)];
  return paths.map((each) => errorOf(each, value)).find((error) => error !== undefined);
}
