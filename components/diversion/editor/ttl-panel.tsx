import { useTranslations } from 'next-intl';
import { getTtlFloor, ttlFacts } from '@/components/diversion/draft/ttl-facts';
import { Panel } from '@/components/ui/panel';
import { recordTtlDefaultS } from '@/lib/estate/facts/limits';
import { OptionalNumber, OptionalNumberNotes } from './optional-number';
import type { DiversionForm } from './use-diversion-form';

/** Sets whether the moved names get a shorter TTL before T0, beside their current TTL. */
export function TtlPanel({ form }: { readonly form: DiversionForm }) {
  const t = useTranslations('diversion.ttl');
  const { draft, estate } = form;
  const facts = ttlFacts(estate, draft);
  const floor = getTtlFloor(estate, draft);
  const { lowerTtlS } = draft;
  const oldTtlS = Math.max(0, ...facts.map(({ ttlS }) => ttlS ?? 0));
  const waits = lowerTtlS === null || lowerTtlS >= oldTtlS ? t('note') : t('waits', { seconds: oldTtlS });
  const note =
    floor === null
      ? waits
      : `${waits} ${t('floor', { zone: floor.zone, plan: floor.grade, seconds: floor.minTtlS })}`;
  const field = 'lowerTtlS';
  return (
    <Panel title={t('title')}>
      <div className="grid items-start gap-x-6 gap-y-3 md:grid-cols-[14rem_minmax(0,1fr)]">
        <OptionalNumber {...{ form, field }} label={t('label')} unit="s" placeholder={t('asItIs')} />
        <div className="grid gap-1 text-12">
          <p className="font-medium text-ink-2">{t('now')}</p>
          {facts.length === 0 ? <p className="text-ink-3">{t('noDomain')}</p> : null}
          <ul className="grid gap-0.5">
            {facts.map(({ domain, ttlS }) => (
              <li key={domain} className="flex flex-wrap gap-x-2">
                <span>{domain}</span>
                <span className="text-ink-2">
                  {ttlS === null ? t('noRecord', { seconds: recordTtlDefaultS }) : t('seconds', { ttlS })}
                </span>
              </li>
            ))}
          </ul>
        </div>
      </div>
      <OptionalNumberNotes {...{ form, field }} note={note} className="mt-2" />
    </Panel>
  );
}
