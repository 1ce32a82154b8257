import { useTranslations } from 'next-intl';
import { Input } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { recordTtlDefaultS } from '@/lib/estate/limits';
import { fieldId } from './field-id';
import { FindingLines } from './finding-lines';
import { ttlFacts, ttlFloorOf } from './ttl-facts';
import type { DiversionForm } from './use-diversion-form';
import { wholeNumber, wholeText } from './whole-number';

/** Whether the names that move get a shorter TTL before T0, beside the one that they have now. */
export function TtlPanel({ form }: { readonly form: DiversionForm }) {
  const t = useTranslations('diversion.ttl');
  const { draft, estate } = form;
  const facts = ttlFacts(estate, draft);
  const floor = ttlFloorOf(estate, draft);
  const { errors, findings } = form.stateOf('lowerTtlS');
  const wrong = findings.filter(({ status }) => status !== 'pass');
  const isBad = errors.length > 0 || wrong.some(({ status }) => status === 'block');
  const id = fieldId('lowerTtlS');
  const noteId = `${id}-message`;
  const { lowerTtlS } = draft;
  const oldTtlS = Math.max(0, ...facts.map(({ ttlS }) => ttlS ?? 0));
  const change = (text: string) => form.change({ lowerTtlS: text.trim() === '' ? null : wholeNumber(text) });
  return (
    <Panel title={t('title')}>
      <div className="grid items-start gap-x-6 gap-y-3 md:grid-cols-[14rem_minmax(0,1fr)]">
        <div className="grid gap-1">
          <label htmlFor={id} className="text-12 font-medium text-ink-2">
            {t('label')}
          </label>
          <Input
            id={id}
            aria-describedby={noteId}
            aria-invalid={isBad || undefined}
            inputMode="numeric"
            unit="s"
            placeholder={t('asItIs')}
            value={lowerTtlS === null ? '' : wholeText(lowerTtlS)}
            onChange={(event) => change(event.target.value)}
          />
        </div>
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
      <div id={noteId} className="mt-2 grid gap-1 text-12">
        {errors.map((error) => (
          <p key={error} className="text-bad-ink">
            {error}
          </p>
        ))}
        <FindingLines findings={wrong} onFix={form.fix} actionsOf={() => []} />
        <p className="text-ink-2">
          {lowerTtlS === null || lowerTtlS >= oldTtlS ? t('note') : t('waits', { seconds: oldTtlS })}
          {floor === null
            ? ''
            : ` ${t('floor', { zone: floor.zone, plan: floor.grade, seconds: floor.minTtlS })}`}
        </p>
      </div>
    </Panel>
  );
}
