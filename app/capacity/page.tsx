import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import type { OpenedEvent } from '@/components/capacity/model/opened-event';
import { CapacityScreen } from '@/components/capacity/screen/capacity-screen';
import { AppShell } from '@/components/shell/app-shell';
import { listConnections } from '@/lib/server/connections/list-connections';
import { getPlanScenario } from '@/lib/server/plans/get-scenario';
import { isForbidden } from '@/lib/server/route';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('shell');
  return { title: t('section.capacity') };
}

type Props = { readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>> };

/** Reads the event of the plan that the address names. The page works without it, so it says why there is none. */
async function openEvent(planId: string): Promise<OpenedEvent> {
  try {
    const view = await getPlanScenario(planId);
    return view === null ? { ok: false, planId, why: 'unknown' } : { ok: true, view };
  } catch (error) {
    if (isForbidden(error)) return { ok: false, planId, why: 'forbidden' };
    throw error;
  }
}

export default async function CapacityPage({ searchParams }: Props) {
  const { plan } = await searchParams;
  const planId = Array.isArray(plan) ? plan[0] : plan;
  const [connections, event, t] = await Promise.all([
    listConnections(),
    planId ? openEvent(planId) : null,
    getTranslations('capacity'),
  ]);
  return (
    <AppShell
      connections={connections}
      connectionId={event?.ok ? event.view.connectionId : null}
      section="capacity"
      head={{ title: t('title') }}
    >
      <CapacityScreen event={event} connections={connections.map(({ id, name }) => ({ id, name }))} />
    </AppShell>
  );
}
