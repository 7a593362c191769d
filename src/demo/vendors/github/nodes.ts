import type { Deployment, Person, Pull, Release, Repository, Team, World } from "../../world/index.ts";
import { numberOf } from "../../world/index.ts";
import { connection, type Page, type PageArguments } from "./connection.ts";
import { branchOf, decisionOf, type KnownCommit, mainOf, pushedAt, statusesOf } from "./derived.ts";
import { loginOf, ORG, pageOf } from "./names.ts";
import { updatedAt } from "./search.ts";

/** The world's records as GraphQL objects: fields by GitHub's names, connections as functions of their arguments. */
export interface Nodes {
  pull(pull: Pull): object;
  organization: object;
  /** By node id; null for one that is not there. */
  byId(id: string): object | null;
}

/** GraphQL's numbers have 32 bits. */
const MOST_INT = 2_147_483_647;

export function nodesOf(world: World): Nodes {
  const people = new Map(world.people().map((person) => [person.login, person]));
  const pulls = Map.groupBy(world.pulls(), (pull) => pull.repository);
  const deployments = Map.groupBy(world.deployments(), (deployment) => deployment.repository);
  const releases = Map.groupBy(world.releases(), (release) => release.repository);
  const histories = new Map<string, KnownCommit[]>();

  const actor = (login: string) => actorOf(people.get(login), login);
  const history = (repository: string) => {
    const known = histories.get(repository) ?? mainOf(pulls.get(repository) ?? []);
    histories.set(repository, known);
    return known;
  };

  function commit(one: KnownCommit, repository: string): object {
    const person = people.get(one.author);
    return {
      __typename: "Commit",
      id: `C_${one.oid}`,
      oid: one.oid,
      messageHeadline: one.headline,
      authoredDate: one.at,
      committedDate: one.at,
      author: { name: person?.name ?? loginOf(one.author), user: person && person.role !== "bot" ? actor(one.author) : null },
      parents: (page: PageArguments) =>
        lazily(connection("parents", one.parent ? [one.parent] : [], page), (parent) => commit(parent, repository)),
      history: ({ since, until, ...page }: PageArguments & { since?: string; until?: string }) => {
        const inside = history(repository).filter(({ at }) => (!since || at >= since) && (!until || at <= until));
        return lazily(connection("history", inside, page), (c) => commit(c, repository));
      },
    };
  }

  function repositoryNode(repository: Repository): object {
    const mine = pulls.get(repository.name) ?? [];
    const head = history(repository.name)[0];
    return {
      __typename: "Repository",
      id: idOf(repository),
      name: repository.name,
      nameWithOwner: `${ORG}/${repository.name}`,
      url: pageOf(ORG, repository.name),
      description: repository.description,
      isArchived: false,
      isFork: false,
      createdAt: `${repository.createdOn}T09:00:00Z`,
      pushedAt: pushedAt(repository, mine),
      primaryLanguage: { id: `L_${repository.language}`, name: repository.language },
      defaultBranchRef: {
        id: `REF_${repository.name}`,
        name: repository.defaultBranch,
        target: head ? commit(head, repository.name) : null,
      },
      deployments: ({ environments, orderBy, ...page }: PageArguments & { environments?: string[]; orderBy?: { direction: string } }) => {
        const all = (deployments.get(repository.name) ?? []).filter((d) => !environments || environments.includes(d.environment));
        const ordered = orderBy?.direction === "DESC" ? all.toReversed() : all;
        return lazily(connection("deployments", ordered, page), (d) => deploymentNode(d, all));
      },
      releases: ({ orderBy, ...page }: PageArguments & { orderBy?: { direction: string } }) => {
        const all = releases.get(repository.name) ?? [];
        return lazily(connection("releases", orderBy?.direction === "ASC" ? all : all.toReversed(), page), releaseNode);
      },
    };
  }

  function deploymentNode(deployment: Deployment, siblings: readonly Deployment[]): object {
    const statuses = statusesOf(deployment, siblings);
    const [latest] = statuses;
    return {
      __typename: "Deployment",
      id: `DE_${deployment.id}`,
      databaseId: numberOf(deployment.id) % MOST_INT,
      createdAt: deployment.createdAt,
      environment: deployment.environment,
      originalEnvironment: deployment.environment,
      commitOid: deployment.commit,
      state: latest?.state === "SUCCESS" ? "ACTIVE" : (latest?.state ?? "PENDING"),
      creator: actor(deployment.creator),
      latestStatus: latest ?? null,
      statuses: (page: PageArguments) => connection("statuses", statuses, page),
    };
  }

  function releaseNode(release: Release): object {
    return {
      __typename: "Release",
      id: `RE_${release.id}`,
      tagName: release.tag,
      name: release.name,
      description: release.notes,
      url: pageOf(ORG, release.repository, "releases", "tag", release.tag),
      createdAt: release.publishedAt,
      publishedAt: release.publishedAt,
      isDraft: false,
      isPrerelease: false,
      // A bot publishes, but the field only holds people.
      author: people.get(release.author)?.role === "bot" ? null : actor(release.author),
    };
  }

  function pullNode(pull: Pull): object {
    const repository = world.repositories().find((r) => r.name === pull.repository);
    return {
      __typename: "PullRequest",
      id: `PR_${pull.id}`,
      number: pull.number,
      title: pull.title,
      url: pageOf(ORG, pull.repository, "pull", pull.number),
      state: pull.state.toUpperCase(),
      isDraft: pull.draft,
      createdAt: pull.createdAt,
      mergedAt: pull.mergedAt,
      closedAt: pull.closedAt,
      updatedAt: updatedAt(pull),
      baseRefName: pull.base,
      headRefName: pull.branch,
      additions: pull.additions,
      deletions: pull.deletions,
      reviewDecision: decisionOf(pull),
      totalCommentsCount: pull.comments.length + pull.reviews.reduce((sum, { remarks }) => sum + remarks, 0),
      repository: repository ? repositoryNode(repository) : null,
      author: actor(pull.author),
      mergeCommit: () => {
        const merge = pull.mergeCommit && history(pull.repository).find(({ oid }) => oid === pull.mergeCommit);
        return merge ? commit(merge, pull.repository) : null;
      },
      commits: (page: PageArguments) =>
        lazily(connection("commits", branchOf(pull), page), (c) => ({ id: `PRC_${c.oid}`, commit: commit(c, pull.repository) })),
      reviews: (page: PageArguments) =>
        lazily(connection("reviews", pull.reviews, page), (r) => ({
          ...{ id: `PRR_${r.id}`, state: r.state.toUpperCase(), submittedAt: r.at, author: actor(r.author) },
        })),
      comments: (page: PageArguments) =>
        lazily(connection("comments", pull.comments, page), (c) => ({ id: `IC_${c.id}`, createdAt: c.at, author: actor(c.author) })),
      reviewRequests: (page: PageArguments) =>
        lazily(connection("reviewRequests", pull.awaiting, page), (login) => ({
          id: `RR_${pull.id}/${login}`,
          requestedReviewer: actor(login),
        })),
    };
  }

  const byId = new Map(world.repositories().map((repository) => [idOf(repository), repository]));
  return {
    pull: pullNode,
    byId(id) {
      const repository = byId.get(id);
      return repository ? repositoryNode(repository) : null;
    },
    organization: {
      __typename: "Organization",
      id: "O_harbourline",
      login: ORG,
      name: "Harbourline",
      url: pageOf(ORG),
      repositories: ({ orderBy, ...page }: PageArguments & { orderBy?: { field: string; direction: string } }) => {
        const key: (r: Repository) => string = orderBy?.field === "PUSHED_AT" ? (r) => pushedAt(r, pulls.get(r.name) ?? []) : (r) => r.name;
        const sorted = world.repositories().toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
        return lazily(connection("repositories", orderBy?.direction === "DESC" ? sorted.reverse() : sorted, page), repositoryNode);
      },
      teams: (page: PageArguments) => {
        const engineering = world.teams().filter(({ kind }) => kind === "engineering");
        return lazily(connection("teams", engineering, page), (team) => teamNode(team, world));
      },
    },
  };
}

function idOf({ number }: Repository): string {
  return `R_kgDO${number}`;
}

function actorOf(person: Person | undefined, login: string): object {
  const base = { id: `U_${login}`, login: loginOf(login), url: pageOf(loginOf(login)) };
  return person?.role === "bot" ? { __typename: "Bot", ...base } : { __typename: "User", ...base, name: person?.name ?? null };
}

function teamNode(team: Team, world: World): object {
  const members = world
    .people()
    .filter((p) => p.team === team.id && p.role !== "bot" && p.joined <= world.today && (p.left === null || p.left > world.today));
  return {
    ...{ __typename: "Team", id: `T_${team.id}`, name: team.name, slug: team.id },
    members: (page: PageArguments) => lazily(connection("members", members, page), (person) => actorOf(person, person.login)),
  };
}

/** A page of a list whose items are made into objects one by one: only those of the page are. */
function lazily<T>({ nodes, ...page }: Page<T>, make: (item: T) => object): Page<object> {
  return { ...page, nodes: nodes.map(make) };
}
