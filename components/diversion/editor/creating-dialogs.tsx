'use client';

import type { ComponentProps } from 'react';
import { CreateFunction } from '@/components/diversion/function/create-function';
import { DeployAnnouncement, DeployProgress } from '@/components/diversion/function/deploy-progress';
import { AddMessages } from '@/components/shell/intl-provider';
import diversion from '@/lib/messages/en/diversion-create.json';
import { CreatingDialog } from './creating-dialog';

const texts = { diversion };

type CreatingDialogsProps = {
  readonly resource: ComponentProps<typeof CreatingDialog>;
  readonly fn: ComponentProps<typeof CreateFunction>;
};

/** The dialogs that create resources, with their text. */
export function CreatingDialogs({ resource, fn }: CreatingDialogsProps) {
  return (
    <AddMessages texts={texts}>
      <CreatingDialog {...resource} />
      <CreateFunction {...fn} />
      <DeployAnnouncement deployment={fn.deployment} />
    </AddMessages>
  );
}

/** The progress of a deployment outside of its dialog. */
export function DeployPart(props: ComponentProps<typeof DeployProgress>) {
  return (
    <AddMessages texts={texts}>
      <DeployProgress {...props} />
    </AddMessages>
  );
}
