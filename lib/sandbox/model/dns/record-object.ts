import type { WorldRecord } from '@/lib/sandbox/world/dnspod';

/** Returns the key under which effects on a record are counted: `example.com/www/556507778`. */
export function recordObject(zone: { name: string }, record: WorldRecord): string {
  return `${zone.name}/${record.subdomain}/${record.id}`;
}
