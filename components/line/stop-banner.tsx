'use client';

import { useTranslations } from 'next-intl';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { Time } from '@/components/ui/time';
import type { LineStopView } from '@/lib/client/views';
import { useLine } from './line-provider';

/** On every page while the line is stopped: who, why, since when, and the way out. */
export function StopBanner() {
  const line = useLine();
  return line?.stop ? <Stopped stop={line.stop} /> : null;
}

function Stopped({ stop }: { readonly stop: LineStopView }) {
  const t = useTranslations('schedule.line');
  const line = useLine();
  const release = useAction(
    async () => line?.releaseLine() ?? { ok: true as const, value: null },
    () => line?.reread(),
  );
  return (
    <section aria-label={t('stopped')} className="grid gap-2 px-3 pt-3 md:px-5">
      <Banner
        tone="warn"
        title={t('stoppedBy', { actor: stop.actor })}
        actions={
          <span className="max-md:hidden">
            <Button size="sm" busy={release.isBusy} onClick={() => release.give(undefined)}>
              {t('release')}
            </Button>
          </span>
        }
      >
        {t.rich('stoppedWhy', { reason: stop.reason, time: () => <Time at={stop.at} /> })}
      </Banner>
      <ActionFailure action={release} />
    </section>
  );
}
