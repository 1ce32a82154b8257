'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { CheckboxGroup } from '@/components/ui/forms/checkbox-group';
import { Input } from '@/components/ui/input';
import type { StartRehearsalAction } from '@/lib/client/rehearsals/rehearsal-views';
import { lateRoutes } from '@/lib/late-routes';
import type { PlanId } from '@/lib/plan/model/model';
import { type RehearsalFaultKind, rehearsalFaultKinds } from '@/lib/rehearsal/input';

const seedMax = 0xffff;

/** The fields of a rehearsal while they are being edited: texts that may not be valid yet. '' = as planned. */
type Draft = {
  readonly peak: string;
  readonly call: string;
  readonly server: string;
  readonly seed: string;
  readonly lost: string;
  readonly wait: string;
  readonly faults: string;
  readonly kinds: readonly RehearsalFaultKind[];
};

const number = (text: string) => (text.trim() === '' ? null : Number(text));

/** Converts the fields for the server, which refuses what is not a number. */
function toInput({ peak, call, server, seed, lost, wait, faults, kinds }: Draft) {
  const percent = number(lost);
  return {
    load: { peakRps: number(peak), callMs: number(call), serverRps: number(server) },
    settings: {
      seed: Number(seed),
      faults: { kinds, count: kinds.length === 0 ? 0 : Number(faults) },
      goals: { lostShare: percent === null ? null : percent / 100, waitP95Ms: number(wait) },
    },
  };
}

export type RehearseDialogProps = {
  readonly planId: PlanId;
  readonly hash: string;
  readonly startRehearsal: StartRehearsalAction;
  readonly onClose: () => void;
};

/** Starts a rehearsal. Mount it to open it. */
export function RehearseDialog({ planId, hash, startRehearsal, onClose }: RehearseDialogProps) {
  const t = useTranslations('rehearsal');
  const router = useRouter();
  const [draft, setDraft] = useState<Draft>(() => ({
    peak: '',
    call: '',
    server: '',
    seed: String(Math.floor(Math.random() * seedMax) + 1),
    lost: '0.1',
    wait: '500',
    faults: '3',
    kinds: [],
  }));
  const start = useAction(startRehearsal, ({ rehearsalId }) => {
    onClose();
    router.push(lateRoutes.rehearsal(rehearsalId));
  });
  const field = (name: Exclude<keyof Draft, 'kinds'>, label: string, path: string, note?: string) => (
    <Field label={label} error={start.fieldError(path)} {...(note === undefined ? {} : { note })}>
      {(control) => (
        <Input
          {...control}
          inputMode="decimal"
          value={draft[name]}
          placeholder={t('asPlanned')}
          onChange={({ target }) => setDraft((now) => ({ ...now, [name]: target.value }))}
        />
      )}
    </Field>
  );
  return (
    <FormDialog
      onClose={onClose}
      title={t('start')}
      description={t('startText')}
      submitLabel={t('startNow')}
      isBusy={start.isBusy}
      onSubmit={() => start.send({ planId, hash, ...toInput(draft) })}
      below={<ActionFailure action={start} />}
    >
      <div className="grid items-start gap-3 md:grid-cols-3">
        {field('peak', t('peak'), 'load.peakRps')}
        {field('call', t('call'), 'load.callMs')}
        {field('server', t('server'), 'load.serverRps')}
      </div>
      <div className="grid items-start gap-3 md:grid-cols-3">
        {field('lost', t('goalLost'), 'settings.goals.lostShare')}
        {field('wait', t('goalWait'), 'settings.goals.waitP95Ms')}
        {field('seed', t('seed'), 'settings.seed', t('seedNote'))}
      </div>
      <CheckboxGroup
        label={t('faultKinds')}
        options={rehearsalFaultKinds.map((kind) => ({ value: kind, label: t(`faults.kind.${kind}`) }))}
        chosen={draft.kinds}
        onChange={(kinds) => setDraft((now) => ({ ...now, kinds }))}
      />
      {draft.kinds.length === 0 ? null : field('faults', t('faultCount'), 'settings.faults.count')}
    </FormDialog>
  );
}
