'use client';

import { FastForward } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import { FactRow, Facts } from '@/components/ui/facts';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import { Time } from '@/components/ui/time';
import { useMay } from '@/lib/client/session/rights';
import type { CommandSandboxAction, SandboxView } from '@/lib/contract/sandbox';
import { CommandNoteLine } from './command-note-line';
import { type SandboxCommands, useSandboxCommands } from './use-sandbox';

type ClockPanelProps = { readonly sandbox: SandboxView; readonly commandSandbox: CommandSandboxAction };

/** The mode of a clock; `fast` is some multiple of real time. */
type Pace = 'real' | 'still' | 'fast';

function getPace({ mode, rate }: SandboxView['clock']): Pace {
  if (mode === 'real') return 'real';
  return rate === 0 ? 'still' : 'fast';
}

const fastRate = 60;
/** The steps for advancing the clock, in seconds. */
const leaps = [10, 60, 600, 3600] as const;

/** The sandbox's clock (real, stopped and advanced manually, or fast) and the duration of its tasks. */
export function ClockPanel({ sandbox, commandSandbox }: ClockPanelProps) {
  const t = useTranslations('sandbox.clock');
  const commands = useSandboxCommands(commandSandbox);
  const mayControl = useMay('runCode', 'everywhere');
  const [asked, setAsked] = useState<Pace>('real');
  const leapNote = useId();
  const { clock } = sandbox;
  const pace = getPace(clock);
  const isSending = commands.last.state === 'sending';
  const isChanging =
    commands.last.state === 'sending' &&
    commands.last.command.kind === 'clock' &&
    !('advanceMs' in commands.last.command.order);
  const rate = pace === 'fast' ? clock.rate : 0;
  const set = (next: Pace) => {
    setAsked(next);
    if (next === 'real') commands.send({ kind: 'clock', order: { mode: 'real' } });
    else commands.send({ kind: 'clock', order: { mode: 'virtual', rate: next === 'fast' ? fastRate : 0 } });
  };
  const leap = (seconds: number) =>
    commands.send({ kind: 'clock', order: { mode: 'virtual', rate, advanceMs: seconds * 1000 } });
  return (
    <Panel title={t('title')}>
      <div className="grid gap-3">
        <Facts>
          <FactRow name={t('now')}>
            <Time at={new Date(clock.now).toISOString()} />
          </FactRow>
        </Facts>
        <div className={classes('-mt-3 border-t border-line', mayControl && 'md:hidden')}>
          <Facts>
            <FactRow name={t('pace')}>{t(pace, { rate: clock.rate })}</FactRow>
            <FactRow name={t('taskTime')}>
              <span className="tabular-nums">{t('ms', { ms: sandbox.taskMs })}</span>
            </FactRow>
          </Facts>
        </div>
        {mayControl ? (
          <div className="grid gap-3 max-md:hidden">
            <div>
              <Segmented
                label={t('pace')}
                value={isChanging ? asked : pace}
                onChange={set}
                options={[
                  { value: 'real', label: t('real') },
                  { value: 'still', label: t('still') },
                  { value: 'fast', label: t('fast', { rate: pace === 'fast' ? clock.rate : fastRate }) },
                ]}
              />
            </div>
            <div className="grid gap-1">
              <div className="flex flex-wrap items-center gap-2">
                {leaps.map((seconds) => (
                  <Button
                    key={seconds}
                    size="sm"
                    icon={<FastForward aria-hidden />}
                    disabled={pace === 'real'}
                    aria-disabled={isSending || undefined}
                    aria-label={t('advanceName', { by: t('advance', { seconds }) })}
                    aria-describedby={leapNote}
                    onClick={() => isSending || leap(seconds)}
                  >
                    {t('advance', { seconds })}
                  </Button>
                ))}
              </div>
              <p id={leapNote} className="text-12 text-ink-2">
                {pace === 'real' ? t('advanceOff') : t('advanceOn')}
              </p>
            </div>
            <TaskTime taskMs={sandbox.taskMs} commands={commands} />
            <CommandNoteLine last={commands.last} />
          </div>
        ) : null}
      </div>
    </Panel>
  );
}

function TaskTime({ taskMs, commands }: { readonly taskMs: number; readonly commands: SandboxCommands }) {
  const t = useTranslations('sandbox.clock');
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? String(taskMs);
  const ms = /^\d{1,7}$/.test(text) ? Number(text) : null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ms !== null) commands.send({ kind: 'taskTime', ms }, () => setTyped(null));
      }}
    >
      <Field
        label={t('taskTimeNew')}
        note={t('taskTimeNote')}
        error={ms === null ? t('taskTimeError') : null}
      >
        {(control) => (
          <div className="flex gap-2">
            <Input
              {...control}
              className="w-36"
              inputMode="numeric"
              unit="ms"
              value={text}
              onChange={(event) => setTyped(event.target.value)}
            />
            <Button type="submit" disabled={ms === null || ms === taskMs}>
              {t('taskTimeSet')}
            </Button>
          </div>
        )}
      </Field>
    </form>
  );
}
