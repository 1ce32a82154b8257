import type { FieldOption } from './answer-options';
import type { OptionsOf } from './options-question';

/** An option that a field of a route has chosen. */
export type ChosenOption = FieldOption & {
  readonly kind: OptionsOf['kind'];
  /** The index of the route. */
  readonly index: number;
};

/**
 * Returns the option with a value, as a list with one option or none. While a change is checked, another route may have
 * it: what it is called is the same there.
 */
export function findChosen(
  chosen: readonly ChosenOption[],
  kind: ChosenOption['kind'],
  { index, value }: { readonly index: number; readonly value: string | undefined },
): readonly FieldOption[] {
  const same = chosen.filter((option) => option.kind === kind && option.value === value);
  const found = same.find((option) => option.index === index) ?? same[0];
  return found === undefined ? [] : [found];
}
