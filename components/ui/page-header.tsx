import type { ReactNode } from 'react';
import { classes } from './classes';

type PageHeaderProps = {
  readonly title: string;
  /** A chip beside the title: the state. */
  readonly mark?: ReactNode;
  readonly sub?: ReactNode;
  /** Small counts, states and ages below the title. */
  readonly facts?: ReactNode;
  /** A figure for the whole page; on small screens below the title. */
  readonly aside?: ReactNode;
  /** The page's actions, the one primary button last. Hidden under 720 px, because small screens are read-only. */
  readonly actions?: ReactNode;
  /** True if small screens have some of the actions; the others hide themselves there. */
  readonly hasSmallActions?: boolean;
};

/** The title row of a page and its one `h1`. */
export function PageHeader({
  title,
  mark,
  sub,
  facts,
  aside,
  actions,
  hasSmallActions = false,
}: PageHeaderProps) {
  return (
    <div data-keeps-focus className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-2">
      <div className="min-w-0 flex-1 max-md:basis-full">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="text-16 tracking-tight md:text-20">{title}</h1>
          {mark}
        </div>
        {sub ? (
          <div className="mt-0.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-2">{sub}</div>
        ) : null}
      </div>
      {aside}
      {actions ? (
        <div
          className={classes(
            'shrink-0 items-center gap-2 md:ml-auto md:flex',
            hasSmallActions ? 'flex max-md:w-full max-md:*:flex-1' : 'hidden',
          )}
        >
          {actions}
        </div>
      ) : null}
      {facts ? (
        <div className="-mt-1.5 flex basis-full flex-wrap items-center gap-x-3 gap-y-1 text-12 text-ink-2">
          {facts}
        </div>
      ) : null}
    </div>
  );
}

/** The content of a page, with padding and 16 px between its blocks. */
export function PageFrame({ children }: { readonly children: ReactNode }) {
  return <div className="flex min-w-0 flex-col gap-4 px-3 pt-3 pb-6 md:px-5 md:pt-4 md:pb-8">{children}</div>;
}
