import { getSchedule } from '@/lib/server/runs/get-schedule';

export async function GET(): Promise<Response> {
  return Response.json(await getSchedule());
}
