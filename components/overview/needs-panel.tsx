import { useTranslations } from 'next-intl';
import { type ReactNode, useId } from 'react';
import { KeyAdvice } from '@/components/cloud-error/key-advice';
import { AlertReasonText, subjectHref } from '@/components/shell/alert-reason-text';
import { useCheckName } from '@/components/steps/use-check-name';
import { Person } from '@/components/ui/base/person';
import { Status } from '@/components/ui/chip';
import { classes } from '@/components/ui/classes';
import { Copyable } from '@/components/ui/copyable';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { useMessage } from '@/components/ui/use-message';
import type { NeedsView, NeedView } from '@/lib/contract/overview';
import { unreachable } from '@/lib/invariant';
import { routes } from '@/lib/routes';
import { RetryParts } from './part';

/** All open tasks, the most urgent first, each with a link to the page that resolves it; nothing without any. */
export function NeedsPanel({ needs: { items, total, unread } }: { readonly needs: NeedsView }) {
  const t = useTranslations('overview.needs');
  const toLine = useLine();
  const titleId = useId();
  if (items.length === 0 && unread.length === 0) return null;
  return (
    <section aria-labelledby={titleId} className="grid gap-2">
      <h2 id={titleId}>{t('title')}</h2>
      <ul className="grid gap-2">
        {items.map((need) => {
          const { tone, name, href, text } = toLine(need);
          return (
            <li
              key={`${need.kind} ${href} ${name} ${need.kind === 'approvalRequest' ? need.request.id : ''}`}
              className={classes(
                'rounded-lg border border-l-4 border-line bg-surface px-4 py-2',
                edges[tone],
              )}
            >
              <TextLink href={href} className="text-14">
                {name}
              </TextLink>
              <p className="text-12 text-ink-2">{text}</p>
            </li>
          );
        })}
      </ul>
      {total > items.length ? (
        <p className="text-12 text-ink-2">
          {t.rich('more', {
            count: total - items.length,
            link: (words) => <TextLink href={routes.diversions()}>{words}</TextLink>,
          })}
        </p>
      ) : null}
      {unread.length === 0 ? null : (
        <div className="grid justify-items-start gap-2 text-12">
          <ul>
            {unread.map(({ source, code }) => (
              <li key={source}>
                <Status tone="warn">
                  <span className="whitespace-normal">{t(`source.${source}`, { code })}</span>
                </Status>
              </li>
            ))}
          </ul>
          <RetryParts />
        </div>
      )}
    </section>
  );
}

const edges = { bad: 'border-l-bad', warn: 'border-l-warn', info: 'border-l-accent' } as const;

/** One open task: its name links to the page that resolves it. */
type Line = {
  readonly tone: keyof typeof edges;
  readonly name: string;
  readonly href: string;
  readonly text: ReactNode;
};

/** Returns a function that formats an open task. */
function useLine(): (need: NeedView) => Line {
  const t = useTranslations('overview.needs');
  const attention = useTranslations('diversions.attention');
  const problem = useMessage('run.problem');
  const refusal = useMessage('ui.refusal');
  const nameCheck = useCheckName();
  return (need) => {
    switch (need.kind) {
      case 'worker':
        return {
          tone: 'bad',
          name: t('workerName'),
          href: routes.settings(),
          text: t('worker', { worker: need.worker }),
        };
      case 'alert': {
        const { subject, name, reason, since } = need.alert;
        return {
          tone: 'bad',
          name: `${name} ${subject.id}`,
          href: subjectHref(subject),
          text: (
            <>
              <AlertReasonText reason={reason} /> <Time at={since} />
            </>
          ),
        };
      }
      case 'approvalRequest': {
        const { planId, name, actor, message, given, needed } = need.request;
        return {
          tone: 'warn',
          name: `${name} ${planId}`,
          href: routes.plan(planId),
          text: t.rich('approvalRequest', {
            actor: () => <Person address={actor} />,
            given,
            needed,
            message: message === '' ? 'none' : message,
          }),
        };
      }
      case 'revalidation':
        return {
          tone: 'bad',
          name: need.name,
          href: routes.run(need.runId),
          text: t.rich('revalidation', {
            time: () => <Time at={need.t0} zone={need.zone} />,
            problems: need.problems.map(({ kind, values }) => problem(kind, nameCheck(values))).join(' '),
          }),
        };
      case 'retrying':
        return {
          tone: 'bad',
          name: `${need.name} ${need.runId}`,
          href: routes.run(need.runId),
          text: t.rich('retrying', {
            action: need.action ?? 'none',
            step: need.stepId,
            code: need.code ?? t('noAnswer'),
            attempt: need.attempt,
            direction: need.direction,
            stops: need.until === null ? 'no' : 'yes',
            since: () => <Time at={need.since} />,
            until: () => (need.until === null ? null : <Time at={need.until} />),
          }),
        };
      case 'conflict': {
        const [first, second] = need.runIds;
        return {
          tone: 'bad',
          name: t('conflictName', { first, second }),
          href: routes.schedule(),
          text: t('conflict', { object: need.object }),
        };
      }
      case 'unscheduled':
        return {
          tone: 'bad',
          name: `${need.name} ${need.diversionId}`,
          href: routes.diversion(need.diversionId),
          text: t.rich('unscheduled', {
            time: () => <Time at={need.t0} zone={need.zone} hasDay />,
            problems: need.problems.map(({ message, values }) => refusal(message, values)).join(' '),
          }),
        };
      case 'attention': {
        const { number, blocks, given, needed } = need;
        const isOfRun = need.attention === 'stopped' || need.attention === 'missedT0';
        return {
          tone: need.attention === 'newerRevision' ? 'info' : 'warn',
          name: need.name,
          href: isOfRun && need.runId !== null ? routes.run(need.runId) : routes.plan(need.planId),
          text: attention(need.attention, { number, count: blocks, given, needed }),
        };
      }
      case 'drift':
        return {
          tone: 'warn',
          name: t('driftName', { name: need.connectionName }),
          href: routes.drift(need.connectionId),
          text: t('drift', { count: need.count }),
        };
      case 'syncFailed':
        return {
          tone: 'warn',
          name: t('syncName', { name: need.connectionName }),
          href: routes.estate(need.connectionId),
          text: (
            <>
              {t.rich('syncFailed', { code: need.code, time: () => <Time at={need.at} /> })}{' '}
              {need.requestId === null ? null : (
                <>
                  {t('request')} <Copyable value={need.requestId} />
                </>
              )}{' '}
              <KeyAdvice code={need.code} />
            </>
          ),
        };
      case 'background':
        return {
          tone: 'warn',
          name: t('backgroundName'),
          href: routes.settings(),
          text: t('background', { count: need.count }),
        };
      default:
        return unreachable(need);
    }
  };
}
