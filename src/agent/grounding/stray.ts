/** What a sentence says that no source does. */
export interface Stray {
  kind: "number" | "date" | "name";
  /** As written. */
  text: string;
  start: number;
  end: number;
  /** Why, in words for whoever is to mend it. */
  reason: string;
}

export function stray(kind: Stray["kind"], { text, start, end }: { text: string; start: number; end: number }, reason: string): Stray {
  return { kind, text, start, end, reason };
}
