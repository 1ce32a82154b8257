import type { ReactNode } from 'react';
import { classes } from '@/components/ui/classes';

type ScrollBoxProps = { readonly label: string; readonly className: string; readonly children: ReactNode };

/** A long table in a box of limited height, which the keyboard can scroll; the table's head stays visible. */
export function ScrollBox({ label, className, children }: ScrollBoxProps) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
      tabIndex={0}
      className={classes(
        'overflow-y-auto [&_th]:sticky [&_th]:top-0 [&_th]:z-1 [&_th]:shadow-[inset_0_-1px_0_var(--line)]',
        className,
      )}
    >
      {children}
    </section>
  );
}
