'use client';

import { UploadCloud } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { DeployProgress } from '@/components/diversion/function/deploy-progress';
import { useFunctionDeployment } from '@/components/diversion/function/use-function-deployment';
import { Callout, FailureCallout } from '@/components/ui/banner';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { TextField } from '@/components/ui/forms/text-field';
import { Picker } from '@/components/ui/pickers/picker';
import { useMessage } from '@/components/ui/use-message';
import type { FunctionCode } from '@/lib/estate/functions/function-reading';
import type { FunctionPageProps } from './function-props';

type DeployCodeProps = FunctionPageProps & {
  readonly code: FunctionCode;
  readonly edited: string;
  readonly onClose: () => void;
  /** Called once the new version is published. */
  readonly onDone: (version: string) => void;
};

/** Confirms the deployment of edited code, and shows its progress. */
export function DeployCode({ connection, view, actions, code, edited, onClose, onDone }: DeployCodeProps) {
  const t = useTranslations('functions.code');
  const own = useTranslations('functions.change');
  const refusal = useTranslations('ui.refusal');
  const message = useMessage('diversion.createFunction.error', 'ui.refusal');
  const [alias, setAlias] = useState('none');
  const [typed, setTyped] = useState('');
  const [isRefused, setRefused] = useState(false);
  const { deployment, deploy } = useFunctionDeployment(actions.deployFunction, (_, version) =>
    onDone(version),
  );
  const { name, aliases } = view.function;
  const isBusy = deployment.state === 'sending' || deployment.state === 'running';
  const isReal = connection.kind === 'tencent';
  const fieldErrors =
    deployment.state === 'refused'
      ? Object.values(deployment.error.fields)
          .flat()
          .map((key) => message(key))
      : [];
  const submit = () => {
    if (isReal && typed !== name) {
      setRefused(true);
      return;
    }
    const { region, namespace } = view.function;
    const { runtime, handler, memoryMb, timeoutS } = code;
    deploy({
      connectionId: connection.id,
      region,
      namespace,
      name,
      runtime,
      handler,
      memoryMb,
      timeoutS,
      code: edited,
      alias: alias === 'none' ? null : alias,
    });
  };
  const named = (aliases ?? []).map((each) => each.name).filter((each) => !each.startsWith('$'));
  return (
    <FormDialog
      onClose={onClose}
      title={t('confirmTitle', { name })}
      description={t('confirmText', { account: connection.name })}
      icon={<UploadCloud aria-hidden />}
      submitLabel={t('deploy')}
      isBusy={isBusy}
      onSubmit={submit}
      below={
        <>
          {fieldErrors.length > 0 ? <FailureCallout>{fieldErrors.join(' ')}</FailureCallout> : null}
          <DeployProgress deployment={deployment} />
        </>
      }
    >
      <Field label={t('confirmAlias')} note={t('confirmAliasNote')}>
        {(control) => (
          <Picker
            {...control}
            options={[
              { value: 'none', label: t('noAlias') },
              ...named.map((value) => ({ value, label: value })),
            ]}
            value={alias}
            onChange={setAlias}
            placeholder={t('noAlias')}
          />
        )}
      </Field>
      {isReal ? (
        <>
          <Callout tone="warn">{t('real')}</Callout>
          <TextField
            label={own('typeName', { name })}
            error={isRefused && typed !== name ? refusal('typedName.differs') : undefined}
            value={typed}
            onType={setTyped}
          />
        </>
      ) : null}
    </FormDialog>
  );
}
