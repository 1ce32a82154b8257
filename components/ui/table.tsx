import type { ComponentProps } from 'react';
import { classes } from './classes';

/**
 * Parts of a table. Under 720 px each row becomes a card: give every `Td` the `label` of its column,
 * which is then shown in front of the value.
 */
export function Table({ className, ...props }: ComponentProps<'table'>) {
  return (
    <table
      {...props}
      className={classes('w-full border-collapse text-12 max-md:block max-md:[&_tbody]:block', className)}
    />
  );
}

export function Thead(props: ComponentProps<'thead'>) {
  return <thead {...props} className={classes('max-md:hidden', props.className)} />;
}

export function Th({ className, ...props }: ComponentProps<'th'>) {
  return (
    <th
      scope="col"
      {...props}
      className={classes(
        'border-b border-line bg-surface px-2 pt-2 pb-1.75 text-left font-medium whitespace-nowrap text-ink-2 first:pl-4 last:pr-4',
        className,
      )}
    />
  );
}

export function Tr({ className, ...props }: ComponentProps<'tr'>) {
  return (
    <tr
      {...props}
      className={classes(
        'border-b border-line last:border-b-0 aria-selected:bg-accent-soft max-md:block max-md:px-3 max-md:py-2',
        className,
      )}
    />
  );
}

type TdProps = ComponentProps<'td'> & {
  /** The name of the column, shown before the value on a card. */
  readonly label?: string;
  /** `free` leaves the position on the card to the caller. */
  readonly card?: 'line' | 'free';
};

/** A cell without content has no line. */
const cardLine =
  'max-md:flow-root max-md:empty:hidden max-md:px-0 max-md:py-0.5 max-md:text-right max-md:[&>.grid]:justify-items-end max-md:first:pl-0 max-md:last:pr-0 max-md:before:float-left max-md:before:mr-2 max-md:before:font-normal max-md:before:text-ink-2 max-md:before:content-[attr(data-label)]';

export function Td({ label, card = 'line', className, ...props }: TdProps) {
  return (
    <td
      {...props}
      data-label={label}
      className={classes(
        'align-middle md:px-2 md:py-2 md:first:pl-4 md:last:pr-4',
        card === 'line' && cardLine,
        className,
      )}
    />
  );
}
