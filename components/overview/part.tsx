import { useIsFetching, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { FailureCallout } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { overviewQuery } from '@/lib/client/page-queries';
import type { PartView } from '@/lib/contract/overview';

type PartProps<T> = {
  readonly title: string;
  readonly part: PartView<T>;
  readonly aside?: (value: T) => ReactNode;
  readonly children: (value: T) => ReactNode;
};

/** A panel for a part that is read separately: if that fails, only this panel shows an error. */
export function Part<T>({ title, part, aside, children }: PartProps<T>) {
  const t = useTranslations('overview');
  if (part.code !== null)
    return (
      <Panel title={title}>
        <div className="grid justify-items-start gap-2">
          <FailureCallout>{t('unread', { code: part.code })}</FailureCallout>
          <RetryParts />
        </div>
      </Panel>
    );
  return (
    <Panel title={title} flush aside={aside?.(part.value)}>
      {children(part.value)}
    </Panel>
  );
}

/** Loads all parts again at once. */
export function RetryParts() {
  const t = useTranslations('overview');
  const { queryKey } = overviewQuery();
  const client = useQueryClient();
  const isLoading = useIsFetching({ queryKey }) > 0;
  return (
    <Button size="sm" busy={isLoading} onClick={() => void client.refetchQueries({ queryKey })}>
      {t('retry')}
    </Button>
  );
}
