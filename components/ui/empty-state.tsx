import { SearchX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Button } from './button';

type EmptyStateProps = {
  readonly icon: ReactNode;
  readonly title: string;
  /** The expected content, or what happened and what still works. */
  readonly children?: ReactNode;
  /** `h1` only if the whole page is empty. */
  readonly heading?: 'h1' | 'h2';
  /** The one next step. */
  readonly actions?: ReactNode;
};

/** Shown in place of content: empty, filtered empty, failed. */
export function EmptyState({ icon, title, heading: Heading = 'h2', children, actions }: EmptyStateProps) {
  return (
    <div className="flex max-w-120 flex-col items-start gap-1.5 p-5">
      <span className="mb-1 text-ink-3 [&_svg]:size-5">{icon}</span>
      <Heading>{title}</Heading>
      {children ? <div className="mb-2 text-ink-2">{children}</div> : null}
      {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
    </div>
  );
}

type NothingMatchesProps = {
  readonly title: string;
  readonly children?: ReactNode;
  /** Clears the filter; null = no filter is active, the list is empty. */
  readonly onClear: (() => void) | null;
};

/** Shown in place of a list whose items are all filtered out. */
export function NothingMatches({ title, children, onClear }: NothingMatchesProps) {
  const t = useTranslations('ui');
  return (
    <EmptyState
      icon={<SearchX aria-hidden />}
      title={title}
      actions={onClear === null ? null : <Button onClick={onClear}>{t('clearFilter')}</Button>}
    >
      {children}
    </EmptyState>
  );
}
