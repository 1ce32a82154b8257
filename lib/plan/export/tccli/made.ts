import type { Step, WriteStep } from '@/lib/plan/model/model';
import { shellQuote } from './shell-quote';

/** A word of a command, in parts: a text, or the value of a script variable. */
export type Word = readonly (string | { readonly variable: string })[];

/** Joins consecutive texts into one. */
function joined(word: Word): Word {
  const parts: Word[number][] = [];
  for (const part of word) {
    const last = parts.at(-1);
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
    else if (part !== '') parts.push(part);
  }
  return parts;
}

/** Returns a word in bash syntax: texts quoted, variables between double quotes. */
export function shellWord(word: Word): string {
  const parts = joined(word);
  if (parts.length === 0) return "''";
  return parts.map((part) => (typeof part === 'string' ? shellQuote(part) : `"$${part.variable}"`)).join('');
}

/** A step that creates something, and the variables that keep its ids: id names and variables in turn. */
export type Keeping = { readonly step: WriteStep; readonly names: readonly string[] };

/**
 * The objects that a plan creates: its placeholders, which occur as whole values, and the script variables that hold
 * their values.
 */
export class Made {
  readonly #variables = new Map<string, string>();
  readonly keepings: readonly Keeping[];

  /** @param steps the apply steps: they create what the rollback deletes */
  constructor(steps: readonly Step[]) {
    const makers = steps.filter((step): step is WriteStep => step.kind === 'write');
    this.keepings = makers.flatMap((step) => {
      const yields = Object.entries(step.yields ?? {});
      const names = yields.flatMap(([name, placeholder]) => [name, this.#add(placeholder)]);
      return names.length === 0 ? [] : [{ step, names }];
    });
  }

  #add(placeholder: string): string {
    const variable = this.#variables.get(placeholder) ?? `made_${this.#variables.size + 1}`;
    this.#variables.set(placeholder, variable);
    return variable;
  }

  /** Returns a value, with a variable in place of a placeholder. */
  word(value: string): Word {
    const variable = this.#variables.get(value);
    return [variable === undefined ? value : { variable }];
  }

  /** Returns several values separated by spaces: the name of a record, a line of its state. */
  words(text: string): Word {
    return text.split(' ').flatMap((value, index) => [...(index === 0 ? [] : [' ']), ...this.word(value)]);
  }
}
