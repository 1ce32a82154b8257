import { useQueryClient } from '@tanstack/react-query';
import { Pause, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { usePageActions } from '@/components/shell/palette/page-actions';
import { listReasons, useAction } from '@/components/shell/use-action';
import { Button } from '@/components/ui/button';
import { Status } from '@/components/ui/chip';
import { Dialog } from '@/components/ui/dialog';
import { TextField } from '@/components/ui/forms/text-field';
import { useMessage } from '@/components/ui/use-message';
import { checkAnswer } from '@/lib/client/check-answer';
import { queryKeys } from '@/lib/client/queries';
import type { ActionError } from '@/lib/contract/answer';
import type { RunningView } from '@/lib/contract/overview';
import type { CommandRunAction } from '@/lib/contract/run';
import { formatNames } from '@/lib/diversion/format-names';
import { ok } from '@/lib/result';
import type { RunId } from '@/lib/run/model/run-id';

/** A run that can be commanded now; `functionShare` null = unknown, or as before the run. */
export type CommandedRun = Pick<RunningView, 'runId' | 'name' | 'domains' | 'functionShare'>;

/** The outcome of one command: accepted, refused with an error, or no answer. */
type Outcome = 'accepted' | 'unknown' | ActionError;

/** The server's limit. */
const reasonMax = 500;

type CommandRunsProps = {
  readonly command: 'pause' | 'rollback';
  /** The diversion's name; null = all that are diverted. */
  readonly name: string | null;
  readonly runs: readonly CommandedRun[];
  /** Stay mounted when false: an open dialog keeps its outcome. */
  readonly isOffered: boolean;
  readonly commandRun: CommandRunAction;
};

/** Asks, then commands each run on its own: one that is refused does not stop the others. */
export function CommandRuns({ command, name, runs, isOffered, commandRun }: CommandRunsProps) {
  const t = useTranslations('overview.command');
  const client = useQueryClient();
  const [isOpen, setIsOpen] = useState(false);
  const [reason, setReason] = useState('');
  /** The runs of the last confirmation: the list below must not change while it is read. */
  const [sent, setSent] = useState<readonly CommandedRun[] | null>(null);
  const [outcomes, setOutcomes] = useState<ReadonlyMap<RunId, Outcome>>(new Map());
  const sending = useAction(
    async (asked: readonly CommandedRun[]) => {
      const results = asked.map(async ({ runId }): Promise<readonly [RunId, Outcome]> => {
        const input = { runId, command, reason: reason.trim(), typedDomain: null };
        const answer = await checkAnswer(commandRun(input)).catch(() => null);
        return [runId, answer === null ? 'unknown' : answer.ok ? 'accepted' : answer.error];
      });
      return ok(new Map(await Promise.all(results)));
    },
    setOutcomes,
    { onSettled: () => client.invalidateQueries({ queryKey: queryKeys.overview() }) },
  );
  const open = () => {
    setSent(null);
    setOutcomes(new Map());
    setIsOpen(true);
  };
  const listed = sent ?? runs;
  const icon = command === 'pause' ? <Pause aria-hidden /> : <Undo2 aria-hidden />;
  const isAll = name === null;
  const values = { scope: isAll ? 'all' : 'one', name: name ?? '', count: listed.length };
  const label = t(`${command}.label`, values);
  usePageActions(isAll && isOffered ? [{ id: 'rollBackAll', label, whyNot: null, act: open }] : []);
  return (
    <>
      {isOffered ? (
        <Button
          variant={command === 'pause' ? 'default' : 'danger'}
          size="sm"
          icon={icon}
          aria-label={label}
          onClick={open}
        >
          {isAll ? label : t(`${command}.button`)}
        </Button>
      ) : null}
      <Dialog
        open={isOpen}
        onOpenChange={setIsOpen}
        title={t(`${command}.title`, values)}
        description={t(`${command}.text`)}
        icon={icon}
        cancelLabel={t(sent === null ? `${command}.cancel` : 'close')}
        action={
          sent === null || sending.isBusy ? (
            <Button
              variant={command === 'pause' ? 'primary' : 'dangerSolid'}
              busy={sending.isBusy}
              onClick={() => {
                setSent(runs);
                sending.send(runs);
              }}
            >
              {t(`${command}.now`, values)}
            </Button>
          ) : null
        }
      >
        <ul className="grid gap-2" aria-live="polite">
          {listed.map((run) => (
            <Line key={run.runId} command={command} run={run} outcome={outcomes.get(run.runId) ?? null} />
          ))}
        </ul>
        {sent === null ? (
          <TextField label={t('reason')} value={reason} maxLength={reasonMax} onType={setReason} />
        ) : null}
      </Dialog>
    </>
  );
}

type LineProps = {
  readonly command: CommandRunsProps['command'];
  readonly run: CommandedRun;
  readonly outcome: Outcome | null;
};

function Line({ command, run: { name, runId, domains, functionShare }, outcome }: LineProps) {
  const t = useTranslations('overview.command');
  const message = useMessage('ui.refusal');
  return (
    <li>
      <strong className="font-semibold">{name}</strong> {runId}
      <p className="text-12 text-ink-2">
        {t(`${command}.effect`, { names: formatNames(domains, 3), share: functionShare ?? 'unknown' })}
      </p>
      {outcome === null ? null : (
        <Status tone={outcome === 'accepted' ? 'ok' : outcome === 'unknown' ? 'warn' : 'bad'}>
          <span className="whitespace-normal">
            {outcome === 'accepted'
              ? t(`${command}.accepted`)
              : outcome === 'unknown'
                ? t('unknown')
                : listReasons(outcome)
                    .map((reason) => message(reason.message, reason.values))
                    .join(' ')}
          </span>
        </Status>
      )}
    </li>
  );
}
