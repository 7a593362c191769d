import { type ChannelOptions, type CheckedChannel, channelKinds } from "../channels/index.ts";
import type { Config, SettingsGroup } from "../config/index.ts";
import type { ConnectContext, Connection, Integration } from "../core/integration.ts";
import type { AbsentSource } from "../core/tool.ts";
import { integrations } from "../integrations/index.ts";

export type Connections = readonly { integration: Integration; connection: Connection }[];

/** The settings of every integration and channel, as the configuration reads them. */
export function settingsGroups(): SettingsGroup[] {
  const channels = channelKinds.map(({ name, settings, requires, any }) => ({ name, settings, requires, ...(any ? { any } : {}) }));
  return [...integrations.map(({ name, settings, requires }) => ({ name, settings, requires })), ...channels];
}

/** The integrations whose settings are there; the others are absent. */
export async function connect(config: Config, context: ConnectContext): Promise<Connections> {
  const connected = [];
  for (const integration of integrations) {
    const settings = config.groups.get(integration.name);
    if (settings) connected.push({ integration, connection: await integration.connect(settings, context) });
  }
  return connected;
}

/** The integrations that are off, and what turns them on. */
export function absentSources(config: Config): AbsentSource[] {
  return integrations
    .filter(({ name }) => !config.groups.has(name))
    .map(({ title, requires, topics, kinds }) => ({ title, requires, topics, kinds }));
}

/** The channels whose settings are there. */
export async function openChannels(config: Config, options: ChannelOptions): Promise<CheckedChannel[]> {
  const wanted = channelKinds.flatMap((kind) => {
    const settings = config.groups.get(kind.name);
    return settings ? [{ kind, settings }] : [];
  });
  const opened = await Promise.all(wanted.map(({ kind, settings }) => kind.open(settings, options)));
  return opened.filter((channel) => channel !== undefined);
}
