import { type PickerOption, sortOptions } from './picker-option';

/** Options that are fetched while a list is open, a part of them at a time. */
export type OptionSource = {
  /** Those fetched so far. */
  readonly options: readonly PickerOption[];
  /** The number of further ones that match what is typed. */
  readonly more: number;
  readonly state: 'loading' | 'failed' | 'ready';
  /** Called when the list opens, or is about to, and when it closes. */
  readonly onOpenChange: (isOpen: boolean) => void;
  /** Called with the typed text. */
  readonly onSearch: (text: string) => void;
  /** Fetches further ones. */
  readonly onMore: () => void;
  readonly onRetry: () => void;
};

/** Returns the options of a list: those fetched, and those that are known without. */
export function mergeOptions(
  known: readonly PickerOption[],
  source: Pick<OptionSource, 'options'> | undefined,
): readonly PickerOption[] {
  if (source === undefined) return sortOptions(known);
  const fetched = new Set(source.options.map(({ value }) => value));
  return sortOptions([...known.filter(({ value }) => !fetched.has(value)), ...source.options]);
}
