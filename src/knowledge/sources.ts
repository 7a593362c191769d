/** Where documents come from: folders of files, pages of a wiki. */
export interface DocumentSource {
  /** Unique; the keys of its documents begin with it and a colon. */
  readonly name: string;
  /** What there is now, cheaply: nothing is read. Throws VendorError or Unreadable. */
  list(signal: AbortSignal): Promise<readonly Listed[]>;
  /** The words of one. Throws Unreadable with what to do about it, VendorError when the source fails. */
  read(listed: Listed, signal: AbortSignal): Promise<LoadedDocument>;
  /** What its owner should know of a source with so many documents, such as none at all. */
  remark?(documents: number): string | undefined;
}

export interface Listed {
  /** Unique within all sources. */
  key: string;
  /** First folder, or "wiki". */
  part: string;
  /** Path below its folder, or a page's title. */
  document: string;
  /** Changes whenever the words may have changed. */
  stamp: string;
  url?: string;
  demo?: true;
}

export interface LoadedDocument {
  title: string;
  sections: readonly Section[];
}

/** What stands under one heading, or on one page. */
export interface Section {
  /** From the outermost heading in; the document's own title is not among them. */
  headings: readonly string[];
  /** From 1. */
  page?: number;
  text: string;
}

/** A document that cannot be read. `message` says what to do; the others are indexed all the same. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}
