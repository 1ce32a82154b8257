import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { CloudErrorBlock } from '@/components/cloud-error/cloud-error-block';
import { useMeasure } from '@/components/shell/use-measure';
import { StateCompare } from '@/components/steps/state-compare';
import { FactRow, Facts } from '@/components/ui/facts';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { getHostName } from '@/lib/estate/look-up';
import type { ObjectRef } from '@/lib/estate/object';
import { refName } from '@/lib/estate/ref-name';
import { unreachable } from '@/lib/invariant';
import { routes } from '@/lib/routes';
import type { StopReason } from '@/lib/run/model/model';
import { shorten } from '@/lib/shorten';
import { ProblemList } from './problem-list';

/** The page where an account's owner asks Tencent Cloud for features that are not open to the account. */
const ticketUrl = 'https://console.cloud.tencent.com/workorder/category';
const bindings: readonly string[] = ['RegisterFunctionTargets', 'ModifyFunctionTargets'];

/**
 * Returns true if a refusal is the error that an account gets when the binding of functions is not open to it. The
 * binding was a beta on request, and no API reports it. The codes are an assumption: no document names them.
 */
function isBindingClosed({ action, code }: Extract<StopReason, { kind: 'cloudError' }>['error']): boolean {
  return bindings.includes(action) && (code === 'UnauthorizedOperation' || code === 'FailedOperation');
}

type ReasonProps = { readonly reason: StopReason };

/** The reason of the stop in one sentence. */
export function ReasonTitle({ reason }: ReasonProps): ReactNode {
  const t = useTranslations('run.stopped');
  const objectName = useObjectName();
  const measures = useMeasure();
  switch (reason.kind) {
    case 'drift':
    case 'notEffective':
      return t(reason.kind, { object: objectName(reason.object) });
    case 'cloudError':
      return t('cloudError', { action: reason.error.action });
    case 'probeFailed':
    case 'internal':
    case 'invalid':
      return t(reason.kind);
    case 'guard': {
      const { guard, value } = reason.breach;
      return t('guard', {
        measure: measures.name(guard.measure),
        value: measures.format(guard.measure, value),
        limit: measures.format(guard.measure, guard.limit),
      });
    }
    default:
      return unreachable(reason);
  }
}

/** The consequences of the reason and the available actions. */
export function ReasonNote({ reason }: ReasonProps): ReactNode {
  const t = useTranslations('run.stopped');
  switch (reason.kind) {
    case 'drift':
    case 'notEffective':
    case 'internal':
    case 'invalid':
      return t(`${reason.kind}Note`);
    case 'guard': {
      const { guard, since } = reason.breach;
      return t.rich('guardNote', { seconds: guard.forS, time: () => <Time at={since} /> });
    }
    case 'cloudError':
      return (
        <>
          {t('cloudErrorNote', { mayHaveHappened: String(!reason.settled) })}
          {isBindingClosed(reason.error) ? (
            <span className="mt-1 block text-ink">
              {t.rich('bindingClosed', {
                action: reason.error.action,
                ticket: (words) => (
                  <a href={ticketUrl} target="_blank" rel="noreferrer" className="underline">
                    {words}
                  </a>
                ),
              })}
            </span>
          ) : null}
        </>
      );
    case 'probeFailed':
      return reason.answer.failure;
    default:
      return unreachable(reason);
  }
}

/** The section of the runbook about each reason. */
export const runbookSections: Readonly<Record<StopReason['kind'], string>> = {
  drift: 'drift',
  cloudError: 'cloud-error',
  notEffective: 'not-effective',
  probeFailed: 'probe-failed',
  internal: 'internal-error',
  guard: 'guard',
  invalid: 'invalid-plan',
};

/** A short instruction for the next step, with a link to the full one. */
export function ReasonRunbook({ reason }: ReasonProps): ReactNode {
  const t = useTranslations('run.stopped');
  return (
    <div className="rounded-md border border-line-strong bg-surface px-2.5 py-2">
      <p className="text-12 font-semibold">{t('whatToDo')}</p>
      <p className="text-12 text-ink">
        {t(`todo.${reason.kind}`)}{' '}
        <TextLink href={routes.runbook(runbookSections[reason.kind])}>{t('openRunbook')}</TextLink>
      </p>
    </div>
  );
}

/** The expected and found values, or the response; renders nothing if the sentence is enough. */
export function ReasonDetail({ reason }: ReasonProps): ReactNode {
  const t = useTranslations('run.stopped');
  switch (reason.kind) {
    case 'drift':
    case 'notEffective':
      return (
        <div className="rounded-md border border-bad-line bg-surface px-2.5 py-2">
          <StateCompare
            from={{ title: t('expected'), state: reason.expected }}
            to={{ title: t('found'), state: reason.found }}
          />
        </div>
      );
    case 'cloudError':
      return <CloudErrorBlock error={reason.error} />;
    case 'probeFailed':
      return (
        <FactBox>
          <FactRow name={t('address')}>
            <span className="mono">{reason.answer.address}</span>
          </FactRow>
          <FactRow name={t('answer')}>{reason.answer.status ?? t('noAnswer')}</FactRow>
          <FactRow name={t('body')}>
            <span className="mono break-all">{shorten(reason.answer.body, 600)}</span>
          </FactRow>
        </FactBox>
      );
    case 'internal':
      return (
        <FactBox>
          <FactRow name={t('message')}>
            <span className="mono break-words">{reason.message}</span>
          </FactRow>
        </FactBox>
      );
    case 'invalid':
      return (
        <div className="rounded-md border border-bad-line bg-surface px-2.5 py-2 text-12">
          <ProblemList problems={reason.problems} />
        </div>
      );
    case 'guard':
      return null;
    default:
      return unreachable(reason);
  }
}

function FactBox({ children }: { readonly children: ReactNode }) {
  return (
    <div className="rounded-md border border-bad-line bg-surface px-2.5 py-1 text-ink">
      <Facts>{children}</Facts>
    </div>
  );
}

/** Returns a function that names the object of a step. */
function useObjectName(): (object: ObjectRef) => string {
  const t = useTranslations('run.stopped.object');
  return (object) => {
    switch (object.kind) {
      case 'rule':
        return t('rule', { rule: `${object.domain}${object.url}`, loadBalancer: object.loadBalancerId });
      case 'recordSet':
        return t('recordSet', { name: getHostName(object) });
      default:
        return t(object.kind, { name: refName(object) });
    }
  };
}
