'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { SquareFunction } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { type FieldPath, type FieldPathValue, useForm } from 'react-hook-form';
import { useRegionOptions } from '@/components/diversion/draft/regions';
import { IsolationNote } from '@/components/shell/isolation-note';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { Select } from '@/components/ui/select';
import { useMessage } from '@/components/ui/use-message';
import type { ConnectionView } from '@/lib/client/views';
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
  readonly region: string;
  /** null = the region is that of the route's load balancer. */
  readonly onRegion: ((region: string) => void) | null;
  readonly estate: Estate;
  readonly isolation: ConnectionView['isolation'];
  readonly deployment: FunctionDeployment;
  /** `replaces`: a person has confirmed that the function of the same name is replaced. */
  readonly onDeploy: (form: DeployForm, replaces: boolean) => void;
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

function listNamespaces({ scfNamespaces }: Pick<Estate, 'scfNamespaces'>, region: string): readonly string[] {
  return scfNamespaces.filter((each) => each.region === region).map(({ name }) => name);
}

/** Takes a function and its code, deploys it and shows the progress. */
export function CreateFunction(props: CreateFunctionProps) {
  const { open, onClose, region, onRegion, estate, isolation, deployment, onDeploy } = props;
  const t = useTranslations('diversion.createFunction');
  const message = useMessage('diversion.createFunction.error', 'ui.refusal');
  const regions = useRegionOptions(estate);
  const form = useForm<DeployForm>({ resolver: zodResolver(DeployForm), defaultValues: start });
  const values = form.watch();
  const [asked, setAsked] = useState<{ readonly form: DeployForm; readonly existing: ScfFunction } | null>(
    null,
  );
  const submit = (form: DeployForm) => {
    const existing = findFunction(estate, { region, ...form });
    if (existing === undefined) onDeploy(form, false);
    else setAsked({ form, existing });
  };
  const refused = deployment.state === 'refused' ? deployment.error.fields : {};
  const isBusy = deployment.state === 'sending' || deployment.state === 'running';
  const put = <K extends FieldPath<DeployForm>>(name: K, value: FieldPathValue<DeployForm, K>) =>
    form.setValue(name, value, { shouldValidate: form.formState.isSubmitted });
  const set = <K extends FieldPath<DeployForm>>(name: K, value: FieldPathValue<DeployForm, K>) => {
    // Untouched code follows the runtime.
    if (name === 'runtime' && isHelloClb(values.code)) put('code', helloClb[runtimeLanguage(String(value))]);
    put(name, value);
  };
  const fieldError = (name: keyof DeployForm) => {
    const key = form.formState.errors[name]?.message ?? refused[name]?.[0];
    return key === undefined ? undefined : message(key);
  };
  return (
    <FormDialog
      open={open}
      onClose={onClose}
      size="wide"
      title={t('title')}
      description={onRegion === null ? t('description', { region }) : t('descriptionChoose')}
      icon={<SquareFunction aria-hidden />}
      {...(isBusy ? { cancelLabel: t('close') } : {})}
      submitLabel={t('deploy')}
      isBusy={isBusy}
      onSubmit={form.handleSubmit(submit)}
      below={
        <>
          <IsolationNote isolation={isolation} />
          <DeployProgress deployment={deployment} />
          {asked === null ? null : (
            <ReplaceFunction
              {...asked}
              estate={estate}
              onClose={() => setAsked(null)}
              onReplace={() => {
                setAsked(null);
                onDeploy(asked.form, true);
              }}
            />
          )}
        </>
      }
    >
      {onRegion === null ? null : (
        <Field label={t('region')} note={t('regionNote')}>
          {(control) => <Select {...control} options={regions} value={region} onChange={onRegion} />}
        </Field>
      )}
      <DeployFields
        values={values}
        namespaces={listNamespaces(estate, region)}
        set={set}
        errorOf={fieldError}
      />
    </FormDialog>
  );
}
