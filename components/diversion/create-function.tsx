'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { SquareFunction } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useForm } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { useMessage } from '@/components/ui/use-message';
import { DeployForm, memorySizesMb, runtimes } from './deploy-form';
import { DeployProgress } from './deploy-progress';
import { helloClb } from './hello-clb';
import type { FunctionDeployment } from './use-function-deployment';

/** The editor is large: it is loaded when the dialog opens. */
const CodeEditor = dynamic(() => import('./code-editor').then((module) => module.CodeEditor), {
  ssr: false,
  loading: () => <Skeleton className="h-60 w-full" />,
});

type CreateFunctionProps = {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** Region of lane B's load balancer; undefined while none is chosen. */
  readonly region: string | undefined;
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
  code: helloClb,
};

/** Asks for a function and its code, deploys it and shows how far that is. */
export function CreateFunction({ open, onOpenChange, region, deployment, onDeploy }: CreateFunctionProps) {
  const t = useTranslations('diversion.createFunction');
  const message = useMessage('diversion.createFunction.error', 'ui.refusal');
  const form = useForm<DeployForm>({ resolver: zodResolver(DeployForm), defaultValues: start });
  const values = form.watch();
  const refused = deployment.state === 'refused' ? deployment.error.fields : {};
  const isBusy = deployment.state === 'sending' || deployment.state === 'running';
  const set = <K extends keyof DeployForm>(name: K, value: DeployForm[K]) =>
    // The form's names are plain keys, so that a path's value is the key's value.
    form.setValue(name as never, value as never, { shouldValidate: form.formState.isSubmitted });
  const errorOf = (name: keyof DeployForm) => {
    const key = form.formState.errors[name]?.message ?? refused[name]?.[0];
    return key === undefined ? undefined : message(key);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="wide"
      title={t('title')}
      description={region === undefined ? t('descriptionNoRegion') : t('description', { region })}
      icon={<SquareFunction aria-hidden />}
      cancelLabel={isBusy ? t('close') : t('cancel')}
      action={
        <Button
          variant="primary"
          busy={isBusy}
          disabled={region === undefined}
          onClick={form.handleSubmit(onDeploy)}
        >
          {t('deploy')}
        </Button>
      }
    >
      <form className="grid gap-3" onSubmit={form.handleSubmit(onDeploy)}>
        <div className="grid items-start gap-3 md:grid-cols-2">
          <Field label={t('name')} note={t('nameNote')} error={errorOf('name')}>
            {(control) => (
              <Input {...control} value={values.name} onChange={(event) => set('name', event.target.value)} />
            )}
          </Field>
          <Field label={t('namespace')} error={errorOf('namespace')}>
            {(control) => (
              <Input
                {...control}
                value={values.namespace}
                onChange={(event) => set('namespace', event.target.value)}
              />
            )}
          </Field>
        </div>
        <div className="grid items-start gap-3 md:grid-cols-[1fr_1.4fr_1fr_1fr]">
          <Field label={t('runtime')} error={errorOf('runtime')}>
            {(control) => (
              <Select
                {...control}
                options={runtimes.map((value) => ({ value, label: value }))}
                value={values.runtime}
                onChange={(value) => set('runtime', DeployForm.shape.runtime.parse(value))}
              />
            )}
          </Field>
          <Field label={t('handler')} error={errorOf('handler')}>
            {(control) => (
              <Input
                {...control}
                value={values.handler}
                onChange={(event) => set('handler', event.target.value)}
              />
            )}
          </Field>
          <Field label={t('memory')} error={errorOf('memoryMb')}>
            {(control) => (
              <Select
                {...control}
                options={memorySizesMb.map((mb) => ({ value: String(mb), label: `${mb} MB` }))}
                value={String(values.memoryMb)}
                onChange={(value) => set('memoryMb', Number(value))}
              />
            )}
          </Field>
          <Field label={t('timeout')} error={errorOf('timeoutS')}>
            {(control) => (
              <Input
                {...control}
                inputMode="numeric"
                unit="s"
                value={Number.isNaN(values.timeoutS) ? '' : String(values.timeoutS)}
                onChange={(event) =>
                  set('timeoutS', event.target.value.trim() === '' ? Number.NaN : Number(event.target.value))
                }
              />
            )}
          </Field>
        </div>
        <div className="grid gap-1">
          <p className="text-12 font-medium text-ink-2">{t('code')}</p>
          <div className="overflow-hidden rounded-md border border-control">
            <CodeEditor
              label={t('code')}
              describedBy="function-code-note"
              value={values.code}
              onChange={(code) => set('code', code)}
            />
          </div>
          <p id="function-code-note" className="text-12 text-ink-2">
            {errorOf('code') ?? t('codeNote')}
          </p>
        </div>
      </form>
      <DeployProgress deployment={deployment} />
    </Dialog>
  );
}
