/** The package has no types of its own. */
declare module 'jmespath' {
  const jmespath: { search(value: unknown, expression: string): unknown };
  export = jmespath;
}
