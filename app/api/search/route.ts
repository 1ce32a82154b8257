import { route } from '@/lib/server/route';
import { searchObjects } from '@/lib/server/search/search-objects';

export const GET = route(({ params }) => searchObjects({ query: params.get('q') ?? '' }));
