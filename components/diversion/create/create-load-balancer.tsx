'use client';

import { Network } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { OptionsForm } from '@/components/diversion/draft/ask-draft';
import { useRegionOptions } from '@/components/diversion/draft/regions';
import { wholeNumber, wholeText } from '@/components/diversion/draft/whole-number';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { TextField } from '@/components/ui/forms/text-field';
import { Input } from '@/components/ui/input';
import { SegmentedField } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { useMessage } from '@/components/ui/use-message';
import { type Creates, hasBandwidth, internetChargeTypes } from '@/lib/diversion/creates';
import type { CreatingSlice } from '@/lib/draft/creating/creating-slice';
import type { LoadBalancerDraft } from '@/lib/draft/edit-creates';
import { assumedResponseKb, clbSharedQps, clbSpecQps } from '@/lib/estate/facts/limits';
import { requestsFor } from '@/lib/preflight/load-balancer/peak-bandwidth';
import { CreatingFailure } from './creating-failure';
import {
  type FormErrors,
  type LoadBalancerForm,
  newForm,
  newLoadBalancer,
  subnetOptions,
  toLoadBalancerForm,
  usualVpc,
  vpcOptions,
  zoneOptions,
} from './new-load-balancer';
import { type Creating, useCreating } from './use-creating';

type BandwidthFieldsProps = {
  readonly form: LoadBalancerForm;
  readonly onChange: (change: Partial<LoadBalancerForm>) => void;
  readonly errorOf: (field: string) => string | undefined;
};

/** A list cannot have an entry with an empty value: shared is '' for the cloud. */
const shared = 'shared';

