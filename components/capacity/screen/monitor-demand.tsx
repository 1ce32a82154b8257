import { Activity } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import type { MonitorDialogProps } from './monitor-dialog';
import { MonitorDialog } from './monitor-dialog';

/** Opens the dialog that reads the demand of a past event from Monitor. Without an account there is none to read. */
export function MonitorDemand(props: Omit<MonitorDialogProps, 'onClose'>) {
  const t = useTranslations('capacity.monitor');
  const [isOpen, setIsOpen] = useState(false);
  const close = () => setIsOpen(false);
  if (props.connections.length === 0) return null;
  return (
    <>
      <Button icon={<Activity aria-hidden />} onClick={() => setIsOpen(true)}>
        {t('open')}
      </Button>
      {isOpen ? <MonitorDialog {...props} onClose={close} /> : null}
    </>
  );
}
