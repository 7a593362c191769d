import type { Room } from "./shapes.ts";

/** Which scope a method needs. Several mean: any one of them. */

/** What `bot` asks for in the manifest; what it calls optional is not granted unless a test says so. */
export const REQUIRED_SCOPES = ["app_mentions:read", "assistant:write", "chat:write", "commands", "files:write", "im:history"] as const;

const FIXED: Readonly<Record<string, readonly string[]>> = {
  "chat.postMessage": ["chat:write"],
  "chat.postEphemeral": ["chat:write"],
  "chat.update": ["chat:write"],
  "chat.delete": ["chat:write"],
  "chat.startStream": ["chat:write"],
  "chat.appendStream": ["chat:write"],
  "chat.stopStream": ["chat:write"],
  "assistant.threads.setStatus": ["chat:write", "assistant:write"],
  "assistant.threads.setSuggestedPrompts": ["assistant:write"],
  "assistant.threads.setTitle": ["assistant:write"],
  "agents.sessions.setStatus": ["assistant:write", "chat:write"],
  "conversations.open": ["im:write", "mpim:write"],
  "users.conversations": ["channels:read", "groups:read", "im:read", "mpim:read"],
  "users.info": ["users:read"],
  "files.getUploadURLExternal": ["files:write"],
  "files.completeUploadExternal": ["files:write"],
  "files.info": ["files:read"],
  "reactions.add": ["reactions:write"],
};

const BY_ROOM: Readonly<Record<string, string>> = {
  "conversations.info": "read",
  "conversations.members": "read",
  "conversations.history": "history",
  "conversations.replies": "history",
};

const PREFIX = { public: "channels", private: "groups", im: "im", mpim: "mpim" } as const;

/** Empty when the method needs none. An unknown channel needs any scope of the family. */
export function scopesNeeded(method: string, room: Room | undefined): readonly string[] {
  const family = BY_ROOM[method];
  if (family === undefined) return FIXED[method] ?? [];
  return room ? [`${PREFIX[room.kind]}:${family}`] : Object.values(PREFIX).map((prefix) => `${prefix}:${family}`);
}
