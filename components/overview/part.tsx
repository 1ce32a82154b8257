import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { FailureCallout } from '@/components/ui/banner';
import { Panel } from '@/components/ui/panel';
import type { PartView } from '@/lib/client/overview-views';

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
        <FailureCallout>{t('unread', { code: part.code })}</FailureCallout>
      </Panel>
    );
  return (
    <Panel title={title} flush aside={aside?.(part.value)}>
      {children(part.value)}
    </Panel>
  );
}
