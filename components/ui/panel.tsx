import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { classes } from './classes';

type PanelProps = {
  readonly title?: ReactNode;
  /** Shown at the right of the head: an as-of time, a count, small buttons. */
  readonly aside?: ReactNode;
  readonly footer?: ReactNode;
  /** `flush` removes the padding for full-width content: tables, lists. */
  readonly flush?: boolean;
  /** Shows only the head until it is opened. */
  readonly isFolded?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
};

const headLook = 'flex min-h-10 items-center gap-2 py-1.5 pr-3 pl-4';

/** A flat sheet with a one-pixel border. Panels are never nested. */
export function Panel({
  title,
  aside,
  footer,
  flush = false,
  isFolded = false,
  className,
  children,
}: PanelProps) {
  const titleId = useId();
  const body = (
    <>
      <div className={flush ? undefined : 'px-4 pt-3 pb-4'}>{children}</div>
      {footer ? <div className="border-t border-line px-4 py-2 text-12 text-ink-2">{footer}</div> : null}
    </>
  );
  const head = (
    <>
      <h2 id={titleId}>{title}</h2>
      {aside ? <div className="ml-auto flex flex-wrap items-center justify-end gap-2">{aside}</div> : null}
    </>
  );
  return (
    <section
      data-keeps-focus
      {...(title ? { 'aria-labelledby': titleId } : {})}
      className={classes('min-w-0 rounded-lg border border-line bg-surface', className)}
    >
      {isFolded ? (
        <details className="group">
          <summary className={classes(headLook, 'cursor-pointer list-none')}>
            <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3 group-open:rotate-90" />
            {head}
          </summary>
          {body}
        </details>
      ) : (
        <>
          {title ? <div className={classes(headLook, 'border-b border-line')}>{head}</div> : null}
          {body}
        </>
      )}
    </section>
  );
}
