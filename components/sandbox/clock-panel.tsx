'use client';

import { FastForward } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Fact, Facts } from '@/components/ui/facts';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import { Time } from '@/components/ui/time';
import type { CommandSandboxAction } from '@/lib/client/actions';
import type { SandboxView } from '@/lib/client/views';
import { OrderNote } from './order-note';
import { useOrders } from './use-sandbox';

type ClockPanelProps = { readonly sandbox: SandboxView; readonly commandSandbox: CommandSandboxAction };

/** How a clock runs: `fast` at some multiple of real time. */
type Pace = 'real' | 'still' | 'fast';

function paceOf({ mode, rate }: SandboxView['clock']): Pace {
  if (mode === 'real') return 'real';
  return rate === 0 ? 'still' : 'fast';
}

const fastRate = 60;
/** Seconds. */
const leaps = [10, 60, 600, 3600] as const;

/** The sandbox's clock: real, standing still and moved by hand, or fast. And how long its tasks take. */
export function ClockPanel({ sandbox, commandSandbox }: ClockPanelProps) {
  const t = useTranslations('sandbox.clock');
  const { last, give } = useOrders(commandSandbox);
  const { clock } = sandbox;
  const pace = paceOf(clock);
  const rate = pace === 'fast' ? clock.rate : 0;
  const set = (next: Pace) => {
    if (next === 'real') give({ kind: 'clock', order: { mode: 'real' } });
    else give({ kind: 'clock', order: { mode: 'virtual', rate: next === 'fast' ? fastRate : 0 } });
  };
  const leap = (seconds: number) =>
    give({ kind: 'clock', order: { mode: 'virtual', rate, advanceMs: seconds * 1000 } });
  return (
    <Panel title={t('title')}>
      <div className="grid gap-3">
        <Facts>
          <Fact name={t('now')}>
            <Time at={new Date(clock.now).toISOString()} />
          </Fact>
        </Facts>
        <Segmented
          label={t('pace')}
          value={pace}
          onChange={set}
          options={[
            { value: 'real', label: t('real') },
            { value: 'still', label: t('still') },
            { value: 'fast', label: t('fast', { rate: pace === 'fast' ? clock.rate : fastRate }) },
          ]}
        />
        <div className="flex flex-wrap items-center gap-2">
          {leaps.map((seconds) => (
            <Button
              key={seconds}
              size="sm"
              icon={<FastForward aria-hidden />}
              disabled={pace === 'real'}
              aria-describedby="clock-leap"
              onClick={() => leap(seconds)}
            >
              {t('leap', { seconds })}
            </Button>
          ))}
          <span id="clock-leap" className="text-12 text-ink-2">
            {pace === 'real' ? t('leapOff') : t('leapOn')}
          </span>
        </div>
        <TaskTime taskMs={sandbox.taskMs} onSet={(ms) => give({ kind: 'taskTime', ms })} />
        <OrderNote last={last} />
      </div>
    </Panel>
  );
}

function TaskTime({ taskMs, onSet }: { readonly taskMs: number; readonly onSet: (ms: number) => void }) {
  const t = useTranslations('sandbox.clock');
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? String(taskMs);
  const ms = /^\d{1,7}$/.test(text) ? Number(text) : null;
  return (
    <form
      className="flex items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (ms === null) return;
        onSet(ms);
        setTyped(null);
      }}
    >
      <Field label={t('taskTime')} note={t('taskTimeNote')} error={ms === null ? t('taskTimeError') : null}>
        {(control) => (
          <Input
            {...control}
            className="w-36"
            inputMode="numeric"
            unit="ms"
            value={text}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" className="mb-5.5" disabled={ms === null || ms === taskMs}>
        {t('taskTimeSet')}
      </Button>
    </form>
  );
}
