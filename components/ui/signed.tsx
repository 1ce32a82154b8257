import { Person } from './base/person';
import { Time } from './time';

/** Returns the parts of a sentence that name who acted, and when. */
export const signed = (address: string, at: string) => ({
  actor: () => <Person address={address} at={at} />,
  time: () => <Time at={at} />,
});