/** The size of a load balancer to create: its specification, bandwidth and billing mode for traffic. */
function BandwidthFields({ form, onChange, errorOf }: BandwidthFieldsProps) {
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
          <TextField
            label={t('bandwidth')}
            note={
              form.bandwidthMbps > 0
                ? t('bandwidthNote', { rps: requestsFor(form.bandwidthMbps), kb: assumedResponseKb })
                : undefined
            }
            error={errorOf('bandwidthMbps')}
            inputMode="numeric"
            unit="Mbps"
            value={wholeText(form.bandwidthMbps)}
            onType={(text) => onChange({ bandwidthMbps: wholeNumber(text) })}
          />
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

type CreateLoadBalancerProps = {
  readonly form: OptionsForm;
  /** The preferred region: that of the route's function; undefined while none is chosen. */
  readonly region: string | undefined;
  /** The proposed kind of address. */
  readonly address: LoadBalancerForm['address'];
  /** The expected peak, in requests per second, for which its bandwidth is proposed; null = not stated. */
  readonly peak: number | null;
  /** The load balancer to change before it is created; undefined = a new one. */
  readonly changed: LoadBalancerDraft | undefined;
  readonly onCreate: (made: Creates['loadBalancers'][number]) => void;
  readonly onClose: () => void;
};

const networks = ['OPEN', 'INTERNAL'] as const;
const addressKinds = ['domain', 'fixed'] as const;

/** A list cannot have an entry with an empty value. */
const anyZone = 'any';

/** Takes a load balancer for the plan to create, or changes it beforehand. Nothing is created before the plan runs. */
export function CreateLoadBalancer(props: CreateLoadBalancerProps) {
  const creating = useCreating(props.form);
  const { places } = creating;
  const t = useTranslations('diversion.createLoadBalancer');
  if (places !== null) return <LoadBalancerDialog {...props} {...{ creating, places }} />;
  return (
    <FormDialog
      onClose={props.onClose}
      title={t(props.changed === undefined ? 'title' : 'changeTitle')}
      description={t('description')}
      icon={<Network aria-hidden />}
      submitLabel={t(props.changed === undefined ? 'confirm' : 'change')}
      isBusy={!creating.isFailed}
      onSubmit={creating.retry}
      below={<CreatingFailure creating={creating} />}
    >
      <Skeleton className="h-60 w-full" />
    </FormDialog>
  );
}

type LoadBalancerDialogProps = CreateLoadBalancerProps & {
  readonly creating: Creating;
  /** The places that the dialog offers. */
  readonly places: CreatingSlice;
};

function LoadBalancerDialog(props: LoadBalancerDialogProps) {
  const { creating, places: estate, peak, changed, onCreate, onClose } = props;
  const { creates } = props.form.draft;
  const t = useTranslations('diversion.createLoadBalancer');
  const network = useTranslations('diversion.network');
  const message = useMessage('diversion.error');
  const [form, setForm] = useState<LoadBalancerForm>(() => {
    if (changed !== undefined) return toLoadBalancerForm(changed);
    const wanted = estate.regions.find((each) => each === props.region);
    const region = wanted ?? estate.usualRegion;
    return newForm({ region, vpcId: usualVpc(estate, region), address: props.address }, peak);
  });
  const regions = useRegionOptions(estate);
  const [errors, setErrors] = useState<FormErrors>({});
  const set = (change: Partial<LoadBalancerForm>) => {
    setForm({ ...form, ...change });
    setErrors({});
  };
  const zones = zoneOptions(estate, form.region);
  const fieldError = (field: string) => (errors[field] === undefined ? undefined : message(errors[field]));
  const submit = () => {
    const typed = newLoadBalancer({ loadBalancers: [] }, creates, form, changed?.id);
    if ('errors' in typed) return setErrors(typed.errors);
    creating.ask({ kind: 'loadBalancer', region: form.region, name: form.name.trim() }, (found) => {
      const result = newLoadBalancer(found, creates, form, changed?.id);
      if ('errors' in result) setErrors(result.errors);
      else onCreate(result.made);
    });
  };
  return (
    <FormDialog
      onClose={onClose}
      title={t(changed === undefined ? 'title' : 'changeTitle')}
      description={t('description')}
      icon={<Network aria-hidden />}
      submitLabel={t(changed === undefined ? 'confirm' : 'change')}
      onSubmit={submit}
      isBusy={creating.isAsking}
      below={
        <>
          <p className="text-12 text-ink-2">{t('cost')}</p>
          <CreatingFailure creating={creating} />
        </>
      }
    >
      <TextField
        label={t('name')}
        note={t('nameNote')}
        error={fieldError('name')}
        value={form.name}
        onType={(name) => set({ name })}
      />
      <Field label={t('region')} error={fieldError('region')}>
        {(control) => (
          <Select
            {...control}
            options={regions}
            value={form.region}
            onChange={(region) =>
              set({ region, vpcId: usualVpc(estate, region), subnetId: '', masterZone: '' })
            }
          />
        )}
      </Field>
      <SegmentedField
        label={t('network')}
        value={form.network}
        onChange={(value) => set({ network: value })}
        options={networks.map((value) => ({ value, label: network(value) }))}
        note={t(form.network === 'OPEN' ? `addressNote.${form.address}` : 'networkNote.INTERNAL')}
      />
      {form.network === 'OPEN' ? (
        <SegmentedField
          label={t('address')}
          value={form.address}
          onChange={(address) => set({ address })}
          options={addressKinds.map((value) => ({ value, label: t(`addressKind.${value}`) }))}
        />
      ) : null}
      <NetworkField
        label={t('vpc')}
        options={vpcOptions(estate, form.region)}
        value={form.vpcId}
        onChange={(vpcId) => set({ vpcId, subnetId: '' })}
        error={fieldError('vpcId')}
        placeholder={t('vpcPlaceholder')}
        unreadNote={t('vpcUnread')}
        idExample="vpc-"
      />
      {form.network === 'INTERNAL' ? (
        <NetworkField
          label={t('subnet')}
          options={subnetOptions(estate, form.vpcId)}
          value={form.subnetId}
          onChange={(subnetId) => set({ subnetId })}
          error={fieldError('subnetId')}
          placeholder={t('subnetPlaceholder')}
          unreadNote={t('subnetUnread')}
          idExample="subnet-"
        />
      ) : zones.length > 0 ? (
        <Field label={t('zone')} note={t('zoneNote')} error={fieldError('masterZone')}>
          {(control) => (
            <Select
              {...control}
              options={[{ value: anyZone, label: t('anyZone') }, ...zones]}
              value={form.masterZone === '' ? anyZone : form.masterZone}
              onChange={(zone) => set({ masterZone: zone === anyZone ? '' : zone })}
            />
          )}
        </Field>
      ) : null}
      <BandwidthFields form={form} onChange={set} errorOf={fieldError} />
    </FormDialog>
  );
}

type NetworkFieldProps = {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string; readonly hint: string }[];
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | undefined;
  readonly placeholder: string;
  /** Shown if there is nothing to choose from, in which case an id is typed. */
  readonly unreadNote: string;
  /** An example of the start of its id. */
  readonly idExample: string;
};

/** A network of a region, chosen by its name, or typed by its id if the list could not be read. */
function NetworkField(props: NetworkFieldProps) {
  const { label, options, value, onChange, error, placeholder, unreadNote, idExample } = props;
  const isListed = options.length > 0;
  return (
    <Field label={label} error={error} note={isListed ? undefined : unreadNote}>
      {(control) =>
        isListed ? (
          <Select
            {...control}
            options={options}
            value={value}
            onChange={onChange}
            placeholder={placeholder}
          />
        ) : (
          <Input
            {...control}
            value={value}
            onChange={(event) => onChange(event.target.value.trim())}
            placeholder={idExample}
          />
        )
      }
    </Field>
  );
}
