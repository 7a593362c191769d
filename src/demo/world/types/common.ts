/** ISO 8601 in UTC with whole seconds, "2026-11-20T09:15:00Z": sorts as text. */
export type Instant = string;

export type Region = "Europe" | "North America" | "Asia Pacific" | "Latin America";
