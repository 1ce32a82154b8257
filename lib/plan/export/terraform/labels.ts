/** Names for resources: letters, digits and underscores, unique among those of a type. */
export class Labels {
  readonly #taken = new Set<string>();

  /** @param parts the parts of the resource's name, in this order */
  next(type: string, ...parts: readonly string[]): string {
    const words = parts.join('_').replace(/[^A-Za-z0-9]+/g, '_');
    const plain = words.replace(/^_|_$/g, '').toLowerCase() || 'root';
    // Must not start with a digit. https://developer.hashicorp.com/terraform/language/syntax/configuration#identifiers
    const base = /^\d/.test(plain) ? `r_${plain}` : plain;
    for (let count = 1; ; count += 1) {
      const label = count === 1 ? base : `${base}_${count}`;
      if (this.#taken.has(`${type}.${label}`)) continue;
      this.#taken.add(`${type}.${label}`);
      return label;
    }
  }
}
