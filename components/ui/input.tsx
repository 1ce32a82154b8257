import type { ComponentProps, ReactNode } from 'react';
import { classes } from './classes';

/** The border shared by inputs, selects and text areas; error and warning add a bar at the left. */
export const controlLook = classes(
  'w-full min-w-0 rounded-md border border-control bg-surface text-ink hover:border-ink-2',
  'focus-visible:outline-2 focus-visible:outline-offset-1 focus-visible:outline-focus focus-visible:rounded-md',
  'aria-invalid:border-bad aria-invalid:shadow-[inset_3px_0_0_var(--bad)]',
  'data-warning:border-warn-line data-warning:shadow-[inset_3px_0_0_var(--warn)]',
  '[&[readonly]]:border-line [&[readonly]]:bg-sunken disabled:border-line disabled:bg-sunken disabled:text-ink-off',
);

/** The heights shared by inputs, selects and pickers: on phones `md` is 44 px high for touch (WCAG 2.5.5). */
export const controlSizes = { sm: 'h-6 px-2 text-12', md: 'h-8 px-2.5 max-md:min-h-11' } as const;

type InputProps = Omit<ComponentProps<'input'>, 'size'> & {
  readonly icon?: ReactNode;
  /** A unit, shown inside at the right. */
  readonly unit?: string;
  readonly size?: 'sm' | 'md';
};

/** A one-line text input. */
export function Input({ icon, unit, size = 'md', className, ...props }: InputProps) {
  return (
    <span className={classes('relative flex min-w-0 items-center', className)}>
      {icon ? (
        <span className="pointer-events-none absolute left-2 text-ink-3 [&_svg]:size-3.5">{icon}</span>
      ) : null}
      <input
        autoComplete="off"
        spellCheck={false}
        {...props}
        className={classes(controlLook, controlSizes[size], icon ? 'pl-7' : null, unit ? 'pr-12' : null)}
      />
      {unit ? (
        <span className="pointer-events-none absolute right-2.5 text-12 text-ink-3">{unit}</span>
      ) : null}
    </span>
  );
}
