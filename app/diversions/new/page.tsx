import type { Metadata } from 'next';
import { notFound, redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { needRight, orForbidden } from '@/app/or-forbidden';
import { pickOperable } from '@/app/pick-connection';
import { DiversionEditor } from '@/components/diversion/editor/diversion-editor';
import { OpeningNotices } from '@/components/diversion/editor/opening-notices';
import { AppShell } from '@/components/shell/app-shell';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import type { ConnectionView } from '@/lib/contract/connection';
import type { DiversionDraftView } from '@/lib/contract/diversion';
import { routes } from '@/lib/routes';
import { listConnections } from '@/lib/server/connections/list-connections';
import { saveDraft } from '@/lib/server/diversions/change-diversions';
import { openDraft } from '@/lib/server/diversions/check-draft';
import { getDiversionDraft } from '@/lib/server/diversions/get-diversion';
import { getSnapshot } from '@/lib/server/estate/get-estate';
import { startSync } from '@/lib/server/estate/start-sync';
import { deployFunction } from '@/lib/server/functions/deploy-function';
import { getTestInvocations } from '@/lib/server/functions/get-test-invocations';
import { startTestInvocation } from '@/lib/server/functions/start-test-invocation';
import { createPlan } from '@/lib/server/plans/create-plan';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('diversion');
  return { title: t('title') };
}

type Props = { readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>> };

/** Returns the value of a query parameter, or its first value if there are several. */
function one(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

/**
 * Returns the other accounts of the same cloud, and the ids of those that the address requests and that have a
 * snapshot.
 */
async function spannedBy(own: ConnectionView, all: readonly ConnectionView[], wanted: readonly string[]) {
  const accounts = all.filter(
    ({ id, kind, uin }) => id !== own.id && kind === own.kind && (uin === null || uin !== own.uin),
  );
  const asked = accounts.filter(({ id }) => wanted.includes(id));
  const read = await Promise.all(asked.map(({ id }) => getSnapshot({ connectionId: id })));
  return { accounts, others: read.flatMap((estate) => estate?.connectionId ?? []) };
}

/** Reads the diversion that the address names for editing. */
async function readEditing(id: string | null): Promise<DiversionDraftView | null> {
  if (id === null) return null;
  const found = await orForbidden(getDiversionDraft(id));
  if (found === null || found.state === 'discarded') notFound();
  await needRight('operate', found.footprint);
  return found;
}

export default async function NewDiversionPage({ searchParams }: Props) {
  await needRight('operate');
  const [query, connections] = await Promise.all([searchParams, listConnections()]);
  const editing = await readEditing(one(query.diversion));
  const wanted = editing?.connectionId ?? one(query.connection);
  const connection = await pickOperable(connections, wanted);
  const estate = connection && (await getSnapshot({ connectionId: connection.id }));
  // Without an estate there is nothing to plan; the estate page explains why and offers to sync it.
  if (!connection || !estate) redirect(routes.estate(connection?.id ?? wanted ?? undefined));
  const t = await getTranslations('shell');
  const spanned =
    query.with ?? (editing?.intent.kind === 'planned' ? editing.intent.diversion.connections : []);
  const { accounts, others } = await spannedBy(connection, connections, [spanned].flat());
  const asked = {
    connection: wanted,
    kind: one(query.kind),
    domain: one(query.domain),
    rule: one(query.rule),
    function: one(query.function),
    field: one(query.field),
  };
  const texts = await getTranslations('diversion.kind');
  const opened = await orForbidden(
    openDraft({
      connectionId: connection.id,
      others,
      diversionId: editing?.id ?? null,
      asked,
      advice: { warm: [query.warm ?? []].flat(), prewarm: one(query.prewarm) },
      names: {
        split: texts('split.defaultName'),
        access: texts('access.defaultName'),
        switch: texts('switch.defaultName'),
      },
    }),
  );
  if (opened === null) notFound();
  return (
    <AppShell
      connections={connections}
      connectionId={connection.id}
      section="diversions"
      head={{
        trail: [
          { label: t('section.diversions'), href: routes.diversions() },
          ...(editing === null ? [] : [{ label: editing.id, href: routes.diversion(editing.id) }]),
        ],
      }}
    >
      <ReadOnlyNote />
      <DiversionEditor
        key={`${connection.id} ${editing?.id}`}
        editing={
          editing && {
            id: editing.id,
            nextRevision: editing.nextRevision,
            contentVersion: editing.contentVersion,
          }
        }
        saveDraft={saveDraft}
        connection={connection}
        accounts={accounts}
        spanned={others}
        asked={asked}
        opened={opened}
        notices={<OpeningNotices account={connection.name} notes={opened.notes} editing={editing} />}
        testInvocations={await getTestInvocations(connection.id)}
        createPlan={createPlan}
        deployFunction={deployFunction}
        startTestInvocation={startTestInvocation}
        startSync={startSync}
      />
    </AppShell>
  );
}
