import type { ReactNode } from 'react';
import { Banner } from '@/components/ui/banner';
import { NothingMatches } from '@/components/ui/empty-state';
import { TextLink } from '@/components/ui/text-link';
import { AsOf } from '@/components/ui/time';

type ListFrameProps = {
  readonly toolbar: ReactNode;
  /** Says that the last read failed; null if it did not. */
  readonly failed: string | null;
  /** Says which parts could not be read, with a link to the details; null if all were. */
  readonly gaps: { readonly title: string; readonly href: string; readonly link: string } | null;
  /** The rows; null if there are none. */
  readonly table: ReactNode | null;
  /** Shown in place of the rows. Without `onClear` no filter is active. */
  readonly nothing: {
    readonly title: string;
    readonly hidden: string | null;
    readonly onClear: (() => void) | null;
  };
  readonly count: string;
  readonly note?: ReactNode;
  /** The time of the snapshot, ISO. */
  readonly takenAt: string;
};

/** A list that fills its page: toolbar, notices, rows, and a footer with their number and age. */
export function ListFrame({ toolbar, failed, gaps, table, nothing, count, note, takenAt }: ListFrameProps) {
  return (
    <>
      {toolbar}
      {failed !== null || gaps !== null ? (
        <div className="grid gap-2 px-3 pb-3 md:px-4">
          {failed === null ? null : <Banner tone="bad" title={failed} />}
          {gaps === null ? null : (
            <Banner tone="warn" title={gaps.title}>
              <TextLink href={gaps.href}>{gaps.link}</TextLink>
            </Banner>
          )}
        </div>
      ) : null}
      <div className="flex-1 border-t border-line bg-surface">
        {table ?? (
          <NothingMatches title={nothing.title} onClear={nothing.onClear}>
            {nothing.hidden}
          </NothingMatches>
        )}
      </div>
      <div
        data-bottom-bar
        className="sticky bottom-0 flex min-h-10 flex-wrap items-center gap-x-3.5 border-t border-line bg-surface px-3 py-1.75 text-12 text-ink-2 max-md:bottom-15 md:px-4"
      >
        <span aria-live="polite">{count}</span>
        {note}
        <span className="ml-auto">
          <AsOf at={takenAt} />
        </span>
      </div>
    </>
  );
}
