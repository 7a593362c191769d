/** One line of the table: what was measured on which data, beside what others published and what the plainest method gets. */
export interface Score {
  /** "NAB, standard profile". */
  name: string;
  metric: string;
  ours: number;
  /** Higher is better unless said. */
  better?: "lower";
  published?: { who: string; value: number };
  naive?: { who: string; value: number };
  goal?: number;
  note?: string;
}

/** Reads the data below `folder` and measures; undefined when its data is not there. */
export type Measurement = (folder: string) => Promise<readonly Score[] | undefined>;
