import { getSchedule } from '@/lib/server/get-schedule';

export async function GET(): Promise<Response> {
  return Response.json(await getSchedule());
}
