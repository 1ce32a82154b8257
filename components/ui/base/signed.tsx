import { Time } from '@/components/ui/time';
import { Person } from './person';

/** Returns the parts of a sentence that name who acted, and when. Pages rendered on the server call it, too. */
export const signed = (address: string, at: string) => ({
  actor: () => <Person address={address} at={at} />,
  time: () => <Time at={at} />,
});
