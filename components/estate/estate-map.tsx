'use client';

import type { ComponentProps } from 'react';
import { AddMessages } from '@/components/shell/intl-provider';
import { TopologyView } from '@/components/topology/topology-view';
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
