'use client';

import { Zap } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { TextField } from '@/components/ui/forms/text-field';
import { ChangeDialog } from './change-dialog';
import type { FunctionPageProps } from './function-props';
import { useChange } from './use-change';

type WarmDialogProps = FunctionPageProps & { readonly version: string; readonly onClose: () => void };

/** Sets the number of warm instances of a version, and shows the available memory. */
export function WarmDialog({ version, onClose, ...props }: WarmDialogProps) {
  const t = useTranslations('functions.versions');
  const { function: fn, room } = props.view;
  const change = useChange(props, props.actions.setProvisioned, onClose);
  const before = fn.provisioned?.find(({ qualifier }) => qualifier === version)?.allocated ?? 0;
  const [count, setCount] = useState(String(before));
  const memory = fn.memoryMb;
  const note =
    room.freeMb === null
      ? t('warmUnknown', { memory })
      : t('warmNote', {
          memory,
          within: room.within,
          free: Math.max(0, room.freeMb),
          room: Math.max(0, Math.floor(room.freeMb / memory)),
        });
  return (
    <ChangeDialog
      change={change}
      title={t('warmTitle', { version })}
      description={t('warmText')}
      icon={<Zap aria-hidden />}
      submitLabel={t('setWarm')}
      onClose={onClose}
      onSubmit={() =>
        change.submit({
          change: {
            kind: 'setProvisioned',
            version,
            before,
            after: count.trim() === '' ? Number.NaN : Number(count),
          },
        })
      }
    >
      <TextField
        label={t('warmLabel')}
        note={`${t('warmNow', { count: before })} ${note}`}
        error={change.fieldError('change.after', count)}
        inputMode="numeric"
        value={count}
        onType={setCount}
      />
    </ChangeDialog>
  );
}
