import { useTranslations } from 'next-intl';
import { wholeNumber, wholeText } from '@/components/diversion/draft/whole-number';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { hasBandwidth, internetChargeTypes } from '@/lib/diversion/creates';
import { assumedResponseKb, clbSharedQps, clbSpecQps } from '@/lib/estate/facts/limits';
import { requestsFor } from '@/lib/preflight/load-balancer/peak-bandwidth';
import type { LoadBalancerForm } from './new-load-balancer';

type BandwidthFieldsProps = {
  readonly form: LoadBalancerForm;
  readonly onChange: (change: Partial<LoadBalancerForm>) => void;
  readonly errorOf: (field: string) => string | undefined;
};

/** A list cannot have an entry with an empty value: shared is '' for the cloud. */
const shared = 'shared';

/** The size of a load balancer to create: its specification, bandwidth and billing mode for traffic. */
export function BandwidthFields({ form, onChange, errorOf }: BandwidthFieldsProps) {
  const t = useTranslations('diversion.createLoadBalancer');
  const isPublic = form.network === 'OPEN';
  const chargeType = internetChargeTypes.find((type) => type === form.chargeType);
  return (
    <>
      <Field label={t('spec')} note={t('specNote')} error={errorOf('slaType')}>
        {(control) => (
          <Select
            {...control}
            options={[
              { value: shared, label: t('shared'), hint: t('specHint', { qps: clbSharedQps }) },
              ...Object.entries(clbSpecQps).map(([value, qps]) => ({
                value,
                label: value,
                hint: t('specHint', { qps }),
              })),
            ]}
            value={form.slaType === '' ? shared : form.slaType}
            onChange={(value) => onChange({ slaType: value === shared ? '' : value })}
          />
        )}
      </Field>
      {hasBandwidth(form) ? (
        <div className="grid items-start gap-3 md:grid-cols-2">
          <Field
            label={t('bandwidth')}
            note={
              form.bandwidthMbps > 0
                ? t('bandwidthNote', { rps: requestsFor(form.bandwidthMbps), kb: assumedResponseKb })
                : undefined
            }
            error={errorOf('bandwidthMbps')}
          >
            {(control) => (
              <Input
                {...control}
                inputMode="numeric"
                unit="Mbps"
                value={wholeText(form.bandwidthMbps)}
                onChange={(event) => onChange({ bandwidthMbps: wholeNumber(event.target.value) })}
              />
            )}
          </Field>
          {isPublic ? (
            <Field label={t('chargeType')} note={t(`chargeNote.${form.chargeType}`)}>
              {(control) => (
                <Select
                  {...control}
                  options={internetChargeTypes.map((value) => ({ value, label: t(`charge.${value}`) }))}
                  value={chargeType ?? ''}
                  onChange={(value) => {
                    const next = internetChargeTypes.find((type) => type === value);
                    if (next) onChange({ chargeType: next });
                  }}
                />
              )}
            </Field>
          ) : null}
        </div>
      ) : null}
    </>
  );
}
