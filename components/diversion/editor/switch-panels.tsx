'use client';

import { NamesPanel } from './names-panel';
import { RampPanel } from './ramp-panel';
import type { DiversionForm } from './use-diversion-form';

/** The panels that only a Switch has. */
export function SwitchPanels({ form }: { readonly form: DiversionForm }) {
  return (
    <>
      <NamesPanel form={form} />
      <RampPanel form={form} />
    </>
  );
}
