import { ChevronRight } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { classes } from '@/components/ui/classes';

type FormRowProps = {
  readonly title: string;
  readonly className?: string;
  readonly children: ReactNode;
};

/** One row of the form: its name at the left, its fields at the right. */
export function FormRow({ title, className, children }: FormRowProps) {
  const titleId = useId();
  return (
    <section
      aria-labelledby={titleId}
      className={classes(
        'grid gap-x-6 gap-y-2 border-t border-line px-5 py-4 first:border-t-0 md:grid-cols-[8.5rem_minmax(0,1fr)]',
        className,
      )}
    >
      <h2 id={titleId} className="pt-1 text-13 font-semibold">
        {title}
      </h2>
      <div className="grid min-w-0 gap-3">{children}</div>
    </section>
  );
}

type FoldProps = {
  /** Shown while it is folded, too; text becomes a heading of the form. */
  readonly summary: ReactNode;
  /** True if something in it is set or wrong: it opens then, and stays as a person leaves it. */
  readonly isNeeded: boolean;
  readonly className?: string;
  readonly children: ReactNode;
};

/** A part of the form that is folded until it is needed. */
export function Fold({ summary, isNeeded, className, children }: FoldProps) {
  const fold = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (isNeeded && fold.current !== null) fold.current.open = true;
  }, [isNeeded]);
  return (
    <details ref={fold} className={classes('group', className)}>
      {typeof summary === 'string' ? (
        <summary className="flex min-h-10 cursor-pointer list-none items-center gap-2 px-5 text-13 font-semibold">
          <ChevronRight aria-hidden className="size-4 text-ink-3 group-open:rotate-90" />
          {summary}
        </summary>
      ) : (
        <summary className="flex min-h-6 cursor-pointer list-none flex-wrap items-baseline gap-x-3">
          {summary}
        </summary>
      )}
      {children}
    </details>
  );
}
