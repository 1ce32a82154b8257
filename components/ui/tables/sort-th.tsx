import { ArrowDown, ArrowUp, ArrowUpDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from '@/components/ui/classes';
import { Th } from '@/components/ui/table';

type SortThProps = {
  /** false = the table is sorted by another column. */
  readonly sorted: 'asc' | 'desc' | false;
  readonly onSort: ((event: unknown) => void) | undefined;
  readonly className?: string | undefined;
  readonly children: ReactNode;
};

/** The heading of a sortable column. */
export function SortTh({ sorted, onSort, className, children }: SortThProps) {
  const Icon = sorted === 'asc' ? ArrowUp : sorted === 'desc' ? ArrowDown : ArrowUpDown;
  return (
    <Th
      aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : 'none'}
      className={className}
    >
      <button
        type="button"
        onClick={onSort}
        className="group inline-flex min-h-6 items-center gap-1 font-medium hover:text-ink"
      >
        {children}
        <Icon
          aria-hidden
          className={classes(
            'size-3',
            sorted ? 'text-ink' : 'opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100',
          )}
        />
      </button>
    </Th>
  );
}
