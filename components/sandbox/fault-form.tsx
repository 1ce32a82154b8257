'use client';

import { Zap } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { SegmentedField } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import { useAnyKey } from '@/components/ui/use-message';
import { CommandNoteLine } from './command-note-line';
import {
  callKinds,
  emptyFault,
  type FaultDraft,
  type FaultField,
  faultKinds,
  listFaultFields,
  mayTakeEffect,
  toFaultSpec,
} from './fault-draft';
import type { SandboxCommands } from './use-sandbox';

const units: Partial<Record<FaultField, string>> = { ms: 'ms', share: '%', afterS: 's' };

/** Injects a fault: its kind, the affected calls or objects, and its frequency. */
export function FaultForm({ commands }: { readonly commands: SandboxCommands }) {
  const t = useTranslations('sandbox.fault');
  const notes = useAnyKey('sandbox.fault.note');
  const [draft, setDraft] = useState(emptyFault);
  const [isJudged, setIsJudged] = useState(false);
  const order = toFaultSpec(draft);
  const errors = isJudged && !order.ok ? order.error : {};
  const change = (part: Partial<FaultDraft>) => setDraft((before) => ({ ...before, ...part }));
  const isOfCalls = callKinds.some((kind) => kind === draft.kind);
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        setIsJudged(true);
        if (order.ok) commands.send({ kind: 'addFault', order: order.value }, () => setIsJudged(false));
      }}
    >
      <div className="grid items-start gap-3 md:grid-cols-2">
        <Field label={t('kind')} note={t(`about.${draft.kind}`)}>
          {(control) => (
            <Select
              {...control}
              value={draft.kind}
              onChange={(kind) => change({ kind })}
              options={faultKinds.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }))}
            />
          )}
        </Field>
        {isOfCalls ? (
          <SegmentedField
            label={t('often')}
            value={draft.often}
            onChange={(often) => change({ often })}
            options={[
              { value: 'count', label: t('byCount') },
              { value: 'share', label: t('byShare') },
            ]}
          />
        ) : null}
      </div>
      <div className="grid items-start gap-3 md:grid-cols-2">
        {listFaultFields(draft).map((field) => (
          <Field
            key={field}
            label={t(`field.${field}`)}
            note={notes.has(field) ? notes(field) : null}
            error={errors[field] ? t(`error.${errors[field]}`) : null}
          >
            {(control) => (
              <Input
                {...control}
                {...(units[field] ? { unit: units[field] } : {})}
                value={draft[field]}
                onChange={(event) => change({ [field]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </div>
      {mayTakeEffect(draft.kind) ? (
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={draft.takesEffect}
            onChange={(event) => change({ takesEffect: event.target.checked })}
          />
          {t('takesEffect')}
        </label>
      ) : null}
      <div className="flex flex-wrap items-center gap-3">
        <Button
          type="submit"
          variant="primary"
          icon={<Zap aria-hidden />}
          busy={commands.last.state === 'sending'}
        >
          {t('add')}
        </Button>
        <CommandNoteLine last={commands.last} done={t('injected')} />
      </div>
    </form>
  );
}
