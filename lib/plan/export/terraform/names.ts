import type { HclExpression } from './hcl';

/**
 * What a plan makes: by the symbol that stands for it in the plan, how the configuration refers to it, and its id if the
 * snapshot has it already.
 */
export class Names {
  readonly #known = new Map<string, { readonly expression: string; readonly id: string | null }>();

  add(symbol: string, expression: string, id: string | null): void {
    this.#known.set(symbol, { expression, id });
  }

  /** A value as it stands in the configuration. */
  value(text: string): string | HclExpression {
    const known = this.#known.get(text);
    return known === undefined ? text : { expression: known.expression };
  }

  /** The cloud's id; null where it has none yet. */
  id(text: string): string | null {
    const known = this.#known.get(text);
    return known === undefined ? text : known.id;
  }
}
