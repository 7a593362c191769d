/** Addresses as they stand in a header and in an envelope: plain ASCII, nothing quoted, so that no address can be two or end a line. */

export interface Address {
  /** "" where there is none. */
  name: string;
  address: string;
}

const LOCAL = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*";
const DOMAIN = "(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const ADDRESS = new RegExp(`^(?=.{3,254}$)(?=[^@]{1,64}@)${LOCAL}@(${DOMAIN})$`, "i");

export function isAddress(text: string): boolean {
  return ADDRESS.test(text);
}

export function isDomain(text: string): boolean {
  return new RegExp(`^${DOMAIN}$`, "i").test(text) && /[.]|^localhost$/i.test(text);
}

/** "Firstmate <bot@example.com>" or the address alone; undefined for anything else. */
export function readSender(text: string): Address | undefined {
  const [, name = "", inner] = /^\s*"?([^"<>\p{Cc}]*?)"?\s*<([^<>]*)>\s*$/u.exec(text) ?? [];
  const address = inner ?? text.trim();
  return isAddress(address) ? { name: inner === undefined ? "" : name.trim(), address } : undefined;
}

export function isAllowed(address: string, allowed: readonly string[]): boolean {
  const plain = address.toLowerCase();
  return allowed.includes(plain) || allowed.includes(plain.slice(plain.lastIndexOf("@") + 1));
}

const PLACE = /^email:([^\s;]+)(?:;re=([\w-]+))?$/;

/** The conversation of an address; upper and lower case are the same person. */
export function roomOf(address: string): string {
  return `email:${address.toLowerCase()}`;
}

/** What a conversation stands for: an address and, in a thread, the mail it goes on from. undefined for no conversation of ours. */
export function readPlace(conversation: string): { address: string; before?: string } | undefined {
  const [, address = "", before] = PLACE.exec(conversation) ?? [];
  return isAddress(address) ? { address, ...(before === undefined ? {} : { before }) } : undefined;
}
