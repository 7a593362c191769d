export interface GateInput {
  tests?: { failed: number; total: number } | undefined;
  coverage?: number | undefined;
  vulnerabilities?: Severities | undefined;
  gates?: { coverage?: number | undefined; vulnerabilities?: Severities | undefined } | undefined;
}

type Severities = Partial<Record<(typeof SEVERITIES)[number], number | undefined>>;

export interface GateCheck {
  name: string;
  /** unknown: what was to be looked at is not there. It is no pass. */
  state: "passed" | "failed" | "unknown";
  detail: string;
}

const SEVERITIES = ["critical", "high", "medium", "low"] as const;

/** Whether a run reaches what it has to. One failed check fails it, one unknown leaves it unknown; "none" when nothing was to be reached. */
export function qualityGate(run: GateInput): { state: GateCheck["state"] | "none"; checks: GateCheck[] } {
  const checks = [...testCheck(run), ...coverageCheck(run), ...vulnerabilityChecks(run)];
  const states = checks.map(({ state }) => state);
  const worst = (["failed", "unknown", "passed"] as const).find((state) => states.includes(state));
  return { state: worst ?? "none", checks };
}

function testCheck({ tests }: GateInput): GateCheck[] {
  if (!tests) return [];
  return [{ name: "tests", state: tests.failed > 0 ? "failed" : "passed", detail: `${tests.failed} of ${tests.total} tests failed` }];
}

function coverageCheck({ coverage, gates }: GateInput): GateCheck[] {
  const least = gates?.coverage;
  if (least === undefined) return [];
  if (coverage === undefined)
    return [{ name: "coverage", state: "unknown", detail: `No coverage was reported; at least ${least}% is wanted` }];
  return [{ name: "coverage", state: coverage >= least ? "passed" : "failed", detail: `${coverage}% covered, at least ${least}% wanted` }];
}

function vulnerabilityChecks({ vulnerabilities, gates }: GateInput): GateCheck[] {
  return SEVERITIES.flatMap((severity): GateCheck[] => {
    const most = gates?.vulnerabilities?.[severity];
    if (most === undefined) return [];
    const found = vulnerabilities?.[severity];
    const name = `${severity} vulnerabilities`;
    if (found === undefined) return [{ name, state: "unknown", detail: `No ${name} were looked for; at most ${most} may be found` }];
    return [{ name, state: found <= most ? "passed" : "failed", detail: `${found} found, at most ${most} allowed` }];
  });
}
