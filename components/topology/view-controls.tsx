'use client';

import { useReactFlow } from '@xyflow/react';
import { Maximize, Minus, Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { IconButton } from '@/components/ui/button';

/** Zoom and fit, at the lower right of the graph. */
export function ViewControls({ onFit }: { readonly onFit: () => void }) {
  const t = useTranslations('estate');
  const { zoomIn, zoomOut } = useReactFlow();
  return (
    <div className="absolute right-3 bottom-3 z-5 flex gap-1">
      <IconButton
        variant="default"
        size="sm"
        label={t('zoomOut')}
        icon={<Minus aria-hidden />}
        onClick={() => void zoomOut()}
      />
      <IconButton
        variant="default"
        size="sm"
        label={t('zoomIn')}
        icon={<Plus aria-hidden />}
        onClick={() => void zoomIn()}
      />
      <IconButton
        variant="default"
        size="sm"
        label={t('fit')}
        icon={<Maximize aria-hidden />}
        onClick={onFit}
      />
    </div>
  );
}
