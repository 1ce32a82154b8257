'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { LineCard } from '@/components/line/line-card';
import { FreezeText } from '@/components/schedule/freeze-text';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { Page } from '@/components/ui/page-header';
import { Panel } from '@/components/ui/panel';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
import { useNow } from '@/components/ui/use-now';
import type { AddFreezeAction, RemoveFreezeAction } from '@/lib/client/actions';
import type { FreezeView } from '@/lib/client/views';
import { AddFreeze } from './add-freeze';
import { RemoveFreeze } from './remove-freeze';

type SettingsScreenProps = {
  readonly freezes: readonly FreezeView[];
  readonly addFreeze: AddFreezeAction;
  readonly removeFreeze: RemoveFreezeAction;
};

/** What holds for all cutovers: the times in which none moves traffic, and the line. */
export function SettingsScreen({ freezes, addFreeze, removeFreeze }: SettingsScreenProps) {
  const t = useTranslations('settings.freezes');
  const router = useRouter();
  const isInBrowser = useNow(60_000) !== null;
  const reread = () => router.refresh();
  return (
    <>
      <ReadOnlyNote />
      <Page>
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_20rem]">
          <Panel title={t('title')}>
            <div className="grid gap-4">
              <p className="text-12 text-ink-2">{t('about')}</p>
              {freezes.length === 0 ? (
                <p>{t('none')}</p>
              ) : (
                <Table aria-label={t('title')}>
                  <Thead>
                    <tr>
                      <Th>{t('name')}</Th>
                      <Th>{t('when')}</Th>
                      <td className="border-b border-line" />
                    </tr>
                  </Thead>
                  <tbody>
                    {freezes.map((freeze) => (
                      <Tr key={freeze.id}>
                        <Td label={t('name')} className="font-semibold">
                          {freeze.name}
                        </Td>
                        <Td label={t('when')}>
                          <FreezeText span={freeze.span} />
                        </Td>
                        <Td className="text-right max-md:hidden">
                          <RemoveFreeze freeze={freeze} removeFreeze={removeFreeze} onRemoved={reread} />
                        </Td>
                      </Tr>
                    ))}
                  </tbody>
                </Table>
              )}
              {isInBrowser ? <AddFreeze addFreeze={addFreeze} onAdded={reread} /> : null}
            </div>
          </Panel>
          <LineCard />
        </div>
      </Page>
    </>
  );
}
