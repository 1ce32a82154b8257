'use client';

import type { ComponentProps } from 'react';
import { TopologyView } from '@/components/topology/topology-view';
import { AddMessages } from '@/components/ui/base/add-messages';
import detail from '@/lib/messages/en/estate-detail.json';

const texts = { estate: detail };

/** The map with its text. */
export function EstateMap(props: ComponentProps<typeof TopologyView>) {
  return (
    <AddMessages texts={texts}>
      <TopologyView {...props} />
    </AddMessages>
  );
}
