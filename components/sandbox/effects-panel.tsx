import { useTranslations } from 'next-intl';
import { Mono } from '@/components/ui/copyable';
import { type Column, DataTable } from '@/components/ui/data-table';
import { Panel } from '@/components/ui/panel';
import type { SandboxView } from '@/lib/client/views';

type AppliedWrite = SandboxView['effects'][number];

/** The number of times each write took effect on each object, so that duplicates are visible. */
export function AppliedWritesPanel({ effects }: { readonly effects: readonly AppliedWrite[] }) {
  const t = useTranslations('sandbox.effect');
  const columns: readonly Column<AppliedWrite>[] = [
    { name: t('action'), className: 'font-medium', cell: ({ action }) => action },
    { name: t('object'), cell: ({ object }) => <Mono className="break-all">{object}</Mono> },
    { name: t('count'), isNumber: true, cell: ({ count }) => count },
  ];
  return (
    <Panel title={t('title')} flush>
      <DataTable
        columns={columns}
        rows={effects.toReversed()}
        rowKey={({ action, object }) => `${action} ${object}`}
        none={t('nothing')}
        scroll={{ label: t('list'), className: 'max-h-80' }}
      />
    </Panel>
  );
}
