import { z } from "zod";
import { days, defineOperation } from "./define.ts";

const quality = z.object({
  dataset: z.string(),
  period: z.record(z.string(), z.string()),
  before: z.record(z.string(), z.string()),
  overall: z.record(z.string(), z.unknown()),
  groups: z.array(z.record(z.string(), z.unknown())),
  missing: z.array(z.string()),
});

export const streamingQualityKpis = defineOperation({
  name: "streaming_quality",
  title: "Streaming quality",
  description: "Start failures, rebuffering and bitrate, overall and per region and device, against the days before.",
  parameters: z.object({ timeframe_days: days(), region: z.string().max(100).optional().describe("Only this region") }),
  reads: ["metrics"],
  async work({ timeframe_days, region }, reading) {
    const input = { period: reading.lastDays(timeframe_days), top: 50, ...(region ? { filter: { region } } : {}) };
    const found = await reading.ask("kpis", "streaming_quality", input, quality);
    for (const kpi of found?.missing ?? []) reading.lacks("the dataset has no measures for it", kpi);
    return {
      kpis: found?.overall ?? null,
      by_region_and_device: found?.groups ?? null,
      period: found?.period ?? null,
      before: found?.before ?? null,
      dataset: found?.dataset ?? null,
    };
  },
});
