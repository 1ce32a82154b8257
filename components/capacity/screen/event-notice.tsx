import { useTranslations } from 'next-intl';
import type { OpenedEvent } from '@/components/capacity/model/opened-event';
import { Banner } from '@/components/ui/banner';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { PlanScenarioView } from '@/lib/contract/capacity';
import { routes } from '@/lib/routes';

/** The plan that the scenario was derived from, and what had to be assumed; or why there is none. */
export function EventNotice({ event }: { readonly event: OpenedEvent }) {
  const t = useTranslations('capacity.event');
  if (!event.ok)
    return (
      <Banner tone="bad" title={t(`${event.why}.title`, { plan: event.planId })}>
        {t(`${event.why}.note`)} {t('shown')}
      </Banner>
    );
  const { view } = event;
  const plan = () => <TextLink href={routes.plan(view.planId)}>{view.planId}</TextLink>;
  if (view.scenario === null)
    return (
      <Banner tone="warn" title={t('none.title', { plan: view.planId })}>
        {t.rich(view.takenAt === null ? 'none.neverSynced' : 'none.noFunction', { plan })} {t('shown')}
      </Banner>
    );
  return (
    <Banner title={t('title', { name: view.name })}>
      <EventSource view={view} plan={plan} />
    </Banner>
  );
}

type EventSourceProps = { readonly view: PlanScenarioView; readonly plan: () => React.ReactNode };

function EventSource({ view: { diversionId, takenAt, times, assumed }, plan }: EventSourceProps) {
  const t = useTranslations('capacity.event');
  return (
    <>
      {t.rich('from', {
        plan,
        diversion: () => <TextLink href={routes.diversion(diversionId)}>{diversionId}</TextLink>,
        time: () => (takenAt === null ? null : <Time at={takenAt} />),
      })}{' '}
      {t(`times.${times}`)}
      {assumed.length === 0
        ? null
        : ` ${t('assumed', { count: assumed.length, inputs: assumed.map((each) => t(`input.${each}`)).join(', ') })}`}
    </>
  );
}
