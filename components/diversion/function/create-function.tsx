'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { SquareFunction } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { type FieldPath, type FieldPathValue, useForm } from 'react-hook-form';
import { CreatingFailure } from '@/components/diversion/create/creating-failure';
import { useCreating } from '@/components/diversion/create/use-creating';
import type { OptionsForm } from '@/components/diversion/draft/ask-draft';
import { useRegionOptions } from '@/components/diversion/draft/regions';
import { IsolationNote } from '@/components/shell/isolation-note';
import { readFieldErrors } from '@/components/shell/use-action';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { Select } from '@/components/ui/select';
import { useMessage } from '@/components/ui/use-message';
import type { ConnectionView } from '@/lib/contract/connection';
import type { DeployFunctionInput } from '@/lib/contract/function';
import { findFunction } from '@/lib/estate/look-up';
import type { Estate, ScfFunction } from '@/lib/estate/model';
import { DeployFields } from './deploy-fields';
import { DeployForm } from './deploy-form';
import { DeployProgress } from './deploy-progress';
import { helloClb, isHelloClb } from './hello-clb';
import { ReplaceFunction } from './replace-function';
import { runtimeLanguage } from './runtimes';
import type { FunctionDeployment } from './use-function-deployment';

type CreateFunctionProps = {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly form: OptionsForm;
  /** The region of the route's load balancer; null = it is chosen here. */
  readonly region: string | null;
  readonly isolation: ConnectionView['isolation'];
  readonly deployment: FunctionDeployment;
  /** `replaces`: a person has confirmed that the function of the same name is replaced. */
  readonly onDeploy: (form: DeployForm, region: string, replaces: boolean) => void;
};

type Asked = {
  readonly form: DeployForm;
  readonly existing: ScfFunction;
  readonly estate: Pick<Estate, 'rules'>;
};

const start: DeployForm = {
  name: '',
  namespace: 'default',
  runtime: 'Python3.10',
  handler: 'index.main_handler',
  memoryMb: 128,
  timeoutS: 3,
  alias: '',
  code: helloClb.python,
};

function listNamespaces(places: Pick<Estate, 'scfNamespaces'> | null, region: string): readonly string[] {
  return (places?.scfNamespaces ?? []).filter((each) => each.region === region).map(({ name }) => name);
}

/** Returns the fields of a deployment as the form holds them, trimmed. */
const shownFields = (sent: DeployFunctionInput): Map<string, unknown> =>
  new Map(Object.entries({ ...sent, alias: sent.alias ?? '' }));

/** Takes a function and its code, deploys it and shows the progress. */
export function CreateFunction(props: CreateFunctionProps) {
  const { open, onClose, isolation, deployment, onDeploy } = props;
  const creating = useCreating(props.form, open);
  const { places } = creating;
  const [chosen, setChosen] = useState<string | null>(null);
  const region = props.region ?? chosen ?? places?.usualRegion ?? '';
  const t = useTranslations('diversion.createFunction');
  const message = useMessage('diversion.createFunction.error', 'ui.refusal');
  const regions = useRegionOptions(places ?? { regions: region === '' ? [] : [region] });
  const form = useForm<DeployForm>({ resolver: zodResolver(DeployForm), defaultValues: start });
  const values = form.watch();
  const [asked, setAsked] = useState<Asked | null>(null);
  const submit = (form: DeployForm) => {
    const { namespace, name } = form;
    creating.ask({ kind: 'function', region, namespace, name }, (found) => {
      const existing = findFunction(found, { region, namespace, name });
      if (existing === undefined) onDeploy(form, region, false);
      else setAsked({ form, existing, estate: found });
    });
  };
  const { errorKeys } =
    deployment.state === 'refused'
      ? readFieldErrors(deployment.error, shownFields(deployment.input))
      : readFieldErrors(null, undefined);
  const isBusy = creating.isAsking || deployment.state === 'sending' || deployment.state === 'running';
  const put = <K extends FieldPath<DeployForm>>(name: K, value: FieldPathValue<DeployForm, K>) =>
    form.setValue(name, value, { shouldValidate: form.formState.isSubmitted });
  const set = <K extends FieldPath<DeployForm>>(name: K, value: FieldPathValue<DeployForm, K>) => {
    // Untouched code follows the runtime.
    if (name === 'runtime' && isHelloClb(values.code)) put('code', helloClb[runtimeLanguage(String(value))]);
    put(name, value);
  };
  const fieldError = (name: keyof DeployForm) => {
    const value = values[name];
    const refused = errorKeys(name, typeof value === 'string' ? value.trim() : value);
    const key = form.formState.errors[name]?.message ?? refused?.[0];
    return key === undefined ? undefined : message(key);
  };
  return (
    <FormDialog
      open={open}
      onClose={onClose}
      size="wide"
      title={t('title')}
      description={props.region === null ? t('descriptionChoose') : t('description', { region })}
      icon={<SquareFunction aria-hidden />}
      {...(isBusy ? { cancelLabel: t('close') } : {})}
      submitLabel={t('deploy')}
      isBusy={isBusy}
      onSubmit={form.handleSubmit(submit)}
      below={
        <>
          <IsolationNote isolation={isolation} />
          <DeployProgress deployment={deployment} />
          <CreatingFailure creating={creating} />
          {asked === null ? null : (
            <ReplaceFunction
              {...asked}
              onClose={() => setAsked(null)}
              onReplace={() => {
                setAsked(null);
                onDeploy(asked.form, region, true);
              }}
            />
          )}
        </>
      }
    >
      {props.region !== null ? null : (
        <Field label={t('region')} note={t('regionNote')}>
          {(control) => <Select {...control} options={regions} value={region} onChange={setChosen} />}
        </Field>
      )}
      <DeployFields
        values={values}
        namespaces={listNamespaces(places, region)}
        set={set}
        errorOf={fieldError}
      />
    </FormDialog>
  );
}
