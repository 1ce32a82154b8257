import { useQueryClient } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { usePageActions } from '@/components/shell/palette/page-actions';
import { useAction } from '@/components/shell/use-action';
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

/** A run that can be rolled back now; `functionShare` null = unknown, or as before the run. */
export type DivertedRun = Pick<RunningView, 'runId' | 'name' | 'domains' | 'functionShare'>;

/** The outcome of one command: accepted, refused with an error, or no answer. */
type Outcome = 'accepted' | 'unknown' | ActionError;

/** The server's limit. */
const reasonMax = 500;

type RollBackAllProps = { readonly runs: readonly DivertedRun[]; readonly commandRun: CommandRunAction };

/** Rolls back everything that is diverted, each run on its own: one that is refused does not stop the others. */
export function RollBackAll({ runs, commandRun }: RollBackAllProps) {
  const t = useTranslations('overview.rollBackAll');
  const client = useQueryClient();
  const [isOpen, setIsOpen] = useState(false);
  const [reason, setReason] = useState('');
  /** The runs of the last confirmation: the list below must not change while it is read. */
  const [sent, setSent] = useState<readonly DivertedRun[] | null>(null);
  const [outcomes, setOutcomes] = useState<ReadonlyMap<RunId, Outcome>>(new Map());
  const sending = useAction(
    async (asked: readonly DivertedRun[]) => {
      const results = asked.map(async ({ runId }): Promise<readonly [RunId, Outcome]> => {
        const input = { runId, command: 'rollback', reason: reason.trim(), typedDomain: null } as const;
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
  usePageActions(
    runs.length === 0
      ? []
      : [{ id: 'rollBackAll', label: t('button', { count: runs.length }), whyNot: null, act: open }],
  );
  const listed = sent ?? runs;
  return (
    <>
      {runs.length === 0 ? null : (
        <Button variant="danger" size="sm" icon={<Undo2 aria-hidden />} onClick={open}>
          {t('button', { count: runs.length })}
        </Button>
      )}
      <Dialog
        open={isOpen}
        onOpenChange={setIsOpen}
        title={t('title', { count: listed.length })}
        description={t('text')}
        icon={<Undo2 aria-hidden />}
        cancelLabel={t(sent === null ? 'cancel' : 'close')}
        action={
          sent === null || sending.isBusy ? (
            <Button
              variant="dangerSolid"
              busy={sending.isBusy}
              onClick={() => {
                setSent(runs);
                sending.send(runs);
              }}
            >
              {t('now', { count: listed.length })}
            </Button>
          ) : null
        }
      >
        <ul className="grid gap-2" aria-live="polite">
          {listed.map((run) => (
            <Line key={run.runId} run={run} outcome={outcomes.get(run.runId) ?? null} />
          ))}
        </ul>
        {sent === null ? (
          <TextField label={t('reason')} value={reason} maxLength={reasonMax} onType={setReason} />
        ) : null}
      </Dialog>
    </>
  );
}

function Line({ run, outcome }: { readonly run: DivertedRun; readonly outcome: Outcome | null }) {
  const t = useTranslations('overview.rollBackAll');
  const message = useMessage('ui.refusal');
  const { name, runId, domains, functionShare } = run;
  return (
    <li>
      <strong className="font-semibold">{name}</strong> {runId}
      <p className="text-12 text-ink-2">
        {t('effect', { names: formatNames(domains, 3), share: functionShare ?? 'unknown' })}
      </p>
      {outcome === null ? null : outcome === 'accepted' || outcome === 'unknown' ? (
        <Status tone={outcome === 'accepted' ? 'ok' : 'warn'}>{t(outcome)}</Status>
      ) : (
        <Status tone="bad">
          <span className="whitespace-normal">
            {outcome.form === null
              ? Object.values(outcome.fields)
                  .flat()
                  .map((key) => message(key))
                  .join(' ')
              : message(outcome.form.message, outcome.form.values)}
          </span>
        </Status>
      )}
    </li>
  );
}
