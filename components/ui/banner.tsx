import { CircleX, FlaskConical, History, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes';

type BannerTone = 'neutral' | 'warn' | 'bad' | 'sandbox' | 'past';

const looks = {
  neutral: { icon: Info, box: 'border-line-strong bg-surface', mark: 'text-ink-2' },
  warn: { icon: TriangleAlert, box: 'border-warn-line bg-warn-soft', mark: 'text-warn-ink' },
  bad: { icon: CircleX, box: 'border-bad-line bg-bad-soft', mark: 'text-bad' },
  sandbox: { icon: FlaskConical, box: 'border-dashed border-control bg-hatch-sandbox', mark: 'text-ink-2' },
  past: { icon: History, box: 'border-dashed border-control bg-accent-soft', mark: 'text-ink-2' },
};

type BannerProps = {
  readonly tone?: BannerTone;
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
};

/** A notice of what happened, what still works and what to do next. Failures (`bad`) are announced at once. */
export function Banner({ tone = 'neutral', title, children, actions }: BannerProps) {
  const look = looks[tone];
  return (
    <div
      {...(tone === 'bad' ? { role: 'alert' } : {})}
      className={classes(
        'flex min-h-11 items-center gap-2.5 rounded-lg border py-2 pr-3 pl-4 max-md:flex-wrap',
        look.box,
      )}
    >
      <look.icon aria-hidden className={classes('size-4 shrink-0', look.mark)} />
      <div
        className={classes(
          'min-w-0 max-md:flex-1 max-md:basis-60',
          tone === 'sandbox' && 'bg-surface px-1.5',
        )}
      >
        <strong className="font-semibold">{title}</strong>{' '}
        {children ? <div className="inline text-ink-2">{children}</div> : null}
      </div>
      {actions ? <div className="ml-auto flex shrink-0 gap-2">{actions}</div> : null}
    </div>
  );
}

/** A smaller notice inside a panel, with a bar at its left. */
export function Callout({
  tone = 'neutral',
  title,
  children,
}: Omit<BannerProps, 'actions' | 'title'> & { readonly title?: ReactNode }) {
  const edge = {
    neutral: 'border-line-strong border-l-control bg-sunken',
    sandbox: 'border-dashed border-line-strong border-l-control bg-sunken',
    past: 'border-dashed border-line-strong border-l-control bg-sunken',
    warn: 'border-warn-line border-l-warn bg-warn-soft',
    bad: 'border-bad-line border-l-bad bg-bad-soft',
  }[tone];
  return (
    <div className={classes('rounded-md border border-l-3 px-2.5 py-2 text-12 leading-[1.125rem]', edge)}>
      {title ? <p className="font-semibold">{title}</p> : null}
      {children}
    </div>
  );
}

/** A failed request, announced at once to screen readers, as a notice inside a panel. */
export function FailureCallout(said: Pick<BannerProps, 'children'> & { readonly title?: ReactNode }) {
  return (
    <div role="alert">
      <Callout tone="bad" {...said} />
    </div>
  );
}
