'use client';

import type { ComponentProps } from 'react';
import { CreateFunction } from '@/components/diversion/function/create-function';
import { DeployAnnouncement, DeployProgress } from '@/components/diversion/function/deploy-progress';
import { helloClbBody, isHelloClb } from '@/components/diversion/function/hello-clb';
import { AddMessages } from '@/components/ui/base/add-messages';
import create from '@/lib/messages/en/diversion-create.json';
import chosen from '@/lib/messages/en/parts/diversion-chosen.json';
import { CreatingDialog } from './creating-dialog';

const texts = { diversion: { ...create, ...chosen } };

type Deployed = Parameters<ComponentProps<typeof CreateFunction>['onDeploy']>;

type CreatingDialogsProps = {
  readonly resource: ComponentProps<typeof CreatingDialog>;
  readonly fn: Omit<ComponentProps<typeof CreateFunction>, 'onDeploy'> & {
    readonly onDeploy: (...deployed: [...Deployed, body: string]) => void;
  };
};

/** The dialogs that create resources, with their text. */
export function CreatingDialogs({ resource, fn }: CreatingDialogsProps) {
  return (
    <AddMessages texts={texts}>
      <CreatingDialog {...resource} />
      <CreateFunction
        {...fn}
        onDeploy={(form, ...where) => fn.onDeploy(form, ...where, isHelloClb(form.code) ? helloClbBody : '')}
      />
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
