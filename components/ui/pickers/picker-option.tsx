import { Ban } from 'lucide-react';
import { classes } from '@/components/ui/classes';
import { hasWords } from '@/lib/has-words';

/** An option of a picker. */
export type PickerOption = {
  readonly value: string;
  readonly label: string;
  /** Secondary text at the right, in the list and on the closed control: an id, a region. */
  readonly hint?: string;
  /** The reason why it is unsuitable here; absent = suitable, as far as is known. */
  readonly reason?: string | undefined;
  /** True for an option that no search hides, such as one that creates something. */
  readonly isAlways?: boolean;
};

/** The maximum number of options listed at once: typing finds the others. */
export const shownMax = 100;

/** Returns whether an option has every word of a search, in its name, its hint or its reason. */
export function matchOption(
  { label, hint = '', reason = '', isAlways }: PickerOption,
  query: string,
): boolean {
  return isAlways === true || hasWords(`${label} ${hint} ${reason}`, query);
}

/** Returns options in order, unsuitable ones last. */
export function sortOptions(options: readonly PickerOption[]): readonly PickerOption[] {
  const rank = ({ reason, isAlways }: PickerOption) => (isAlways === true ? 2 : reason === undefined ? 0 : 1);
  return options.toSorted((a, b) => rank(a) - rank(b));
}

type OptionTextProps = { readonly option: PickerOption; readonly className?: string };

/** The text of an option in a list: its name and hint, and below them why it is unsuitable. */
export function OptionText({ option: { label, hint, reason }, className }: OptionTextProps) {
  return (
    <span className={classes('grid min-w-0', className)}>
      <span className="flex min-w-0 items-baseline gap-3">
        <span className={classes('min-w-0 truncate', reason !== undefined && 'text-ink-3')}>{label}</span>
        {hint ? <span className="ml-auto min-w-0 truncate text-12 text-ink-3">{hint}</span> : null}
      </span>
      {reason === undefined ? null : (
        <span className="flex items-center gap-1 text-12 text-warn-ink">
          <Ban aria-hidden className="size-3 shrink-0" />
          {reason}
        </span>
      )}
    </span>
  );
}
