import { Check, Circle, LoaderCircle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { CloudErrorFacts } from '@/components/cloud-error/cloud-error-facts';
import { Callout, FailureCallout } from '@/components/ui/banner';
import { LiveRegion } from '@/components/ui/live-region';
import { useMessage } from '@/components/ui/use-message';
import type { CloudErrorData } from '@/lib/cloud/errors';
import type { DeployFunctionInput } from '@/lib/contract/function';
import { unreachable } from '@/lib/invariant';
import type { FunctionDeployment } from './use-function-deployment';

/** Returns what a failed deployment has changed, by the call that failed. */
function getEffect({
  action,
  code,
  mayHaveHappened,
}: CloudErrorData): 'none' | 'unknown' | 'code' | 'version' {
  // A change that Spillway or the cloud refused before the first write.
  if (code.startsWith('Refused.')) return 'none';
  if (action === 'PublishVersion') return 'code';
  if (/Alias$/.test(action)) return 'version';
  return mayHaveHappened || action === 'GetFunction' ? 'unknown' : 'none';
}

/** The progress of a deployment, or the error that the cloud returned. */
export function DeployProgress({ deployment }: { readonly deployment: FunctionDeployment }) {
  const t = useTranslations('diversion.createFunction');
  const message = useMessage('ui.refusal');
  switch (deployment.state) {
    case 'none':
      return null;
    case 'sending':
      return <Stages input={deployment.input} stage="queued" />;
    case 'running':
      return (
        <>
          <Stages input={deployment.input} stage={deployment.stage} />
          {deployment.isLost ? <Callout tone="warn">{t('lost')}</Callout> : null}
        </>
      );
    case 'refused': {
      const { form } = deployment.error;
      return form === null ? null : <FailureCallout>{message(form.message, form.values)}</FailureCallout>;
    }
    case 'unknown':
      return (
        <FailureCallout title={t('unknown', { name: deployment.input.name })}>
          {t('unknownNote')}
        </FailureCallout>
      );
    case 'failed':
      return (
        <FailureCallout title={t('failed', { name: deployment.input.name })}>
          <CloudErrorFacts error={deployment.error} />
          <p className="mt-1">{t('failedNote', { effect: getEffect(deployment.error) })}</p>
        </FailureCallout>
      );
    case 'done':
      return (
        <p role="status" className="flex items-center gap-1.5 text-12">
          <Check aria-hidden className="size-3.5 text-ok" />
          {t('done', { name: deployment.input.name, version: deployment.version })}
        </p>
      );
    default:
      return unreachable(deployment);
  }
}

type Stage = Extract<FunctionDeployment, { state: 'running' }>['stage'];

/** `creating` and `updating` share one position: only one of them happens. */
const usual: readonly Stage[] = ['queued', 'creating', 'waiting', 'publishing'];

type StagesProps = {
  readonly input: Pick<DeployFunctionInput, 'name' | 'alias'>;
  readonly stage: Stage;
};

function Stages({ input, stage }: StagesProps) {
  const t = useTranslations('diversion.createFunction');
  const { name, alias } = input;
  const order: readonly Stage[] = alias ? [...usual, 'aliasing'] : usual;
  const at = order.indexOf(stage === 'updating' ? 'creating' : stage);
  return (
    <div role="status" aria-label={t('progress', { name })}>
      <p className="text-12 font-medium text-ink-2">{t('progress', { name })}</p>
      <ol className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-12">
        {order.map((entry, index) => (
          <li
            key={entry}
            aria-current={index === at ? 'step' : undefined}
            className={index > at ? 'flex items-center gap-1.5 text-ink-3' : 'flex items-center gap-1.5'}
          >
            <StageMark place={index < at ? 'over' : index === at ? 'now' : 'ahead'} />
            {t(`stage.${entry === 'creating' && stage === 'updating' ? 'updating' : entry}`)}
          </li>
        ))}
      </ol>
    </div>
  );
}

function StageMark({ place }: { readonly place: 'over' | 'now' | 'ahead' }) {
  if (place === 'over') return <Check aria-hidden className="size-3.5 text-ok" />;
  if (place === 'now') return <LoaderCircle aria-hidden className="size-3.5 animate-spin" />;
  return <Circle aria-hidden className="size-3.5" />;
}

/** Announces what happens to a deployment, whether or not its dialog is open. */
export function DeployAnnouncement({ deployment }: { readonly deployment: FunctionDeployment }) {
  const t = useTranslations('diversion.createFunction');
  const message =
    deployment.state === 'done'
      ? t('done', { name: deployment.input.name, version: deployment.version })
      : deployment.state === 'running'
        ? t(`stage.${deployment.stage}`)
        : '';
  return <LiveRegion message={message} />;
}
