import type { CivilDate } from "../../../core/fact.ts";
import type { AiKey, AiModel, AiUsage, AiWorkspace, CodingDay, CompletionDay, CompletionSeat } from "./ai.ts";
import type { Customer, CustomerMonth, RevenueDay, RevenueMonth, StockIssue, StreamDay, Ticket } from "./business.ts";
import type { Budget, CloudAccount, CloudResource, CostAnomaly, CostLine, RailwayProject, RailwayUsage, SavingsDay } from "./cloud.ts";
import type { Instant } from "./common.ts";
import type { Deployment, PipelineRun, Pull, Release } from "./delivery.ts";
import type { Alert, ErrorGroup, Host, Incident, Signal, UserExperience } from "./operations.ts";
import type { Person, Repository, Service, Team } from "./organisation.ts";
import type { Issue, Page, Project, Sprint } from "./planning.ts";
import type { WorldEvent } from "./story.ts";

/**
 * The simulated company as it stands at `now`: nothing happened later. Lists are oldest first, made at the first call and
 * then the same array; treat them as read only. What is asked by day is an empty list outside `from` … yesterday.
 * A record whose last event lies before `now` is the same in every later world that still holds it.
 */
export interface World {
  readonly today: CivilDate;
  /** First day of the two years. Older roots of younger records (an issue of a first pull request) are there too. */
  readonly from: CivilDate;
  readonly now: Instant;
  readonly seed: number;
  story(): readonly WorldEvent[];

  teams(): readonly Team[];
  /** Everyone who was here in the two years, by joined day. */
  people(): readonly Person[];
  repositories(): readonly Repository[];
  services(): readonly Service[];

  pulls(): readonly Pull[];
  releases(): readonly Release[];
  deployments(): readonly Deployment[];
  pipelineRuns(): readonly PipelineRun[];

  incidents(): readonly Incident[];
  alerts(): readonly Alert[];
  hosts(): readonly Host[];
  /** The service's signals in steps of an hour or a day, from `from` up to but without `to` and `now`. */
  signals(service: string, from: Instant, to: Instant, step: "hour" | "day"): readonly Signal[];
  errorGroups(service: string, from: Instant, to: Instant): readonly ErrorGroup[];
  userExperience(day: CivilDate): readonly UserExperience[];

  projects(): readonly Project[];
  sprints(): readonly Sprint[];
  issues(): readonly Issue[];
  pages(): readonly Page[];

  cloudAccounts(): readonly CloudAccount[];
  costs(day: CivilDate): readonly CostLine[];
  resources(): readonly CloudResource[];
  savings(day: CivilDate): SavingsDay | undefined;
  costAnomalies(): readonly CostAnomaly[];
  budgets(): readonly Budget[];

  railwayProjects(): readonly RailwayProject[];
  railwayUsage(day: CivilDate): readonly RailwayUsage[];

  aiModels(): readonly AiModel[];
  aiWorkspaces(): readonly AiWorkspace[];
  aiKeys(): readonly AiKey[];
  aiUsage(day: CivilDate): readonly AiUsage[];
  coding(day: CivilDate): readonly CodingDay[];
  completions(day: CivilDate): CompletionDay | undefined;
  completionSeats(): readonly CompletionSeat[];

  customers(): readonly Customer[];
  /** Every customer that was one in the month; `month` is its first day. */
  customerMonths(month: CivilDate): readonly CustomerMonth[];
  revenue(day: CivilDate): readonly RevenueDay[];
  revenueMonths(): readonly RevenueMonth[];
  tickets(): readonly Ticket[];
  stockIssues(): readonly StockIssue[];
  streaming(day: CivilDate): readonly StreamDay[];
}
