import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { AppShell } from '@/components/shell/app-shell';
import { NothingRead } from '@/components/shell/nothing-read';
import { Time } from '@/components/ui/time';
import type { ConnectionView } from '@/lib/contract/connection';
import type { ListView } from '@/lib/contract/estate';
import type { ListName } from './list-body';

type ListScreenProps<View extends ListView<unknown>> = {
  readonly of: ListName;
  readonly connections: readonly ConnectionView[];
  readonly list: {
    /** One of the connections. */
    readonly connectionId: string;
    readonly view: View | null | undefined;
    readonly isError: boolean;
  };
  /** The content, once the list is loaded. */
  readonly children: (view: View) => ReactNode;
};

/** The page of a connection's list, a tab of the Estate section. */
export function ListScreen<View extends ListView<unknown>>({
  of,
  connections,
  list: { connectionId, view, isError },
  children,
}: ListScreenProps<View>) {
  const t = useTranslations(of);
  return (
    <AppShell
      connections={connections}
      connectionId={connectionId}
      section="estate"
      tab={of}
      head={{
        title: t('title'),
        note: view ? t.rich('note', { time: () => <Time at={view.takenAt} /> }) : null,
      }}
    >
      {view ? (
        children(view)
      ) : (
        <NothingRead of={of} connectionId={connectionId} isNever={view === null} isError={isError} />
      )}
    </AppShell>
  );
}
