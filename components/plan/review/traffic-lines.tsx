import { useFormatter, useTranslations } from 'next-intl';
import { CloudErrorText } from '@/components/cloud-error/cloud-error-text';
import { AsOf } from '@/components/ui/time';
import type { TrafficView } from '@/lib/client/views';
import type { TrafficReading } from '@/lib/estate/bindings/serving-listeners';

/** The request rate of the backends of the moved names, from the cloud's monitoring when the plan was made. */
export function TrafficLines({ traffic }: { readonly traffic: TrafficView | null }) {
  return (
    <div className="border-t border-line px-4 py-2.5 text-12">
      <Measured traffic={traffic} />
    </div>
  );
}

function Measured({ traffic }: { readonly traffic: TrafficView | null }) {
  const t = useTranslations('plan.blast');
  if (traffic === null) return <p className="text-ink-2">{t('notMeasured')}</p>;
  const { at, readings, unmeasured, error } = traffic;
  if (readings.length === 0) {
    if (error === null) return <p className="text-ink-2">{t('nothingServes')}</p>;
    return (
      <p className="text-warn-ink">
        {t('notMeasurable')} <CloudErrorText error={error} />
      </p>
    );
  }
  return (
    <>
      <div className="mb-1 flex items-center gap-2">
        <h3 className="text-12 font-medium">{t('traffic')}</h3>
        <span className="ml-auto">
          <AsOf at={at} />
        </span>
      </div>
      <ul className="grid gap-1">
        {readings.map((reading) => (
          <Reading key={`${reading.loadBalancerId} ${reading.listenerId}`} reading={reading} />
        ))}
      </ul>
      {unmeasured === 0 ? null : (
        <p className="mt-1 text-warn-ink">
          {t('unmeasured', { count: unmeasured })} {error === null ? null : <CloudErrorText error={error} />}
        </p>
      )}
    </>
  );
}

function Reading({ reading }: { readonly reading: TrafficReading }) {
  const t = useTranslations('plan.blast');
  const format = useFormatter();
  const { perSecond, listener, loadBalancer, names, others } = reading;
  return (
    <li className="flex flex-wrap gap-x-3">
      <span className="font-medium tabular-nums">
        {perSecond === null
          ? t('noData')
          : t('perSecond', { rate: format.number(perSecond, { maximumSignificantDigits: 3 }) })}
      </span>
      <span className="text-ink-2">
        {t('serves', { listener, loadBalancer, names: format.list(names), others })}
      </span>
    </li>
  );
}
