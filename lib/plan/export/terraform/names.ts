import type { HclExpression } from './hcl';

/**
 * The objects that a plan creates, by their placeholder in the plan: the reference in the configuration, and the id if
 * the snapshot already has it.
 */
export class Names {
  readonly #known = new Map<string, { readonly expression: string; readonly id: string | null }>();

  add(placeholder: string, expression: string, id: string | null): void {
    this.#known.set(placeholder, { expression, id });
  }

  /** Returns a value as written in the configuration. */
  value(text: string): string | HclExpression {
    const known = this.#known.get(text);
    return known === undefined ? text : { expression: known.expression };
  }

  /** Returns the cloud's id; null if the object does not exist yet. */
  id(text: string): string | null {
    const known = this.#known.get(text);
    return known === undefined ? text : known.id;
  }
}
