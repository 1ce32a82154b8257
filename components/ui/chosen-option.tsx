import { ChevronDown } from 'lucide-react';
import { classes } from './classes';

type ChosenOptionProps = {
  readonly label: string;
  /** Secondary text at the right: an id, a region. */
  readonly hint: string | undefined;
  /** True if the label is the placeholder. */
  readonly isEmpty: boolean;
};

/** The content of a closed select or picker. */
export function ChosenOption({ label, hint, isEmpty }: ChosenOptionProps) {
  return (
    <>
      <span className={classes('min-w-0 truncate', isEmpty && 'text-ink-3')}>{label}</span>
      {hint ? <span className="ml-auto truncate text-12 text-ink-3">{hint}</span> : null}
      <ChevronDown aria-hidden className={classes('size-3.5 shrink-0 text-ink-3', !hint && 'ml-auto')} />
    </>
  );
}
