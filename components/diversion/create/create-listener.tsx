'use client';

import { Plug } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { OptionsForm } from '@/components/diversion/draft/ask-draft';
import { wholeNumber, wholeText } from '@/components/diversion/draft/whole-number';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { TextField } from '@/components/ui/forms/text-field';
import { SegmentedField } from '@/components/ui/segmented';
import { useMessage } from '@/components/ui/use-message';
import type { Creates } from '@/lib/diversion/creates';
import type { ListenerDraft } from '@/lib/draft/edit-creates';
import type { LoadBalancer } from '@/lib/estate/model';
import { CertificateInput } from './certificate-input';
import { CreatingFailure } from './creating-failure';
import { type ListenerForm, newListener, usualPort } from './new-listener';
import type { FormErrors } from './new-load-balancer';
import { useCreating } from './use-creating';

type CreateListenerProps = {
  readonly form: OptionsForm;
  readonly loadBalancer: LoadBalancer | undefined;
  readonly domain: string;
  /** The listener to change before it is created; undefined = a new one. */
  readonly changed: ListenerDraft | undefined;
  readonly onCreate: (made: Creates['listeners'][number]) => void;
  readonly onClose: () => void;
};

const protocols = ['HTTP', 'HTTPS'] as const;
const defaultName = (protocol: ListenerForm['protocol'], port: number) =>
  `${protocol.toLowerCase()}-${wholeText(port)}`;

/** Takes a listener for the plan to create, or changes it beforehand. Nothing is created before the plan runs. */
export function CreateListener(props: CreateListenerProps) {
  const { loadBalancer, domain, changed, onCreate, onClose } = props;
  const creating = useCreating(props.form, false);
  const loadBalancerId = loadBalancer?.id ?? '';
  const t = useTranslations('diversion.createListener');
  const message = useMessage('diversion.error');
  const [form, setForm] = useState<ListenerForm>({
    name: defaultName('HTTP', 80),
    protocol: 'HTTP',
    port: 80,
    ...changed,
    certificateId: changed?.certificateId ?? '',
  });
  const [errors, setErrors] = useState<FormErrors>({});
  const set = (change: Partial<ListenerForm>) => {
    const next = { ...form, ...change };
    // The name follows protocol and port until it is typed.
    const isOwn = form.name !== defaultName(form.protocol, form.port);
    setForm({
      ...next,
      name: isOwn || change.name !== undefined ? next.name : defaultName(next.protocol, next.port),
    });
    setErrors({});
  };
  const choose = (protocol: ListenerForm['protocol']) =>
    set({ protocol, port: form.port === usualPort[form.protocol] ? usualPort[protocol] : form.port });
  const fieldError = (field: string) => (errors[field] === undefined ? undefined : message(errors[field]));
  const submit = () => {
    const typed = newListener({ listeners: [] }, loadBalancerId, form, changed?.id);
    if ('errors' in typed) return setErrors(typed.errors);
    creating.ask({ kind: 'listener', loadBalancerId }, (found) => {
      const result = newListener(found, loadBalancerId, form, changed?.id);
      if ('errors' in result) setErrors(result.errors);
      else onCreate(result.made);
    });
  };
  return (
    <FormDialog
      onClose={onClose}
      title={t(changed === undefined ? 'title' : 'changeTitle')}
      description={t('description', { name: loadBalancer?.name ?? '' })}
      icon={<Plug aria-hidden />}
      submitLabel={t(changed === undefined ? 'confirm' : 'change')}
      onSubmit={submit}
      isBusy={creating.isAsking}
      below={<CreatingFailure creating={creating} />}
    >
      <SegmentedField
        label={t('protocol')}
        value={form.protocol}
        onChange={choose}
        options={protocols.map((value) => ({ value, label: value }))}
      />
      <div className="grid items-start gap-3 md:grid-cols-2">
        <TextField
          label={t('port')}
          error={fieldError('port')}
          inputMode="numeric"
          value={wholeText(form.port)}
          onType={(text) => set({ port: wholeNumber(text) })}
        />
        <TextField
          label={t('name')}
          error={fieldError('name')}
          value={form.name}
          onType={(name) => set({ name })}
        />
      </div>
      {form.protocol === 'HTTPS' ? (
        <Field label={t('certificate')} note={t('certificateNote')} error={fieldError('certificateId')}>
          {(control) => (
            <CertificateInput
              {...control}
              form={props.form}
              domain={domain}
              value={form.certificateId}
              onChange={(certificateId) => set({ certificateId })}
            />
          )}
        </Field>
      ) : null}
    </FormDialog>
  );
}
