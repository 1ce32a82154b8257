'use client';

import { useTranslations } from 'next-intl';
import { Field } from '@/components/ui/field';
import { Panel } from '@/components/ui/panel';
import { Time, useZones } from '@/components/ui/time';
import { useNow } from '@/components/ui/use-now';
import { ZoneSelect } from '@/components/ui/zone-select';

/** The time zone of all times in this browser. */
export function ZonePanel() {
  const t = useTranslations('settings.zone');
  const { own, chosen, choose } = useZones();
  const now = useNow(1000);
  return (
    <div id="time-zone" className="scroll-mt-16">
      <Panel title={t('title')}>
        <div className="grid gap-3">
          <p className="text-12 text-ink-2">{t('about')}</p>
          <Field label={t('label')}>
            {(control) => (
              <ZoneSelect
                {...control}
                value={chosen ?? ''}
                unset={t('own', { zone: own })}
                onChange={(zone) => choose(zone === '' ? null : zone)}
              />
            )}
          </Field>
          {now === null ? null : (
            <p className="text-12 text-ink-2">
              {t.rich('now', { time: () => <Time at={new Date(now).toISOString()} /> })}
            </p>
          )}
        </div>
      </Panel>
    </div>
  );
}
