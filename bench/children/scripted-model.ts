import { startScriptedModel } from "../../src/eval/scripted-model.ts";

/** A Messages API that asks for one tool and then says a sentence. In a process of its own, so that its work counts for nobody. */
const model = await startScriptedModel();
model.play({ calls: [{ name: "get_costs", input: { period: "last month" } }], say: "EC2 cost 1,200.00 USD in October 2026." });
process.stdout.write(`${JSON.stringify({ msg: "ready", url: model.url })}\n`);
process.once("SIGTERM", () => process.exit(0));
