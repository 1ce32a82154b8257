import { useTranslations } from 'next-intl';
import { Mono } from '@/components/ui/copyable';
import { Panel } from '@/components/ui/panel';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
import type { SandboxView } from '@/lib/client/views';
import { ScrollBox } from './scroll-box';

/** The number of times each write took effect on each object, so that duplicates are visible. */
export function AppliedWritesPanel({ effects }: { readonly effects: SandboxView['effects'] }) {
  const t = useTranslations('sandbox.effect');
  return (
    <Panel title={t('title')} flush>
      {effects.length === 0 ? (
        <p className="px-4 py-3 text-12 text-ink-2">{t('nothing')}</p>
      ) : (
        <ScrollBox label={t('list')} className="max-h-80">
          <Table>
            <Thead>
              <tr>
                <Th>{t('action')}</Th>
                <Th>{t('object')}</Th>
                <Th className="text-right">{t('count')}</Th>
              </tr>
            </Thead>
            <tbody>
              {effects.toReversed().map(({ action, object, count }) => (
                <Tr key={`${action} ${object}`}>
                  <Td label={t('action')} className="font-medium">
                    {action}
                  </Td>
                  <Td label={t('object')}>
                    <Mono className="break-all">{object}</Mono>
                  </Td>
                  <Td label={t('count')} className="text-right tabular-nums">
                    {count}
                  </Td>
                </Tr>
              ))}
            </tbody>
          </Table>
        </ScrollBox>
      )}
    </Panel>
  );
}
