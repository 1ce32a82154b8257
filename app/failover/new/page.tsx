import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { needRight, orForbidden } from '@/app/or-forbidden';
import { pickOperable } from '@/app/pick-connection';
import { AppShell } from '@/components/shell/app-shell';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { NewSwitch } from '@/components/switches/new-switch';
import { routes } from '@/lib/routes';
import { listConnections } from '@/lib/server/connections/list-connections';
import { openDraft } from '@/lib/server/diversions/check-draft';
import { addSwitch } from '@/lib/server/switches/change-switches';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('diversion');
  return { title: t('addSwitch.title') };
}

type Props = { readonly searchParams: Promise<{ connection?: string }> };

/** A Switch without any choice. */
const emptySwitch = {
  others: [],
  diversionId: null,
  asked: { connection: null, kind: 'switch', domain: null, rule: null, field: null },
  names: { split: '', access: '', switch: '' },
};

export default async function NewSwitchPage({ searchParams }: Props) {
  await needRight('operate');
  const [{ connection: wanted }, connections] = await Promise.all([searchParams, listConnections()]);
  const connection = await pickOperable(connections, wanted);
  const opened =
    connection && (await orForbidden(openDraft({ ...emptySwitch, connectionId: connection.id })));
  // Without an estate there is nothing to choose from; the estate page explains why and offers to sync it.
  if (!connection || !opened) redirect(routes.estate(connection?.id ?? wanted));
  const t = await getTranslations();
  return (
    <AppShell
      connections={connections}
      connectionId={connection.id}
      section="switches"
      head={{
        trail: [
          { label: t('shell.section.switches'), href: routes.switches() },
          { label: t('diversion.addSwitch.title') },
        ],
      }}
    >
      <ReadOnlyNote />
      <NewSwitch
        key={connection.id}
        connections={connections}
        connectionId={connection.id}
        opened={opened}
        addSwitch={addSwitch}
      />
    </AppShell>
  );
}
