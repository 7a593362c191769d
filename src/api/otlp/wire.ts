/**
 * The wire format of protocol buffers (protobuf.dev/programming-guides/encoding), as much as OTLP needs, read into the objects that the
 * JSON form of the same message has: 64-bit numbers as text, ids as hex. Unknown fields are passed over, as the format promises.
 */
export type FieldKind = "string" | "hex" | "base64" | "fixed64" | "double" | "int64" | "int32" | "bool" | { of: string };

export interface Field {
  name: string;
  kind: FieldKind;
  repeated?: true;
}

/** Message → field number → field. */
export type Messages = Readonly<Record<string, Readonly<Record<number, Field>>>>;

/** The bytes are not such a message: cut off, or something else. */
export class BadMessage extends Error {
  override readonly name = "BadMessage";
}

const DEEPEST = 40;

export function decode(bytes: Buffer, message: string, messages: Messages, depth = 0): Record<string, unknown> {
  if (depth > DEEPEST) throw new BadMessage("it is nested too deeply");
  const fields = messages[message] ?? {};
  const result: Record<string, unknown> = {};
  const reader = new Reader(bytes);
  while (!reader.isAtEnd) {
    const tag = Number(reader.varint());
    const raw = reader.value(tag & 7);
    const field = fields[Math.floor(tag / 8)];
    if (!field) continue;
    const value = meaningOf(raw, field.kind, messages, depth);
    if (!field.repeated) result[field.name] = value;
    else if (Array.isArray(result[field.name])) (result[field.name] as unknown[]).push(value);
    else result[field.name] = [value];
  }
  return result;
}

/** A number of the wire (varint), eight or four bytes, or bytes with their length. */
type Raw = { varint: bigint } | { bytes: Buffer; fixed: boolean };

class Reader {
  #at = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): bigint {
    let result = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new BadMessage("it ends in the middle");
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
    throw new BadMessage("a number in it is too long");
  }

  value(wireType: number): Raw {
    if (wireType === 0) return { varint: this.varint() };
    if (wireType === 1) return { bytes: this.#take(8), fixed: true };
    if (wireType === 5) return { bytes: this.#take(4), fixed: true };
    if (wireType === 2) return { bytes: this.#take(Number(this.varint())), fixed: false };
    throw new BadMessage("it has a field of an unknown kind");
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new BadMessage("it ends in the middle");
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }
}

function meaningOf(raw: Raw, kind: FieldKind, messages: Messages, depth: number): unknown {
  if ("varint" in raw) {
    if (kind === "int64") return BigInt.asIntN(64, raw.varint).toString();
    if (kind === "int32") return Number(BigInt.asIntN(32, raw.varint));
    if (kind === "bool") return raw.varint !== 0n;
  } else if (raw.fixed) {
    if (kind === "fixed64" && raw.bytes.length === 8) return raw.bytes.readBigUInt64LE().toString();
    if (kind === "double" && raw.bytes.length === 8) return raw.bytes.readDoubleLE();
  } else {
    if (kind === "string") return raw.bytes.toString("utf8");
    if (kind === "hex" || kind === "base64") return raw.bytes.toString(kind);
    if (typeof kind === "object") return decode(raw.bytes, kind.of, messages, depth + 1);
  }
  throw new BadMessage("a field in it is of another kind than it should be");
}

/** A message of numbers, texts and messages, by field number. Zeros and empty texts are left out, as the format does. */
export function encode(fields: Readonly<Record<number, number | string | Buffer>>): Buffer {
  const parts = Object.entries(fields).flatMap(([number, value]) => {
    if (typeof value === "number") return value === 0 ? [] : [varintOf(Number(number) * 8), varintOf(value)];
    const bytes = Buffer.from(value as string);
    return bytes.length === 0 ? [] : [varintOf(Number(number) * 8 + 2), varintOf(bytes.length), bytes];
  });
  return Buffer.concat(parts);
}

function varintOf(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) | 0x80);
  return Buffer.from([...bytes, left]);
}
