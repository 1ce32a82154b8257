'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { SquareFunction } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useForm } from 'react-hook-form';
import { IsolationNote } from '@/components/shell/isolation-note';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { useMessage } from '@/components/ui/use-message';
import type { ConnectionView } from '@/lib/client/views';
import { scfBindingSupport } from '@/lib/estate/facts/regions';
import type { Estate } from '@/lib/estate/model';
import { DeployFields } from './deploy-fields';
import { DeployForm, runtimeLanguage } from './deploy-form';
import { DeployProgress } from './deploy-progress';
import { helloClb, isHelloClb } from './hello-clb';
import type { FunctionDeployment } from './use-function-deployment';

type CreateFunctionProps = {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly region: string;
  /** null = the region is that of the route's load balancer. */
  readonly onRegion: ((region: string) => void) | null;
  readonly estate: Pick<Estate, 'regions' | 'scfNamespaces'>;
  readonly isolation: ConnectionView['isolation'];
  readonly deployment: FunctionDeployment;
  readonly onDeploy: (form: DeployForm) => void;
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
  const { open, onOpenChange, region, onRegion, estate, isolation, deployment, onDeploy } = props;
  const t = useTranslations('diversion.createFunction');
  const message = useMessage('diversion.createFunction.error', 'ui.refusal');
  const form = useForm<DeployForm>({ resolver: zodResolver(DeployForm), defaultValues: start });
  const values = form.watch();
  const refused = deployment.state === 'refused' ? deployment.error.fields : {};
  const isBusy = deployment.state === 'sending' || deployment.state === 'running';
  const put = <K extends keyof DeployForm>(name: K, value: DeployForm[K]) =>
    // The form's names are plain keys, so a path's value is the key's value.
    form.setValue(name as never, value as never, { shouldValidate: form.formState.isSubmitted });
  const set = <K extends keyof DeployForm>(name: K, value: DeployForm[K]) => {
    // Untouched code follows the runtime.
    if (name === 'runtime' && isHelloClb(values.code)) put('code', helloClb[runtimeLanguage(String(value))]);
    put(name, value);
  };
  const fieldError = (name: keyof DeployForm) => {
    const key = form.formState.errors[name]?.message ?? refused[name]?.[0];
    return key === undefined ? undefined : message(key);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="wide"
      title={t('title')}
      description={onRegion === null ? t('description', { region }) : t('descriptionChoose')}
      icon={<SquareFunction aria-hidden />}
      cancelLabel={isBusy ? t('close') : t('cancel')}
      action={
        <Button variant="primary" busy={isBusy} onClick={form.handleSubmit(onDeploy)}>
          {t('deploy')}
        </Button>
      }
    >
      <form className="grid gap-3" onSubmit={form.handleSubmit(onDeploy)}>
        {onRegion === null ? null : (
          <Field label={t('region')} note={t('regionNote')}>
            {(control) => (
              <Select
                {...control}
                options={estate.regions.map((value) => ({
                  value,
                  label: value,
                  hint: scfBindingSupport(value) === 'unsupported' ? t('noFunctions') : '',
                }))}
                value={region}
                onChange={onRegion}
              />
            )}
          </Field>
        )}
        <DeployFields
          values={values}
          namespaces={listNamespaces(estate, region)}
          set={set}
          errorOf={fieldError}
        />
      </form>
      <IsolationNote isolation={isolation} />
      <DeployProgress deployment={deployment} />
    </Dialog>
  );
}
