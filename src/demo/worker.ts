import { parentPort, workerData } from "node:worker_threads";
import { startHost } from "./host.ts";
import { writeDemoCompany } from "./index.ts";
import { simulators } from "./vendors/index.ts";

/** The thread the company lives in, so that making two years of it never keeps a person waiting. */

const { folder, today } = workerData as { folder: string; today: string };
const host = await startHost({ simulators, now: () => new Date() });
parentPort?.postMessage({ origin: host.origin, settings: host.settings, datasets: writeDemoCompany(folder, today) });
host.foresee();
parentPort?.on("message", (day: string) => writeDemoCompany(folder, day));
