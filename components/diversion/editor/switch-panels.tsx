'use client';

import { useEffect } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import diversion from '@/lib/messages/en/parts/diversion-names.json';
import { NamesPanel } from './names-panel';
import { RampPanel } from './ramp-panel';
import type { DiversionForm } from './use-diversion-form';

const texts = { diversion };

type SwitchPanelsProps = {
  readonly form: DiversionForm;
  /** Called once they are shown. */
  readonly onShown: () => void;
};

/** The panels that only a Switch has, with their text. */
export function SwitchPanels({ form, onShown }: SwitchPanelsProps) {
  useEffect(onShown, [onShown]);
  return (
    <AddMessages texts={texts}>
      <NamesPanel form={form} />
      <RampPanel form={form} />
    </AddMessages>
  );
}
