import { listHistoryPlaces } from '@/lib/server/capacity/list-places';
import { connectionRoute } from '@/lib/server/connections/connection-route';

export const GET = connectionRoute((connectionId, params) =>
  listHistoryPlaces({ connectionId, search: params.get('search') ?? '' }),
);
