/** The name of the feed of agent events; the tool about agents asks for it. */
export const AGENT_FEED = "agent_events";
